"""The API driver: what JupyterHub offers to programs."""

from __future__ import annotations

from typing import ClassVar, cast

from flows.contract import accounts, documents, face, lifecycle, operator, people, projects, quotas
from flows.contract.driver import Actor, Driver, Offer, Surface
from flows.contract.lifecycle import Action
from flows.contract.mail import Letter, Mail
from flows.contract.operator import Operator
from products.jupyterhub import names
from products.jupyterhub.api.accounts import ApiAccounts
from products.jupyterhub.api.documents import ApiDocuments
from products.jupyterhub.api.face import ApiFace
from products.jupyterhub.api.people import ApiPeople
from products.jupyterhub.api.projects import ApiLifecycle, ApiProjects, ApiQuotas
from products.jupyterhub.api.session import Session
from products.jupyterhub.operator import ServiceOperator
from products.wiring import Wiring


class ApiActor:
    """Somebody who uses the API: with the cookies of a log-in, or a token alone."""

    accounts: ApiAccounts
    projects: ApiProjects
    quotas: ApiQuotas
    lifecycle: ApiLifecycle
    people: ApiPeople
    documents: ApiDocuments
    face: ApiFace

    def __init__(self, wiring: Wiring, token: str | None = None) -> None:
        self._wiring = wiring
        self.session = Session(wiring, token)
        self.accounts = ApiAccounts(self.session)
        self.projects = ApiProjects(self.session)
        self.quotas = ApiQuotas(self.session, self.projects, names.beginning(wiring.options))
        self.lifecycle = ApiLifecycle(self.session, self.projects)
        self.people = ApiPeople(self.session)
        self.documents = ApiDocuments(self.session, wiring)
        self.face = ApiFace(self.session, wiring)

    def twin(self) -> ApiActor:
        """Copy the cookies."""
        other = ApiActor(self._wiring, self.session.token)
        self.session.copy_to(other.session)
        return other

    def bearing(self, token: str) -> ApiActor:
        """Have only the token."""
        return ApiActor(self._wiring, token)

    def close(self) -> None:
        """Close the clients."""
        self.session.http.close()
        self.documents.http.close()


class ApiDriver(Driver):
    """JupyterHub by API."""

    surface = Surface.API
    actor = ApiActor
    offers: ClassVar[tuple[Offer, ...]] = (
        accounts.SignUp,
        accounts.Verification,
        accounts.Sessions,
        accounts.LocalLogOut,
        accounts.ApiTokens,
        projects.Projects,
        quotas.Quotas,
        quotas.DocumentedBeginning,
        lifecycle.Lifecycle,
        Action.SUSPEND,
        Action.RESUME,
        Action.DELETE,
        people.Sharing,
        documents.Documents,
        face.Releases,
        face.Encryption,
        face.Guards,
        face.Clock,
        face.Health,
        face.Reading,
        operator.Erasure,
        operator.PlainErasure,
    )
    by_staff = ()  # whoever owns a server stops and starts it

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def stranger(self) -> Actor:
        """Return somebody without a session."""
        return cast(Actor, ApiActor(self._wiring))  # has what is offered, not all there is

    def operator(self) -> Operator:
        """Return the operator."""
        self._wiring.secret("operator_token")
        return cast(Operator, ServiceOperator(self._wiring))

    def letter(self, mail: Mail) -> Letter | None:
        """Say what a mail is for."""
        return names.letter(mail)

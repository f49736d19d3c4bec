"""The API driver: what Cloud Suite offers to programs."""

from __future__ import annotations

from typing import ClassVar, cast

from flows.contract import accounts, billing, documents, face, lifecycle, operator, people, projects, quotas
from flows.contract.driver import Actor, Driver, Offer, Surface
from flows.contract.lifecycle import Action
from flows.contract.mail import Letter, Mail
from products.cloudsuite import mail as mails
from products.cloudsuite.api.accounts import ApiAccounts
from products.cloudsuite.api.billing import ApiBilling
from products.cloudsuite.api.documents import ApiDocuments
from products.cloudsuite.api.face import ApiFace
from products.cloudsuite.api.operator import ApiOperator
from products.cloudsuite.api.people import ApiPeople
from products.cloudsuite.api.projects import ApiLifecycle, ApiProjects, ApiQuotas
from products.cloudsuite.api.session import Session
from products.wiring import Wiring


class ApiActor:
    """Somebody who uses the API."""

    accounts: ApiAccounts
    projects: ApiProjects
    quotas: ApiQuotas
    lifecycle: ApiLifecycle
    people: ApiPeople
    documents: ApiDocuments
    billing: ApiBilling
    face: ApiFace

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self.session = Session(wiring.client())
        self.accounts = ApiAccounts(self.session)
        self.projects = ApiProjects(self.session)
        self.quotas = ApiQuotas(self.session)
        self.lifecycle = ApiLifecycle(self.session, ApiOperator(wiring))
        self.people = ApiPeople(self.session)
        self.documents = ApiDocuments(self.session, wiring)
        self.billing = ApiBilling(self.session)
        self.face = ApiFace(self.session, wiring)

    def twin(self) -> ApiActor:
        """Copy the token."""
        return self.bearing(self.session.token or "")

    def bearing(self, token: str) -> ApiActor:
        """Have only the token."""
        other = ApiActor(self._wiring)
        other.session.bear(token)
        other.session.workspace = self.session.workspace
        return other

    def close(self) -> None:
        """Close the client."""
        self.session.http.close()


class ApiDriver(Driver):
    """Cloud Suite by API."""

    surface = Surface.API
    actor = ApiActor
    offers: ClassVar[tuple[Offer, ...]] = (
        accounts.SignUp,
        accounts.Verification,
        accounts.VerificationAgain,
        accounts.FieldErrors,
        accounts.SafeResubmission,
        accounts.Sessions,
        accounts.PasswordReset,
        accounts.SignOutEverywhere,
        accounts.ApiTokens,
        accounts.RevocableTokens,
        accounts.PasswordChange,
        accounts.AddressChange,
        accounts.NameChange,
        accounts.SelfErasure,
        accounts.GuessLimit,
        accounts.InvitedSignUp,
        projects.Projects,
        projects.UniqueNames,
        projects.FreeNames,
        projects.Catalogue,
        projects.IdempotencyKeys,
        projects.FailureRehearsal,
        quotas.Quotas,
        quotas.QuotaCodes,
        quotas.KeptPlaces,
        quotas.DocumentedBeginning,
        quotas.SeatQuota,
        quotas.StorageQuota,
        lifecycle.Lifecycle,
        lifecycle.TransitionRules,
        lifecycle.Renaming,
        lifecycle.VersionedRenaming,
        lifecycle.StaffActions,
        lifecycle.Trash,
        lifecycle.Retention,
        lifecycle.Audit,
        *Action,
        people.People,
        people.Invitations,
        people.Workspaces,
        people.Founding,
        people.Ownership,
        documents.Documents,
        documents.DocumentList,
        documents.DocumentDeletion,
        documents.VersionedDocuments,
        documents.LiveEditing,
        documents.FreeEditing,
        billing.Billing,
        billing.PaidProjects,
        billing.PriceList,
        billing.PlanCancellation,
        billing.BillAddress,
        face.Releases,
        face.Encryption,
        face.Guards,
        face.OwnPages,
        face.WrongAddresses,
        face.Clock,
        face.Health,
        face.Reading,
        operator.Erasure,
        operator.PlainErasure,
        operator.Limits,
        operator.Calendar,
    )

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def stranger(self) -> Actor:
        """Return somebody without a token."""
        return cast(Actor, ApiActor(self._wiring))

    def operator(self) -> ApiOperator:
        """Return the operator."""
        return ApiOperator(self._wiring)

    def letter(self, mail: Mail) -> Letter | None:
        """Say what a mail is for."""
        return mails.letter(mail)

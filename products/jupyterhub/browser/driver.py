"""The browser driver: what JupyterHub offers to people."""

from __future__ import annotations

from typing import ClassVar, cast

from flows.contract import accounts, documents, face, lifecycle, operator, projects, quotas
from flows.contract.driver import Actor, Driver, Offer, Surface
from flows.contract.lifecycle import Action
from flows.contract.mail import Letter, Mail
from flows.contract.operator import Operator
from products.jupyterhub import names
from products.jupyterhub.api.driver import ApiActor
from products.jupyterhub.browser.accounts import BrowserAccounts
from products.jupyterhub.browser.documents import BrowserDocuments
from products.jupyterhub.browser.face import BrowserFace
from products.jupyterhub.browser.projects import BrowserLifecycle, BrowserProjects, BrowserQuotas
from products.jupyterhub.browser.window import Window
from products.jupyterhub.operator import ServiceOperator
from products.wiring import Wiring


class BrowserActor:
    """Somebody at a browser."""

    accounts: BrowserAccounts
    projects: BrowserProjects
    quotas: BrowserQuotas
    lifecycle: BrowserLifecycle
    documents: BrowserDocuments
    face: BrowserFace

    def __init__(self, wiring: Wiring, window: Window) -> None:
        self._wiring, self.window = wiring, window
        self.accounts = BrowserAccounts(window)
        self.projects = BrowserProjects(window, self.accounts)
        self.quotas = BrowserQuotas(self.projects, names.beginning(wiring.options))
        self.lifecycle = BrowserLifecycle(window, self.projects)
        self.documents = BrowserDocuments(window)
        self.face = BrowserFace(window, self.accounts)

    def twin(self) -> BrowserActor:
        """Copy the cookies into another profile."""
        stored = self.window.context.storage_state()
        return BrowserActor(self._wiring, Window(self._wiring.context(storage_state=stored), self._wiring.url))

    def bearing(self, token: str) -> ApiActor:
        """Have only the token: the hub's pages take none, its API does."""
        return ApiActor(self._wiring, token)

    def close(self) -> None:
        """Close the window."""
        self.window.close()


class BrowserDriver(Driver):
    """JupyterHub by its pages. Its shares have none to make them with, so sharing is the API's alone."""

    surface = Surface.BROWSER
    actor = BrowserActor
    offers: ClassVar[tuple[Offer, ...]] = (
        accounts.SignUp,
        accounts.Verification,
        accounts.SafeResubmission,
        accounts.Sessions,
        accounts.LocalLogOut,
        accounts.ApiTokens,
        projects.Projects,
        quotas.Quotas,
        quotas.DocumentedBeginning,
        lifecycle.Lifecycle,
        lifecycle.OfferedActions,
        Action.SUSPEND,
        Action.RESUME,
        Action.DELETE,
        documents.Documents,
        face.LoadedPages,
        face.DecisiveButtons,
        face.Keyboard,
        face.SessionCookies,
        face.OwnForms,
        operator.Erasure,
        operator.PlainErasure,
    )
    by_staff = ()  # whoever owns a server stops and starts it

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def stranger(self) -> Actor:
        """Return somebody with a new profile."""
        return cast(Actor, BrowserActor(self._wiring, Window(self._wiring.context(), self._wiring.url)))  # has what is offered, not all there is

    def operator(self) -> Operator:
        """Return the operator."""
        self._wiring.secret("operator_token")
        return cast(Operator, ServiceOperator(self._wiring))

    def letter(self, mail: Mail) -> Letter | None:
        """Say what a mail is for."""
        return names.letter(mail)

"""The browser driver: what Cloud Suite offers to people."""

from __future__ import annotations

from typing import ClassVar, cast

from flows.contract import accounts, billing, documents, face, lifecycle, operator, people, projects, quotas
from flows.contract.driver import Actor, Driver, Offer, Surface
from flows.contract.lifecycle import Action
from flows.contract.mail import Letter, Mail
from products.cloudsuite import mail as mails
from products.cloudsuite.api.driver import ApiActor
from products.cloudsuite.api.operator import ApiOperator
from products.cloudsuite.browser.accounts import BrowserAccounts
from products.cloudsuite.browser.billing import BrowserBilling
from products.cloudsuite.browser.documents import BrowserDocuments
from products.cloudsuite.browser.face import BrowserFace
from products.cloudsuite.browser.lifecycle import BrowserLifecycle
from products.cloudsuite.browser.people import BrowserPeople
from products.cloudsuite.browser.projects import BrowserProjects
from products.cloudsuite.browser.quotas import BrowserQuotas
from products.cloudsuite.browser.window import Window
from products.wiring import Wiring


class BrowserActor:
    """Somebody at a browser."""

    accounts: BrowserAccounts
    projects: BrowserProjects
    quotas: BrowserQuotas
    lifecycle: BrowserLifecycle
    people: BrowserPeople
    documents: BrowserDocuments
    billing: BrowserBilling
    face: BrowserFace

    def __init__(self, wiring: Wiring, window: Window | None = None) -> None:
        self._wiring = wiring
        self.window = window or Window(wiring.context(), wiring.url)
        self.accounts = BrowserAccounts(self.window, lambda: Window(wiring.context(), wiring.url))
        self.projects = BrowserProjects(self.window)
        self.quotas = BrowserQuotas(self.window)
        self.lifecycle = BrowserLifecycle(self.window, ApiOperator(wiring))
        self.people = BrowserPeople(self.window)
        self.documents = BrowserDocuments(self.window, self.projects, lambda: Window(self.window.context, wiring.url))
        self.billing = BrowserBilling(self.window)
        self.face = BrowserFace(self.window)

    def twin(self) -> BrowserActor:
        """Copy the cookies into another browser."""
        state = self.window.doing(self.window.context.storage_state, "its cookies")
        other = Window(self._wiring.context(storage_state=state), self._wiring.url)
        other.workspace = self.window.workspace
        return BrowserActor(self._wiring, other)

    def bearing(self, token: str) -> ApiActor:
        """Have only the token: the pages take none, the API does."""
        other = ApiActor(self._wiring)
        other.session.bear(token)
        other.session.workspace = self.window.workspace
        return other

    def close(self) -> None:
        """Close the browser window."""
        self.window.close()


class BrowserDriver(Driver):
    """Cloud Suite by its pages."""

    surface = Surface.BROWSER
    actor = BrowserActor
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
        projects.FailureRehearsal,
        quotas.Quotas,
        quotas.QuotaCodes,
        quotas.KeptPlaces,
        quotas.SeatQuota,
        quotas.StorageQuota,
        quotas.DocumentedBeginning,
        lifecycle.Lifecycle,
        lifecycle.Renaming,
        lifecycle.VersionedRenaming,
        lifecycle.OfferedActions,
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
        documents.LiveEditing,
        documents.FreeEditing,
        billing.Billing,
        billing.PaidProjects,
        billing.PriceList,
        billing.PlanCancellation,
        billing.BillAddress,
        face.LoadedPages,
        face.DecisiveButtons,
        face.Keyboard,
        face.SessionCookies,
        face.OwnForms,
        face.Health,
        operator.Erasure,
        operator.PlainErasure,
        operator.Limits,
        operator.Calendar,
    )

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def stranger(self) -> Actor:
        """Return somebody without cookies."""
        return cast(Actor, BrowserActor(self._wiring))  # has what is offered, not all there is

    def operator(self) -> ApiOperator:
        """Return the operator."""
        return ApiOperator(self._wiring)

    def letter(self, mail: Mail) -> Letter | None:
        """Say what a mail is for."""
        return mails.letter(mail)

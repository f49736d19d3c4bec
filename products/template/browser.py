"""The browser driver: pages as a person uses them. Fields are found by their labels, buttons by their names, what is shown by a data-testid."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast
from urllib.parse import quote

from flows.blame import ProductFault, Refused
from flows.contract import accounts, operator, projects
from flows.contract.accounts import Account
from flows.contract.driver import Actor, Driver, Offer, Surface
from flows.contract.mail import Letter, Mail
from flows.contract.operator import Operator
from flows.contract.projects import Project, Variant
from flows.naming import Identity
from flows.refusal import Reason, Refusal
from products.pages import Pages, Shown
from products.wiring import Wiring

from . import words
from .api import Staff, state
from .refusals import DECLINED, shown

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


class Window(Pages):
    """The window of one person."""

    def visit(self, path: str) -> None:
        """Open a page.

        Raises:
            Refused: it declines, or leads to the log-in.
        """
        self.heed(self.go(path))
        if self.path() == words.LOG_IN_PAGE != path:
            raise Refused(Refusal(Reason.UNAUTHENTICATED, f"{path} leads to the log-in"))

    def send(self, button: str, *, times: int = 1, otherwise: Reason | None = None) -> None:
        """Send the form of a button. What the browser itself objects to is a refusal too: a person gets no further.

        Raises:
            Refused: the page that answers says so.
        """
        if objection := self.objection(button):
            raise Refused(Refusal(Reason.INVALID, objection.text, field=objection.data["field"]))
        self.heed(self.submit(button, times=times), otherwise)

    def heed(self, status: int, otherwise: Reason | None = None) -> None:
        """Raise what the page says, if it declines; `otherwise` is what that means here where its code and words are not known."""
        if alerts := self.alerts():
            raise shown(alerts[0], status, otherwise)
        if status in DECLINED:
            raise shown(Shown(text=f"the page {self.here()} answered {status} and says no reason (role=alert)", data={}), status, otherwise)

    def marked(self, mark: str) -> list[Shown]:
        """Read every element with this data-testid."""
        return self.seen(self.page.get_by_test_id(mark), what=mark)

    def one(self, mark: str) -> Shown:
        """Read the one element with this data-testid.

        Raises:
            ProductFault: there is none, or more than one.
        """
        found = self.marked(mark)
        if len(found) != 1:
            msg = f"the page {self.here()} shows {len(found)} of '{mark}' where one should be"
            raise ProductFault(msg)
        return found[0]

    def datum(self, of: Shown, name: str) -> str:
        """Read a data attribute.

        Raises:
            ProductFault: it is missing.
        """
        if name not in of.data:
            msg = f"the page {self.here()} shows {of.text[:60]!r} without data-{name}"
            raise ProductFault(msg)
        return of.data[name]


class BrowserAccounts:
    """Fulfils `SignUp` and `Sessions`."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Fill in the form and send it."""
        self.window.visit(words.SIGN_UP_PAGE)
        for label, value in ((words.NAME, identity.name), (words.EMAIL, identity.email), (words.PASSWORD, identity.password)):
            self.window.fill(label, value)
        self.window.send(words.SIGN_UP, times=times)

    def log_in(self, email: str, password: str) -> None:
        """Fill in the form and send it. A log-in is refused for its credentials, unless the product says something else."""
        self.window.visit(words.LOG_IN_PAGE)
        self.window.fill(words.EMAIL, email)
        self.window.fill(words.PASSWORD, password)
        self.window.send(words.LOG_IN, otherwise=Reason.BAD_CREDENTIALS)

    def log_out(self) -> None:
        """Press the button."""
        self.window.visit(words.HOME_PAGE)
        self.window.send(words.LOG_OUT)

    def whoami(self) -> Account:
        """Read who is logged in."""
        self.window.visit(words.HOME_PAGE)
        person = self.window.one(words.PERSON_MARK)
        return Account(id=self.window.datum(person, "id"), email=person.text, name=person.data.get("name", ""))


class BrowserProjects:
    """Fulfils `Projects`."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def request(self, name: str, variant: Variant | None = None, *, key: str | None = None) -> Project:  # noqa: ARG002 -- offers neither
        """Fill in the form of a new project, and read the page that it leads to."""
        self.window.visit(words.HOME_PAGE)
        self.window.fill(words.PROJECT_NAME, name)
        self.window.send(words.CREATE)
        return self._read(self.window.one(words.PROJECT_MARK))

    def project(self, project_id: str) -> Project:
        """Look at its page."""
        self.window.visit(words.PROJECT_PAGE + quote(project_id, safe=""))
        return self._read(self.window.one(words.PROJECT_MARK))

    def projects(self) -> list[Project]:
        """Read the list."""
        self.window.visit(words.HOME_PAGE)
        return [self._read(each) for each in self.window.marked(words.PROJECT_MARK)]

    def _read(self, of: Shown) -> Project:
        project_id, name, word = (self.window.datum(of, part) for part in ("id", "name", "state"))
        return Project(id=project_id, name=name, state=state(word))


class BrowserActor:
    """Somebody at a browser. Its annotations say which class fulfils which module of the contract."""

    accounts: BrowserAccounts
    projects: BrowserProjects

    def __init__(self, wiring: Wiring, context: BrowserContext) -> None:
        self._wiring = wiring
        self.window = Window(context, wiring.url)
        self.accounts = BrowserAccounts(self.window)
        self.projects = BrowserProjects(self.window)

    def twin(self) -> BrowserActor:
        """Copy the cookies into another browser."""
        kept = self.window.doing(self.window.context.storage_state, "its cookies")
        return BrowserActor(self._wiring, self._wiring.context(storage_state=kept))

    def close(self) -> None:
        """Close the window."""
        self.window.close()


class BrowserDriver(Driver):
    """The product by its pages."""

    surface = Surface.BROWSER
    actor = BrowserActor
    offers: ClassVar[tuple[Offer, ...]] = (
        accounts.SignUp,
        accounts.Sessions,
        projects.Projects,
        operator.Erasure,
    )

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def stranger(self) -> Actor:
        """Return somebody with a new profile."""
        return cast(Actor, BrowserActor(self._wiring, self._wiring.context()))  # has what is offered, not all there is

    def operator(self) -> Operator:
        """Return the operator, who uses the API on both surfaces."""
        return cast(Operator, Staff(self._wiring))

    def letter(self, mail: Mail) -> Letter | None:  # noqa: ARG002 -- no mail is offered yet
        """Say what a mail is for: nothing, until `Verification` is offered."""
        return None

"""The stub by its pages."""

from __future__ import annotations

from typing import ClassVar, cast

from stub.api import ApiOperator

from flows.contract import accounts, operator, projects
from flows.contract.accounts import Account
from flows.contract.driver import Actor, Driver, Offer, Surface
from flows.contract.mail import Letter, Mail
from flows.contract.projects import Project, State, Variant
from flows.naming import Identity
from products.pages import Pages
from products.wiring import Wiring


class BrowserAccounts:
    """Fulfils `flows.contract.accounts`, as far as there is any of it."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Fill in the form and send it."""
        self.pages.go("/signup")
        self.pages.fill("Name", identity.name)
        self.pages.fill("E-mail address", identity.email)
        self.pages.fill("Password", identity.password)
        self.pages.submit("Sign up", times=times)
        assert self.pages.path() == "/login", f"signing up led to {self.pages.path()}"

    def log_in(self, email: str, password: str) -> None:
        """Fill in the form and send it."""
        if self.pages.path() != "/login":
            self.pages.go("/login")
        self.pages.fill("E-mail address", email)
        self.pages.fill("Password", password)
        self.pages.submit("Log in")
        assert self.pages.path() == "/projects", f"logging in led to {self.pages.path()}"

    def log_out(self) -> None:
        """Forget the session."""
        self.pages.context.clear_cookies()

    def whoami(self) -> Account:
        """Read it where it stands, at the head of the projects."""
        email = self.pages.seen(self.pages.page.get_by_test_id("signed-in-as"), what="who is signed in")[0].text
        return Account(id=email, email=email)


class BrowserProjects:
    """Fulfils `flows.contract.projects.Projects`."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def request(self, name: str, variant: Variant | None = None, *, key: str | None = None) -> Project:  # noqa: ARG002 -- the contract's
        """Fill in the form and send it."""
        self.pages.fill("Name", name)
        self.pages.submit("Create project")
        return self._read()

    def project(self, project_id: str) -> Project:
        """Open the project's page."""
        self.pages.go(f"/projects/{project_id}")
        return self._read()

    def projects(self) -> list[Project]:
        """Know of none but by id."""
        return []

    def _read(self) -> Project:
        state = self.pages.seen(self.pages.page.get_by_test_id("state"), what="the state")[0].text
        return Project(id=self.pages.path().rpartition("/")[2], name="", state=State(state))


class BrowserActor:
    """Somebody at a browser."""

    accounts: BrowserAccounts
    projects: BrowserProjects

    def __init__(self, wiring: Wiring) -> None:
        self._pages = Pages(wiring.context(), wiring.url)
        self.accounts = BrowserAccounts(self._pages)
        self.projects = BrowserProjects(self._pages)

    def close(self) -> None:
        """Close the window."""
        self._pages.close()


class BrowserDriver(Driver):
    """What the stub offers to people."""

    surface = Surface.BROWSER
    actor = BrowserActor
    offers: ClassVar[tuple[Offer, ...]] = (accounts.SignUp, accounts.Sessions, projects.Projects, operator.Erasure)

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def stranger(self) -> Actor:
        """Return somebody without cookies."""
        return cast(Actor, BrowserActor(self._wiring))

    def operator(self) -> ApiOperator:
        """Return the operator."""
        return ApiOperator(self._wiring)

    def letter(self, mail: Mail) -> Letter | None:  # noqa: ARG002 -- the contract's
        """Know no mail."""
        return None

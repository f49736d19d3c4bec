"""The stub by API."""

from __future__ import annotations

from typing import Any, ClassVar, cast

import httpx

from flows import trail
from flows.contract import accounts, operator, projects
from flows.contract.accounts import Account
from flows.contract.driver import Actor, Driver, Offer, Surface
from flows.contract.mail import Letter, Mail
from flows.contract.projects import Project, State, Variant
from flows.naming import Identity
from products.http import Answer, Http
from products.wiring import Wiring


class Session:
    """Sends requests with this actor's token."""

    def __init__(self, client: httpx.Client, token: str | None = None) -> None:
        self.http = Http(client)
        self.token = token

    def call(self, method: str, path: str, *expected: int, doing: str, **options: Any) -> Answer:
        """Send a request and return its answer, one of the statuses `expected`."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self.http.send(method, path, headers=headers, **options)
        if answer.status not in expected:
            raise answer.unexpected(doing)
        return answer


class ApiAccounts:
    """Fulfils `flows.contract.accounts`, as far as there is any of it."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Sign up."""
        body = {"name": identity.name, "email": identity.email, "password": identity.password}
        for _ in range(times):
            self.session.call("POST", "/api/accounts", 201, doing="sign up", json=body).record("id")

    def log_in(self, email: str, password: str) -> None:
        """Get a token."""
        said = self.session.call("POST", "/api/sessions", 201, doing="log in", json={"email": email, "password": password}).record("token")
        trail.current().secrets.add(said["token"])
        self.session.token = said["token"]

    def log_out(self) -> None:
        """Forget the token."""
        self.session.token = None

    def whoami(self) -> Account:
        """Ask."""
        said = self.session.call("GET", "/api/me", 200, doing="ask who is logged in").record("id", "email")
        return Account(id=said["id"], email=said["email"])


class ApiProjects:
    """Fulfils `flows.contract.projects.Projects`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def request(self, name: str, variant: Variant | None = None, *, key: str | None = None) -> Project:  # noqa: ARG002 -- the contract's
        """Ask for a project."""
        return seen(self.session.call("POST", "/api/projects", 201, doing="ask for a project", json={"name": name}))

    def project(self, project_id: str) -> Project:
        """Look at a project."""
        return seen(self.session.call("GET", f"/api/projects/{project_id}", 200, doing="look at a project"))

    def projects(self) -> list[Project]:
        """Know of none but by id."""
        return []


def seen(answer: Answer) -> Project:
    """Read a project."""
    said = answer.record("id", "name", "state")
    return Project(id=said["id"], name=said["name"], state=State(said["state"]))


class ApiOperator:
    """Fulfils `flows.contract.operator.Erasure`."""

    def __init__(self, wiring: Wiring) -> None:
        self._session = Session(wiring.client(), wiring.secret("operator_token"))

    def find_account(self, email: str) -> str | None:
        """Find by address."""
        answer = self._session.call("GET", "/operator/accounts", 200, 404, doing="find an account", params={"email": email})
        return answer.json().get("id")

    def erase_account(self, account_id: str) -> None:
        """Erase."""
        self._session.call("DELETE", f"/operator/accounts/{account_id}", 204, doing="erase an account")


class ApiActor:
    """Somebody who uses the API."""

    accounts: ApiAccounts
    projects: ApiProjects

    def __init__(self, wiring: Wiring) -> None:
        self._session = Session(wiring.client())
        self.accounts = ApiAccounts(self._session)
        self.projects = ApiProjects(self._session)

    def close(self) -> None:
        """Close the client."""
        self._session.http.close()


class ApiDriver(Driver):
    """What the stub offers to programs."""

    surface = Surface.API
    actor = ApiActor
    offers: ClassVar[tuple[Offer, ...]] = (accounts.SignUp, accounts.Sessions, projects.Projects, operator.Erasure)

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def stranger(self) -> Actor:
        """Return somebody without a token."""
        return cast(Actor, ApiActor(self._wiring))

    def operator(self) -> ApiOperator:
        """Return the operator."""
        return ApiOperator(self._wiring)

    def letter(self, mail: Mail) -> Letter | None:  # noqa: ARG002 -- the contract's
        """Know no mail."""
        return None

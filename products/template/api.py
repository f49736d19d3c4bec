"""The API driver: a bearer token, JSON in and out."""

from __future__ import annotations

from typing import Any, ClassVar, cast
from urllib.parse import quote

from flows import trail
from flows.blame import ProductFault, Refused
from flows.contract import accounts, operator, projects
from flows.contract.accounts import Account
from flows.contract.driver import Actor, Driver, Offer, Surface
from flows.contract.mail import Letter, Mail
from flows.contract.operator import Operator
from flows.contract.projects import Project, State, Variant
from flows.naming import Identity
from flows.refusal import Reason
from products.http import Answer, Http
from products.wiring import Wiring

from . import words
from .refusals import check


class Session:
    """Sends requests with this actor's token."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.token: str | None = None

    def call(self, method: str, path: str, *expected: int, doing: str, otherwise: Reason | None = None, **options: Any) -> Answer:
        """Send a request and return its answer, one of the statuses `expected`.

        Raises:
            Refused: the product declined.
            ProductFault: it answered anything else.
        """
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return check(self.http.send(method, path, headers=headers, **options), *expected, doing=doing, otherwise=otherwise)

    def bear(self, token: str) -> None:
        """Use this token from now on, and keep it out of every report."""
        trail.current().secrets.add(token)
        self.token = token


class ApiAccounts:
    """Fulfils `SignUp` and `Sessions`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Send the same request `times` times."""
        body = {"name": identity.name, "email": identity.email, "password": identity.password}
        for _ in range(times):
            self.session.call("POST", words.ACCOUNTS, 200, 201, 202, doing="sign up", json=body)

    def log_in(self, email: str, password: str) -> None:
        """Get a token. A log-in is refused for its credentials, unless the product says something else."""
        body = {"email": email, "password": password}
        said = self.session.call("POST", words.SESSIONS, 200, 201, doing="log in", otherwise=Reason.BAD_CREDENTIALS, json=body)
        self.session.bear(str(said.record("token")["token"]))

    def log_out(self) -> None:
        """End the session; the token is kept, so that its death can be seen."""
        self.session.call("DELETE", words.SESSIONS, 200, 204, doing="log out")

    def whoami(self) -> Account:
        """Ask for the account."""
        said = self.session.call("GET", words.ME, 200, doing="ask who is logged in").record("id", "email")
        return Account(id=str(said["id"]), email=said["email"], name=str(said.get("name", "")))


class ApiProjects:
    """Fulfils `Projects`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def request(self, name: str, variant: Variant | None = None, *, key: str | None = None) -> Project:  # noqa: ARG002 -- offers neither
        """Ask for a project."""
        return project_of(self.session.call("POST", words.PROJECTS, 200, 201, 202, doing="ask for a project", json={"name": name}).record())

    def project(self, project_id: str) -> Project:
        """Look at one."""
        return project_of(self.session.call("GET", f"{words.PROJECTS}/{quote(project_id, safe='')}", 200, doing="look at a project").record())

    def projects(self) -> list[Project]:
        """List them."""
        return [project_of(each) for each in self.session.call("GET", words.PROJECTS, 200, doing="list the projects").record("items")["items"]]


def project_of(raw: dict[str, Any]) -> Project:
    """Read a project.

    Raises:
        ProductFault: a field is missing.
    """
    try:
        return Project(id=str(raw["id"]), name=raw["name"], state=state(raw["state"]))
    except KeyError as cause:
        msg = f"a project comes without {cause}: {str(raw)[:200]}"
        raise ProductFault(msg) from cause


def state(word: str) -> State:
    """Return what the product's word for a state means.

    Raises:
        ProductFault: nobody knows it.
    """
    if word not in words.STATES:
        msg = f"a project is '{word}', which is none of the states that are documented: {', '.join(words.STATES)}"
        raise ProductFault(msg)
    return words.STATES[word]


class Staff:
    """Fulfils `Erasure`: the suite removes by it what it made."""

    def __init__(self, wiring: Wiring) -> None:
        self.session = Session(Http(wiring.client()))
        self.session.bear(wiring.secret("operator_token"))

    def find_account(self, email: str) -> str | None:
        """Look an account up by its address."""
        try:
            return str(self.session.call("GET", words.STAFF_ACCOUNTS, 200, doing="look for an account", params={"email": email}).record("id")["id"])
        except Refused as refused:
            if refused.refusal.reason in {Reason.NOT_FOUND, Reason.INVALID}:  # nobody has an address that is none
                return None
            raise

    def erase_account(self, account_id: str) -> None:
        """Erase it with all that hangs on it."""
        self.session.call("DELETE", f"{words.STAFF_ACCOUNTS}/{quote(account_id, safe='')}", 200, 202, 204, 404, doing="erase an account")


class ApiActor:
    """Somebody who uses the API. Its annotations say which class fulfils which module of the contract."""

    accounts: ApiAccounts
    projects: ApiProjects

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self.session = Session(Http(wiring.client()))
        self.accounts = ApiAccounts(self.session)
        self.projects = ApiProjects(self.session)

    def twin(self) -> ApiActor:
        """Copy the token."""
        return self.bearing(self.session.token or "")

    def bearing(self, token: str) -> ApiActor:
        """Have only the token."""
        other = ApiActor(self._wiring)
        other.session.bear(token)
        return other

    def close(self) -> None:
        """Close the client."""
        self.session.http.close()


class ApiDriver(Driver):
    """The product by its API."""

    surface = Surface.API
    actor = ApiActor
    offers: ClassVar[tuple[Offer, ...]] = (
        accounts.SignUp,
        accounts.Sessions,
        projects.Projects,
        operator.Erasure,
    )

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def stranger(self) -> Actor:
        """Return somebody without a token."""
        return cast(Actor, ApiActor(self._wiring))  # has what is offered, not all there is

    def operator(self) -> Operator:
        """Return the operator."""
        return cast(Operator, Staff(self._wiring))

    def letter(self, mail: Mail) -> Letter | None:  # noqa: ARG002 -- no mail is offered yet
        """Say what a mail is for: nothing, until `Verification` is offered."""
        return None

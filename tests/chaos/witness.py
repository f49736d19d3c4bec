"""Those who see a run from outside: the product and the pager. Each can strike the run at the very moment at which it is asked for something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fixtures.client import MARKER
from rehearsal.pager import Rules
from rehearsal.receiver import Reply, Request
from tests.products.tiny.server import Handler, Tiny

MOMENTS = (
    "before a create is taken",
    "after a create is taken",
    "mid-test",
    "before an erase is taken",
    "after an erase is taken",
    "before a message is taken",
    "between send and acknowledgement",
)


@dataclass
class Strike:
    """What befalls a run at the nth passage of a moment: `blow` is dealt, and whoever asked gets no answer if `mute`."""

    moment: str
    nth: int
    blow: Callable[[], None]
    mute: bool
    fell: bool = False
    passed: int = 0

    def at(self, moment: str) -> bool:
        """Tell whether the answer is to be withheld."""
        if moment != self.moment:
            return False
        self.passed += 1
        if self.passed == self.nth:
            self.fell = True
            self.blow()
            return self.mute
        return self.fell and self.mute


class Asked(Handler):
    """One request, of which the product keeps a record."""

    server: Product

    def do_GET(self) -> None:  # noqa: N802 -- the name that the standard library calls
        """Read, and write down whose account is asked for."""
        self.note(parse_qs(urlsplit(self.path).query).get("email", [""])[0])
        super().do_GET()

    def do_POST(self) -> None:  # noqa: N802 -- the name that the standard library calls
        """Make, or log in."""
        self.note("")
        if self.server.strikes("before a create is taken" if self.path == "/accounts" else "mid-test"):
            self.close_connection = True
            return
        super().do_POST()

    def do_DELETE(self) -> None:  # noqa: N802 -- the name that the standard library calls
        """Erase."""
        number = self.path.rpartition("/")[2]
        self.note(next((email for email, each in self.server.accounts.items() if each == number), ""))
        if self.server.strikes("before an erase is taken"):
            self.close_connection = True
            return
        super().do_DELETE()

    def send(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
        """Answer, where nobody strikes before."""
        if status == 201 and self.server.strikes("after a create is taken"):
            self.close_connection = True
            return
        if self.command == "DELETE" and self.server.strikes("after an erase is taken"):
            self.close_connection = True
            return
        super().send(status, kind, body, headers)

    def note(self, touched: str) -> None:
        """Write down who asked, and about whom."""
        run = self.headers.get(MARKER, "")
        self.server.requests += 1
        self.server.unmarked += not run
        if touched:
            self.server.touched.add(touched)


class Product(Tiny):
    """Tiny, which remembers: all accounts that there ever were with the run that made them, and whose were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.RequestHandlerClass = Asked
        self.accounts = Book()
        self.strike: Strike | None = None
        self.requests = self.unmarked = 0
        self.touched: set[str] = set()

    @property
    def made(self) -> set[str]:
        """All who ever had an account."""
        return self.accounts.ever

    def strikes(self, moment: str) -> bool:
        """Strike, if it is time."""
        return self.strike is not None and self.strike.at(moment)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet: who is killed hangs up."""


class Book(dict[str, str]):
    """Accounts by address. `ever` holds who was in it."""

    def __init__(self) -> None:
        super().__init__()
        self.ever: set[str] = set()

    def __setitem__(self, email: str, number: str) -> None:
        self.ever.add(email)
        super().__setitem__(email, number)


@dataclass
class Pager:
    """A PagerDuty whose answer may be withheld."""

    rules: Rules = field(default_factory=Rules)
    strike: Strike | None = None

    def __call__(self, request: Request) -> Reply:
        """Answer by the rules, where nobody strikes."""
        if self.strike is not None and self.strike.at("before a message is taken"):
            return Reply(503)
        reply = self.rules(request)
        if self.strike is not None:
            self.strike.at("between send and acknowledgement")
        return reply

"""The face of the product: how its pages come up, what they have a browser guard, and what the product says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from flows.contract.projects import Project
from flows.naming import Identity


class Place(StrEnum):
    """The pages that decide whether somebody stays."""

    FIRST = "first page"
    SIGN_UP = "sign-up page"
    DASHBOARD = "dashboard"


@dataclass(frozen=True)
class Loading:
    """How a page came up in a browser that had nothing of it.

    `troubles` is all that went wrong: what did not load, what a script or the console cried out, what a policy blocked. `first_byte` and `painted`, in seconds
    from the start, say when the page began to arrive and when its largest part stood there; `shift` is how much of it jumped about (cumulative layout shift).
    """

    url: str
    troubles: tuple[str, ...]
    first_byte: float
    painted: float
    shift: float


class LoadedPages(Protocol):
    """The product has these three pages."""

    def load(self, place: Place) -> Loading:
        """Open a page, wait until it has loaded, and say how that went. The dashboard needs a session."""


class Act(StrEnum):
    """What the decisive buttons do."""

    SIGN_UP = "sign up"
    CREATE = "create a project"


@dataclass(frozen=True)
class Button:
    """A button as it stands on its page; `hindrances` is all that keeps a person from pressing it."""

    name: str
    hindrances: tuple[str, ...]


class DecisiveButtons(Protocol):
    """Each act has a button on a page of its own."""

    def button(self, act: Act) -> Button:
        """Open the page of an act, and look at its button. Creating needs a session."""


class Keyboard(Protocol):
    """The product can be used without a mouse."""

    def register_by_keyboard(self, identity: Identity) -> None:
        """Fill in and send the sign-up form with nothing but a keyboard.

        Raises:
            Refused: as `flows.contract.accounts.SignUp.register`.
        """

    def request_by_keyboard(self, name: str) -> Project:
        """Ask for a project with nothing but a keyboard.

        Raises:
            Refused: as `flows.contract.projects.Projects.request`.
        """


@dataclass(frozen=True)
class Part:
    """A part of the product: the `release` that it is of, and the one that the product says it should be of, as versions or digests."""

    name: str
    release: str
    stated: str


class Releases(Protocol):
    """The product says of which release its parts are."""

    def parts(self) -> list[Part]:
        """Fetch each part that can be told, its pages and what they load, and return it."""


@dataclass(frozen=True)
class Certificate:
    """What the product shows to prove who it is. `ends` in seconds since the epoch.

    `distrust` says why somebody who trusts nothing but the target's authorities, and asks for `host`, does not trust it (wrong name, a gap in the chain, out of
    date); empty where they do. What is not trusted is not read: `ends` is 0 then.
    """

    host: str
    distrust: str
    ends: float


class Encryption(Protocol):
    """The product is met by TLS. Does not apply to a target whose address begins with ``http:``."""

    def certificate(self) -> Certificate:
        """Make a connection of one's own, and read the certificate."""

    def in_the_clear(self) -> str | None:
        """Ask for the first page without TLS, and return the address that this leads to: empty where it is served, None where nothing answers there."""


class Guard(StrEnum):
    """What a browser is told to guard a person from."""

    SCRIPTS = "no script from elsewhere is run"
    FRAMES = "no other site puts the page into a frame"
    TYPES = "no file is taken for something that it is not"
    ADDRESSES = "no other site learns the address of a page"
    TLS = "the browser comes back by TLS alone"
    ANSWERS = "no other site reads an answer"
    CACHES = "no cache keeps the page"


class Guards(Protocol):
    """The product has browsers guard its people."""

    def guards(self) -> frozenset[Guard]:
        """Return what it has them guard from, as documented (not as seen)."""

    def guarded(self) -> Mapping[str, frozenset[Guard]]:
        """Fetch answers of each kind, and return what each has a browser guard from, by what was asked for."""


class OwnPages(Protocol):
    """The product shows people pages of their own."""

    def own_pages(self) -> Mapping[str, frozenset[Guard]]:
        """Open pages that are this customer's own, and return what each has a browser guard from, by what was asked for."""

    def own_guards(self) -> frozenset[Guard]:
        """Return what it has them guard from on such pages, as documented (not as seen)."""


class WrongAddresses(Protocol):
    """The product answers for what is not there."""

    def astray(self) -> Mapping[str, str]:
        """Ask for a page, and for whatever else it has, that is not there; return by what was asked for how it was answered, empty where as not found."""


@dataclass(frozen=True)
class Cookie:
    """A cookie as the browser keeps it: whether it goes by TLS alone, whether scripts cannot read it, and what other sites may do with it (``Lax``)."""

    name: str
    secure: bool
    hidden: bool
    same_site: str


class SessionCookies(Protocol):
    """The session is kept in cookies."""

    def session_cookies(self) -> list[Cookie]:
        """Return those that hold this session."""

    def encrypted(self) -> bool:
        """Tell whether the target is met by TLS, so that a cookie can be kept to it."""


class OwnForms(Protocol):
    """A form is taken from the product's own page alone, in the browser that it was shown in."""

    def forge_registration(self, identity: Identity) -> None:
        """Send the sign-up form as another site would make this browser send it: without what proves that it is the product's own.

        Raises:
            Refused: FORGED.
        """

    def forge_request(self, name: str) -> None:
        """Ask for a project in the same way.

        Raises:
            Refused: FORGED.
        """


class Clock(Protocol):
    """The product says what time it is."""

    def clocks(self) -> Mapping[str, float]:
        """Have each part that can tell the time say it now, in seconds since the epoch."""


class Health(Protocol):
    """The product says how it is."""

    def health(self) -> Mapping[str, bool]:
        """Return whether all is well, by each part of each place that says so."""


@dataclass(frozen=True)
class Glance:
    """How reading one thing went: `seconds` until the answer was there, `trouble` what is wrong with it (empty where nothing is)."""

    what: str
    seconds: float
    trouble: str = ""


class Reading(Protocol):
    """A customer reads more than anything else."""

    def glance(self, nth: int) -> Glance:
        """Read the nth of the things that a customer reads most, beginning anew behind the last. Whatever comes of it is told, never raised."""


class AllOfFace(
    LoadedPages, DecisiveButtons, Keyboard, Releases, Encryption, Guards, OwnPages, WrongAddresses, SessionCookies, OwnForms, Clock, Health, Reading, Protocol
):
    """All of it."""

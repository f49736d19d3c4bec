"""Projects: asked for, made in the background, listed, seen by their owner alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """The states of a project. A driver translates its product's own words into these.

    On the way: REQUESTED is taken, and nobody works on it yet; PROVISIONING is being made, and the word where a product has but one. A way may leave
    states out, and only goes forward. At rest: ACTIVE can be used; FAILED could not be made; SUSPENDED and ARCHIVED keep what is there.
    """

    REQUESTED = "requested"
    PROVISIONING = "provisioning"
    ACTIVE = "active"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    DELETED = "deleted"
    PURGED = "purged"


@dataclass(frozen=True)
class Variant:
    """What a project can be made of and where; None where the product has no such choice."""

    template: str | None = None
    tier: str | None = None
    region: str | None = None

    def __str__(self) -> str:
        """Name the parts that are chosen."""
        return "/".join(part for part in (self.template, self.tier, self.region) if part) or "default"


@dataclass(frozen=True)
class Project:
    """A project as the product shows it.

    `name` is the product's own spelling, which may differ from what was asked for. `owner` is an address. `private` says that nobody outside its workspace
    sees it: True where a product knows nothing else, None where it does not say. `reason` says why it failed. `history` holds the states it went through,
    oldest first, as the product tells it; empty where it does not.
    """

    id: str
    name: str
    state: State
    variant: Variant = Variant()
    reason: str | None = None
    version: int | None = None
    owner: str | None = None
    private: bool | None = None
    history: tuple[State, ...] = ()


class Projects(Protocol):
    """A customer can ask for a project and see what becomes of it."""

    def request(self, name: str, variant: Variant | None = None, *, key: str | None = None) -> Project:
        """Ask for a project; `key` makes the request idempotent where `IdempotencyKeys` is offered. Does not wait: the project may be far from ready.

        BUSY and RATE_LIMITED say "later, please", best with `Refusal.retry_after`; whoever is refused so asks again for a while.

        Raises:
            Refused: QUOTA (with dimension, limit, usage, remedy), TAKEN, INVALID, FORBIDDEN, BUSY.
        """

    def project(self, project_id: str) -> Project:
        """Return the project as its own page or resource shows it.

        One that is deleted is refused, not returned: a product that goes on answering with a gravestone is read as NOT_FOUND, if it documents that.

        Raises:
            Refused: NOT_FOUND or FORBIDDEN, also for another tenant's; UNAUTHENTICATED; BUSY where it cannot be said just now.
        """

    def projects(self) -> list[Project]:
        """Return the projects in this workspace as the list shows them, all pages of it; deleted ones are not among them."""


class Catalogue(Protocol):
    """Projects come in variants."""

    def variants(self) -> list[Variant]:
        """Return variants that together hold every template, tier and region offered to this customer at least once."""


class IdempotencyKeys(Protocol):
    """A request sent twice with one key makes one project (`request(key=...)`); one that asks for something else with it is refused as INVALID."""


class Failing(Protocol):
    """The product lets a customer try how a failed provisioning looks, as payment providers have test cards."""

    def failing(self) -> Variant:
        """Return a variant whose provisioning always fails."""


class FailingOnce(Protocol):
    """The product lets a customer try how a provisioning looks that fails and can be retried."""

    def failing_once(self) -> Variant:
        """Return a variant whose first attempt fails and whose retry succeeds."""


class Slow(Protocol):
    """The product lets a customer try what can be done while a project is being made."""

    def slow(self) -> Variant:
        """Return a variant that stays in provisioning long enough to act on it (tens of seconds)."""


class FailureRehearsal(Failing, FailingOnce, Slow, Protocol):
    """All of these."""


class UniqueNames(Protocol):
    """A project must have a name, and no two in a workspace have the same."""


class FreeNames(Protocol):
    """The name of a project may be any line of text, and is shown as it was typed."""

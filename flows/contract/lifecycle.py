"""Lifecycle: what can be done to a project after it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from flows.contract.projects import Project, State


class Action(StrEnum):
    """What can be done to a project. A driver offers those that its product has."""

    CANCEL = "cancel"
    RETRY = "retry"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    SUSPEND = "suspend"
    RESUME = "resume"
    DELETE = "delete"
    RESTORE = "restore"
    PURGE = "purge"


STAFF = "operator"
"""What an audit entry names as the actor where the product's own staff did it."""


@dataclass(frozen=True)
class AuditEntry:
    """Who did what to a project: `at` in seconds since the epoch, UTC.

    `actor` is a customer's address, or `STAFF`; `action` is the word of `Action` where it is one of these, else the product's own.
    """

    at: float
    actor: str
    action: str


class Lifecycle(Protocol):
    """A project can be moved through its life."""

    def perform(self, project_id: str, action: Action) -> None:
        """Do it, by whoever may: the customer, or the operator for what `Driver.by_staff` lists. Does not wait.

        BUSY says "later, please": a product may refuse to act on a project that is under way.

        Raises:
            Refused: ILLEGAL_TRANSITION, NOT_FOUND, FORBIDDEN, QUOTA, TAKEN, BUSY.
        """


class TransitionRules(Protocol):
    """The product documents which action is legal in which state."""

    def rules(self) -> Mapping[State, Mapping[Action, State]]:
        """Return, for each state a project can rest in, the legal actions and the state that each leads to, as documented."""


class Renaming(Protocol):
    """A project can get another name."""

    def rename(self, project_id: str, name: str) -> None:
        """Give it another name.

        Raises:
            Refused: TAKEN, INVALID, FORBIDDEN.
        """


class VersionedRenaming(Protocol):
    """Another name is given to what one has seen, and to nothing that was changed since."""

    def rename_while(self, project_id: str, name: str, meanwhile: Callable[[], object]) -> None:
        """Look at a project and begin to give it another name; let `meanwhile` happen, in which somebody else does something to it; then end.

        Raises:
            Refused: as `Renaming.rename`; CONFLICT, where it was changed meanwhile.
        """


class OfferedActions(Protocol):
    """The product shows a customer which actions are possible now."""

    def offered(self, project_id: str) -> frozenset[Action]:
        """Return the actions that the project's page offers this customer now."""

    def legal(self, state: State) -> frozenset[Action]:
        """Return those that it offers the owner of a project that rests in this state, as documented (not as seen)."""


class StaffActions(Protocol):
    """What `Driver.by_staff` lists is the product's own staff's to do, and no customer's."""

    def perform_oneself(self, project_id: str, action: Action) -> None:
        """Try such an action as a customer, by every door that the product has for it; raises where all are shut.

        Raises:
            Refused: FORBIDDEN, NOT_FOUND, UNAUTHENTICATED.
        """


class Trash(Protocol):
    """Deleted projects are kept for a time, and can be listed."""

    def trash(self) -> list[Project]:
        """Return the deleted projects that can still be restored."""


class Retention(Protocol):
    """A deleted project is kept for a time that is documented, and then deleted for good."""

    def retention(self) -> float:
        """Return for how many seconds a deleted project is kept, as documented (not as seen)."""

    def kept_until(self, project_id: str) -> float:
        """Return until when a deleted project can be restored, as the list of the deleted ones shows it, in seconds since the epoch.

        Raises:
            Refused: NOT_FOUND where it is not listed.
        """


class Audit(Protocol):
    """Every transition leaves an entry."""

    def audit(self, project_id: str) -> list[AuditEntry]:
        """Return the entries of a project, oldest first."""


class AllOfLifecycle(Lifecycle, TransitionRules, Renaming, VersionedRenaming, OfferedActions, StaffActions, Trash, Retention, Audit, Protocol):
    """All of it."""

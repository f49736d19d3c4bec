"""What Cloud Suite documents: which action is legal in which state, and what a new customer has. Kept apart from its code on purpose: this is the promise."""

from __future__ import annotations

from collections.abc import Mapping

from flows.contract.lifecycle import Action
from flows.contract.projects import State
from flows.contract.quotas import Beginning

BEGINNING = Beginning(role="owner", plan="free", projects=2, seats=3, storage=262_144)

GUESSES = 10
"""Wrong passwords for one address within a minute, after which no more are taken."""

RULES: Mapping[State, Mapping[Action, State]] = {
    State.ACTIVE: {Action.ARCHIVE: State.ARCHIVED, Action.SUSPEND: State.SUSPENDED, Action.DELETE: State.DELETED},
    State.FAILED: {Action.RETRY: State.REQUESTED, Action.DELETE: State.DELETED},
    State.CANCELLED: {Action.DELETE: State.DELETED},
    State.ARCHIVED: {Action.UNARCHIVE: State.ACTIVE, Action.DELETE: State.DELETED},
    State.SUSPENDED: {Action.RESUME: State.ACTIVE, Action.DELETE: State.DELETED},
    State.DELETED: {Action.RESTORE: State.ACTIVE, Action.PURGE: State.PURGED},
}

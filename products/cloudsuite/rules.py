"""What Cloud Suite documents: which action is legal in which state, what a new customer has, what is sold for how much.

Kept apart from its code on purpose: this is the promise.
"""

from __future__ import annotations

from collections.abc import Mapping

from flows.contract.billing import Sold
from flows.contract.lifecycle import Action
from flows.contract.projects import State
from flows.contract.quotas import Beginning

PLANS: Mapping[str, Sold] = {
    "free": Sold(cents=0, projects=2, seats=3, storage=262_144),
    "team": Sold(cents=2900, projects=10, seats=10, storage=10_485_760),
    "business": Sold(cents=9900, projects=50, seats=50, storage=104_857_600),
}
TIERS: Mapping[str, int] = {"starter": 0, "standard": 900}
"""What a project of each tier costs, in cents."""

SESSION = "cs_session"
"""The cookie that holds a session."""

RETENTION = 30 * 86_400.0
"""Seconds for which a deleted project can be restored."""

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

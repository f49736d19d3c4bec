"""The life of a project: one table of states and actions, read by the API, the pages, the operator and the worker.

requested ──begin──> provisioning ──finish──> active <──unarchive── archived
    │ cancel             │ cancel  │ fail      │  │ archive ─────────^
    v                    v         v           │  └─suspend─> suspended ─resume─> active
  cancelled <────────────┘       failed ─retry─> requested
every state but the last two ──delete──> deleted ──restore──> RESTORED_AS
                                            └──purge──> purged
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from products.cloudsuite.app.domain.roles import Right, Role, allows


class State(StrEnum):
    """Where a project stands."""

    REQUESTED = "requested"
    PROVISIONING = "provisioning"
    ACTIVE = "active"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    DELETED = "deleted"
    PURGED = "purged"


class Action(StrEnum):
    """What can be done to a project."""

    BEGIN = "begin"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"
    RETRY = "retry"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    SUSPEND = "suspend"
    RESUME = "resume"
    DELETE = "delete"
    RESTORE = "restore"
    PURGE = "purge"


class Service(StrEnum):
    """Who moves projects without being a member of their workspace."""

    OPERATOR = "operator"
    WORKER = "worker"


@dataclass(frozen=True)
class Rule:
    """Who may do it: members with a right, or a service; where it leads from each state; where it is done already."""

    by: Right | Service
    moves: Mapping[State, State]
    done: frozenset[State] = frozenset()


OCCUPYING = frozenset({State.REQUESTED, State.PROVISIONING, State.ACTIVE, State.ARCHIVED, State.SUSPENDED})
"""States in which a project holds its name and counts against the quota of projects."""

UNREADY = frozenset({State.REQUESTED, State.PROVISIONING})
"""States in which the customer is still waiting, and nothing is charged for good."""

HIDDEN = frozenset({State.DELETED, State.PURGED})
"""States in which a project answers as though it did not exist."""

RESTORED_AS: Mapping[State, State] = {
    State.REQUESTED: State.FAILED,  # what it was getting was released when it was deleted; it can be retried
    State.PROVISIONING: State.FAILED,
    State.ACTIVE: State.ACTIVE,
    State.FAILED: State.FAILED,
    State.CANCELLED: State.CANCELLED,
    State.ARCHIVED: State.ARCHIVED,
    State.SUSPENDED: State.SUSPENDED,
}
"""Where a restored project goes, by the state from which it was deleted."""

RULES: Mapping[Action, Rule] = {
    Action.BEGIN: Rule(Service.WORKER, {State.REQUESTED: State.PROVISIONING}),
    Action.FINISH: Rule(Service.WORKER, {State.PROVISIONING: State.ACTIVE}),
    Action.FAIL: Rule(Service.WORKER, dict.fromkeys(UNREADY, State.FAILED)),
    Action.CANCEL: Rule(Right.CANCEL_PROJECT, dict.fromkeys(UNREADY, State.CANCELLED), done=frozenset({State.CANCELLED})),
    Action.RETRY: Rule(Right.RETRY_PROJECT, {State.FAILED: State.REQUESTED}, done=UNREADY),
    Action.ARCHIVE: Rule(Right.ARCHIVE_PROJECT, {State.ACTIVE: State.ARCHIVED}, done=frozenset({State.ARCHIVED})),
    Action.UNARCHIVE: Rule(Right.ARCHIVE_PROJECT, {State.ARCHIVED: State.ACTIVE}, done=frozenset({State.ACTIVE})),
    Action.SUSPEND: Rule(Service.OPERATOR, {State.ACTIVE: State.SUSPENDED}, done=frozenset({State.SUSPENDED})),
    Action.RESUME: Rule(Service.OPERATOR, {State.SUSPENDED: State.ACTIVE}, done=frozenset({State.ACTIVE})),
    Action.DELETE: Rule(Right.DELETE_PROJECT, dict.fromkeys(RESTORED_AS, State.DELETED), done=frozenset({State.DELETED})),
    # To RESTORED_AS. A live project is no proof of an earlier restore: restoring it is refused, never "done already".
    Action.RESTORE: Rule(Right.RESTORE_PROJECT, {State.DELETED: State.ACTIVE}),
    # By the worker too, once the time to restore is over.
    Action.PURGE: Rule(Right.PURGE_PROJECT, {State.DELETED: State.PURGED}),
}


class IllegalTransition(Exception):  # noqa: N818 -- named for what it says, as refusals are
    """The table has no such move."""

    def __init__(self, state: State, action: Action) -> None:
        super().__init__(f"A project that is {state} cannot {action}.")
        self.state = state
        self.action = action


def next_state(state: State, action: Action, deleted_from: State | None) -> State | None:
    """Where the action leads from this state; None when it is done already; IllegalTransition when it may not be."""
    rule = RULES[action]
    if state in rule.done:
        return None
    if state not in rule.moves:
        raise IllegalTransition(state, action)
    if action is Action.RESTORE and deleted_from is not None:
        return RESTORED_AS[deleted_from]
    return rule.moves[state]


def offered(state: State, role: Role) -> list[Action]:
    """What a member in this role can do to a project in this state, in the order of the table."""
    return [action for action, rule in RULES.items() if state in rule.moves and isinstance(rule.by, Right) and allows(role, rule.by)]

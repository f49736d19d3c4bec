"""What a driver offers, read generously where that is meant, and strictly where not."""

from __future__ import annotations

import pytest

from flows.contract.accounts import Accounts, Sessions, SignUp
from flows.contract.driver import fulfils
from flows.contract.lifecycle import Action
from flows.contract.operator import BillingCalendar, Calendar, LinkExpiry
from flows.contract.people import People, Role
from flows.contract.projects import Failing, FailureRehearsal
from flows.scenario import BRISK, Scenario
from flows.waiting import Budget


@pytest.mark.parametrize(
    ("offers", "need", "had"),
    [
        ((SignUp,), SignUp, True),
        ((SignUp,), Sessions, False),
        ((Accounts,), Sessions, True),
        ((FailureRehearsal,), Failing, True),
        ((Failing,), FailureRehearsal, False),
        ((LinkExpiry,), Calendar, False),
        ((Calendar,), BillingCalendar, True),
        ((Action.DELETE,), Action.DELETE, True),
        ((Action.DELETE,), Action.PURGE, False),
        ((People,), Role.VIEWER, True),
        ((People, Role.OWNER, Role.EDITOR), Role.EDITOR, True),
        ((People, Role.OWNER, Role.EDITOR), Role.VIEWER, False),
        ((), Role.VIEWER, True),
    ],
)
def test_what_is_offered(offers: tuple[object, ...], need: object, *, had: bool) -> None:
    """A Protocol made of others offers them, and not the other way round; who names no role has them all."""
    assert fulfils(offers, need) is had  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [({}, 100), (BRISK, 100), ({"provisioning": 10}, 100), ({"provisioning": 400}, 1000), ({"mail": 60, "agreement": 9000}, 200)],
)
def test_a_deadline_grows_with_what_a_target_allows(limits: dict[str, float], seconds: float) -> None:
    """A target that may be ten times as slow has ten times as long, a quick one no less than declared, and other budgets change nothing."""
    declared = Scenario("a.b", "promise", "owner", "risk", "error", "integrity", (), (), 100.0)

    assert declared.within({name: Budget(name, 1, limit) for name, limit in limits.items()}) == seconds

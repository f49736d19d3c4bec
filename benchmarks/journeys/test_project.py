"""The journey that is measured, as often as JOURNEYS says: sign up, log in, ask for a project, wait until it is active; then all is erased."""

from __future__ import annotations

import os
from collections.abc import Callable

from flows import provisioning, signup
from flows.contract.accounts import Sessions, SignUp
from flows.contract.projects import Projects, State
from flows.scenario import scenario
from flows.site import Customer


def numbered(number: int) -> Callable[[Customer], None]:
    """Return the scenario of one customer."""

    @scenario(
        f"provisioning.measured-{number}",
        owner="platform",
        risk="provisioning-stuck",
        severity="critical",
        failure="availability",
        needs=(SignUp, Sessions, Projects),
    )
    def journey(visitor: Customer) -> None:
        """A stranger signs up, logs in, and gets a project that becomes active."""
        account = signup.sign_up(visitor)
        project = provisioning.create(visitor)
        assert (account.email, project.state) == (visitor.email, State.ACTIVE)

    return journey


globals().update({f"test_journey_{number}": numbered(number) for number in range(int(os.environ.get("JOURNEYS", "1")))})

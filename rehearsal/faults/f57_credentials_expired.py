"""F57: the operator's credential that the suite uses has run out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe

if TYPE_CHECKING:
    from rehearsal.drill import Drill

VARIABLE = "REHEARSAL_SECRET_OPERATOR_TOKEN"
EXPIRED = "a-token-that-has-run-out"


@contextmanager
def expired(drill: Drill) -> Iterator[None]:
    """Give the suite a token that the product does not know any more."""
    drill.environment[VARIABLE] = drill.facts["token"] = EXPIRED
    try:
        yield
    finally:
        del drill.environment[VARIABLE], drill.facts["token"]


def refused(probe: Probe) -> str:
    """Ask as the operator, with the token that the suite has."""
    token = probe.facts.get("token", probe.secrets["operator_token"])
    answer = probe.client(Authorization=f"Bearer {token}").get("/operator/accounts", params={"email": "nobody@example.com"})
    return f"the operator's token is answered by {answer.status_code}" if answer.status_code in {401, 403} else ""


FAULT = Fault(
    id="F57",
    title="The operator's credential that the suite uses has run out.",
    layer=Layer.MONITOR,
    journey="lifecycle",
    risk="monitor-blind",
    expects=Expected("monitor.cannot-tell", "suite", "error"),
    permits=("monitor.left-behind",),
    only=("lifecycle.suspend-resume", "lifecycle.delete-from-every-state"),  # these ask the operator
    act=expired,
    oracle=refused,
    confined=False,
    whole=True,
    runs=2,
)

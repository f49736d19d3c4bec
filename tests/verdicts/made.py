"""Outcomes that nobody ran."""

from __future__ import annotations

from typing import Any

from verdicts.outcome import Outcome, Request, Status, Step


def outcome(status: Status = Status.PASSED, *, scenario: str = "signup.a", surface: str = "api", attempt: int = 1, **given: Any) -> Outcome:
    """Return an outcome, passed except for what is given."""
    told: dict[str, Any] = {
        "run": "r",
        "target": "t",
        "title": "A promise.",
        "journey": scenario.partition(".")[0],
        "owner": "growth",
        "severity": "critical",
        "failure": "integrity",
        "risk": "x",
        "runbook": "launch/runbooks/x.md",
        "started": "2026-01-01T00:00:00.000+00:00",
        "seconds": 1.5,
        "nodeid": f"synthetics/{scenario}::test[{surface}]",
        "steps": (Step("log in", 0.0, 0.5, 0, "passed"),),
        "requests": (Request("GET", "/x", 0.1, 0.2, None, None, "cut off"),),
    }
    return Outcome(scenario=scenario, surface=surface, attempt=attempt, status=status, **{**told, **given})

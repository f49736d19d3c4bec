"""The events of a drill, made up: a good one, from which tests take or change something."""

from __future__ import annotations

from typing import Any

Event = dict[str, Any]

START = 1_000_000.0
CADENCE = 300.0
SCENARIO, OWNER, SEVERITY = "quota.limit-plus-one", "billing", "critical"


def begin(**changed: Any) -> Event:
    """Return the beginning."""
    return {
        "event": "begin",
        "at": START,
        "fault": "F19",
        "dose": 100,
        "title": "A workspace gets more projects than its plan gives.",
        "layer": "A",
        "journey": "quota",
        "risk": "quota-bypassed",
        "silent": True,
        "expects": {"scenario": SCENARIO, "owner": OWNER, "severity": SEVERITY},
        "permits": ["quota.last-*"],
        "runs": 1,
        "cadence": CADENCE,
        "detect_within": 1800.0,
        "tried": [SCENARIO, "quota.last-allowed"],
        "surfaces": ["api"],
        "target": "embedded",
        "build": "Cloud Suite 1.0",
        **changed,
    }


def run(phase: str, at: float, *outcomes: tuple[str, int, str], left_behind: int = 0) -> Event:
    """Return a run that began three seconds before `at`; outcomes are scenario, attempt, status."""
    met = [[scenario, "api", attempt, status, "", START + at - 1] for scenario, attempt, status in outcomes]
    return {"event": "run", "at": START + at, "phase": phase, "began": START + at - 3, "run": "r", "exit": 0, "outcomes": met, "left_behind": left_behind}


def received(action: str, at: float, scenario: str = SCENARIO, owner: str = OWNER, severity: str = SEVERITY) -> Event:
    """Return what arrived at a sink."""
    told = {"scenario": scenario, "severity": severity} if action == "trigger" else {"scenario": "", "severity": ""}
    return {"event": "received", "at": START + at, "action": action, "owner": owner, "key": f"key of {scenario}", "runbook": "", **told}


def decided(at: float, scenario: str = SCENARIO) -> Event:
    """Return that an alert opened."""
    return {"event": "decided", "at": START + at, "scenario": scenario, "runbook": "launch/runbooks/quota.md"}


def good() -> list[Event]:
    """Return a drill in which all is as it should be."""
    return [
        begin(),
        run("baseline", 5, (SCENARIO, 1, "passed")),
        {"event": "inject", "at": START + 6},
        {"event": "live", "at": START + 7, "saw": "3 projects were granted on a plan of 2"},
        {"event": "bystanders", "at": START + 7, "saw": "", "trouble": ""},
        received("trigger", 12),
        run("fault", 13, (SCENARIO, 1, "failed"), (SCENARIO, 2, "failed"), ("quota.last-allowed", 1, "passed")),
        decided(11.5),
        {"event": "acknowledged", "at": START + 14, "alerts": [1]},
        {"event": "runbook", "at": START + 15, "phase": "diagnose", "command": "curl", "exit": 0},
        {"event": "runbook", "at": START + 16, "phase": "rollback", "command": "$ROLLBACK", "exit": 0},
        {"event": "roll back", "at": START + 16, "by": "runbook"},
        {"event": "gone", "at": START + 17, "saw": "", "trouble": ""},
        run("clean", 21, (SCENARIO, 1, "passed")),
        received("resolve", 25),
        run("clean", 25.5, (SCENARIO, 1, "passed")),
        {"event": "residue", "at": START + 26, "saw": "", "switches": [], "open": []},
        {"event": "end", "at": START + 26},
    ]


def control() -> list[Event]:
    """Return a control that stays silent."""
    return [
        begin(fault="C1", expects=None, permits=[], risk="", detect_within=None),
        run("baseline", 5, (SCENARIO, 1, "passed")),
        {"event": "inject", "at": START + 6},
        {"event": "live", "at": START + 7, "saw": ""},
        run("fault", 13, (SCENARIO, 1, "passed")),
        {"event": "roll back", "at": START + 14, "by": "rehearsal"},
        {"event": "gone", "at": START + 14, "saw": "", "trouble": ""},
        {"event": "residue", "at": START + 15, "saw": "", "switches": [], "open": []},
        {"event": "end", "at": START + 15},
    ]

"""The recording PagerDuty: the rules that the rest of the tests lean on, and the process that the kill harness audits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from rehearsal.pager import LARGEST, Log, Rules
from rehearsal.receiver import Request

ROOT = Path(__file__).parents[2]
KEY, OTHER = "a" * 32, "b" * 32


def event(action: str = "trigger", key: str = KEY, **more: Any) -> dict[str, Any]:
    """Return an event of the right shape."""
    payload = {"summary": "broken", "source": "staging", "severity": "critical"}
    return {"routing_key": key, "event_action": action, "dedup_key": "k", "payload": payload} | more


def put(rules: Rules, body: Any, path: str = "/v2/enqueue") -> int:
    """Send an event, and return the status."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return rules(Request("POST", path, {}, raw)).status


def test_triggers_with_one_key_are_one_incident_until_it_is_resolved() -> None:
    """After that, a late one opens another."""
    rules = Rules()
    answers = [put(rules, event(action)) for action in ("trigger", "trigger", "acknowledge", "resolve", "resolve", "trigger")]

    assert answers == [202] * 6
    assert [(each.status, len(each.summaries)) for each in rules.incidents] == [("resolved", 2), ("triggered", 1)]


def test_a_resolve_with_another_routing_key_resolves_nothing() -> None:
    """It is accepted all the same: F61 of the fault catalogue."""
    rules = Rules()
    put(rules, event())

    assert put(rules, event("resolve", OTHER)) == 202
    assert len(rules.open()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        event(routing_key="short"),
        event("open"),
        event("resolve", dedup_key=None),
        event(dedup_key="k" * 256),
        event(dedup_key=""),
        event(payload=None),
        event(payload={"summary": "", "source": "s", "severity": "info"}),
        event(payload={"summary": "x" * 1025, "source": "s", "severity": "info"}),
        event(payload={"summary": "x", "source": "", "severity": "info"}),
        event(payload={"summary": "x", "source": "s", "severity": "sev1"}),
        event(links=[{"href": "javascript:alert(1)"}]),
    ],
)
def test_a_wrong_shape_is_400_and_changes_nothing(body: Any) -> None:
    """Nor is it written down."""
    logged: list[Any] = []
    rules = Rules(log=logged.append)

    assert put(rules, body) == 400
    assert (rules.incidents, logged) == ([], [])


def test_what_is_above_512_kb_is_refused() -> None:
    """One that is just below is not."""
    assert put(Rules(), event(custom="x" * LARGEST)) == 413
    assert put(Rules(), event(custom="x" * (LARGEST - 1000))) == 202


def test_above_the_rate_is_429_for_that_key_and_that_minute() -> None:
    """Another key has a rate of its own."""
    clock = [0.0]
    rules = Rules(rate=2, now=lambda: clock[0])
    assert [put(rules, event()) for _ in range(3)] == [202, 202, 429]
    assert put(rules, event(key=OTHER)) == 202
    clock[0] = 61.0

    assert put(rules, event()) == 202


def test_a_change_opens_nothing() -> None:
    """It needs a summary and a routing key."""
    rules = Rules()

    assert put(rules, {"routing_key": KEY, "payload": {"summary": "deploy"}}, "/v2/change/enqueue") == 202
    assert put(rules, {"routing_key": KEY, "payload": {}}, "/v2/change/enqueue") == 400
    assert (len(rules.changes), rules.incidents) == (1, [])


def test_another_path_is_404() -> None:
    """Nothing is accepted there."""
    assert put(Rules(), event(), "/v1/enqueue") == 404


def test_a_torn_line_at_the_end_of_a_log_is_cut_off(tmp_path: Path) -> None:
    """Its sender heard nothing of it; what follows begins on a line of its own."""
    path = tmp_path / "log.jsonl"
    path.write_text('{"n": 1}\n{"n": 2, "tor')
    log = Log(path)
    log.append({"n": 3})

    assert log.lines == [{"n": 1}]
    assert [json.loads(line) for line in path.read_text().splitlines()] == [{"n": 1}, {"n": 3}]


@contextmanager
def started(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run it as a process for the block; gives its address."""
    command = [sys.executable, "-m", "rehearsal.pager", "--port", "0", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().removeprefix("ready ").strip()
        finally:
            process.kill()


def test_as_a_process_it_remembers_what_it_accepted_through_kill_9(tmp_path: Path) -> None:
    """What it answered 202 to is in the log, and the next one goes on from there."""
    log = tmp_path / "log.jsonl"
    with started("--log", str(log)) as (process, url):
        assert httpx.post(f"{url}/v2/enqueue", json=event()).status_code == 202
        process.send_signal(signal.SIGKILL)
    with started("--log", str(log)) as (process, url):
        httpx.post(f"{url}/v2/enqueue", json=event("resolve"))
        [incident] = httpx.get(f"{url}/incidents").json()
        process.send_signal(signal.SIGTERM)

        assert process.wait(20) == 0
    assert incident["status"] == "resolved"
    assert [json.loads(line)["effect"] for line in log.read_text().splitlines()] == ["opened 1", "resolved 1"]


def test_as_a_process_it_ends_with_its_parent(tmp_path: Path) -> None:
    """So that a harness that is killed leaves nothing behind."""
    with subprocess.Popen(["sleep", "60"]) as parent, started("--log", str(tmp_path / "log.jsonl"), "--parent", str(parent.pid)) as (process, _):
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait(20)

        assert process.wait(20) == 0

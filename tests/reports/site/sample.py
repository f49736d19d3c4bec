"""Runs that never ran: a folder as the recorder leaves it, small and large, whole and damaged."""

from __future__ import annotations

import dataclasses
import json
import random
import struct
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from verdicts.outcome import Outcome, Request, Status, Step

Writer = Callable[..., Path]
"""Writes the folder of a run: the fixture `written`."""

BEGAN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def outcome(**given: Any) -> Outcome:
    """Return an outcome that passed, except for what is given; `after` is in seconds since the run began."""
    after = given.pop("after", 0.0)
    scenario = given.get("scenario", "quota.limit-plus-one")
    told: dict[str, Any] = {
        "run": "20260302T093000Z-4f1c",
        "target": "staging",
        "scenario": scenario,
        "surface": "api",
        "attempt": 1,
        "status": Status.PASSED,
        "title": "A full plan refuses one more project, names its limit, and yields once one is deleted.",
        "journey": scenario.partition(".")[0],
        "owner": "billing",
        "severity": "critical",
        "failure": "integrity",
        "risk": "quota-bypassed",
        "runbook": "runbooks/quota-bypassed.md",
        "started": (BEGAN + timedelta(seconds=after)).isoformat(),
        "seconds": 4.2,
        "nodeid": "synthetics/quota/test_limit.py::test_a_full_plan",
        "steps": (Step("log in", 0.0, 0.8, 0, "passed"), Step("create a project and wait until it is ready", 0.9, 3.1, 0, "passed")),
    }
    return Outcome(**{**told, **given})


def picture(width: int = 960, height: int = 540) -> bytes:
    """Return a PNG: a plain page with a coloured bar."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    bar, page = bytes((0, *((60, 90, 160) * width))), bytes((0, *((246, 244, 240) * width)))
    body = bar * (height // 10) + page * (height - height // 10)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")
    )


PROMISES = {
    "signup": ["first-workspace", "mail-in-time", "scanner-safe", "link-twice", "expired-link", "duplicate-address", "logout-ends-session", "double-submit"],
    "provisioning": [
        "ready-and-used",
        "each-template",
        "forward-only",
        "same-key-twice",
        "response-lost",
        "failed-create-returns-quota",
        "delete-while-pending",
    ],
    "quota": ["limit-plus-one", "usage-matches", "last-slot-race", "delete-frees-slot", "raised-limit", "rate-limit-is-not-quota"],
    "collaboration": ["invite-joins", "viewer-cannot-write", "removed-member-is-out", "transfer-moves-usage", "live-document"],
    "lifecycle": ["archive-and-restore", "delete-is-gone", "export-is-whole", "name-free-again"],
    "account": ["password-reset-once", "same-answer", "close-account"],
    "face": ["landing-loads", "status-page", "docs-reachable"],
}
OWNERS = {
    "signup": "identity",
    "provisioning": "platform",
    "quota": "billing",
    "collaboration": "workspaces",
    "lifecycle": "platform",
    "account": "identity",
    "face": "web",
}


def ordinary() -> list[Outcome]:
    """Return a run of some sixty attempts in which every status occurs, and some a second time."""
    chance = random.Random(7)
    listed = []
    for number, (journey, promise) in enumerate((journey, promise) for journey, promises in PROMISES.items() for promise in promises):
        for surface in ("api", "browser"):
            seconds = chance.uniform(1, 9) * (2.2 if surface == "browser" else 1)
            cuts = sorted(chance.uniform(0, seconds) for _ in range(3))
            names = ("sign up with a fresh address", "create a project and wait until it is ready", "write a document and read it back", "clean up")
            edges = [0.0, *cuts, seconds]
            listed.append(
                outcome(
                    scenario=f"{journey}.{promise}",
                    surface=surface,
                    owner=OWNERS[journey],
                    title=f"The promise of {promise.replace('-', ' ')} is kept for a customer who starts from nothing.",
                    severity=("critical", "error", "warning")[number % 3],
                    after=number // 12 * 9 + chance.uniform(0, 4),
                    seconds=seconds,
                    trace_id=f"{chance.getrandbits(128):032x}",
                    steps=tuple(Step(name, at, until - at, 0, "passed") for name, at, until in zip(names, edges, edges[1:], strict=False)),
                    requests=(Request("GET", "https://staging.example/api/v1/projects", 0.2, 0.031, 200, "req-9f1"),),
                )
            )
    return _stumbling(listed)


def _racing() -> tuple[Request, ...]:
    address = "https://staging.example/api/v1"
    answers = ((201, ""), (201, ""), (201, ""), (403, "quota_exceeded")) * 2
    creates = [
        Request("POST", f"{address}/projects?attempt={n}", 6.3 + n / 50, 0.12 + n / 9, answer, f"req-77aa0{n}", note)
        for n, (answer, note) in enumerate(answers)
    ]
    return (*creates, Request("GET", f"{address}/usage", 8.1, 0.4, None, None, "timed out"))


def _stumbling(listed: list[Outcome]) -> list[Outcome]:
    by_key = {each.key: each for each in listed}

    def turns(scenario: str, surface: str, **into: Any) -> Outcome:
        by_key[scenario, surface] = dataclasses.replace(by_key[scenario, surface], **into)
        return by_key[scenario, surface]

    steps = (
        Step("fill the plan", 0.0, 6.1, 0, "passed"),
        Step("create project syn-4f1c-1", 0.1, 2.8, 1, "passed"),
        Step("create project syn-4f1c-2", 3.0, 3.0, 1, "passed"),
        Step("create two projects for the last slot at the same time", 6.2, 2.4, 0, "failed"),
        Step("wait until one is refused", 6.9, 1.7, 1, "failed"),
    )
    race: dict[str, Any] = {
        "status": Status.FAILED,
        "blame": "product",
        "title": "Many creates for the last slot: exactly one succeeds.",
        "error": "expected exactly 1 of 4 creates for the last slot to succeed, saw 3 (usage 5 of limit 3)\n"
        "  project syn-4f1c-3  201  req-77aa01\n  project syn-4f1c-4  201  req-77aa02\n"
        "  project syn-4f1c-5  201  req-77aa03\n  project syn-4f1c-6  403  req-77aa04",
        "where": "step “create two projects for the last slot at the same time”, synthetics/quota/test_last_slot.py:31",
        "steps": steps,
        "seconds": 8.6,
        "states": (
            "project syn-4f1c-1: pending",
            "project syn-4f1c-1: provisioning",
            "project syn-4f1c-1: active",
            "project syn-4f1c-3: pending",
            "project syn-4f1c-3: active",
        ),
        "requests": _racing(),
        "console": ("[error] Failed to load resource: the server responded with a status of 403", "[warning] usage is stale"),
        "evidence": {
            "screenshot": "evidence/race.png",
            "trace": "evidence/race trace.zip",
            "console": "evidence/race-console.txt",
            "page": "evidence/race.html",
        },
        "left_behind": ("project syn-4f1c-5",),
    }
    first = turns("quota.last-slot-race", "api", **race)
    again = dataclasses.replace(first, attempt=2, started=(BEGAN + timedelta(seconds=34)).isoformat(), trace_id="0" * 31 + "1")
    turns("quota.last-slot-race", "browser", **{**race, "evidence": {}, "console": ()})
    turns(
        "signup.mail-in-time",
        "api",
        status=Status.ERROR,
        blame="suite",
        error="expected the mailbox to accept connections, saw connection refused at 127.0.0.1:2525",
        where="step “read the mail”",
        runbook="https://runbooks.example/mailbox",
    )
    turns(
        "provisioning.each-template",
        "browser",
        status=Status.INCOMPLETE,
        error="killed after 120 s: deadline",
        seconds=41.0,
        steps=(Step("open the templates", 0, 2, 0, "passed"), Step("create from “notebook”", 2, 39, 0, "running")),
    )
    for surface in ("api", "browser"):
        turns("collaboration.live-document", surface, status=Status.NOT_APPLICABLE, seconds=0.0, steps=(), error="the product offers no live documents")
    turns(
        "lifecycle.export-is-whole",
        "api",
        status=Status.BLOCKED,
        blame="product",
        error="could not arrange a project: project syn-4f1c-9 went pending > failed in 3.1 s, never active",
        seconds=3.4,
    )
    turns(
        "provisioning.ready-and-used",
        "browser",
        status=Status.DEGRADED,
        slow=("project syn-4f1c-2 took 41.3 s to become active (provisioning expects 30 s)",),
        seconds=43.8,
    )
    turns("face.docs-reachable", "browser", status=Status.QUARANTINED, error="the documentation answered 502 once in ten")
    flaky = turns(
        "account.password-reset-once",
        "api",
        status=Status.FAILED,
        error="expected the reset link to open the form, saw 500 Internal Server Error",
        where="step “open the link”",
    )
    mended = dataclasses.replace(flaky, attempt=2, status=Status.PASSED, error=None, where=None, started=(BEGAN + timedelta(seconds=38)).isoformat())
    return [*by_key.values(), again, mended]


def head(outcomes: Iterable[Outcome], **given: Any) -> dict[str, Any]:
    """Return what ``run.json`` holds for a run of `outcomes`, except for what is given."""
    keys = dict.fromkeys((each.scenario, each.surface, each.nodeid) for each in outcomes)
    return {
        "run": "20260302T093000Z-4f1c",
        "target": "staging",
        "url": "https://staging.example",
        "product": "cloudsuite",
        "version": "2.14.1",
        "revision": "8c1f2ab",
        "started": BEGAN.isoformat(),
        "ended": (BEGAN + timedelta(seconds=72)).isoformat(),
        "expected": [{"scenario": scenario, "surface": surface, "nodeid": nodeid} for scenario, surface, nodeid in keys],
        "executed": len(keys),
        "exit": 1,
        "exit_reason": "Two outcomes broke a promise of severity critical.",
        "surfaces": ["api", "browser"],
        "lanes": 16,
        "browser": "headless shell of the system",
        "location": "fra-1",
        "left_behind": ["account syn-4f1c@mail.example"],
        "command": "synthetics run --target staging --lanes 16",
        "rounds": 1,
        **given,
    }


def write_run(folder: Path, outcomes: Iterable[Outcome], run: dict[str, Any]) -> Path:
    """Write a run's folder with evidence for what names it."""
    (folder / "evidence").mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    lines = "".join(each.to_json() + "\n" for each in outcomes)
    (folder / "outcomes.jsonl").write_text(lines, encoding="utf-8", errors="surrogatepass", newline="")
    (folder / "evidence/race.png").write_bytes(picture())
    (folder / "evidence/race trace.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    (folder / "evidence/race-console.txt").write_text("403", encoding="utf-8")
    (folder / "evidence/race.html").write_text("<h1>Projects</h1><script>alert('page')</script>", encoding="utf-8")
    return folder

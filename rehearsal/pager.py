"""A PagerDuty that records: the published rules of its Events API v2, on loopback.

    python -m rehearsal.pager --port 0 --log events.jsonl

One line goes to stdout, `ready http://127.0.0.1:PORT`. What it accepts is appended to the log, one JSON line each, and is on the disk before the sender
hears of it; started again with the same log, it goes on from there. `GET /incidents` lists the incidents. It ends on SIGTERM and SIGINT, and once the
process of `--parent` is gone.

The rules, from developer.pagerduty.com ("Events API v2"): one incident for all triggers with a key while it is open; after a resolve a trigger opens another;
a resolve or acknowledge finds an incident only by the routing key of its trigger; 202 for what is accepted, also where it has no effect; 400 for a wrong
shape; 429 above the rate; 512 KB.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rehearsal.receiver import Receiver, Reply, Request

LARGEST = 512 * 1024
ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "error", "warning", "info")
MINUTE = 60.0


@dataclass
class Incident:
    """One incident. `summaries` are those of its triggers, in order."""

    number: int
    routing_key: str
    dedup_key: str
    status: str
    severity: str
    summaries: list[str] = field(default_factory=list)


class Rules:
    """What PagerDuty makes of events. `rate` is how many one routing key may send in a minute, None for any number; `keys` those that exist, None for any."""

    def __init__(
        self,
        *,
        rate: int | None = None,
        keys: frozenset[str] | None = None,
        log: Callable[[dict[str, Any]], None] = lambda _: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.incidents: list[Incident] = []
        self.changes: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.keys = keys
        self._rate, self._log, self._now = rate, log, now
        self._sent: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        with self._lock:
            if request.method == "GET" and request.path == "/incidents":
                return Reply(200, [asdict(each) for each in self.incidents])
            if request.method != "POST" or request.path not in {"/v2/enqueue", "/v2/change/enqueue"}:
                return Reply(404, {"status": "not found"})
            return self._enqueue(request)

    def open(self) -> list[Incident]:
        """Return the incidents that are not resolved."""
        return [each for each in self.incidents if each.status != "resolved"]

    def replay(self, line: dict[str, Any]) -> None:
        """Take an event of an earlier log."""
        self._effect(line["path"], line["event"])

    def _enqueue(self, request: Request) -> Reply:
        if len(request.body) > LARGEST:
            return Reply(413, {"status": "invalid event", "message": "Event is larger than 512 KB"})
        try:
            event = request.json()
        except ValueError:
            return _invalid("JSON parse error")
        wrong = _wrong(request.path, event)
        if wrong:
            return _invalid(*wrong)
        key = event["routing_key"]
        if self.keys is not None and key not in self.keys:
            return _invalid("Invalid routing key")
        if self._too_many(key):
            return Reply(429, {"status": "throttle exceeded", "message": "Requests for this service are arriving too quickly. Please retry later."})
        effect = self._effect(request.path, event)
        self._log({"at": self._now(), "path": request.path, "event": event, "effect": effect})
        return Reply(202, {"status": "success", "message": "Event processed", "dedup_key": event.get("dedup_key", "")})

    def _too_many(self, key: str) -> bool:
        sent = self._sent.setdefault(key, deque())
        now = self._now()
        while sent and sent[0] <= now - MINUTE:
            sent.popleft()
        if self._rate is not None and len(sent) >= self._rate:
            return True
        sent.append(now)
        return False

    def _effect(self, path: str, event: dict[str, Any]) -> str:
        self.events.append(event)
        if path == "/v2/change/enqueue":
            self.changes.append(event)
            return "change"
        routing, key, action = event["routing_key"], event.setdefault("dedup_key", f"generated-{len(self.events)}"), event["event_action"]
        found = [each for each in self.open() if (each.routing_key, each.dedup_key) == (routing, key)]
        if action == "trigger":
            payload = event["payload"]
            if not found:
                found = [Incident(len(self.incidents) + 1, routing, key, "triggered", payload["severity"])]
                self.incidents.extend(found)
            found[0].summaries.append(payload["summary"])
            found[0].severity = payload["severity"]
            return f"{'opened' if len(found[0].summaries) == 1 else 'joined'} {found[0].number}"
        if not found:
            return "nothing open"
        found[0].status = {"acknowledge": "acknowledged", "resolve": "resolved"}[action]
        return f"{found[0].status} {found[0].number}"


def _wrong(path: str, event: Any) -> list[str]:
    """Return what is wrong with the shape of an event."""
    if not isinstance(event, dict):
        return ["Event object format is unrecognized"]
    wrong = []
    if len(str(event.get("routing_key", ""))) != 32:
        wrong.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    change = path == "/v2/change/enqueue"
    action = event.get("event_action")
    if not change and action not in ACTIONS:
        wrong.append("'event_action' is invalid (must be one of: trigger, acknowledge, resolve)")
    key = event.get("dedup_key")
    if key is not None and not (isinstance(key, str) and 0 < len(key) <= 255):
        wrong.append("'dedup_key' is invalid (must be at most 255 characters)")
    if action in {"acknowledge", "resolve"} and key is None:
        wrong.append("'dedup_key' is missing or blank")
    if change or action == "trigger":
        wrong += _wrong_payload(event.get("payload"), change=change)
    for each in event.get("links", []):
        if not isinstance(each, dict) or not str(each.get("href", "")).startswith(("http://", "https://")):
            wrong.append("'links' is invalid (must be objects with an href)")
    return wrong


def _wrong_payload(payload: Any, *, change: bool) -> list[str]:
    if not isinstance(payload, dict):
        return ["'payload' is missing or blank"]
    wrong = []
    summary = payload.get("summary")
    if not isinstance(summary, str) or not summary.strip() or len(summary) > 1024:
        wrong.append("'payload.summary' is missing, blank or longer than 1024 characters")
    if not change:
        if not payload.get("source"):
            wrong.append("'payload.source' is missing or blank")
        if payload.get("severity") not in SEVERITIES:
            wrong.append("'payload.severity' is invalid (must be one of: critical, warning, error, info)")
    return wrong


def _invalid(*errors: str) -> Reply:
    return Reply(400, {"status": "invalid event", "message": "Event object is invalid", "errors": list(errors)})


class Log:
    """The file of what was accepted; a line is on the disk when `append` returns. A torn last line, whose sender heard nothing, is cut off."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+", encoding="utf-8")
        self._file.seek(0)
        whole = self._file.read().rpartition("\n")[0]
        self.lines = [json.loads(line) for line in whole.splitlines()]
        self._file.truncate(len(f"{whole}\n".encode()) if whole else 0)

    def append(self, line: dict[str, Any]) -> None:
        """Write a line."""
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def main() -> int:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.pager", description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--rate", type=int, help="events a minute for each routing key")
    parser.add_argument("--parent", type=int, help="end when this process is gone")
    options = parser.parse_args()
    log = Log(options.log)
    rules = Rules(rate=options.rate, log=log.append)
    for line in log.lines:
        rules.replay(line)
    told, tell = os.pipe()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: os.write(tell, b"x"))
    with Receiver(rules, port=options.port) as receiver:
        print(f"ready {receiver.url}", flush=True)
        select.select([told, *([os.pidfd_open(options.parent)] if options.parent else [])], [], [])
    return 0


if __name__ == "__main__":
    sys.exit(main())

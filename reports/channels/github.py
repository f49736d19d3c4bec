"""GitHub: an issue for each opening of an alert. It is commented while the alert is open, and closed when it ends.

The first line of an issue is a comment that names the incident. Before an issue is made it is looked for, so that an answer that got lost does not make a
second one. All text from the target stands in code spans, where GitHub makes no mention, link, reference or markup.

Source: docs.github.com, "REST API endpoints for issues"; "Rate limits for the REST API" (403 with Retry-After or no requests remaining).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from launch.reading import Table
from reports.channels import ALERTING, Later, Receipt, Secret, kept
from reports.facts import LONGEST, Fact, facts, headline
from reports.inert import code_span, defanged
from reports.message import Kind, Message
from reports.prometheus import stamp
from reports.wire import LONGEST_WAIT, Answer, Call, Line, asked_wait, line

HOST = "https://api.github.com"
TITLE = 200
LABEL = "synthetics"
"""Every issue of ours has it, besides labels of one's own. A token that may not label cannot find an issue again whose number got lost."""

_PAGES, _A_PAGE, _LISTING = 5, 30, 4 * 1024 * 1024
_DAY = 86400.0
_FORBIDDEN = 403
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/(?!\.{1,2}\Z)[A-Za-z0-9._-]+\Z")


@dataclass(frozen=True)
class GitHub:
    """One repository. `now` is the clock (seconds since the epoch)."""

    line: Line
    repository: str
    token: str = field(repr=False)
    labels: tuple[str, ...] = ()
    now: Callable[[], float] = time.time
    carries: frozenset[Kind] = ALERTING
    pace: float = 1.0
    refreshes: bool = False
    cap: int = 0

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:
        """Make, comment or close the issue of the incident; the receipt's thread holds its `number`."""
        call = self.line.call()
        number = thread.get("number") or self._find(call, message)
        if message.kind is Kind.TRIGGER and number:
            return Receipt(f"issue #{number} was there already", {"number": number})
        if not number:
            if message.kind is Kind.RESOLVE:
                return Receipt("no issue to close")
            number = self._create(call, message)
            if message.kind is not Kind.TEST:
                return Receipt(f"issue #{number} made", {"number": number})
        if message.kind in {Kind.RESOLVE, Kind.TEST}:
            self._ask(call, "PATCH", f"/issues/{number}", json={"state": "closed", "state_reason": "completed"})
        if message.kind is not Kind.TEST:
            self._ask(call, "POST", f"/issues/{number}/comments", json={"body": _told(message)})
        return Receipt(f"issue #{number} {'closed' if message.kind in {Kind.RESOLVE, Kind.TEST} else 'commented'}", {"number": number})

    def _create(self, call: Call, message: Message) -> str:
        body = f"{_marker(message)}\n{_told(message)}"
        answer = self._ask(call, "POST", "/issues", json={"title": defanged(headline(message, TITLE)), "body": body, "labels": [LABEL, *self.labels]})
        made = answer.json()
        number = made.get("number") if isinstance(made, dict) else None
        if not isinstance(number, int):
            raise Later(f"{self.line.place} answered {answer.words}, but named no issue", ambiguous=True)
        return str(number)

    def _find(self, call: Call, message: Message) -> str:
        """Return the number of the issue whose first line names the incident, or nothing. Content of the target never stands in a first line."""
        query = {"labels": LABEL, "state": "all", "sort": "created", "direction": "desc", "per_page": str(_A_PAGE)}
        if message.since:
            query["since"] = stamp(message.since - _DAY)
        for page in range(1, _PAGES + 1):
            answer = self._ask(call, "GET", "/issues", params={**query, "page": str(page)}, most=_LISTING)
            listed = answer.json()
            if not isinstance(listed, list):
                raise Later(f"{self.line.place} answered {answer.words}, but listed no issues")
            for each in listed:
                if isinstance(each, dict) and str(each.get("body") or "").partition("\n")[0].strip() == _marker(message):
                    return str(each["number"])
            if len(listed) < _A_PAGE:
                break
        return ""

    def _ask(self, call: Call, method: str, path: str, **request: Any) -> Answer:
        """Make one request."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        try:
            return self._judged(call, call.ask(method, f"/repos/{self.repository}{path}", headers=headers, **request))
        except Later as trouble:
            trouble.ambiguous = trouble.ambiguous and method != "GET"  # looking changes nothing
            raise

    def _judged(self, call: Call, answer: Answer) -> Answer:
        if answer.status == _FORBIDDEN and ("retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"):
            raise Later(f"{self.line.place} answered {answer.words}: the rate limit is reached", after=self._wait(answer))
        return call.judged(answer)

    def _wait(self, answer: Answer) -> float | None:
        reset = answer.headers.get("x-ratelimit-reset", "")
        asked = asked_wait(answer.headers, self.now())
        return asked if asked is not None or not reset.isdecimal() else min(max(0.0, float(reset) - self.now()), LONGEST_WAIT)


def read(table: Table, secret: Secret) -> GitHub:
    """Take `repository` (``owner/name``), `token`, `labels`, and `url`, `ca`, `deadline`.

    Raises:
        BadInput: a wrong value.
    """
    repository = table.text("repository")
    if not _REPOSITORY.match(repository):
        raise table.wrong("repository", repository, "owner/name")
    token = kept(table, "token", secret)
    return GitHub(line(table, secret, HOST, secrets=[token]), repository, token, table.texts("labels", []))


def _marker(message: Message) -> str:
    return f"<!-- synthetics incident {re.sub(r'[^A-Za-z0-9._-]', '_', message.incident)[:200]} -->"


def _told(message: Message) -> str:
    return "\n".join([f"**{code_span(headline(message))}**", "", *map(_line, facts(message))]) + "\n"


def _line(fact: Fact) -> str:
    return f"- {fact.label}: <{fact.link}>" if fact.link else f"- {fact.label}: {code_span(fact.value, 3 * LONGEST)}"

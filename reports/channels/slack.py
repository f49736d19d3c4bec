"""Slack: by a bot, which answers in a thread and edits what it wrote, or by an incoming webhook, which can do neither.

Everything from the target stands in ``plain_text`` objects, with `&`, `<` and `>` escaped: there Slack makes no mention and no link. Only our own links
(runbook, evidence) stand in ``mrkdwn``, with `verbatim`, so that Slack looks for no further ones.

Sources: docs.slack.dev, "Formatting message text" (escaping), "Block Kit: text object, header, section" (limits), "chat.postMessage" (errors, and about
one message a second for each channel).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from launch.reading import BadInput, Table
from reports.channels import ALERTING, Later, Never, Receipt, Secret, kept
from reports.facts import Fact, facts, headline, links
from reports.inert import one_line
from reports.message import Kind, Message
from reports.wire import Answer, Call, Line, line

HOST = "https://slack.com/api"
HEADER = 150
FIELD = 2000
FIELDS = 10
"""So many fields has a section at most."""

LATER = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Errors of a bot's call that pass by themselves; every other one needs a person."""
UNCERTAIN = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Errors after which it may have been posted all the same."""
GONE = frozenset({"thread_not_found", "message_not_found", "cant_update_message", "edit_window_closed"})
"""Errors that concern only the first message, which somebody removed or which is too old: what is new is told all the same."""


@dataclass(frozen=True)
class Slack:
    """One channel of a workspace. With a `token` it is `channel` by its id; without one, `line` leads to an incoming webhook."""

    line: Line
    token: str = field(default="", repr=False)
    channel: str = ""
    carries: frozenset[Kind] = ALERTING
    pace: float = 1.0
    refreshes: bool = False
    cap: int = 0

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:
        """Post, below the first message of the incident where there is one; the end is also written into that one. `thread` holds its `channel` and `ts`."""
        call = self.line.call()
        if not self.token:
            return Receipt(call.send("POST", json=_shown(message)).words)
        first = {"channel": thread.get("channel", self.channel), "ts": thread.get("ts", "")}
        if first["ts"] and message.kind is Kind.RESOLVE:
            self._say(call, "chat.update", {**first, **_shown(message)}, lenient=True)
        post = {"channel": first["channel"], "unfurl_links": False, "unfurl_media": False, "parse": "none", "link_names": False, **_shown(message)}
        below = {"thread_ts": first["ts"], "reply_broadcast": message.kind is Kind.ESCALATE} if first["ts"] else {}
        said = self._say(call, "chat.postMessage", {**post, **below}, lenient=bool(below))
        if said is None:
            said = self._say(call, "chat.postMessage", post)
        posted = said or {}
        return Receipt("200 posted", {} if below else {"channel": str(posted.get("channel", self.channel)), "ts": str(posted.get("ts", ""))})

    def _say(self, call: Call, method: str, body: dict[str, Any], *, lenient: bool = False) -> dict[str, Any] | None:
        """Call a method of the Web API, which says in the body of a 200 whether it worked. None where it is `lenient` and the first message is gone.

        Raises:
            Later: try again.
            Never: do not.
        """
        answer = call.send(
            "POST", f"/{method}", json=body, headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json; charset=utf-8"}
        )
        said = _object(answer)
        if said.get("ok") is True:
            return said
        error = one_line(str(said.get("error", "no reason")), 80)
        if lenient and error in GONE:
            return None
        if error in LATER:
            raise Later(f"{self.line.place} {method}: {error}", ambiguous=error in UNCERTAIN)
        raise Never(f"{self.line.place} {method}: {self.line.clear(error)}")


def read(table: Table, secret: Secret) -> Slack:
    """Take `token` and `channel` of a bot, or `webhook`, the secret address of an incoming webhook; and `url`, `ca`, `deadline`.

    Raises:
        BadInput: both ways or none; a wrong value.
    """
    if ("webhook" in table) == ("token" in table):
        raise BadInput(f'{table.at("token")}: allowed is either `token` with `channel`, or `webhook = {{ env = "NAME" }}`')
    if "webhook" in table:
        if not isinstance(table.raw("webhook"), dict):
            kept(table, "webhook", secret)  # an address of a webhook is its secret: it is refused here when written in the file
        return Slack(line(table, secret, key="webhook"))
    token = kept(table, "token", secret)
    return Slack(line(table, secret, HOST, secrets=[token]), token, table.text("channel"))


def _object(answer: Answer) -> dict[str, Any]:
    said = answer.json()
    if not isinstance(said, dict):
        raise Later(f"answered {answer.words}, but not as Slack does", ambiguous=True)
    return said


def _shown(message: Message) -> dict[str, Any]:
    """Return text and blocks: the text is for notifications, where the blocks are not seen."""
    head = headline(message, HEADER)
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(head, HEADER)}]
    told = iter([each for each in facts(message) if not each.link])
    while some := list(islice(told, FIELDS)):
        blocks.append({"type": "section", "fields": [_plain(f"{each.label}: {each.value}", FIELD) for each in some]})
    if linked := links(message):
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "verbatim": True, "text": " · ".join(map(_anchor, linked))}})
    return {"text": _escaped(head, 2 * HEADER), "blocks": blocks}


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _escaped(text, limit), "emoji": False}


def _escaped(text: str, limit: int) -> str:
    """Escape as Slack asks for, within `limit` characters, without cutting an escape in two."""
    forms = [{"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(each, each) for each in text]
    if sum(map(len, forms)) <= limit:
        return "".join(forms)
    kept_forms, room = [], limit - 1
    for each in forms:
        room -= len(each)
        if room < 0:
            break
        kept_forms.append(each)
    return "".join(kept_forms) + "…"


def _anchor(fact: Fact) -> str:
    return f"<{fact.link.replace('&', '&amp;')}|{fact.label}>"

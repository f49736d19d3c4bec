"""The part of mitmproxy that misbehaves: at each request, answer and message it looks at the board, and does what the rules say.

What it touched goes to a log, a line of JSON each, without queries, which may hold the tokens of links.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mitmproxy import ctx, http  # type: ignore[import-not-found]  # it lives in an environment of its own
from mitmproxy.proxy import events  # type: ignore[import-not-found]

from rehearsal.board import Board, Switch
from rehearsal.wire import actions, rules
from rehearsal.wire.actions import Phase
from rehearsal.wire.rules import Exchange, Rule

MARKER = "x-synthetic"
DONE = "done"
"""Where a flow keeps that a rule has answered it, or closes it."""


@dataclass(frozen=True)
class Armed:
    """A rule that is on: the `switch` draws for it alone, `seconds` have gone by since it began."""

    switch: Switch
    number: int
    rule: Rule
    seconds: float


@dataclass(frozen=True)
class Copy:
    """An answer that was seen, and when."""

    at: float
    response: Any


class Faults:
    """Looks at the board, and acts. A rule that cannot be is told in the log once, and does nothing."""

    def __init__(self, board: Board, log: Path) -> None:
        self._board = board
        self._log = log.open("a", encoding="utf-8", buffering=1)
        self._read: dict[str, tuple[str, float, tuple[Rule, ...]]] = {}
        self._copies: dict[tuple[str, int, str], Copy] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def request(self, flow: Any) -> None:
        """Do what is to be done before the target hears of it; the first that answers is the last that acts."""
        for armed in self._armed(flow, Phase.REQUEST):
            if not self._board.chance(armed.switch):
                continue
            match armed.rule.do:
                case actions.Delay(seconds=seconds):
                    self._tell(flow, armed)
                    await asyncio.sleep(seconds)
                    continue
                case actions.Kill():
                    flow.kill()
                case actions.Answer() as answer:
                    flow.response = http.Response.make(answer.status, answer.body, answer.sent())
                case actions.Redirect(to=to, status=status):
                    flow.response = http.Response.make(status, b"", {"Location": to or flow.request.url})
                case actions.Stale() as stale:
                    copy = self._copies.get(_key(flow, armed, shared=stale.shared))
                    if copy is None or time.monotonic() - copy.at > stale.seconds:
                        continue
                    flow.response = copy.response.copy()
                case actions.Sided() as sided:
                    if _headers(flow.request, sided):
                        self._tell(flow, armed)
                    continue
            flow.metadata[DONE] = True
            self._tell(flow, armed)
            return

    def response(self, flow: Any) -> None:
        """Do what is to be done to the answer of the target."""
        if flow.metadata.get(DONE) or flow.websocket is not None:
            return
        self._remember(flow)
        if flow.response.raw_content is None:  # too large to be held back: it streams through as it is
            return
        for armed in self._armed(flow, Phase.ANSWER):
            if self._board.chance(armed.switch) and _answer(flow, armed.rule.do):
                self._tell(flow, armed)

    def websocket_start(self, flow: Any) -> None:
        """Drop a socket that is to have no message."""
        self._perhaps_close(flow)

    def websocket_message(self, flow: Any) -> None:
        """Lose a message, or drop the socket after it."""
        message = flow.websocket.messages[-1]
        for armed in self._armed(flow, Phase.SOCKET):
            do = armed.rule.do
            if not isinstance(do, actions.Swallow) or message.from_client != (do.sender == "client"):
                continue
            if re.search(do.pattern, message.content.decode("utf-8", "replace"), re.DOTALL) and self._board.chance(armed.switch):
                message.drop()
                self._tell(flow, armed)
        self._perhaps_close(flow)

    def _perhaps_close(self, flow: Any) -> None:
        heard = sum(not message.from_client for message in flow.websocket.messages)
        for armed in self._armed(flow, Phase.SOCKET):
            if not isinstance(armed.rule.do, actions.Close) or flow.metadata.get(DONE) or heard < armed.rule.do.after:
                continue
            drawn = f"{armed.switch.drill} closes"
            if flow.metadata.setdefault(drawn, self._board.chance(armed.switch)):
                flow.metadata[DONE] = True
                self._tell(flow, armed)
                connection = ctx.master.addons.get("proxyserver").connections[flow.client_conn.id]
                task = asyncio.get_running_loop().create_task(connection.server_event(events.ConnectionClosed(flow.server_conn)))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def _armed(self, flow: Any, phase: Phase) -> Iterator[Armed]:
        """Go through the rules that are on, act then, and concern this exchange."""
        switches = self._board.on()
        if not switches:
            self._read.clear()
            self._copies.clear()
            return
        seen = _exchange(flow, answered=phase is not Phase.REQUEST)
        for switch in switches:
            begun, found = self._rules(switch)
            seconds = time.time() - begun
            for number, rule in enumerate(found):
                if rule.do.phase is phase and rule.when.concerns(seen, seconds):
                    own = replace(switch, drill=f"{switch.drill}#{number}", dose=switch.dose if rule.when.share is None else rule.when.share)
                    yield Armed(own, number, rule, seconds)

    def _rules(self, switch: Switch) -> tuple[float, tuple[Rule, ...]]:
        """Return since when a switch is on, and its rules."""
        said = json.dumps(switch.settings, sort_keys=True)
        known = self._read.get(switch.drill)
        if known is None or known[0] != said:
            found: tuple[Rule, ...] = ()
            if rules.RULES in switch.settings:  # else it is for somebody else who looks at the board
                try:
                    found = rules.read(switch.settings[rules.RULES])
                except actions.Wrong as wrong:
                    self._write({"drill": switch.drill, "fault": switch.fault, "trouble": str(wrong)})
            known = self._read[switch.drill] = (said, float(switch.settings.get(rules.BEGUN) or time.time()), found)
        return known[1:]

    def _remember(self, flow: Any) -> None:
        """Keep the first answer to a GET that a rule wants to serve again."""
        for armed in self._armed(flow, Phase.REQUEST):
            stale = armed.rule.do
            if isinstance(stale, actions.Stale) and flow.request.method == "GET" and flow.response.raw_content is not None:
                key = _key(flow, armed, shared=stale.shared)
                kept = self._copies.get(key)
                if kept is None or time.monotonic() - kept.at > stale.seconds:
                    self._copies[key] = Copy(time.monotonic(), flow.response.copy())

    def _tell(self, flow: Any, armed: Armed) -> None:
        self._write(
            {
                "drill": armed.switch.drill.rpartition("#")[0],
                "fault": armed.switch.fault,
                "rule": armed.number,
                "do": actions.name(armed.rule.do),
                "method": flow.request.method,
                "host": flow.request.pretty_host,
                "path": flow.request.path.partition("?")[0],
                "status": flow.response.status_code if flow.response else None,
                "run": flow.request.headers.get(MARKER),
                "trace": flow.request.headers.get("traceparent"),
            }
        )

    def _write(self, record: dict[str, Any]) -> None:
        self._log.write(json.dumps({"at": time.time(), **record}) + "\n")


def _exchange(flow: Any, *, answered: bool) -> Exchange:
    response = flow.response if answered else None
    return Exchange(
        host=flow.request.pretty_host,
        path=flow.request.path,
        method=flow.request.method,
        headers={name.lower(): value for name, value in flow.request.headers.items()},
        status=response.status_code if response else None,
        type=response.headers.get("content-type", "") if response else None,
    )


def _key(flow: Any, armed: Armed, *, shared: bool) -> tuple[str, int, str]:
    """Tell copies apart by drill, rule, address, and whoever asks: nobody is served what was made for somebody else, unless that is the fault."""
    who = "" if shared else f"{flow.request.headers.get('authorization')} {flow.request.headers.get('cookie')} {flow.request.headers.get('accept')}"
    return armed.switch.drill, armed.number, hashlib.sha256(f"{flow.request.method} {flow.request.url} {who}".encode()).hexdigest()


def _headers(message: Any, do: actions.Action) -> bool:
    """Change the headers of a request or a response; tell whether anything changed."""
    match do:
        case actions.SetHeader(name=name, value=value, append=append):
            if append:
                message.headers.add(name, value)
            else:
                message.headers[name] = value
            return True
        case actions.DropHeader(name=name):
            return message.headers.pop(name, None) is not None
        case actions.DropCookie(name=name, side=side):
            header, between = ("set-cookie", None) if side == "response" else ("cookie", "; ")
            before = message.headers.get_all(header)
            if between:
                pairs = [pair for pair in "; ".join(before).split("; ") if not re.fullmatch(name, pair.partition("=")[0].strip())]
                after = [between.join(pairs)] if pairs else []
            else:
                after = [line for line in before if not re.fullmatch(name, line.partition("=")[0].strip())]
            if after != before:
                message.headers.set_all(header, after)
            return bool(after != before)
    return False


def _answer(flow: Any, do: actions.Action) -> bool:
    """Change an answer; tell whether anything changed."""
    response = flow.response
    match do:
        case actions.Answer() as answer:
            flow.response = http.Response.make(answer.status, answer.body, answer.sent())
            return True
        case actions.Sided():
            return _headers(response, do)
        case actions.DropAttribute():
            before = response.headers.get_all("set-cookie")
            after = [do.rewritten(line) for line in before]
            response.headers.set_all("set-cookie", after)
            return bool(before != after)
        case actions.Truncate():
            body = response.get_content(strict=False) or b""
            response.content = do.cut(body)
            return len(response.content) < len(body)
        case actions.Body(text=text):
            response.text = text
            return True
        case actions.Replace() | actions.Inject():
            return _rewritten(response, do.rewritten)
        case actions.SetField() | actions.DropField():
            try:
                document = json.loads(response.get_content(strict=False) or b"")
            except ValueError:
                return False
            changed = do.rewritten(document)
            if changed:
                response.content = json.dumps(document).encode()
            return changed
    return False


def _rewritten(response: Any, rewrite: Any) -> bool:
    before = response.get_text(strict=False) or ""
    after = rewrite(before)
    if after != before:
        response.text = after
    return bool(after != before)

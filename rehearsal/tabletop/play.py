"""Playing: what the facilitator typed becomes an event in the record, and then part of the session's state. In this order: what is shown has been recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from launch.package import Launch
from launch.reading import BadInput
from rehearsal.tabletop.command import Typed
from rehearsal.tabletop.record import Event, Writer
from rehearsal.tabletop.seal import BrokenSealError, open_, written
from rehearsal.tabletop.session import SPOKEN, Session, Shown

LOOKS = ("card", "facts", "timeline", "items", "clock", "help", "quit")
"""The commands that only look: they leave nothing in the record."""


class Play:
    """A session under way. `now` gives the time, in seconds since the epoch; `seed` is told at the end."""

    def __init__(self, session: Session, writer: Writer, launch: Launch, now: Callable[[], float], seed: str) -> None:
        self.session, self.launch, self.now = session, launch, now
        self._writer, self._seed = writer, seed

    def obey(self, typed: Typed) -> Event | None:
        """Do what a line says, and return its event; None where it only looks.

        Raises:
            BadInput: it cannot be done now, or names what there is not. Nothing happened.
        """
        if typed.name in LOOKS:
            return None
        session = self.session
        if session.ended is not None:
            raise BadInput("saw a session that has ended; allowed is `synthetics tabletop report`; begin a new one for more")
        match typed.name:
            case "next":
                return self._next()
            case "skip":
                return self._card(typed.text or "no reason given")
            case "pause":
                if not session.clock.runs:
                    raise BadInput(
                        "pause: saw a clock that stands; allowed is `go`" if session.shown else "pause: the clock begins with the first card: `next`"
                    )
                return self._put("pause", text=typed.text)
            case "go":
                if session.clock.runs or not session.shown:
                    raise BadInput("go: saw a clock that runs" if session.shown else "go: the clock begins with the first card: `next`")
                return self._put("go")
            case "strike":
                return self._strike(int(typed.first), typed.text)
            case "end":
                return self._put("end", seed=self._seed)
            case _:
                return self._put(typed.name, **self._facts(typed))

    def resumed(self) -> Event:
        """Write down that somebody came back to the session; the clock stood meanwhile."""
        return self._put("resume")

    def _put(self, kind: str, **facts: Any) -> Event:
        event = Event(
            self.session.events + 1, max(self.session.last, round(self.now(), 3)), kind, {name: value for name, value in facts.items() if value != ""}
        )
        self._writer.append(event)
        self.session.apply(event)
        return event

    def _next(self) -> Event:
        lies = self.session.open_card
        if lies and lies.stages < len(lies.card.stages):
            return self._put("stage", card=lies.number, stage=lies.stages + 1)
        return self._card("")

    def _card(self, skipped: str) -> Event:
        session = self.session
        if skipped and not session.shown:
            raise BadInput("skip: saw no card that lies open; allowed is `next`")
        if not session.left:
            raise BadInput("saw no sealed card; allowed is to talk over what went well (`well`), what to change (`change`), and then `end`")
        sealed = session.sealed[len(session.shown)]
        try:
            card, salt = open_(sealed)
        except BrokenSealError as broken:
            raise BadInput(f"card {len(session.shown) + 1}: the seal is broken: {broken}; the record was changed: bring it back, or `end`") from broken
        lies = session.open_card
        passed_over = skipped if lies and lies.stages < len(lies.card.stages) else ""
        return self._put("card", card=json.loads(written(card)), salt=salt, skipped=passed_over)

    def _strike(self, number: int, why: str) -> Event:
        entry = self.session.entry(number)
        if entry is None or entry.kind not in SPOKEN or entry.struck is not None:
            some = [str(each.event.number) for each in self.session.of(*SPOKEN)][-8:]
            raise BadInput(f"strike: saw {number}; allowed is the number of an entry that stands: {', '.join(some) or 'there is none'}; `timeline` shows them")
        return self._put("strike", of=number, text=why or "no reason given")

    def _facts(self, typed: Typed) -> dict[str, Any]:
        """Return what an event of a spoken kind says."""
        options = dict(typed.options)
        lies = self.session.open_card
        match typed.name:
            case "said":
                return {"text": typed.text, "who": typed.first}
            case "answer":
                return {"text": typed.text, **self._question(typed.first, lies)}
            case "ask":
                asked = self._question(options.pop("question"), lies) if "question" in options else {}
                return {"text": typed.text, **asked, "who": options.get("who", ""), "risk": lies.card.risk if lies else ""}
            case "rate":
                if lies is None:
                    raise BadInput("rate: saw no card that lies open; allowed is `next` first")
                return {"text": typed.text, "grade": typed.first.upper()}
            case "change":
                return {"text": typed.text, **self._change(options, lies)}
            case _:
                return {"text": typed.text, **options}

    def _question(self, number: str, lies: Shown | None) -> dict[str, str]:
        if lies is None:
            raise BadInput("saw a question before the first card; allowed is `next` first")
        names = list(lies.card.asks)
        if not number.isdecimal() or not 1 <= int(number) <= len(names):
            raise BadInput(f"question: saw {number[:20]!r}; allowed is 1 to {len(names)}; `card` shows them")
        return {"question": names[int(number) - 1]}

    def _change(self, options: dict[str, str], lies: Shown | None) -> dict[str, str]:
        risk = options.get("risk") or (lies.card.risk if lies else "")
        if risk not in self.launch.risks:
            raise BadInput(f"change: --risk: saw {risk or 'nothing'!r}; allowed is one of {', '.join(self.launch.risks)}")
        owner = options.get("owner", "")
        if owner not in self.launch.owners:
            raise BadInput(f"change: --owner: saw {owner or 'nothing'!r}; allowed is one of {', '.join(self.launch.owners)}")
        if due := options.get("due", ""):
            try:
                due = date.fromisoformat(due).isoformat()
            except ValueError:
                raise BadInput(f"change: --due: saw {due[:40]!r}; allowed is a date such as 2027-03-01") from None
        return {"risk": risk, "owner": owner, "due": due}

"""Telling: the messages of the outbox are sent, each until its receiver has it. Send first, then mark as sent: a crash between the two sends it again.

Each channel has a line of its own, so that a slow one does not hold up the others. Within a channel the order of each alert's messages is kept: one that
cannot be sent yet holds up what follows about the same alert, and nothing else. A trigger whose alert has closed meanwhile is still sent, and its resolve
after it: whoever was to be woken learns what happened. What a later message makes pointless (an update behind which a resolve waits) is dropped.
"""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from launch.package import Launch
from launch.reading import BadInput
from reports import message as messages
from reports import routing
from reports.channels import Channel, Digests, Later, Never, Receipt, Secret
from reports.deadline import Overdue, within
from reports.message import Kind, Message
from reports.outbox import enqueue
from verdicts.history import alerts, leases, outbox
from verdicts.history.outbox import Letter
from verdicts.history.store import History
from verdicts.view import UNDELIVERED, Change, Turn, dedup_key

DEADLINE = 12.0
"""Seconds after which a send is left alone. Channels end by themselves after 10 s in all; this is for one that does not."""

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 120.0
"""Seconds before the first retry and between later ones: short enough that everything is out within five minutes of a receiver's recovery."""

LONGEST_WISH = 240.0
"""Seconds of a Retry-After that are obeyed, for the same reason."""

PATIENCE = 2
"""So many unanswered sends in a row end a channel's line for this pass: whoever is down is not asked about each of two hundred messages."""

LEASE = 60.0
"""Seconds for which a courier that died keeps the next one waiting."""

REPEAT = 60.0
"""Seconds between two repetitions to a receiver that forgets (Alertmanager)."""

REPEAT_RESOLVE = 300.0
"""Seconds for which such a receiver is told of the end again."""

OVERTAKEN = {Kind.UPDATE, Kind.NOTICE, Kind.REFRESH, Kind.ACKNOWLEDGE}
"""What nobody needs to hear once the alert has closed."""


@dataclass
class Line:
    """What became of one channel's messages in a pass."""

    channel: str
    sent: int = 0
    later: int = 0
    dead: int = 0
    dropped: int = 0
    trouble: str = ""

    @property
    def failed(self) -> bool:
        """Tell whether there was something to send, and nothing went out."""
        return self.sent == 0 and self.later + self.dead > 0


@dataclass(frozen=True)
class Pass:
    """What became of the outbox. `busy` tells that another courier is at work, `waiting` how many messages are still to be sent."""

    lines: tuple[Line, ...] = ()
    busy: bool = False
    waiting: int = 0

    @property
    def all_failed(self) -> bool:
        """Tell whether every channel that had something to send failed."""
        tried = [line for line in self.lines if line.sent or line.later or line.dead]
        return bool(tried) and all(line.failed for line in tried)


@dataclass
class Courier:
    """Who delivers. `now` tells the time in seconds since the epoch, `pause` lets seconds pass, `chance` gives a number from 0 to 1 for jitter."""

    history: History
    launch: Launch
    holder: str
    now: Callable[[], float]
    pause: Callable[[float], None]
    secret: Secret = routing.from_environment
    deadline: float = DEADLINE
    chance: Callable[[], float] = random.random
    _stop: threading.Event = field(default_factory=threading.Event)

    def deliver(self, *, patience: float = 0.0) -> Pass:
        """Send what is due; with `patience`, wait so many seconds at most for what may succeed at another try.

        Raises:
            StoreTrouble: the history cannot be read or written.
        """
        until = self.now() + patience
        lines: dict[str, Line] = {}
        seen: set[int] = set()
        while True:
            fence = self._hold()
            if fence is None:
                return Pass(tuple(lines.values()), busy=True)
            try:
                waiting = self._once(lines, seen)
            finally:
                with self.history.begin() as tx:
                    leases.release(tx, "delivery", fence, self.now())
            if any(letter.id not in seen for letter in waiting):
                continue  # written meanwhile: what could not be delivered is told elsewhere at once
            due = min((letter.due for letter in waiting if letter.due > self.now()), default=None)
            if due is None or due > until:
                return Pass(tuple(lines.values()), waiting=len(waiting))
            self.pause(due - self.now())

    def _hold(self) -> int | None:
        with self.history.begin() as tx:
            return leases.take(tx, "delivery", self.holder, self.now(), LEASE)

    def _once(self, lines: dict[str, Line], seen: set[int]) -> list[Letter]:
        """Make one pass over the outbox, and return what is still to be sent; `seen` gathers what the pass looked at."""
        now = self.now()
        with self.history.begin() as tx:
            self._repeat(tx, now)
            self._tidy(tx, now, lines)
            letters = outbox.pending(tx)
        seen.update(letter.id for letter in letters)
        under_way = defaultdict(list)
        for letter in letters:
            under_way[letter.channel].append(letter)
        broke: list[Exception] = []

        def work(line: Line, letters: Sequence[Letter]) -> None:
            try:
                self._line(line, letters)
            except Exception as error:  # noqa: BLE001 -- whatever it is, it is raised below, where the pass was asked for
                broke.append(error)

        threads = [
            threading.Thread(target=work, args=(lines.setdefault(name, Line(name)), each), name=f"channel {name}", daemon=True)
            for name, each in under_way.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(LEASE / 4)
                if thread.is_alive() and self._hold() is None:
                    self._stop.set()
        if broke:
            raise broke[0]
        with self.history.reading() as tx:
            return outbox.pending(tx)

    def _repeat(self, tx: Connection, now: float) -> None:
        """Repeat what is open, and for a while what has closed, to receivers that forget."""
        forgetful = {name for name in self.launch.alerting.channels if self._refreshes(name)}
        if not forgetful:
            return
        for alert in [*alerts.still_open(tx), *alerts.closed_since(tx, now - REPEAT_RESOLVE)]:
            kind = Kind.REFRESH if alert.state == "open" else Kind.RESOLVE
            for leg in alert.route:
                last = outbox.last_settled(tx, alert.incident, leg["channel"]) if leg["channel"] in forgetful else None
                unsent = any(each.channel == leg["channel"] and each.state == outbox.PENDING for each in outbox.of_alert(tx, alert.id)) if last else True
                if last is None or unsent or now - last < REPEAT:
                    continue
                enqueue(tx, self.launch, alert, kind, now=now, why=alert.closed_why or alert.why, only=[leg])

    def _refreshes(self, name: str) -> bool:
        try:
            return routing.opened(name, self.launch.alerting.channels[name], self.secret).refreshes
        except BadInput:
            return False  # told when something is sent there

    def _tidy(self, tx: Connection, now: float, lines: dict[str, Line]) -> None:
        """Drop what a later message overtakes, and give up what has been tried for a day."""
        behind: dict[tuple[str, str], set[str]] = defaultdict(set)
        for letter in reversed(outbox.pending(tx)):
            later = behind[letter.incident, letter.channel]
            kind = Kind(letter.kind)
            if letter.expires <= now:
                self._bury(
                    tx, letter, f"given up after {(now - letter.created) / 3600:.0f} h: {letter.said}", lines.setdefault(letter.channel, Line(letter.channel))
                )
            elif kind in OVERTAKEN and (Kind.RESOLVE in later or kind in later):
                outbox.supersede(tx, [letter.id], now=now, said="a later message says more")
                lines.setdefault(letter.channel, Line(letter.channel)).dropped += 1
            else:
                later.add(kind)

    def _line(self, line: Line, letters: Sequence[Letter]) -> None:
        """Send one channel's messages, in order."""
        held: set[str] = set()
        unanswered = singly = 0
        channels: dict[str, Channel] = {}
        while letters and not self._stop.is_set():
            letter, *letters = letters
            if letter.key in held or letter.due > self.now():
                held.add(letter.key)
                continue
            try:
                channel = channels.setdefault(repr(letter.settings), routing.opened(letter.channel, letter.settings, self.secret))
            except BadInput as bad:
                self._postpone(letter, Later(str(bad)), line, unusable=True)
                held.add(letter.key)
                continue
            if Kind(letter.kind) not in channel.carries:
                with self.history.begin() as tx:
                    outbox.supersede(tx, [letter.id], now=self.now(), said=f"this channel does not carry a {letter.kind}")
                line.dropped += 1
                continue
            if channel.pace and line.sent + unanswered:
                self.pause(channel.pace)
            together = self._gathered(channel, letter, letters, held, singly)
            letters = [each for each in letters if each not in together]
            try:
                receipt = self._send(channel, together)
            except Later as trouble:
                unanswered += 1
                for each in together:
                    self._postpone(each, trouble, line)
                    held.add(each.key)
                if unanswered >= PATIENCE or trouble.after is not None:
                    return
            except Never as refusal:
                unanswered = 0
                with self.history.begin() as tx:
                    for each in together:
                        self._bury(tx, each, str(refusal), line)
            else:
                unanswered = 0
                singly += 1
                self._sent(together, receipt, line)

    def _gathered(self, channel: Channel, letter: Letter, others: Sequence[Letter], held: set[str], singly: int) -> list[Letter]:
        """Return what goes out at once: this message, or above the channel's cap all that is due."""
        if not channel.cap or singly < channel.cap or not isinstance(channel, Digests):
            return [letter]
        return [letter, *(each for each in others if each.key not in held and each.due <= self.now() and Kind(each.kind) in channel.carries)]

    def _send(self, channel: Channel, letters: Sequence[Letter]) -> Receipt:
        told = [messages.from_json(letter.message) for letter in letters]
        if len(told) > 1 and isinstance(channel, Digests):
            digest = channel.digest
            return bounded(lambda: digest(told), self.deadline)
        with self.history.reading() as tx:
            thread = outbox.thread(tx, letters[0].incident, letters[0].channel)
        return bounded(lambda: channel.send(told[0], thread), self.deadline)

    def _sent(self, letters: Sequence[Letter], receipt: Receipt, line: Line) -> None:
        with self.history.begin() as tx:
            for letter in letters:
                outbox.sent(tx, letter.id, now=self.now(), said=receipt.status, thread=receipt.thread)
                line.sent += 1
            for alert in alerts.still_open(tx):
                if alert.scenario == f"{UNDELIVERED}/{line.channel}":
                    why = f"'{line.channel}' takes messages again"
                    closed = alerts.close(tx, alert.id, now=self.now(), run="", why=why)
                    enqueue(tx, self.launch, closed, Kind.RESOLVE, now=self.now(), why=why)

    def _postpone(self, letter: Letter, trouble: Later, line: Line, *, unusable: bool = False) -> None:
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(letter.tries, 10)) * (0.5 + self.chance() / 2)
        wish = min(trouble.after or 0.0, LONGEST_WISH)
        with self.history.begin() as tx:
            outbox.later(tx, letter.id, due=self.now() + max(pause, wish), said=str(trouble), ambiguous=trouble.ambiguous)
            if unusable:
                self._complain(tx, letter, str(trouble))
        line.later += 1
        line.trouble = str(trouble)

    def _bury(self, tx: Connection, letter: Letter, why: str, line: Line) -> None:
        """Mark a dead letter, and tell the maintainers on the fallback channels."""
        if outbox.dead(tx, letter.id, now=self.now(), said=why):
            self._complain(tx, letter, why)
        line.dead += 1
        line.trouble = why

    def _complain(self, tx: Connection, letter: Letter, why: str) -> None:
        """Open an alert on a channel that takes no messages; where it is open already, its latest trouble is written down."""
        about_it = messages.from_json(letter.message)
        if about_it.scenario.startswith(UNDELIVERED):
            return  # the fallback itself is down: the exit code and the withheld heartbeat tell of it
        scenario, now = f"{UNDELIVERED}/{letter.channel}", self.now()
        key = dedup_key(about_it.target, scenario, "availability")
        standing = next((each for each in alerts.still_open(tx, about_it.target) if each.key == key), None)
        change = Change(
            turn=Turn.OPEN,
            key=key,
            scenario=scenario,
            failure="availability",
            why=f"a message for {about_it.owner} about {about_it.scenario} could not be delivered on '{letter.channel}'",
            title=f"Alerts on the channel '{letter.channel}' reach their owner.",
            owner=self.launch.alerting.maintainers,
            severity="critical",
            since=letter.created,
            seen=now,
            runs=1,
            error=why,
            runbook="launch/runbooks/monitoring.md",
        )
        if standing:
            alerts.see(tx, standing.id, change)
            return
        legs = routing.legs(self.launch, [name for name in self.launch.alerting.fallback if name != letter.channel])
        opened = alerts.begin(tx, about_it.target, change, now=now, route=legs, drill=about_it.drill)
        enqueue(tx, self.launch, opened, Kind.TRIGGER, now=now, why=change.why)


def bounded(call: Callable[[], Receipt], seconds: float) -> Receipt:
    """Return what a send returns, if it does so in time.

    Raises:
        Later: it did not, and the receiver may have the message all the same; or the channel said so.
        Never: the channel said so.
    """
    try:
        return within(seconds, call, lambda: None)
    except Overdue:
        raise Later(f"no end within {seconds:g} s", ambiguous=True) from None
    except (Later, Never):
        raise
    except Exception as error:
        raise Later(f"the channel itself broke: {type(error).__name__}: {error}", ambiguous=True) from error


NOT_DELIVERED = "not delivered"
"""How an answer of `directly` begins where the channel did not take the message."""


def directly(launch: Launch, message: Message, secret: Secret = routing.from_environment) -> dict[str, str]:
    """Send a message on the fallback channels without the history, for when it cannot be used; returns what each said."""
    said: dict[str, str] = {}
    for leg in routing.legs(launch, launch.alerting.fallback):
        said[leg["channel"]] = _told(leg["channel"], leg["settings"], message, secret)
    return said


def _told(name: str, settings: Mapping[str, object], message: Message, secret: Secret) -> str:
    try:
        channel = routing.opened(name, settings, secret)
        return bounded(lambda: channel.send(message, {}), DEADLINE).status
    except (Later, Never, BadInput) as trouble:
        return f"{NOT_DELIVERED}: {trouble}"

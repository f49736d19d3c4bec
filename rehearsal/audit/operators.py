"""What may be wrong with an answer: one function for each kind, found by name. Each is given a question and all that was recorded, and yields what to hear.

What is wrong holds for a question as long as nothing is done in between: who looks again sees it too. Two hold for ever: the stale answer and the stuck state.
"""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rehearsal.audit.tape import BROKEN, REFUSED, Event, Question, Tape, holders, places

OK, NO_CONTENT, FORBIDDEN, UNAVAILABLE = 200, 204, 403, 503
CLOSED_DOORS = frozenset({401, 403, 404})
"""Statuses of refusals that say who may come in; a promise often takes any of them."""

STATES = frozenset({"state", "status", "standing", "phase"})
VOLATILE = frozenset({"request_id", "instance"})
"""Fields that are another in each answer, and are nobody's promise."""


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong: `field` is its place in the answer, empty where it is the whole; `other` what is heard instead, by event."""

    operator: str
    request: str
    field: str
    seen: str
    instead: str
    other: dict[int, dict[str, Any]]

    @property
    def about(self) -> tuple[str, str, str]:
        """What makes two of them the same, whatever the scenario."""
        return self.operator, self.request, self.field


@dataclass
class Known:
    """All that was recorded, as a vocabulary: the values that a field had, and the answers that a question got."""

    values: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    answers: dict[str, list[Event]] = field(default_factory=dict)
    refusals: list[Event] = field(default_factory=list)

    @classmethod
    def of(cls, tapes: list[Tape]) -> Known:
        """Read the tapes."""
        known = cls()
        codes: set[tuple[int, str]] = set()
        for tape in tapes:
            for event in tape.events:
                if event.kind != "http" or not event.status:
                    continue
                known.answers.setdefault(event.request, []).append(event)
                body = event.body
                if REFUSED <= event.status < BROKEN and isinstance(body, dict) and (event.status, str(body.get("code"))) not in codes:
                    codes.add((event.status, str(body.get("code"))))
                    known.refusals.append(event)
                for place in dict.fromkeys(places(body)):
                    kept = known.values.setdefault((event.request, place), [])
                    for holder, name in holders(body, place):
                        if holder[name] not in kept and len(kept) < MANY:
                            kept.append(holder[name])
        known.refusals.sort(key=lambda event: (event.status != FORBIDDEN, event.status))
        return known


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
"""How a time begins (ISO 8601): another one that was recorded would be too near to be wrong."""

MANY = 40
"""How many values of a field are kept."""

OF_THE_DRIVER = frozenset({"dropped-field", "other-value", "swapped-id", "server-error", "truncated-json"})
"""What the same code reads each time that a scenario asks the same: the first and the last two times show as much as all twenty."""

LAST = 2

SHARED = frozenset({"dropped-field", "other-value", "swapped-id", "truncated-json"})
"""What is tried in a few scenarios first, and in the others only where none of those noticed: the same driver reads the same answer in each."""

FEW = 3


@dataclass(frozen=True)
class Case:
    """What an operator is given: a question, the attempt in which it was asked, and all that was recorded."""

    question: Question
    tape: Tape
    known: Known


Operator = Callable[[Case], Iterator[Wrong]]
OPERATORS: dict[str, Operator] = {}


def operator(act: Operator) -> Operator:
    """Make a function known under its own name."""
    OPERATORS[act.__name__.replace("_", "-")] = act
    return act


def plan(tape: Tape, known: Known, chosen: frozenset[str]) -> list[Wrong]:
    """Return everything that is to be wrong for a scenario, one at a time; what changes nothing that can be heard is left out."""
    found: list[Wrong] = []
    questions = tape.questions()
    total = Counter((question.first.request, question.first.status) for question in questions)
    met: Counter[tuple[str, int]] = Counter()
    for question in questions:
        kind = question.first.request, question.first.status
        met[kind] += 1
        for name, act in OPERATORS.items():
            if name in chosen and (name not in OF_THE_DRIVER or met[kind] == 1 or met[kind] > total[kind] - LAST):
                found.extend(act(Case(question, tape, known)))
    return [wrong for wrong in found if any(heard != tape.events[number].heard for number, heard in wrong.other.items())]


def dealt(wrongs: dict[str, list[Wrong]]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Deal what is to be wrong, by its place in the list of its scenario: what is tried at once, and what only where the former goes unnoticed."""
    at_once: dict[str, list[int]] = {}
    later: dict[str, list[int]] = {}
    scenarios: dict[tuple[str, str, str], set[str]] = {}
    for name, listed in wrongs.items():
        for place, wrong in enumerate(listed):
            there = scenarios.setdefault(wrong.about, set())
            if wrong.operator not in SHARED or name in there or len(there) < FEW:
                there.add(name)
                at_once.setdefault(name, []).append(place)
            else:
                later.setdefault(name, []).append(place)
    return at_once, later


def whole(name: str, question: Question, seen: str, instead: str, change: Callable[[Event], dict[str, Any] | None]) -> Iterator[Wrong]:
    """Change every answer of a question; None leaves one as it is."""
    other = {event.number: heard for event in question.events if (heard := change(event)) is not None}
    if other:
        yield Wrong(name, question.first.request, "", seen, instead, other)


def edited(event: Event, edit: Callable[[Any], None]) -> dict[str, Any] | None:
    """Return an answer whose JSON was edited; None where that changes nothing."""
    before = event.body
    body = copy.deepcopy(before)
    edit(body)
    part = "message" if event.kind == "hear" else "text"
    return {**event.heard, part: json.dumps(body)} if body != before else None


def shown(value: Any) -> str:
    """Return a value as a report shows it."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 -- the width of a column


def of_interest(question: Question, *, held: bool = True) -> list[str]:
    """Return the fields of a question's answers that the driver reads: what they hold, or else, without `held`, at least whether they are there."""
    found: dict[str, None] = {}
    for event in question.events:
        for place in places(event.body):
            if event.read is not None and (place in event.read or (not held and f"{place}?" in event.read)):
                found.setdefault(place)
    return [place for place in found if place.rpartition(".")[2] not in VOLATILE]


def example(question: Question, place: str) -> Any:
    """Return the first value that a field has."""
    return next((holder[name] for event in question.events for holder, name in holders(event.body, place)), None)


@operator
def dropped_field(case: Case) -> Iterator[Wrong]:
    """A field that the driver reads is not there; one that holds nothing need not be."""
    for place in of_interest(case.question, held=False):
        if example(case.question, place) is None:
            continue

        def drop(body: Any, place: str = place) -> None:
            for holder, name in list(holders(body, place)):
                del holder[name]

        for wrong in whole("dropped-field", case.question, shown(example(case.question, place)), "not there", partial(edited, edit=drop)):
            yield Wrong(wrong.operator, wrong.request, place, wrong.seen, wrong.instead, wrong.other)


@operator
def other_value(case: Case) -> Iterator[Wrong]:
    """A field that the driver reads has another value: one that it had elsewhere, where there is one."""
    for place in of_interest(case.question):
        value = example(case.question, place)
        name = place.rpartition(".")[2]
        if isinstance(value, (dict, list)) or value is None or name == "id" or name.endswith("_id"):
            continue
        yield from valued("other-value", case.question, place, value, case.known)


@operator
def swapped_id(case: Case) -> Iterator[Wrong]:
    """An id is that of something else."""
    for place in of_interest(case.question):
        value, name = example(case.question, place), place.rpartition(".")[2]
        if isinstance(value, (str, int)) and (name == "id" or name.endswith("_id")):
            yield from valued("swapped-id", case.question, place, value, case.known)


def valued(operator: str, question: Question, place: str, value: Any, known: Known) -> Iterator[Wrong]:
    """Put another value into a field, in all that have it."""
    moment = isinstance(value, str) and MOMENT.match(value)
    present = {json.dumps(holder[name]) for event in question.events for holder, name in holders(event.body, place)}
    elsewhere = known.values.get((question.first.request, place), [])
    instead = next((each for each in elsewhere if type(each) is type(value) and json.dumps(each) not in present), None)
    if instead is None or moment:
        instead = f"1999{value[4:]}" if moment else invented(value)

    def change(body: Any) -> None:
        for holder, name in holders(body, place):
            if holder[name] is not None:
                holder[name] = instead

    for wrong in whole(operator, question, shown(value), shown(instead), lambda event: edited(event, change)):
        yield Wrong(wrong.operator, wrong.request, place, wrong.seen, wrong.instead, wrong.other)


def invented(value: Any) -> Any:
    """Return a value of the same kind that is another."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    return f"another {value}"


@operator
def emptied_list(case: Case) -> Iterator[Wrong]:
    """A list that the driver reads is empty."""
    for place in of_interest(case.question):
        value = example(case.question, place)
        if not isinstance(value, list):
            continue

        def empty(body: Any, place: str = place) -> None:
            for holder, name in holders(body, place):
                holder[name] = []

        for wrong in whole("emptied-list", case.question, f"{len(value)} entries", "none", partial(edited, edit=empty)):
            yield Wrong(wrong.operator, wrong.request, place, wrong.seen, wrong.instead, wrong.other)


@operator
def error_body(case: Case) -> Iterator[Wrong]:
    """A success by its status, and in its body an error."""

    def change(event: Event) -> dict[str, Any] | None:
        if event.kind != "http" or not 0 < event.status < REFUSED:
            return None
        status = OK if event.status == NO_CONTENT else event.status
        return answer(event, status, {"error": {"code": "internal", "message": "something went wrong"}})

    yield from whole("error-body", case.question, f"{case.question.first.status}", "the same status, with an error in the body", change)


@operator
def server_error(case: Case) -> Iterator[Wrong]:
    """A 503 with a body."""

    def change(event: Event) -> dict[str, Any] | None:
        return answer(event, UNAVAILABLE, {"error": "unavailable"}) if event.kind == "http" and event.status else None

    yield from whole("server-error", case.question, f"{case.question.first.status}", "503", change)


@operator
def other_refusal(case: Case) -> Iterator[Wrong]:
    """A refusal for another reason: one that the product gave elsewhere."""
    event = case.question.first
    if event.kind != "http" or not REFUSED <= event.status < BROKEN:
        return
    own = said(event)
    for closed in (True, False):  # who may come in, and any other reason
        instead = next(
            (each for each in case.known.refusals if (each.status in CLOSED_DOORS) is closed and each.status != event.status and said(each) != own), None
        )
        if instead is None or (closed and event.status in CLOSED_DOORS - {401}):
            continue
        yield from whole("other-refusal", case.question, own, said(instead), partial(instead_of, instead))


@operator
def accepted_refusal(case: Case) -> Iterator[Wrong]:
    """What was refused is done: the answer that the same question got where it was."""
    event = case.question.first
    if event.kind != "http" or not REFUSED <= event.status < BROKEN:
        return
    done = next((each for each in case.known.answers.get(event.request, ()) if each.status < REFUSED), None)
    heard = done.heard if done else answer(event, OK, {})
    yield from whole("accepted-refusal", case.question, said(event), f"{heard['status']}", lambda _: heard)


@operator
def stale_answer(case: Case) -> Iterator[Wrong]:
    """What has changed since the last look is not shown, now and for ever."""
    for event in case.question.events:
        before = case.tape.before(event)
        if event.acts or event.kind == "hear" or before is None or legible(before, event.read or frozenset()) == legible(event, event.read or frozenset()):
            continue
        later = case.tape.after(event)
        yield Wrong("stale-answer", event.request, "", differing(before, event), "the answer before that", {each.number: before.heard for each in later})
        return


@operator
def stuck_state(case: Case) -> Iterator[Wrong]:
    """A state that should advance never does."""
    for event in case.question.events:
        before = case.tape.before(event)
        if event.acts or before is None or event.kind == "mail":
            continue
        for place in places(event.body):
            if place.rpartition(".")[2] not in STATES or event.read is None or place not in event.read:
                continue
            was, now = states(before.body, place), states(event.body, place)
            moved = {one: state for one, state in was.items() if one in now and now[one] != state}
            if not moved:
                continue

            def stick(body: Any, place: str = place, moved: dict[Any, Any] = moved) -> None:
                for holder, name in holders(body, place):
                    if holder.get("id") in moved:
                        holder[name] = moved[holder.get("id")]

            other = {each.number: heard for each in case.tape.after(event) if (heard := edited(each, stick)) is not None}
            one = next(iter(moved))
            yield Wrong("stuck-state", event.request, place, shown(now[one]), f"{shown(moved[one])} for ever", other)
            return


@operator
def truncated_json(case: Case) -> Iterator[Wrong]:
    """The answer ends in its middle."""

    def change(event: Event) -> dict[str, Any] | None:
        text = event.heard.get("text", "")
        return {**event.heard, "text": text[: max(1, len(text) // 2)]} if event.kind == "http" and event.body is not None else None

    yield from whole("truncated-json", case.question, "a whole body", "half of it", change)


@operator
def lost_mail(case: Case) -> Iterator[Wrong]:
    """A mail that arrived never does."""
    if case.question.first.kind != "mail":
        return
    before = case.tape.before(case.question.first)
    there = before.heard["mails"] if before else []
    for event in case.question.events:
        if len(event.heard["mails"]) > len(there):
            yield Wrong(
                "lost-mail", "mail", "", event.heard["mails"][-1]["subject"], "never sent", {each.number: {"mails": there} for each in case.tape.after(event)}
            )
            return


@operator
def mail_twice(case: Case) -> Iterator[Wrong]:
    """A mail arrives twice."""
    if case.question.first.kind != "mail":
        return
    before = case.tape.before(case.question.first)
    there = len(before.heard["mails"]) if before else 0
    for event in case.question.events:
        if len(event.heard["mails"]) > there:
            other = {each.number: {"mails": [*each.heard["mails"][: there + 1], *each.heard["mails"][there:]]} for each in case.tape.after(event)}
            yield Wrong(
                "mail-twice", f"mail '{event.heard['mails'][-1]['subject'].partition(' to ')[0]}'", "", event.heard["mails"][-1]["subject"], "sent twice", other
            )
            return


@operator
def mail_elsewhere(case: Case) -> Iterator[Wrong]:
    """The links of a mail lead to another host."""

    def change(event: Event) -> dict[str, Any] | None:
        mails = [{**mail, "links": [elsewhere(link) for link in mail["links"]]} for mail in event.heard["mails"]]
        return {"mails": mails} if any(mail["links"] for mail in mails) else None

    if case.question.first.kind == "mail":
        yield from whole("mail-elsewhere", case.question, "links to the product", "links to another host", change)


@operator
def lost_message(case: Case) -> Iterator[Wrong]:
    """What should be said on a live socket is not."""
    if case.question.first.kind == "hear":
        kind = case.question.first.body.get("type", "a message") if isinstance(case.question.first.body, dict) else "a message"
        yield from whole("lost-message", case.question, str(kind), "silence", lambda _: {})


def instead_of(other: Event, _: Event) -> dict[str, Any]:
    """Return what was heard at another event."""
    return other.heard


def elsewhere(link: str) -> str:
    """Return a link with another host."""
    scheme, _, rest = link.partition("://")
    return f"{scheme}://elsewhere.invalid/{rest.partition('/')[2]}"


def answer(event: Event, status: int, body: Any) -> dict[str, Any]:
    """Return another answer as JSON, with the headers of the one that it replaces."""
    headers = [[name, value] for name, value in event.heard["headers"] if name.lower() != "content-type"]
    return {"status": status, "headers": [*headers, ["content-type", "application/json"]], "text": json.dumps(body)}


def said(event: Event) -> str:
    """Return what a refusal says: status and code."""
    body = event.body
    code = body.get("code") if isinstance(body, dict) else None
    return f"{event.status} {code}" if code else f"{event.status}"


def legible(event: Event, read: frozenset[str]) -> Any:
    """Return what of an event can be noticed: what is read of it, or everything where nothing is known to be."""
    if event.kind == "mail":
        return [mail["id"] for mail in event.heard["mails"]]
    body = event.body
    if body is None or not read:
        return event.heard.get("text"), event.status
    return event.status, [
        (place, [holder[name] for holder, name in holders(body, place) if not isinstance(holder[name], (dict, list))]) for place in sorted(read)
    ]


def differing(before: Event, now: Event) -> str:
    """Say what has changed from one answer to the next."""
    if now.kind == "mail":
        return "new mail"
    if before.status != now.status:
        return f"{now.status}"
    old, new = legible(before, now.read or frozenset()), legible(now, now.read or frozenset())
    if not isinstance(old[1], list):
        return "a new answer"
    changed = [place for (place, was), (_, is_now) in zip(old[1], new[1], strict=False) if was != is_now]
    return f"new {', '.join(changed[:3])}" if changed else "a new answer"


def states(body: Any, place: str) -> dict[Any, Any]:
    """Return the state of each thing at a place, by its id."""
    return {holder.get("id"): holder[name] for holder, name in holders(body, place) if "id" in holder or "[]" not in place}

"""The after-action report in Markdown, for a merge request. Whatever was typed is text in it: no mark-up, link, mention or command comes alive."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rehearsal.tabletop.clock import shown
from rehearsal.tabletop.report import NOBODY, STATES, Played, Report, decided, due, state
from reports.inert import defanged, inert
from verdicts.wording import span

_MARKS = re.compile(r"([\\*_|~\[\]&$!])")
_FIRST = re.compile(r"^([-+=#:>]|\d+[.)])")


def render(report: Report) -> str:
    """Return the report."""
    session = report.session
    lines = [
        f"# After-action report: {text(session.title)}",
        "",
        f"**{text(report.headline)}**",
        "",
        *_table(("", ""), ((name, text(said)) for name, said in report.facts)),
        "",
        _counted(report),
        "",
        "A tabletop tests the plan, not the people. Who said what stands in the time line to follow the thread, not to grade anybody.",
    ]
    lines += ["", "## What went well", ""] + ([f"- {text(each)}" for each in report.well] or ["Nothing was written down."])
    lines += ["", "## Plan changes", "", *_changes(report)]
    lines += ["", "## What only somebody knows", "", *_knowledge(report)]
    for card in report.cards:
        lines += ["", *_card(card)]
    lines += ["", "## Time line", "", *_table(("#", "UTC", "clock", "what", ""), (_row(report, number) for number in range(len(report.moments))))]
    lines += ["", "## Seals", "", *_seals(report)]
    return "\n".join(lines) + "\n"


def text(typed: str) -> str:
    """Return text as it reads, in one line, with nothing in it that a renderer would take for mark-up."""
    line = " ".join(defanged(str(inert(typed))).split())
    return _FIRST.sub(lambda found: f"\\{found[0]}" if not found[0][0].isdigit() else f"{found[0][:-1]}\\{found[0][-1]}", _MARKS.sub(r"\\\1", line))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head), *("| " + " | ".join(row) + " |" for row in rows)]


def _counted(report: Report) -> str:
    counts = report.counts
    whole = sum(counts.values())
    if not whole:
        return "No question was asked."
    return f"Of {whole} questions the room answered {counts['answered']}, would have had to ask for {counts['asked']}, and did not answer {counts['open']}."


def _changes(report: Report) -> list[str]:
    if not report.changes:
        return ["None."]
    rows = ((each.id, text(each.text), text(each.risk), text(each.owner), text(state(each))) for each in due(report.changes))
    target = report.session.target or "TARGET"
    return [
        *_table(("id", "change", "risk", "owner", "stands"), rows),
        "",
        "A change is closed by a rehearsal of its risk that came after it, and by nothing else:",
        "",
        "```",
        *(f"synthetics rehearse --target {target} --risk {risk}" for risk in dict.fromkeys(each.risk for each in report.changes if each.closed is None)),
        f"synthetics tabletop close ID --by NAME{'' if report.session.target else ' --target TARGET'}",
        "```",
    ]


def _knowledge(report: Report) -> list[str]:
    if not report.knowledge:
        return ["Nothing: the room knew all that it needed."]
    rows = ((each.id, text(each.text), text(each.who or NOBODY), text(each.risk), text(state(each))) for each in report.knowledge)
    return [
        *_table(("id", "we would have to ask", "who knows", "risk", "stands"), rows),
        "",
        'An item is closed once it is written where whoever is on call looks: `synthetics tabletop close ID --by NAME --written runbooks/FILE.md --words "…"`.',
    ]


def _card(card: Played) -> list[str]:
    each = card.shown
    over = f", {span(card.over)} over its time" if card.over else ""
    skipped = len(each.card.stages) - each.stages
    lines = [f"## Card {each.number}: {text(each.card.risk)}", "", f"> {text(each.card.opening)}"]
    for stage in each.story:
        lines += [">", f"> **{stage.after} minutes on:** {text(stage.text)}"]
    lines += [
        "",
        f"The launch package says: {text(card.package)}.",
        f"The card took {shown(card.lasted)}{over}." + (f" {skipped} of its follow-ups stayed sealed." if skipped else ""),
        "",
        f"**Grade:** {card.grade or 'none given'}" + (f". {text(card.remark)}" if card.remark else ""),
        "",
        *_table(("", "question", "", "said"), ((str(a.number), text(a.words), STATES[a.state], " · ".join(map(text, a.said))) for a in card.questions)),
    ]
    if card.decisions:
        lines += ["", "Decided:", "", *(f"- {text(decided(made))}" for made in card.decisions)]
    return lines


def _row(report: Report, at: int) -> tuple[str, ...]:
    each = report.moments[at]
    said = text(each.text)
    if each.struck is not None:
        said = f"~~{said}~~ (struck: {text(each.struck)})"
    return str(each.number), each.at, each.clock, each.kind, said


def _seals(report: Report) -> list[str]:
    session = report.session
    opened = {each.number: each for each in session.shown}
    rows = []
    for number, sealed in enumerate(session.sealed, 1):
        one = opened.get(number)
        fate = "stayed sealed" if one is None else f"`{one.card.id}`, salt `{one.salt}`" if one.fits else "NOT THE CARD THAT WAS SEALED"
        rows.append((str(number), f"`{sealed.commitment}`", fate))
    how = "A commitment is the SHA-256 of salt, line feed and card (JSON with sorted keys and no spaces, as in `record.jsonl`)."
    return [
        f"Before the first card the deck was committed to as `{session.seal}`; {report.verified}. {how}",
        "",
        *_table(("card", "commitment", "opened as"), rows),
    ]

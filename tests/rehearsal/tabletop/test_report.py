"""The after-action report says what happened, and whatever was typed is text in it."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rehearsal.tabletop import items, markdown, page, report
from rehearsal.tabletop.items import Closing
from rehearsal.tabletop.record import read
from rehearsal.tabletop.session import Session, told
from tests.rehearsal.tabletop.table import NOON, seated

HOSTILE = "<script>alert(1)</script> **b** [x](https://evil.example/) `c` | @team #1 \x1b[31m \u202e ::error:: & &lt; $x$ ~~y~~ ![i](http://i.example/i.png)"
LINES = [
    "next",
    "answer 1 the incident lead",
    "ask who holds the key? --question 4 --who finance",
    "ask is there a log?",
    "decide roll back --by platform",
    "change name the lead --owner platform --risk data-leak",
    "change name a second --owner identity --risk mail-does-not-arrive --due 2027-02-01",
    "note wrong",
    "strike 9 misheard",
    "rate M nobody led",
    "well support was there",
    "skip enough",
    "end",
]


def held(folder: Path, *lines: str) -> Session:
    """Hold a session, each line a minute after the one before."""
    with seated(folder) as seat:
        seat.type(*lines, after=60)
        return seat.session


def test_it_says_what_a_launch_team_needs(tmp_path: Path) -> None:
    """Who would have to be asked, what changes and whose it is, how the questions went, and how long it took."""
    view = report.build(held(tmp_path, *LINES), {})
    text = markdown.render(view)

    assert view.headline == "The room would have had to ask somebody about 2 things, and for 1 of them did not know whom; 2 plan changes are open."
    asked = sum(len(card.questions) for card in view.cards)
    assert f"Of {asked} questions the room answered 1, would have had to ask for 1, and did not answer {asked - 2}." in text
    assert "- support was there" in text
    assert re.search(
        r"\| try-c2 \| name a second \| mail-does-not-arrive \| identity \| open, due 2027-02-01 \|\n\| try-c1 \| name the lead \| data-leak", text
    )
    assert "| try-k2 | is there a log? | nobody in the room knew who |" in text
    assert "synthetics rehearse --target embedded --risk mail-does-not-arrive\n" in text
    assert "**Grade:** performed with major challenges. nobody led" in text
    assert (
        "The card took 11:00, 1 min over its time. 3 of its follow-ups stayed sealed." in text
        or "The card took 11:00, 1 min over its time. 2 of its follow-ups stayed sealed." in text
    )
    assert "- roll back (by platform)" in text
    assert "~~wrong~~ (struck: misheard)" in text
    assert "every opened card is the one that was sealed" in text


def test_it_says_how_items_stand_by_now(tmp_path: Path) -> None:
    """What the file of items says of this session's items counts, and of no other's."""
    session = held(tmp_path, *LINES)
    change, other = (each for each in items.of(session) if isinstance(each, items.Change))
    known = next(each for each in items.of(session) if isinstance(each, items.Knowledge))
    filed = {
        change.id: replace(change, closed=Closing(NOON, "lead", "r-1", "F34", "embedded", "1.0")),
        other.id: replace(other, session="elsewhere", text="another's"),
        known.id: replace(known, closed=Closing(NOON, "lead", written="runbooks/mail.md", words="x")),
    }
    text = markdown.render(report.build(session, filed))

    assert r"closed by lead on 2027-01-15: proven by r-1 (fault F34 on embedded, build 1.0)" in text
    assert "closed by lead on 2027-01-15: written in runbooks/mail.md" in text
    assert "another's" not in text
    assert "1 plan change is open" in text


def test_a_card_that_is_not_the_sealed_one_stands_out(tmp_path: Path) -> None:
    """In the facts, and among the seals."""
    held(tmp_path, "next", "end")
    events = read(tmp_path / "try" / "record.jsonl")
    events[1] = replace(events[1], facts={**events[1].facts, "salt": "0"})
    view = report.build(told(events), {})

    assert "CARD 1 IS NOT THE ONE THAT WAS SEALED" in markdown.render(view)
    assert "not the card that was sealed" in page.render(view)
    events[0] = replace(events[0], facts={**events[0].facts, "seal": "0000-0000-0000-0000"})
    assert "IT DOES NOT FIT the commitments" in markdown.render(report.build(told(events), {}))


def test_a_session_without_cards_or_words_has_a_report_too(tmp_path: Path) -> None:
    """It says so, in both forms."""
    view = report.build(held(tmp_path, "end"), {})

    assert "**No card was opened.**" in markdown.render(view)
    assert "No card was opened." in page.render(view)


class Elements(HTMLParser):
    """The elements of a page, with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


HOSTILE_LINES = [
    f"note {HOSTILE}",
    "next",
    f'said "{HOSTILE}" {HOSTILE}',
    f"answer 1 {HOSTILE}",
    f"ask {HOSTILE} --who {HOSTILE}",
    f"decide {HOSTILE} --by {HOSTILE}",
    f"change {HOSTILE} --owner platform",
    f"well {HOSTILE}",
    f"rate S {HOSTILE}",
    f"strike 2 {HOSTILE}",
    f"pause {HOSTILE}",
    f"skip {HOSTILE}",
    "end",
]


def test_whatever_was_typed_is_text_in_the_page(tmp_path: Path) -> None:
    """The same elements as with plain words, no script, no link, no address, no escape sequence."""
    with seated(tmp_path / "a", title=HOSTILE, facilitator=HOSTILE, table=[HOSTILE]) as seat:
        seat.type(*HOSTILE_LINES)
        hostile = page.render(report.build(seat.session, {}))
    with seated(tmp_path / "b", title="x", facilitator="x", table=["x"]) as seat:
        seat.type(*(line.replace(HOSTILE, "x") for line in HOSTILE_LINES))
        plain = page.render(report.build(seat.session, {}))

    assert Elements(hostile).found == Elements(plain).found
    assert not {"script", "a", "img", "iframe", "form"} & {tag for tag, _ in Elements(hostile).found}
    assert "<script>alert(1)</script>" in html.unescape(hostile)
    assert "\x1b" not in hostile
    assert "\u202e" not in hostile


def test_whatever_was_typed_is_text_in_markdown(tmp_path: Path) -> None:
    """No tag, link, picture, mention, command or table cell comes of it, and each entry stays in its line."""
    with seated(tmp_path / "a", title=HOSTILE, facilitator=HOSTILE, table=[HOSTILE]) as seat:
        seat.type(*HOSTILE_LINES)
        hostile = markdown.render(report.build(seat.session, {}))
    with seated(tmp_path / "b", title="x", facilitator="x", table=["x"]) as seat:
        seat.type(*(line.replace(HOSTILE, "x") for line in HOSTILE_LINES))
        plain = markdown.render(report.build(seat.session, {}))

    assert len(hostile.splitlines()) == len(plain.splitlines())
    for dangerous in ("<script", "](h", "://e", "://i", "@team", "::error", "\x1b", "\u202e", "#1"):
        assert dangerous not in hostile, dangerous
    for one, other in zip(hostile.splitlines(), plain.splitlines(), strict=True):
        assert len(re.findall(r"(?<!\\)\|", one)) == len(re.findall(r"(?<!\\)\|", other))


@pytest.mark.parametrize(
    ("typed", "said"),
    [("- x", "\\- x"), ("1. x", "1\\. x"), ("12) x", "12\\) x"), ("+ x", "\\+ x"), ("# x", "\\# x"), ("a_b*c", "a\\_b\\*c"), ("10 min", "10 min")],
)
def test_what_a_line_begins_with_makes_no_list(typed: str, said: str) -> None:
    """Nor a heading."""
    assert markdown.text(typed) == said

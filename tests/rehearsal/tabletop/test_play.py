"""Playing a session: what is typed is recorded first, and whoever reads the record comes to the same state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from launch.reading import BadInput
from rehearsal.tabletop.record import Event, read
from rehearsal.tabletop.session import told
from tests.rehearsal.tabletop.table import NOON, first, seated


def test_cards_and_follow_ups_are_opened_one_by_one(tmp_path: Path) -> None:
    """`next` opens what comes next: the follow-ups of the card, and then another card; at the end nothing."""
    with seated(tmp_path) as seat:
        kinds = []
        while seat.session.left or len(seat.session.shown[-1].story) < len(seat.session.shown[-1].card.stages):
            event = seat.type("next")
            kinds.append(event.kind if event else "")
        with pytest.raises(BadInput, match="saw no sealed card"):
            seat.type("next")

        assert kinds.count("card") == 2
        assert [len(each.story) for each in seat.session.shown] == [len(each.card.stages) for each in seat.session.shown]
        assert all(each.fits for each in seat.session.shown)


def test_nothing_of_a_card_is_in_the_record_before_it_is_opened(tmp_path: Path) -> None:
    """What lies sealed there cannot be read at a glance."""
    with seated(tmp_path) as seat:
        sealed = seat.record.read_text()
        seat.type("next")
        opened = seat.session.shown[0].card.risk

        assert opened not in sealed
        assert opened in seat.record.read_text()


def test_the_clock_begins_with_the_first_card_and_stands_in_a_pause(tmp_path: Path) -> None:
    """Talk before it, and a break, do not count; the card has a time of its own."""
    with seated(tmp_path) as seat:
        seat.type("note hello", after=300)
        seat.type("next", after=60)
        seat.type("note one", "pause lunch", after=60)
        seat.type("note in the break", "go", after=600)
        seat.type("skip", after=60)
        seat.type("end", after=30)
        one, two = seat.session.shown

        assert seat.session.clock.at(seat.at.now + 999) == 60 + 60 + 60 + 30
        assert (one.begun, one.left, two.begun, two.left) == (0, 180, 180, 210)
        assert one.skipped == "no reason given"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["pause"], "pause: the clock begins with the first card"),
        (["go"], "go: the clock begins with the first card"),
        (["next", "go"], "go: saw a clock that runs"),
        (["next", "pause", "pause"], "pause: saw a clock that stands; allowed is `go`"),
        (["skip"], "skip: saw no card that lies open"),
        (["answer 1 x"], "saw a question before the first card"),
        (["rate S"], "rate: saw no card that lies open"),
        (["next", "answer 12 x"], "question: saw '12'; allowed is 1 to "),
        (["next", "ask x --question two"], "question: saw 'two'; allowed is 1 to "),
        (["change x --owner billing"], "change: --risk: saw 'nothing'; allowed is one of nobody-can-start"),
        (["next", "change x --owner sales"], "change: --owner: saw 'sales'; allowed is one of growth, identity"),
        (["next", "change x --owner billing --risk money"], "change: --risk: saw 'money'; allowed is one of "),
        (["next", "change x --owner billing --due tomorrow"], "change: --due: saw 'tomorrow'; allowed is a date such as 2027-03-01"),
        (["strike 1"], "strike: saw 1; allowed is the number of an entry that stands: there is none"),
        (["note x", "strike 2", "strike 2"], "strike: saw 2; allowed is the number of an entry that stands"),
        (["end", "note late"], "saw a session that has ended"),
    ],
)
def test_what_cannot_be_done_is_told_and_leaves_no_trace(tmp_path: Path, lines: list[str], said: str) -> None:
    """The record and the state are as before."""
    with seated(tmp_path) as seat:
        seat.type(*lines[:-1])
        before = seat.record.read_bytes()
        with pytest.raises(BadInput) as bad:
            seat.type(lines[-1])

        assert str(bad.value).startswith(said)
        assert seat.record.read_bytes() == before
        assert told(read(seat.record)) == seat.session


SPOKEN = [
    "note before",
    "next",
    "said support: hm",
    "answer 2 the scenario",
    "ask who? --question 4 --who finance",
    "ask what?",
    "decide wait --by support",
    "change do it --owner billing --due 2027-01-02",
    "well quick",
    "rate M slow",
    "strike 7 twice",
    "pause",
    "go",
    "next",
    "skip done",
    "end",
]


def test_whoever_reads_the_record_comes_to_the_same_state(tmp_path: Path) -> None:
    """After every single event, as if the process had been killed there."""
    with seated(tmp_path) as seat:
        for line in SPOKEN:
            seat.type(line, after=7)

            assert told(read(seat.record)) == seat.session

        assert [each.kind for each in seat.session.of("ask", "change")] == ["ask", "change"]


def test_time_without_a_process_does_not_count(tmp_path: Path) -> None:
    """Killed after a minute, resumed after an hour: the clock shows a minute, and goes on."""
    with seated(tmp_path) as seat:
        seat.type("next")
        seat.type("note here", after=60)
        seat.at.now += 3600
        seat.play.resumed()
        seat.type("note again", after=5)

        assert seat.session.clock.at(seat.at.now) == 65
        assert told(read(seat.record)).clock.at(seat.at.now) == 65


def test_a_clock_that_is_set_back_turns_no_event_back(tmp_path: Path) -> None:
    """Events keep their order, and the clock does not run backwards."""
    with seated(tmp_path) as seat:
        seat.type("next", "note one", after=10)
        seat.type("note two", after=-3600)
        times = [each.event.at for each in seat.session.entries]

        assert times == sorted(times)
        assert seat.session.entries[-1].clock == 10


def test_a_swapped_card_is_not_opened(tmp_path: Path) -> None:
    """A record in which somebody put another card is told so, and nothing is shown."""
    other = first(seed="other").facts["sealed"]
    with seated(tmp_path, sealed=[{**mine, "envelope": theirs["envelope"]} for mine, theirs in zip(first().facts["sealed"], other, strict=True)]) as seat:
        with pytest.raises(BadInput, match="card 1: the seal is broken"):
            seat.type("next")

        assert not seat.session.shown


def test_a_card_that_was_changed_in_the_record_does_not_fit_its_seal(tmp_path: Path) -> None:
    """Read anew, it is not believed."""
    with seated(tmp_path) as seat:
        seat.type("next")
        opening, card = read(seat.record)
        forged = replace(card, facts={**card.facts, "card": {**card.facts["card"], "opening": "All is well."}})

        assert [each.fits for each in told([opening, card]).shown] == [True]
        assert [each.fits for each in told([opening, forged]).shown] == [False]


@pytest.mark.parametrize("event", [Event(1, NOON, "note", {"text": "x"}), first(minutes="many"), first(sealed=3)])
def test_what_is_no_record_of_a_session_is_refused(event: Event) -> None:
    """With one sentence, not with a traceback."""
    with pytest.raises(BadInput, match="the record: saw an event that does not say what it should"):
        told([event])


def test_questions_are_covered_by_the_worst_that_was_said(tmp_path: Path) -> None:
    """Asked counts more than answered; a struck entry does not count; the rest is open."""
    with seated(tmp_path) as seat:
        seat.type("next", "answer 1 x", "answer 2 x", "ask y --question 2", "answer 3 z", "strike 6")
        covered = seat.session.covered(1)

        assert [covered[name] for name in ("told", "know", "runbook", "over")] == ["answered", "asked", "open", "open"]

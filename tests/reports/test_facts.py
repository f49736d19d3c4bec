"""What a person is told about an alert."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.facts import LONGEST, NONE, facts, headline, lines, links
from reports.inert import defanged, fitted, one_line, unlinked
from reports.message import Kind, Message, from_json
from tests.reports.channels.made import AT, HOSTILE, HUGE, ORDINARY

NEEDED = ("Promise", "Why", "Seen", "States seen", "Since", "Runs", "Target", "Location", "Surfaces", "Severity", "Owner", "Runbook", "Evidence", "Trace id")
BARE = Message(kind=Kind.TRIGGER, key="k", incident="k-1", title="", target="", scenario="", failure="", severity="", owner="")


def told(message: Message) -> dict[str, str]:
    """Return the facts by label."""
    return {each.label: each.value for each in facts(message)}


@pytest.mark.parametrize("message", [ORDINARY, HOSTILE, HUGE, BARE])
def test_an_alert_always_says_everything_that_is_needed(message: Message) -> None:
    """What is not known is said to be so, not left out."""
    assert [label for label in NEEDED if label not in told(message)] == []
    assert told(BARE)["Trace id"] == NONE


@pytest.mark.parametrize("kind", [Kind.TEST, Kind.CHANGE])
def test_a_test_and_a_change_leave_out_what_they_have_not(kind: Kind) -> None:
    """Nothing is broken, so nothing was seen."""
    assert told(replace(BARE, kind=kind, title="A deploy was seen", target="staging")) == {"Promise": "A deploy was seen", "Target": "staging"}


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ({"since": AT - 60, "at": AT}, "12 Mar 2026, 09:29:00 UTC, for 1 min 00 s"),
        ({"since": AT - 60, "at": AT, "ended": AT + 60}, "12 Mar 2026, 09:29:00 UTC, until 12 Mar 2026, 09:31:00 UTC: 2 min 00 s"),
        ({"since": AT - 60, "at": 0.0}, "12 Mar 2026, 09:29:00 UTC"),
        ({"since": AT, "at": AT - 60}, "12 Mar 2026, 09:30:00 UTC, for 0.00 s"),
        ({"since": 0.0}, NONE),
        ({"since": 1e300, "at": AT}, "unknown, for 0.00 s"),
    ],
)
def test_since_when_and_for_how_long(times: dict[str, float], says: str) -> None:
    """In UTC; a clock that jumped makes no negative time."""
    assert told(replace(ORDINARY, **times))["Since"] == says


def test_a_long_path_of_states_keeps_its_beginning_and_its_end() -> None:
    """How it began, and what it came to."""
    path = told(replace(ORDINARY, states=tuple(f"s{number}" for number in range(100))))["States seen"]

    assert path.startswith("s0 > s1 > s2 > … > s84")
    assert path.endswith(" > s99")


def test_only_a_whole_web_address_is_a_link() -> None:
    """A path is told as text; half of an address leads nowhere."""
    message = replace(ORDINARY, runbook="runbooks/quota.md", evidence="javascript:alert(1)", dashboard="https://x.example.com/" + "a" * 3000)

    assert links(message) == ()
    assert told(message)["Runbook"] == "runbooks/quota.md"
    assert [each.link for each in links(ORDINARY)] == [ORDINARY.runbook, ORDINARY.evidence, ORDINARY.dashboard]


def test_a_headline_keeps_scenario_and_target_though_the_promise_is_long() -> None:
    """It is the promise that is cut."""
    short = headline(replace(ORDINARY, title="A promise. " * 100, drill=True), 150)

    assert len(short) == 150
    assert short.startswith("[DRILL] Broken: A promise. A promise.")
    assert short.endswith("… (quota.limit-plus-one on staging)")


@pytest.mark.parametrize("limit", [10, 150, 1024])
@pytest.mark.parametrize("message", [ORDINARY, HOSTILE, HUGE])
def test_a_headline_fits(message: Message, limit: int) -> None:
    """In one line of printable characters."""
    assert len(headline(message, limit)) <= limit
    assert headline(message, limit).isprintable()


TEXT = st.text(st.characters(categories=["L", "N", "P", "S", "Z", "C"]), max_size=50)


@given(
    st.builds(
        lambda **texts: replace(ORDINARY, **texts),
        **dict.fromkeys(["title", "why", "error", "version", "runbook", "evidence", "scenario", "target", "trace_id"], TEXT),
    )
)
def test_every_fact_is_one_line_that_can_be_written_anywhere(message: Message) -> None:
    """Whatever the target says: no control character, no lone surrogate, no line break, and a bounded length."""
    for each in facts(message):
        assert each.value
        assert not set(each.value) & set("\x00\x07\x1b\r\n\u202e\u2028\ud800")
        assert each.value.encode()
        assert len(each.value) <= 2 * LONGEST * 6 + 50


@given(TEXT)
def test_a_message_is_read_back_as_it_was_and_stored_in_ascii(text: str) -> None:
    """Also with NUL and lone surrogates in it, which a database refuses."""
    message = replace(ORDINARY, title=text, states=(text, ""))

    assert message.to_json().isascii()
    assert "\x00" not in message.to_json()
    assert from_json(message.to_json()) == message


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "null", "{}", '{"kind": "shout"}', '{"kind": "trigger"}', '{"kind": ["trigger"]}'])
def test_what_is_no_message_is_refused(text: str) -> None:
    """With one kind of error."""
    with pytest.raises(ValueError):  # noqa: PT011 -- that is all that is promised
        from_json(text)


def test_a_field_of_a_later_version_is_left_out() -> None:
    """An older program delivers what a newer one decided."""
    assert from_json(ORDINARY.to_json().replace('"kind":', '"colour":"red","kind":')) == ORDINARY


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ("mail @octo/team now", "mail @\u200bocto/team now"),
        ("<!channel> & <b>", "\u2039!channel\u203a & \u2039b\u203a"),
        ("see https://x.example/a", "see https://\u200bx.example/a"),
        ("see www.x.example", "see www.\u200bx.example"),
        ("[a](b) `c` #12 ::error:: ##[error]", "[a]\u200b(b) 'c' #\u200b12 ::\u200berror:: ##\u200b[error]"),
        ("5 @ 3 :// # :: ] plain", "5 @ 3 :// # :: ] plain"),
    ],
)
def test_defanged_text_reads_as_before_and_is_not_live(text: str, inert: str) -> None:
    """For a renderer that nobody knows."""
    assert defanged(text) == inert


def test_unlinked_text_is_no_link() -> None:
    """Its markup is for others to escape."""
    assert unlinked("<b> https://x.example @octo") == "<b> https://\u200bx.example @octo"


def test_what_is_cut_says_how_much_is_left_out_or_fits_exactly() -> None:
    """As the receiver wants it."""
    assert one_line("a\r\nb" * 10, 8) == "a ba b … (32 more characters)"
    assert fitted("abcdef", 4) == "abc…"
    assert fitted("abcd", 4) == "abcd"


def test_the_facts_as_lines_link_only_what_may_be_linked() -> None:
    """One line for each."""
    said = lines(replace(ORDINARY, why="see https://x.example")).splitlines()

    assert "Why: see https://\u200bx.example" in said
    assert f"Runbook: {ORDINARY.runbook}" in said

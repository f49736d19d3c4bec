"""What the facilitator types is taken apart, or refused with what is allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launch.reading import BadInput
from rehearsal.tabletop.command import FORMS, Typed, parse


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("next", Typed("next")),
        ("  NEXT  ", Typed("next")),
        ("note don't stop; it's \"fine\" -- really", Typed("note", "don't stop; it's \"fine\" -- really")),
        ("said support: we know", Typed("said", "we know", "support")),
        ('said "head of sales" now', Typed("said", "now", "head of sales")),
        ("answer 3 mail.md", Typed("answer", "mail.md", "3")),
        ("ask where is it --question 4 --who Chi of platform", Typed("ask", "where is it", options={"question": "4", "who": "Chi of platform"})),
        ("ask --who nobody's guess", None),
        (
            'change one --owner=billing --due 2027-01-02 --risk "data-leak"',
            Typed("change", "one", options={"owner": "billing", "due": "2027-01-02", "risk": "data-leak"}),
        ),
        ("change use --verbose there --owner billing", Typed("change", "use --verbose there", options={"owner": "billing"})),
        ("rate s went well", Typed("rate", "went well", "s")),
        ("skip", Typed("skip")),
        ("decide to wait --by support", Typed("decide", "to wait", options={"by": "support"})),
    ],
)
def test_a_line_is_a_word_a_text_and_options(line: str, typed: Typed | None) -> None:
    """Apostrophes and dashes are text; an option's value reaches to the next one; a text is there where one must be."""
    if typed is None:
        with pytest.raises(BadInput):
            parse(line)
    else:
        assert parse(line) == typed


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nxt", "saw 'nxt', which is no command: did you mean `next`?"),
        ("everybody is here", "saw 'everybody', which is no command: `help` lists the commands; what you saw is `note TEXT`"),
        ("next card please", "next: saw 'card please' behind it; allowed is nothing"),
        ("note", "note: saw no text; allowed is note TEXT"),
        ("answer mail.md", "answer: saw 'mail.md'; allowed is answer N TEXT"),
        ("answer 3", "answer: saw no text"),
        ("rate A", "rate: saw 'A'; allowed is rate P|S|M|U [TEXT]"),
        ("said", "said: saw ''; allowed is said WHO TEXT"),
        ("change x --onwer billing", "change: saw --onwer; allowed is change TEXT --owner O"),
        ("change x --owner", "change: --owner: saw nothing behind it"),
        ("change x --owner a --owner b", "change: --owner: saw it twice"),
    ],
)
def test_what_is_no_command_is_told_with_what_is_allowed(line: str, said: str) -> None:
    """One sentence, at once."""
    with pytest.raises(BadInput) as bad:
        parse(line)

    assert str(bad.value).startswith(said)


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1).filter(lambda text: text.strip() == text and text))
def test_a_note_is_kept_as_it_was_typed(text: str) -> None:
    """Nothing in it is taken for something else."""
    assert parse(f"note {text}").text == text


@given(st.sampled_from(list(FORMS)), st.text())
def test_any_line_is_taken_or_refused(name: str, text: str) -> None:
    """Nothing that can be typed breaks it."""
    try:
        typed = parse(f"{name} {text}")
    except BadInput as bad:
        said = str(bad)
    else:
        said = f"saw {typed.name}"

    assert "saw" in said

"""Concurrent edits of one document converge and lose nothing that was typed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from products.cloudsuite.app.domain.splices import Splice, difference, transform

TEXT = st.text(alphabet="abé😀\n", max_size=12)


@st.composite
def text_and_splices(draw: st.DrawFn, count: int) -> tuple[str, list[Splice]]:
    text = draw(TEXT)
    splices = []
    for name in "XYZ"[:count]:
        at = draw(st.integers(0, len(text)))
        delete = draw(st.integers(0, len(text) - at))
        splices.append(Splice(at, delete, name * draw(st.integers(0, 3))))
    return text, splices


@given(text_and_splices(2))
@settings(max_examples=400, deadline=None)
def test_two_concurrent_splices_converge_and_keep_both_insertions(case: tuple[str, list[Splice]]) -> None:
    """Applying two concurrent splices in either order gives the same text, with both insertions whole."""
    text, (first, second) = case

    server = transform(second, first, earlier=False).apply(first.apply(text))
    other = transform(first, second, earlier=True).apply(second.apply(text))

    assert server == other
    assert first.insert in server
    assert second.insert in server


@given(text_and_splices(2))
@settings(max_examples=400, deadline=None)
def test_what_either_deletes_is_gone_and_nothing_else(case: tuple[str, list[Splice]]) -> None:
    """The merged text holds exactly the characters that neither splice deleted, and the insertions."""
    text, (first, second) = case
    kept = [char for place, char in enumerate(text) if not first.at <= place < first.end and not second.at <= place < second.end]

    merged = transform(second, first, earlier=False).apply(first.apply(text))

    assert [char for char in merged if char not in "XYZ"] == kept


@given(TEXT, TEXT)
@settings(max_examples=200, deadline=None)
def test_a_difference_leads_from_one_text_to_the_other(before: str, after: str) -> None:
    """The difference of two texts, applied to the first, gives the second."""
    splice = difference(before, after)

    assert splice.fits(before)
    assert splice.apply(before) == after


def test_insertions_at_one_place_stand_in_the_order_of_the_server() -> None:
    """Of two insertions at the same place, the one that the server saw first stands first."""
    first, second = Splice(1, 0, "X"), Splice(1, 0, "Y")

    assert transform(second, first, earlier=False).apply(first.apply("ab")) == "aXYb"

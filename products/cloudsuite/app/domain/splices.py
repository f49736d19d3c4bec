"""Plain-text operational transformation: concurrent edits of one text converge.

An edit is one splice: at a position, delete so many characters, insert a text. Positions and lengths count Unicode code
points. Two splices of the same text transform over each other so that applying them in either order gives the same
text, and so that no text inserted by one is lost to the other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Splice:
    """Replace `delete` code points at position `at` by `insert`."""

    at: int
    delete: int
    insert: str

    @property
    def end(self) -> int:
        """The position after the last deleted code point."""
        return self.at + self.delete

    @property
    def growth(self) -> int:
        """By how many code points the text grows."""
        return len(self.insert) - self.delete

    def fits(self, text: str) -> bool:
        """Whether the splice lies inside the text."""
        return self.at >= 0 and self.delete >= 0 and self.end <= len(text)

    def apply(self, text: str) -> str:
        """The text after the splice."""
        return text[: self.at] + self.insert + text[self.end :]


def transform(edit: Splice, over: Splice, *, earlier: bool) -> Splice:
    """The edit as it must be applied after `over`, a concurrent splice of the same text.

    `earlier` says that the edit precedes `over` in the server's order: it decides whose insertion stands first when
    both start at the same place.
    """
    apart_before = edit.end <= over.at
    apart_after = over.end <= edit.at
    if apart_before and not (apart_after and not earlier):
        return edit
    if apart_after:
        return Splice(edit.at + over.growth, edit.delete, edit.insert)
    # They overlap: what either deleted is gone, and both insertions stay, side by side.
    head = max(0, over.at - edit.at)
    tail = max(0, edit.end - over.end)
    edit_first = edit.at < over.at or (edit.at == over.at and earlier)
    if not edit_first:
        return Splice(over.at + len(over.insert), tail, edit.insert)
    if tail == 0:
        return Splice(edit.at, head, edit.insert)
    return Splice(edit.at, head + len(over.insert) + tail, edit.insert + over.insert)


def difference(before: str, after: str) -> Splice:
    """The smallest single splice that turns one text into the other."""
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return Splice(head, len(before) - head - tail, after[head : len(after) - tail])

"""The console: an alert as lines of text. Nothing in them moves a cursor, colours a terminal or commands a CI runner."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from launch.reading import Table
from reports.channels import ALERTING, Later, Receipt, Secret
from reports.facts import facts, headline
from reports.inert import defanged
from reports.message import Kind, Message


@dataclass(frozen=True)
class Console:
    """`stream` is stdout or stderr, looked up when something is said."""

    stream: str = "stderr"
    carries: frozenset[Kind] = ALERTING | {Kind.CHANGE}
    pace: float = 0.0
    refreshes: bool = False
    cap: int = 0

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:  # noqa: ARG002 -- a console has no threads
        """Print the headline, and the facts below it.

        Raises:
            Later: nobody listens at the other end.
        """
        stream = sys.stdout if self.stream == "stdout" else sys.stderr
        told = [headline(message), *(f"  {each.label:<13} {each.value if each.link else defanged(each.value)}" for each in facts(message))]
        text = "\n".join([defanged(told[0]), *told[1:]]) + "\n"
        fits = stream.encoding or "ascii"
        try:
            stream.write(text.encode(fits, "backslashreplace").decode(fits))
            stream.flush()
        except (OSError, ValueError) as trouble:  # the pipe is broken, the file is closed, the disk is full
            raise Later(f"{self.stream} does not take it: {trouble}", ambiguous=True) from None
        return Receipt("printed")


def read(table: Table, secret: Secret) -> Console:  # noqa: ARG001 -- nothing secret here
    """Take `stream`.

    Raises:
        BadInput: a wrong value.
    """
    return Console(table.choice("stream", ("stdout", "stderr"), "stderr"))

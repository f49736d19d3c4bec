"""Every small change to a template of the product: a value that is not shown, a condition that always or never holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TAG = re.compile(r"\{\{-?\s*(?P<value>.+?)\s*-?\}\}|\{%-?\s*(?P<word>if|elif)\s+(?P<test>.+?)\s*-?%\}", re.DOTALL)
SHOWN = 110


@dataclass(frozen=True)
class Change:
    """One change: in which line, what it is in words, and the template with it."""

    line: int
    what: str
    text: str


def changes(text: str) -> Iterator[Change]:
    """Yield every change to a template, in the order of its text."""
    for found in TAG.finditer(text):
        line = text.count("\n", 0, found.start()) + 1

        def put(instead: str, what: str, found: re.Match[str] = found, line: int = line) -> Change:
            return Change(line, what, text[: found.start()] + instead + text[found.end() :])

        if value := found["value"]:
            yield put("", f"without {value[:SHOWN]}")
        else:
            for says in (True, False):
                yield put(f"{{% {found['word']} {says} %}}", f"{found['test'][:SHOWN]} is always {says}")

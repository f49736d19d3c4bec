"""The evidence of an attempt, as the page may show it: pictures inside, safe kinds of files as links, and the rest as a name.

A link never leaves the folder of the run, and never leads to a file that a browser would run: a saved page of the target is shown as its source.
"""

from __future__ import annotations

import base64
import shlex
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from reports.inert import inert, shortened
from verdicts.outcome import Outcome

EMBEDDED_PICTURE = 400_000
EMBEDDED_IN_ALL = 24_000_000
SOURCE_SHOWN = 20_000

_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_LINKED = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".webm", ".mp4", ".zip", ".txt", ".log", ".json", ".jsonl", ".har", ".gz"}
_SOURCES = {".html", ".htm", ".xhtml", ".xml", ".svg", ".mhtml"}


@dataclass(frozen=True)
class Exhibit:
    """One piece of evidence. `link` is relative to the report's folder; `note` says why there is none."""

    kind: str
    path: str
    link: str | None = None
    picture: str | None = None
    source: str | None = None
    command: str | None = None
    note: str = ""


class Exhibition:
    """Looks at the evidence of one run, and keeps the page from growing without bound."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._room = EMBEDDED_IN_ALL

    def of(self, outcome: Outcome) -> list[Exhibit]:
        """Return what there is to see of an attempt, the screenshot first."""
        ordered = sorted(outcome.evidence.items(), key=lambda item: (not item[0].startswith("screenshot"), item[0]))
        return [self._exhibit(kind, path) for kind, path in ordered]

    def _exhibit(self, kind: str, path: str) -> Exhibit:
        try:
            file = (self._folder / path).resolve()
            if not file.is_relative_to(self._folder):
                return Exhibit(kind, path, note="outside the folder of the run: not linked")
            if not file.is_file():
                return Exhibit(kind, path, note="not there")
            return self._shown(kind, path, file)
        except (OSError, ValueError):
            return Exhibit(kind, path, note="cannot be read")

    def _shown(self, kind: str, path: str, file: Path) -> Exhibit:
        suffix = file.suffix.lower()
        inside = file.relative_to(self._folder).as_posix()
        if suffix in _SOURCES:
            with file.open("rb") as opened:
                head = opened.read(SOURCE_SHOWN).decode("utf-8", errors="replace")
            more = file.stat().st_size - SOURCE_SHOWN
            return Exhibit(kind, path, source=head + (f"\n… ({more:,} more bytes)" if more > 0 else ""), note="shown as source: opening it would run it")
        if suffix not in _LINKED:
            return Exhibit(kind, path, note="not a kind of file that the page links to")
        link = f"../{quote(inside)}"
        if kind.startswith("trace") and suffix == ".zip":
            seen_from = Path(self._folder.parent.name, self._folder.name, inside).as_posix()
            return Exhibit(kind, path, link, command=f"playwright show-trace {shlex.quote(shortened(str(inert(seen_from)), 1_000))}")
        return Exhibit(kind, path, link, picture=self._picture(file))

    def _picture(self, file: Path) -> str | None:
        size = file.stat().st_size
        if size >= min(EMBEDDED_PICTURE, self._room):
            return None
        content = file.read_bytes()
        kind = next((kind for magic, kind in _PICTURES.items() if content.startswith(magic)), None)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            kind = "image/webp"
        if kind is None:
            return None
        self._room -= size
        return f"data:{kind};base64,{base64.b64encode(content).decode()}"

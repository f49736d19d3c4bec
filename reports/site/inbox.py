"""The inbox: a page of the alerts that arrived in a folder, newest first, each with all that was said about it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import message as messages
from reports import wording
from reports.inert import inert, shortened, web_address
from reports.message import Kind, Message

_HERE = Path(__file__).parent
_PAGE = "index.html"
_SHOWN = 200
"""How many alerts the page shows; older ones stay in the folder."""

_LOOKS = {"broken": ("failed", "✕"), "kept again": ("passed", "✓"), "a test": ("degraded", "!")}


@dataclass(frozen=True)
class Thread:
    """All messages about one opening of an alert, in the order in which they came."""

    messages: tuple[Message, ...]

    @property
    def last(self) -> Message:
        """The message that says how it stands."""
        return self.messages[-1]

    @property
    def state(self) -> str:
        """Say in words how it stands."""
        kinds = {each.kind for each in self.messages}
        return "a test" if Kind.TEST in kinds else "kept again" if Kind.RESOLVE in kinds else "broken"

    @property
    def look(self) -> tuple[str, str]:
        """Return the colour's name and the symbol of its state."""
        return _LOOKS[self.state]


def threads(found: Iterable[Message]) -> list[Thread]:
    """Return the messages by alert, what is broken first, then the latest; marks of changes belong to none."""
    gathered: dict[str, list[Message]] = {}
    for each in sorted((each for each in found if each.kind is not Kind.CHANGE), key=lambda message: message.at):
        gathered.setdefault(each.incident, []).append(each)
    whole = [Thread(tuple(each)) for each in gathered.values()]
    return sorted(whole, key=lambda thread: (thread.state != "broken", -thread.last.at))


def arrived(folder: Path) -> list[Message]:
    """Return the messages in a folder of a channel of that kind, in the order in which they came; other files are passed over."""
    found = []
    for file in sorted(folder.glob("*.json")):
        with contextlib.suppress(ValueError, KeyError, TypeError):  # somebody else's file
            found.append(messages.from_json(json.dumps(json.loads(file.read_text(encoding="utf-8"))["message"])))
    return found


def render(folder: Path, root: Path) -> str:
    """Return the page of the messages in a folder; links that are paths begin at `root`, the checkout."""
    shown = threads(arrived(folder))[:_SHOWN]
    broken = sum(thread.state == "broken" for thread in shown)
    style = (_HERE / "style.css").read_text(encoding="utf-8") + (_HERE / "inbox.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, finalize=inert, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        lasting=wording.lasting,
        dated=lambda seconds: wording.dated(datetime.fromtimestamp(seconds, UTC) if seconds else None),
        clock=lambda seconds: f"{datetime.fromtimestamp(seconds, UTC):%H:%M:%S}",
        shortened=shortened,
        linked=lambda link: _linked(link, folder, root),
    )
    look, symbol = _LOOKS["broken"] if broken else _LOOKS["kept again"]
    return environment.get_template("inbox.html").render(
        threads=shown,
        broken=broken,
        look=look,
        symbol=symbol,
        style=Markup(style),  # noqa: S704 -- files beside this one
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def write(folder: Path, root: Path) -> Path:
    """Write the page into its folder, whole or not at all, and return its place."""
    page = folder / _PAGE
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, prefix=".", suffix=".part", delete=False) as draft:
        draft.write(render(folder, root))
    Path(draft.name).replace(page)
    page.chmod(0o644)
    return page


def _linked(link: str, folder: Path, root: Path) -> str | None:
    """Return where a link leads from the page: a web address as it is, a file of the checkout by its relative path, None for what is neither."""
    if address := web_address(link):
        return address
    path, _, heading = link.partition("#")
    if not path or not (root / path).is_file():
        return None
    relative = Path(os.path.relpath(root / path, folder)).as_posix()
    return relative + (f"#{heading}" if heading else "")

"""Text from the target, made harmless to look at: no colour codes, no reordering, no invisible or unwritable characters.

Markup is escaped elsewhere (by Jinja, in every expression); this is about what escaping leaves alive.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

_ANSI = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # operating system commands: window titles, hyperlinks
    r"|[\x1b\x9b]\[?[0-?]*[ -/]*[@-~]"  # colours, cursor movements, and every other sequence
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, except tab and line feed
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # bidi controls, invisible spaces, line separators
    "\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"  # lone surrogates, interlinear and tag characters
)
_WEB = re.compile(r"https?://[^\s\\<>\"'`{}|^]+\Z", re.IGNORECASE)


def inert(value: Any) -> Any:
    """Return text with escape sequences dropped and unseen characters spelled out (``⟨202E⟩``); other values as they are."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    plain = _ANSI.sub("", value.replace("\r\n", "\n"))
    return _UNSEEN.sub(lambda found: f"⟨{ord(found[0]):04X}⟩", plain)


def shortened(text: str, limit: int) -> str:
    """Cut text to `limit` characters, and say how many are left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]} … ({len(text) - limit:,} more characters)"


def web_address(text: str) -> str | None:
    """Return text if it is a plain http or https address, the only kind that the page links to."""
    return text if _WEB.match(text) else None


def code_span(text: str, limit: int = 300) -> str:
    """Quote text for Markdown and the terminal, in one line in which nothing is a link, a mention, markup or a CI command."""
    line = " ".join(shortened(str(inert(text)), limit).split()).replace("`", "'")
    return f"`{line or '-'}`"

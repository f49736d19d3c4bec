"""Text from the target, made harmless to look at: no colour codes, no reordering, no invisible or unwritable characters.

Markup is escaped where it is written (by Jinja, by each channel); this is about what escaping leaves alive.
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
_LONGEST_ADDRESS = 2000
_ADDRESS = re.compile(r"(://|\bwww\.)(?=\S)")
"""What a renderer may make a link of."""
_LIVE = re.compile(r"(@|://|\]|##|::|#(?=\d)|\bwww\.)(?=\S)")
"""What a renderer may make a mention, a link, a reference or a command of, with something behind it."""

_TWINS = {ord("<"): "\u2039", ord(">"): "\u203a", ord("`"): "'"}
"""Brackets that look alike and open no tag, and a quote that opens no code."""


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


def fitted(text: str, limit: int) -> str:
    """Cut text so that it has at most `limit` characters, for a receiver that refuses more; the last one then is an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def one_line(text: str, limit: int) -> str:
    """Return text inert, in one line of about `limit` characters, saying how many are left out. Only its beginning is looked at: any length is cheap."""
    shown = " ".join(str(inert(text[:limit])).split())
    return shown if len(text) <= limit else f"{shown} … ({len(text) - limit:,} more characters)"


def unlinked(text: str) -> str:
    """Return text in which no web address becomes a link by itself, for receivers that escape markup and then link what looks like an address.

    An invisible space comes behind ``://`` and ``www.``; it reads as before.
    """
    return _ADDRESS.sub("\\1\u200b", text)


def defanged(text: str) -> str:
    """Return text in which nothing is live for a renderer that we do not know: no mention, link, reference, tag or CI command. It reads as before.

    An invisible space comes between what makes such a thing live and what follows; angle brackets and backticks become their harmless twins.
    """
    return _LIVE.sub("\\1\u200b", text).translate(_TWINS)


def web_address(text: str) -> str | None:
    """Return text if it is a plain http or https address of reasonable length, the only kind that is linked to."""
    return text if len(text) <= _LONGEST_ADDRESS and _WEB.match(text) and inert(text) == text else None


def code_span(text: str, limit: int = 300) -> str:
    """Quote text for Markdown and the terminal, in one line in which nothing is a link, a mention, markup or a CI command."""
    line = " ".join(shortened(str(inert(text)), limit).split()).replace("`", "'")
    return f"`{line or '-'}`"

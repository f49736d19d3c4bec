"""What headers have a browser guard."""

from __future__ import annotations

import pytest

from flows.contract.face import Guard
from products.guards import FOREIGN, guarded

STRICT = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "cache-control": "private, no-store",
}


def test_strict_headers_guard_everything():
    """Nothing is left open."""
    assert guarded(STRICT) == frozenset(Guard)


def test_no_headers_guard_but_answers():
    """A browser keeps answers from other sites unless it is told not to."""
    assert guarded({}) == {Guard.ANSWERS}


@pytest.mark.parametrize(
    ("name", "value", "down"),
    [
        ("content-security-policy", "frame-ancestors 'none'", Guard.SCRIPTS),
        ("content-security-policy", "default-src 'self'; script-src *; frame-ancestors 'none'", Guard.SCRIPTS),
        ("content-security-policy", "default-src 'self' 'UNSAFE-INLINE'; frame-ancestors 'none'", Guard.SCRIPTS),
        ("content-security-policy", "default-src *; default-src 'self'; frame-ancestors 'none'", Guard.SCRIPTS),
        ("content-security-policy", "default-src 'self'", Guard.FRAMES),
        ("content-security-policy", "default-src 'self'; frame-ancestors *", Guard.FRAMES),
        ("x-content-type-options", "sniff", Guard.TYPES),
        ("referrer-policy", "unsafe-url", Guard.ADDRESSES),
        ("referrer-policy", "same-origin, unsafe-url", Guard.ADDRESSES),
        ("strict-transport-security", "max-age=0", Guard.TLS),
        ("cache-control", "private, max-age=600", Guard.CACHES),
        ("access-control-allow-origin", "*", Guard.ANSWERS),
        ("access-control-allow-origin", FOREIGN, Guard.ANSWERS),
    ],
)
def test_one_loose_header_takes_one_guard_down(name, value, down):
    """And no other."""
    assert guarded(STRICT | {name: value}) == frozenset(Guard) - {down}


def test_an_older_header_keeps_pages_out_of_frames_too():
    """The policy goes before it, where both speak."""
    assert Guard.FRAMES in guarded({"x-frame-options": "sameorigin"})
    assert Guard.FRAMES not in guarded({"x-frame-options": "deny", "content-security-policy": "frame-ancestors *"})

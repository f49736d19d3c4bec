"""What the headers of an answer have a browser guard a person from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flows.contract.face import Guard

FOREIGN = "https://elsewhere.example"
"""Another site's origin, as a browser names it when a page of that site asks."""

DAY = 86_400
"""Seconds."""

LOOSE = {"*", "http:", "https:", "data:", "blob:", "'unsafe-inline'", "'unsafe-eval'"}
NARROW = {"no-referrer", "same-origin", "strict-origin", "origin", "strict-origin-when-cross-origin", "origin-when-cross-origin"}


def guarded(headers: Mapping[str, str]) -> frozenset[Guard]:
    """Read the headers of an answer to a request that said ``Origin: FOREIGN``; names in lower case."""
    policy = _policy(headers.get("content-security-policy", ""))
    scripts = policy.get("script-src", policy.get("default-src"))
    ancestors = policy.get("frame-ancestors")
    age = re.search(r"max-age=\"?(\d+)", headers.get("strict-transport-security", ""))
    held = {
        Guard.SCRIPTS: scripts is not None and not LOOSE & scripts,
        Guard.FRAMES: not LOOSE & ancestors if ancestors is not None else headers.get("x-frame-options", "").upper() in {"DENY", "SAMEORIGIN"},
        Guard.TYPES: headers.get("x-content-type-options", "").lower() == "nosniff",
        Guard.ADDRESSES: headers.get("referrer-policy", "").rpartition(",")[2].strip().lower() in NARROW,
        Guard.TLS: age is not None and int(age[1]) >= DAY,
        Guard.CACHES: "no-store" in re.split(r"[\s,]+", headers.get("cache-control", "").lower()),
        Guard.ANSWERS: headers.get("access-control-allow-origin") not in {"*", "null", FOREIGN},
    }
    return frozenset(guard for guard, holds in held.items() if holds)


def _policy(header: str) -> dict[str, set[str]]:
    """Read a content security policy; of a directive that stands twice, the first counts (CSP level 3)."""
    found: dict[str, set[str]] = {}
    for directive in header.lower().split(";"):
        name, *sources = directive.split() or [""]
        found.setdefault(name, set(sources))
    return found

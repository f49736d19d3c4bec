"""Words for people: places, lists and spans of time."""

from __future__ import annotations

from collections.abc import Iterable

SURFACES = {"api": "by API", "browser": "in the browser"}


def listed(words: Iterable[str], most: int = 0) -> str:
    """Join words as a sentence does; of more than `most` (0 is no bound), the rest is counted."""
    said = list(words)
    if most and len(said) > most:
        said = [*said[:most], f"{len(said) - most} more"]
    return " and ".join(part for part in (", ".join(said[:-1]), said[-1] if said else "") if part)


def surfaces(names: Iterable[str]) -> str:
    """Say on which surfaces."""
    return listed(SURFACES.get(name, f"on {name}") for name in sorted(names))


def span(seconds: float) -> str:
    """Say how long, in the largest unit that leaves a number of at least 2, or is whole."""
    for unit, size in (("d", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * size or seconds == size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def times(count: int, what: str) -> str:
    """Count something: ``1 run``, ``2 runs``."""
    return f"{count} {what}{'s' * (count != 1)}"

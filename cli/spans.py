"""Spans of time as people give them on the command line."""

from __future__ import annotations

import argparse
import re

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
SPAN = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")


def seconds(text: str) -> float:
    """Return the seconds of a span such as ``90m``, ``4h`` or ``2w``.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    found = SPAN.fullmatch(text.strip())
    if not found or not float(found[1]):
        msg = f"saw {text!r}; allowed is a number with a unit: 30m, 4h, 2d, 1w"
        raise argparse.ArgumentTypeError(msg)
    return float(found[1]) * UNITS[found[2]]

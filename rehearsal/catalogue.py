"""The catalogue: every fault, found by the name of its file."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable

from launch.reading import BadInput
from rehearsal import faults
from rehearsal.fault import Fault

FILE = re.compile(r"[fc]\d\d?_\w+")
"""``f19_quota_not_enforced``: the number, and words."""


def every() -> dict[str, Fault]:
    """Return every fault and control by id, in the order of their numbers.

    Raises:
        ValueError: a file has no FAULT, or two have the same id.
    """
    found: dict[str, Fault] = {}
    for module in sorted(each.name for each in pkgutil.iter_modules(faults.__path__)):
        if not FILE.fullmatch(module):
            msg = f"rehearsal/faults/{module}.py: a fault's file is called by its number and words, such as f19_quota_not_enforced.py"
            raise ValueError(msg)
        loaded = importlib.import_module(f"rehearsal.faults.{module}")
        of_file = getattr(loaded, "FAULTS", None) or (loaded.FAULT,)
        for fault in of_file:
            if fault.id in found:
                msg = f"rehearsal/faults/{module}.py: another file has the fault {fault.id}, too"
                raise ValueError(msg)
            found[fault.id] = fault
    return dict(sorted(found.items(), key=lambda each: order(each[0])))


def order(fault: str) -> tuple[str, int, str]:
    """Return what sorts faults as people count: F9 before F10, F19 before F19-seats, controls last."""
    number = re.match(r"[FC](\d+)", fault)
    return ("F" if fault.startswith("F") else "Z", int(number[1]) if number else 0, fault)


def chosen(ids: Iterable[str], known: dict[str, Fault]) -> list[Fault]:
    """Return the faults of these ids or numbers.

    Raises:
        BadInput: there is none.
    """
    found = []
    for each in ids:
        these = [fault for fault in known.values() if each in {fault.id, fault.number}]
        if not these:
            raise BadInput(f"--fault: saw '{each}'; allowed is one of {', '.join(known)}")
        found += these
    return list({fault.id: fault for fault in found}.values())

"""Quotas by page."""

from __future__ import annotations

import re

from flows.contract.quotas import Beginning, Meter, Usage
from products.cloudsuite.browser.window import Window
from products.cloudsuite.rules import BEGINNING

SIZES = {"Byte": 1, "Bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
FIGURE = rf"([0-9]+(?:\.[0-9])?)(?: ({'|'.join(SIZES)}))?"
OF = re.compile(rf"{FIGURE}\s+of\s+(?:unlimited|{FIGURE})$")


class BrowserQuotas:
    """Fulfils `flows.contract.quotas`."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def usage(self) -> Usage:
        """Read the three bars of the usage page."""
        self.window.visit(f"/w/{self.window.place()}/usage")
        return Usage(projects=self._meter("usage-projects"), seats=self._meter("usage-seats"), storage=self._meter("usage-storage"))

    def beginning(self) -> Beginning:
        """Return the documented beginning."""
        return BEGINNING

    def _meter(self, mark: str) -> Meter:
        bar = self.window.one(mark)
        used = self.window.number(self.window.datum(bar, "used"), f"the use in {mark}")
        limit = None if bar.data.get("limit") == "" else self.window.number(self.window.datum(bar, "limit"), f"the limit in {mark}")
        self.window.agreed(mark, f"{used} of {'unlimited' if limit is None else limit}", bar.text, same=says(bar.text, used, limit))
        return Meter(limit=limit, used=used)


def says(words: str, used: int, limit: int | None) -> bool:
    """Tell whether a bar's words give the use and the limit; sizes are rounded there to a tenth of their unit."""
    found = OF.search(words)
    if found is None:
        return False
    if limit is None or found[3] is None:
        return limit is None and found[3] is None and about(used, found[1], found[2])
    return about(used, found[1], found[2]) and about(limit, found[3], found[4])


def about(amount: int, figure: str, unit: str | None) -> bool:
    """Tell whether a figure, rounded to a tenth of its unit, is this amount."""
    return abs(amount - size(figure, unit)) < 0.051 * SIZES[unit or "Byte"]


def size(figure: str, unit: str | None) -> int:
    """Return a figure in bytes, or as it is where it has no unit."""
    return round(float(figure) * SIZES[unit or "Byte"])

"""Quotas by page."""

from __future__ import annotations

from flows.contract.quotas import Beginning, Meter, Usage
from products.cloudsuite.browser.window import Window
from products.cloudsuite.rules import BEGINNING


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
        limit = bar.data.get("limit")
        if limit == "":
            return Meter(limit=None, used=used)
        return Meter(limit=self.window.number(self.window.datum(bar, "limit"), f"the limit in {mark}"), used=used)

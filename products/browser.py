"""What the browser's driver raises, without the driver: importing Playwright takes a tenth of a second, which runs by API do without."""

from __future__ import annotations

from playwright._impl._errors import Error, TimeoutError  # noqa: A004 -- the names that `playwright.sync_api` gives them

__all__ = ["Error", "TimeoutError"]

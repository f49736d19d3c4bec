"""Cloud Suite as the suite knows it: from outside."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import httpx

from flows.blame import ProductFault
from flows.contract.driver import Driver, Surface
from products.cloudsuite.api.driver import ApiDriver
from products.cloudsuite.browser.driver import BrowserDriver
from products.http import Http
from products.wiring import Running


class CloudSuite:
    """The product: its drivers, and how to know it."""

    name = "cloudsuite"
    drivers: dict[Surface, type[Driver]] = {Surface.API: ApiDriver, Surface.BROWSER: BrowserDriver}  # noqa: RUF012 -- never changed

    def serve(self, folder: Path, smtp: tuple[str, int] | None) -> AbstractContextManager[Running]:
        """Start it on loopback for one run."""
        from products.cloudsuite.serve import serving  # noqa: PLC0415 -- needs the product's own dependencies, which other targets do without

        return serving(folder, smtp)

    def version(self, client: httpx.Client) -> str:
        """Ask who it is."""
        said = Http(client).get("/version").record("product", "version", "revision")
        if said["product"] != "Cloud Suite":
            msg = f"{client.base_url} is '{said['product']}', not Cloud Suite; nothing was sent to it"
            raise ProductFault(msg)
        return f"{said['product']} {said['version']} ({said['revision']})"


PRODUCT = CloudSuite()

"""The stub as the suite knows it: an API driver and a browser driver, found by the path of this folder."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import httpx
from stub.api import ApiDriver
from stub.browser import BrowserDriver

from flows.blame import ProductFault
from flows.contract.driver import Driver, Surface
from products.http import Http
from products.wiring import Running


class Stub:
    """The product."""

    name = "stub"
    drivers: dict[Surface, type[Driver]] = {Surface.API: ApiDriver, Surface.BROWSER: BrowserDriver}  # noqa: RUF012 -- never changed

    def serve(self, folder: Path, smtp: tuple[str, int] | None) -> AbstractContextManager[Running]:
        """Be served by the benchmark itself, which measures the suite without it."""
        raise NotImplementedError

    def version(self, client: httpx.Client) -> str:
        """Ask who it is."""
        said = Http(client).get("/version").record("product")
        if said["product"] != "Stub":
            msg = f"{client.base_url} is '{said['product']}', not the stub"
            raise ProductFault(msg)
        return str(said["product"])


PRODUCT = Stub()

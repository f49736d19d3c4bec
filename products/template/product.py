"""The product as the suite knows it: from outside. What is yours stands in `words`; README.md says how to go on."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import ClassVar

import httpx

from flows.blame import ProductFault, SuiteFault
from flows.contract.driver import Driver, Surface
from products.http import Http
from products.wiring import Running

from . import words
from .api import ApiDriver
from .browser import BrowserDriver


class Yours:
    """The product: its drivers, and how to know it."""

    name = words.PRODUCT
    drivers: ClassVar[dict[Surface, type[Driver]]] = {Surface.API: ApiDriver, Surface.BROWSER: BrowserDriver}

    def serve(self, folder: Path, smtp: tuple[str, int] | None) -> AbstractContextManager[Running]:  # noqa: ARG002 -- nothing is started
        """Refuse: it runs somewhere already.

        Raises:
            SuiteFault: always.
        """
        msg = f"{self.name} is not started by the suite; give its target a url in place of serve = true"
        raise SuiteFault(msg)

    def version(self, client: httpx.Client) -> str:
        """Ask who it is."""
        said = Http(client).get(words.VERSION).record("product", "version")
        if said["product"] != words.PRODUCT:
            msg = f"{client.base_url} is '{said['product']}', not {words.PRODUCT}; nothing was sent to it"
            raise ProductFault(msg)
        return f"{said['product']} {said['version']}"


PRODUCT = Yours()

"""What a driver is given: the target's address, a bounded HTTP client, a browser, and the operator's secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from flows.contract.accounts import SignUp
from flows.contract.driver import Driver, Surface, fulfils

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


@dataclass(frozen=True)
class Wiring:
    """The means of one attempt.

    `client` returns a new client with its own cookie jar: marked, traced, bounded in time and size, and held to the target's hosts.
    `context` returns a new browser profile with the same marks; keyword arguments go to `Browser.new_context` (``storage_state``).
    `secret` returns the value of a named secret, for example ``operator_token``, and raises `SuiteFault` where the target has none.
    `offload` runs a blocking call without holding up other scenarios.
    """

    url: str
    client: Callable[[], httpx.Client]
    context: Callable[..., BrowserContext]
    secret: Callable[[str], str]
    offload: Callable[..., Any]
    options: dict[str, Any]
    ca: Path | None = None
    proxy: str | None = None
    """The HTTP proxy by which the target is reached; `client` and `context` take it by themselves."""
    marks: dict[str, str] = field(default_factory=dict)
    """The headers that mark every request; `client` and `context` send them by themselves."""


@dataclass(frozen=True)
class Running:
    """A product that was started for this run: where it is, whom to trust, and the secrets that it was given."""

    url: str
    ca: Path | None
    secrets: dict[str, str] = field(repr=False)
    version: str


class Product(Protocol):
    """What ``products/<name>/product.py`` gives under the name PRODUCT."""

    name: str
    drivers: Mapping[Surface, type[Driver]]

    def serve(self, folder: Path, smtp: tuple[str, int] | None) -> AbstractContextManager[Running]:
        """Start the product on loopback for one run, its data below `folder`, its mail going to `smtp`; needed for targets with ``serve = true``."""

    def version(self, client: httpx.Client) -> str:
        """Ask the product who it is: ``Cloud Suite 1.4.2 (3f2a9c1)``. The identity handshake before any write.

        Raises:
            ProductFault: what answers is another product.
        """


def signing_up(product: Product) -> list[Surface]:
    """Return the surfaces on which people can sign up."""
    return [at for at, driver in product.drivers.items() if fulfils(driver.offers, SignUp)]

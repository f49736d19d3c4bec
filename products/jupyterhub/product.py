"""JupyterHub as the suite knows it: from outside.

One weakness it owns up to (`LocalLogOut`): logging out clears this browser's cookie, and whoever holds a copy stays logged in until the hub's cookie secret
changes. Its maintainers hold that to be right for a log-out (https://github.com/jupyterhub/jupyterhub/pull/3342), so `signup.log-out` does not apply to it,
and `signup.log-out-here` does.

One it does not own up to, and `account.operator-erases` is red for it on JupyterHub 5.5.4 as it comes: to delete a user whose named server runs answers 500
(``RuntimeError: Spawner … is active and cannot be deleted``) once the authenticator has deleted the log-in. The user stays, the server runs on, sessions too,
and whoever signs up under the name next is given the server. `ServiceOperator.erase_account`, by which the suite cleans up, stops servers first.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import httpx

from flows.blame import ProductFault
from flows.contract.driver import Driver, Surface
from products.http import Http
from products.jupyterhub.api.driver import ApiDriver
from products.jupyterhub.browser.driver import BrowserDriver
from products.jupyterhub.serve import serving
from products.wiring import Running


class JupyterHub:
    """The product: its drivers, and how to know it."""

    name = "jupyterhub"
    drivers: Mapping[Surface, type[Driver]] = {Surface.API: ApiDriver, Surface.BROWSER: BrowserDriver}

    def serve(self, folder: Path, smtp: tuple[str, int] | None) -> AbstractContextManager[Running]:
        """Start it on loopback for one run."""
        return serving(folder, smtp)

    def version(self, client: httpx.Client) -> str:
        """Ask who it is."""
        answer = Http(client).get("/hub/api")
        if "x-jupyterhub-version" not in answer.headers:
            msg = f"{client.base_url} is not JupyterHub ({answer.url} answered {answer.status} without its version header); nothing was sent to it"
            raise ProductFault(msg)
        return f"JupyterHub {answer.record('version')['version']}"


PRODUCT = JupyterHub()

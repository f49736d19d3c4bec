"""The window of one actor at the hub: where a page stands, and what it says when it declines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn

from flows.blame import ProductFault, Refused
from flows.refusal import Reason, Refusal
from products.jupyterhub import refusals
from products.pages import Pages

if TYPE_CHECKING:
    from playwright.sync_api import Locator

HOME = "/hub/home"
LOG_IN = "/hub/login"
CONSENT = "/hub/api/oauth2/authorize"


class Window(Pages):
    """Pages of the hub, and JupyterLab, which starts hundreds of extensions before it shows a file."""

    patience = 30.0

    def home(self) -> None:
        """Open the home page, and wait until its buttons work.

        Raises:
            Refused: UNAUTHENTICATED.
        """
        self.enter(HOME)
        self.live()

    def live(self) -> None:
        """Wait until the scripts of a page have taken hold of its buttons."""
        self.doing(lambda: self.page.wait_for_function("() => window._jupyterhub_page_loaded === true"), "a page whose buttons work")

    def enter(self, path: str) -> int:
        """Open a page that needs a log-in.

        Raises:
            Refused: UNAUTHENTICATED, where it leads to the log-in.
        """
        status = self.go(path)
        if self.path() == LOG_IN:
            raise Refused(Refusal(Reason.UNAUTHENTICATED, f"{path} leads to the log-in"))
        return status

    def consent(self) -> None:
        """Let a server that is somebody else's know who we are, where the hub asks for it."""
        if self.path() == CONSENT and self.page.get_by_role("button", name="Authorize", exact=True).is_visible():
            self.press("Authorize")
            self.doing(lambda: self.page.wait_for_url(lambda url: CONSENT not in url), "a page after the consent")

    def error(self) -> Locator:
        """Return the heading of the hub's error pages: ``404 : Not Found``."""
        return self.page.locator("div.error h1")

    def dialog(self) -> Locator:
        """Return the window that tells a failed request of the page's own scripts."""
        return self.page.locator("#error-dialog .ajax-error")

    def said(self, locator: Locator, what: str) -> str:
        """Return the text of an element that must be there."""
        return str(self.doing(locator.first.inner_text, what))

    def declined(self, doing: str, where: Locator | None = None, *, meaning: Mapping[str, Reason] | None = None) -> NoReturn:
        """Raise what the page says.

        Raises:
            Refused: for a reason that is known.
            ProductFault: for any other.
        """
        message = " ".join(self.said(where or self.page.locator("div.error"), "what went wrong").split())
        code = message.partition(" ")[0]
        known = refusals.refusal(message, int(code) if code.isdigit() else None, meaning=meaning)
        if known is None:
            msg = f"{doing}: the page {self.page.url} says {message!r}, which is neither success nor a known refusal"
            raise ProductFault(msg)
        raise Refused(known)

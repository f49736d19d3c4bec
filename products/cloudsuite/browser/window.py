"""The window of one actor at Cloud Suite: pages visited, forms sent, and what they answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from flows import trail
from flows.blame import ProductFault, Refused
from flows.refusal import Reason, Refusal
from products.cloudsuite.mail import token
from products.cloudsuite.refusals import shown
from products.pages import Pages, Shown

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator

CLIENT_ERROR = 400
LOG_IN = "/login"
WORKSPACE = r"/w/([\w-]+)"


class Window(Pages):
    """A browser window, and the workspace that its person works in."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        super().__init__(context, url)
        self.workspace: str | None = None

    def visit(self, path: str) -> None:
        """Open a page. The token of a link stays out of every report.

        Raises:
            Refused: the page says so, or sends a stranger to log in.
            ProductFault: it is an error without a reason.
        """
        if secret := token(path):
            trail.current().secrets.add(secret)
        self.heed(self.go(path))

    def send(self, button: str, *, within: Locator | None = None, times: int = 1) -> None:
        """Send the form of a button. What the browser itself objects to is a refusal too: a person gets no further.

        Raises:
            Refused: the page that answers says so.
            ProductFault: it is an error without a reason.
        """
        if objection := self.objection(button, within=within):
            raise Refused(Refusal(reason=Reason.INVALID, message=objection.text, field=objection.data["field"]))
        self.heed(self.submit(button, within=within, times=times))

    def heed(self, status: int) -> None:
        """Raise what the page says, if it declines."""
        if said := [alert for alert in self.alerts() if alert.data.get("code")]:
            raise shown(said[0])
        asked = urlsplit(self.page.url)
        if asked.path == LOG_IN and "next" in parse_qs(asked.query):
            raise Refused(Refusal(reason=Reason.UNAUTHENTICATED, message="the page sends us to log in"))
        if status >= CLIENT_ERROR:
            msg = f"the page {self.here()} answered {status}, and shows no reason (role=alert with data-code)"
            raise ProductFault(msg)

    def landed(self, pattern: str, after: str) -> str:
        """Demand that the address bar shows a path of this pattern; return its first group, if it has one.

        Raises:
            ProductFault: it shows another.
        """
        found = re.fullmatch(pattern, self.path())
        if not found:
            msg = f"{after} should lead to {pattern}, and led to {self.here()}"
            raise ProductFault(msg)
        return found[1] if found.re.groups else found[0]

    def place(self) -> str:
        """Return the workspace that they work in: the one that the product opens, until they enter another."""
        if self.workspace is None:
            self.visit("/w")
            self.workspace = self.landed(WORKSPACE, "opening one's workspace")
        return self.workspace

    def marked(self, mark: str) -> list[Shown]:
        """Read every element with this test id."""
        return self.seen(self.page.get_by_test_id(mark), what=mark)

    def one(self, mark: str) -> Shown:
        """Read the one element with this test id.

        Raises:
            ProductFault: there is none, or more than one.
        """
        return self.only(self.marked(mark), mark)

    def only(self, found: list[Shown], what: str) -> Shown:
        """Return the one that was found.

        Raises:
            ProductFault: there is none, or more than one.
        """
        if len(found) != 1:
            msg = f"the page {self.here()} shows {len(found)} of '{what}' where one should be"
            raise ProductFault(msg)
        return found[0]

    def datum(self, of: Shown, name: str) -> str:
        """Read a machine-readable part of what is shown.

        Raises:
            ProductFault: it lacks it.
        """
        return self._part(of.data, f"data-{name}", name, of)

    def told(self, of: Shown, name: str, heading: str = "") -> str:
        """Read a machine-readable part of what is shown, which the words beside it (those under a heading, in a row) tell people, too.

        Raises:
            ProductFault: it is lacking, or people are told something else.
        """
        value, words = self.datum(of, name), self.cell(of, heading) if heading else of.text
        self.agreed(name, value, words, same=value.casefold() in words.casefold())
        return value

    def agreed(self, what: str, value: str, words: str, *, same: bool) -> None:
        """Demand that people are told the same as machines.

        Raises:
            ProductFault: they are not.
        """
        if not same:
            msg = f"the page {self.here()} gives machines {what} '{value}', and tells people {' '.join(words.split())[:120]!r}"
            raise ProductFault(msg)

    def cell(self, of: Shown, heading: str) -> str:
        """Read the cell under a heading.

        Raises:
            ProductFault: there is none, or it is empty.
        """
        return self._part(of.cells, f"'{heading}'", heading, of)

    def _part(self, parts: dict[str, str], what: str, name: str, of: Shown) -> str:
        if value := parts.get(name):
            return value
        msg = f"the page {self.here()} shows {of.text[:60]!r} without {what}"
        raise ProductFault(msg)

    def number(self, text: str, what: str) -> int:
        """Read a whole number.

        Raises:
            ProductFault: it is none.
        """
        if not re.fullmatch(r"-?[0-9]+", text):
            msg = f"the page {self.here()} gives {what} as {text!r}, which is no whole number"
            raise ProductFault(msg)
        return int(text)

    def button(self, name: str, within: Locator | None = None) -> Locator:
        """Return the button of this name."""
        return (within or self.page).get_by_role("button", name=name, exact=True)

    def shows(self, control: Locator) -> bool:
        """Tell whether a control is on the page now."""
        return bool(self.seen(control, what="a control"))

    def shows_on(self, path: str, control: Locator) -> bool:
        """Tell whether a control is on the page of this path: on the one that is open, which a person would use however old it is, else on a new one.

        Raises:
            Refused: there is no such page for us.
        """
        if self.path() == path and self.shows(control):
            return True
        self.visit(path)
        return self.shows(control)

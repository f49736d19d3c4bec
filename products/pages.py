"""A browser page as a person uses it: controls are found by role and name, and one that never comes is the product's fault, with what was there instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import urlsplit

from flows.blame import ProductFault, TargetUnreachable
from products.browser import Error
from products.browser import TimeoutError as Late

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page, Response

PATIENCE = 10.0
"""Seconds that a page and each control on it may take, where a driver says nothing else."""

UNREACHABLE = re.compile(
    r"net::ERR_(CONNECTION_REFUSED|PROXY_CONNECTION_FAILED|TUNNEL_CONNECTION_FAILED|NAME_NOT_RESOLVED|ADDRESS_UNREACHABLE|INTERNET_DISCONNECTED|CERT_\w+)"
)
SERVER_ERROR = 500
ABORTED = "net::ERR_ABORTED"

SENT_ALREADY = """(button, times) => {
  const body = new URLSearchParams(new FormData(button.form));
  for (let i = 0; i < times; i++) fetch(button.form.action, {method: "POST", body, redirect: "manual", keepalive: true});
}"""
OBJECTION = """button => {
  const bad = button.form && !button.form.noValidate && [...button.form.elements].find(e => e.willValidate && !e.validity.valid);
  return bad ? {field: bad.name, text: bad.validationMessage} : null;
}"""
ALERT = "e => e.offsetParent !== null && e.innerText.trim()"
SEEN = """all => all.filter(%s).map(e => {
  const data = Object.fromEntries([...e.attributes].filter(a => a.name.startsWith("data-")).map(a => [a.name.slice(5), a.value]));
  const field = e.id && document.querySelector(`[aria-describedby~="${CSS.escape(e.id)}"]`)?.name;
  const heads = e.matches("tr") ? [...e.closest("table").querySelectorAll("thead tr > *")] : [...e.querySelectorAll(":scope > dt")];
  const cells = e.matches("tr") ? [...e.cells] : [...e.querySelectorAll(":scope > dd")];
  const said = e => (e?.querySelector("time[datetime]")?.dateTime ?? e?.querySelector("select")?.selectedOptions[0]?.text ?? e?.textContent ?? "").trim();
  const named = Object.fromEntries(heads.map((head, i) => [said(head), said(cells[i])]));
  return {text: (e.innerText || e.textContent).trim(), data: field ? {field, ...data} : data, cells: named};
})"""

Role = Literal["alert", "button", "checkbox", "combobox", "dialog", "heading", "link", "listitem", "radio", "row", "status", "tab", "textbox"]


@dataclass(frozen=True)
class Shown:
    """An element as the page shows it: its text, its data attributes by name without ``data-``, and the cells of a row or list by heading.

    A cell that holds a time has its machine-readable form, one that holds a list to choose from what is chosen.
    """

    text: str
    data: dict[str, str]
    cells: dict[str, str] = field(default_factory=dict)


class Pages:
    """The window of one actor. `url` is the origin that relative paths stand on; `patience` the seconds that a page and each control on it may take."""

    patience: ClassVar[float] = PATIENCE

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url.rstrip("/")
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        """The one page of this window, opened at first use."""
        if self._page is None:
            with self._blaming("a page"):
                self._page = self.context.new_page()
            self._page.set_default_timeout(self.patience * 1000)
        return self._page

    def go(self, path: str, *, server_errors: bool = False) -> int:
        """Open a path or an absolute link and return its status.

        Raises:
            TargetUnreachable: nothing answers there.
            ProductFault: a 5xx (unless `server_errors`), another host, or no page in time.
        """
        link = path if path.startswith("http") else self.url + path
        plain = link.partition("?")[0]
        if urlsplit(link).netloc != urlsplit(self.url).netloc:
            msg = f"a link leads to {urlsplit(link).netloc}, not to {urlsplit(self.url).netloc}: {plain}"
            raise ProductFault(msg)
        with self._blaming(f"the page {plain}"):
            answer = self._open(link)
        status = answer.status if answer else 200
        if status >= SERVER_ERROR and not server_errors:
            msg = f"the page {plain} answered {status}"
            raise ProductFault(msg)
        return status

    def _open(self, link: str) -> Response | None:
        """Open a link; once more where the page that was there loaded itself anew at that very moment, which takes the way from under it."""
        try:
            return self.page.goto(link, wait_until="domcontentloaded")
        except Error as cause:
            if ABORTED not in cause.message:
                raise
        return self.page.goto(link, wait_until="domcontentloaded")

    def fill(self, label: str, value: str, within: Locator | None = None) -> None:
        """Type into the field with this label."""
        with self._blaming(f"a field '{label}'"):
            (within or self.page).get_by_label(label, exact=True).fill(value)

    def read(self, label: str) -> str:
        """Read what stands in the field with this label."""
        with self._blaming(f"a field '{label}'"):
            return self.page.get_by_label(label, exact=True).input_value()

    def choose(self, label: str, value: str, within: Locator | None = None) -> None:
        """Choose an option, by its value, in the list with this label."""
        with self._blaming(f"a list '{label}' with a choice '{value}'"):
            (within or self.page).get_by_label(label, exact=True).select_option(value)

    def choices(self, label: str, within: Locator | None = None) -> dict[str, str]:
        """Return what the list with this label offers: values, and how they are called."""
        field = (within or self.page).get_by_label(label, exact=True)
        with self._blaming(f"a list '{label}'"):
            found = field.evaluate("list => [...list.options].map(each => [each.value, each.label])")
        return dict(found)

    def press(self, name: str, *, role: Role = "button", within: Locator | None = None) -> None:
        """Press the button (or follow the link) with this name."""
        with self._blaming(f"a {role} '{name}' that can be pressed"):
            (within or self.page).get_by_role(role, name=name, exact=True).click()

    def await_any(self, *wanted: Locator, what: str) -> int:
        """Wait until one of the locators is visible and return its index.

        Raises:
            ProductFault: none came in time.
        """
        either = wanted[0]
        for other in wanted[1:]:
            either = either.or_(other)
        with self._blaming(what):
            either.first.wait_for(state="visible")
        return next((index for index, one in enumerate(wanted) if one.first.is_visible()), 0)

    def submit(self, name: str, *, within: Locator | None = None, times: int = 1) -> int:
        """Press the button of a form, wait for the page that answers, and return its status.

        With `times` > 1 the very same form is sent as often, as by an impatient finger. Chromium makes one request of a double click
        unless the product is slow, so all but the last are sent by the page itself: what arrives is the same, every time.

        Raises:
            ProductFault: no such button, no page in time, or a 5xx.
        """
        what = f"a button '{name}' that can be pressed"
        button = (within or self.page).get_by_role("button", name=name, exact=True)
        with self._blaming(f"a page that answers '{name}'"), self.page.expect_navigation(wait_until="domcontentloaded") as awaited, self._blaming(what):
            if times > 1:
                button.evaluate(SENT_ALREADY, times - 1)
            button.click()
        answer = awaited.value
        status = answer.status if answer else 200
        if status >= SERVER_ERROR:
            msg = f"'{name}' was answered {status} at {self.here()}"
            raise ProductFault(msg)
        return status

    def objection(self, name: str, *, within: Locator | None = None) -> Shown | None:
        """Return what the browser itself has against sending the form of this button: its words, and the field by its name."""
        button = (within or self.page).get_by_role("button", name=name, exact=True)
        with self._blaming(f"a button '{name}'"):
            found = button.evaluate(OBJECTION)
        return Shown(text=found["text"], data={"field": found["field"]}) if found else None

    def alerts(self) -> list[Shown]:
        """Return the alerts that stand on the page now. One that a field is described by has that field's name as ``field``."""
        return self.seen(self.page.get_by_role("alert"), only=ALERT, what="its alerts")

    def seen(self, locator: Locator, *, what: str, only: str = "() => true") -> list[Shown]:
        """Read the text and the data of every element, or of those for which `only` (a script) holds. A page that goes away meanwhile is read anew."""
        with self._blaming(what):
            try:
                found = locator.evaluate_all(SEEN % only)
            except Error as cause:
                if "Execution context was destroyed" not in cause.message:
                    raise
                self.page.wait_for_load_state("domcontentloaded")
                found = locator.evaluate_all(SEEN % only)
        return [Shown(text=each["text"], data=each["data"], cells=each["cells"]) for each in found]

    def attribute(self, locator: Locator, name: str, what: str) -> str:
        """Read an attribute of an element that must be there."""
        with self._blaming(what):
            value = locator.get_attribute(name)
        if value is None:
            msg = f"the page {self.here()} shows {what} without {name}"
            raise ProductFault(msg)
        return value

    def path(self) -> str:
        """Return the path that the address bar shows."""
        return urlsplit(self.page.url).path

    def doing(self, act: Callable[[], Any], what: str) -> Any:
        """Do anything else with the page, under the same blame; `what` is what it needs to be there."""
        with self._blaming(what):
            return act()

    @contextmanager
    def _blaming(self, what: str) -> Iterator[None]:
        try:
            yield
        except Late as cause:
            msg = f"{self._here()} did not show {what} within {self.patience:g} s; {self._instead()}"
            raise ProductFault(msg) from cause
        except Error as cause:
            said = cause.message.splitlines()[0].partition("?")[0]
            if UNREACHABLE.search(cause.message):
                msg = f"nothing answers at {self.url}: {said}"
                raise TargetUnreachable(msg) from cause
            if "net::ERR_" in cause.message:
                msg = f"{what} did not load: {said}"
                raise ProductFault(msg) from cause
            if "strict mode violation" in cause.message:
                msg = f"{self._here()} shows more than one of {what}"
                raise ProductFault(msg) from cause
            raise

    def here(self) -> str:
        """Return the address of the page without its query, which may hold the token of a link."""
        return self.page.url.partition("?")[0]

    def _here(self) -> str:
        return f"the page {self.here()}" if self._page else "the browser"

    def _instead(self) -> str:
        """Say what the page shows, for somebody who cannot see it."""
        if self._page is None:
            return "no page was open"
        try:
            headings = self._page.get_by_role("heading").all_inner_texts()[:3]
            buttons = self._page.get_by_role("button").all_inner_texts()[:6]
        except Error as cause:
            return f"the page could not be read: {cause.message.splitlines()[0]}"
        return f"it shows the headings {headings} and the buttons {buttons}"

    def leave(self) -> None:
        """Close the page; the window and its cookies stay."""
        if self._page is not None:
            self._page.close()
            self._page = None

    def close(self) -> None:
        """Close the window and forget its cookies."""
        self.context.close()

"""The page of a document: a text area that a script keeps equal to what everybody writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.blame import ProductFault, Refused
from flows.refusal import Reason, Refusal
from products.cloudsuite.browser.window import Window
from products.cloudsuite.refusals import shown

if TYPE_CHECKING:
    from playwright.sync_api import Locator

STATE = "connection"
SETTLED = "".join(f':not([data-state="{state}"])' for state in ("connecting", "reconnecting", "saving"))

MARK = """(text, part) => {
    const at = text.value.indexOf(part);
    text.focus();
    text.setSelectionRange(at, at + part.length);
    return at >= 0;
}"""


@dataclass(frozen=True)
class Condition:
    """How the editor stands: `state` of its connection, in the page's own word, and whether it can be typed into."""

    state: str
    writable: bool


class Editor:
    """The editor of one document, open in a window."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def open(self, document_id: str) -> None:
        """Open the page and wait until it shows what the server has.

        Raises:
            Refused: the page says so.
        """
        self.window.visit(f"/d/{document_id}")
        self.settle()

    def settle(self) -> Condition:
        """Wait until the page is neither connecting nor saving."""
        connection = self.window.page.locator(f'[data-testid="{STATE}"]{SETTLED}')
        self.window.doing(lambda: connection.wait_for(state="attached"), "a document that is connected and saved")
        return self.condition()

    def condition(self) -> Condition:
        """Read how the editor stands now."""
        state = self.window.datum(self.window.one(STATE), "state")
        return Condition(state=state, writable=bool(self.window.doing(self._text.is_editable, "the text")))

    def text(self) -> str:
        """Read the text."""
        return str(self.window.doing(self._text.input_value, "the text"))

    def title(self) -> str:
        """Read the title."""
        found = self.window.seen(self.window.page.get_by_role("heading", level=1), what="its title")
        return self.window.only(found, "title").text

    def replace(self, body: str) -> None:
        """Put another text in place of what is there.

        Raises:
            Refused: the page takes it back, and says why.
        """
        self._demand(self.settle())
        self.window.doing(lambda: self._text.fill(body), "a text that can be written")
        self._demand(self.settle())

    def append(self, text: str) -> None:
        """Type behind all there is.

        Raises:
            Refused: the page does not let us, or takes it back, and says why.
        """
        self._type("ControlOrMeta+End", text)

    def prepend(self, text: str) -> None:
        """Type before all there is.

        Raises:
            Refused: as `append`.
        """
        self._type("ControlOrMeta+Home", text)

    def strike(self, part: str) -> None:
        """Mark a part where it stands first, and delete it.

        Raises:
            Refused: as `append`.
            ProductFault: it stands nowhere.
        """
        self._demand(self.settle())
        if not self.window.doing(lambda: self._text.evaluate(MARK, part), "a text that can be written"):
            msg = f"the page {self.window.here()} shows no {part!r} that could be taken out"
            raise ProductFault(msg)
        self.window.doing(lambda: self._text.press("Delete"), "a text that can be written")
        self._demand(self.settle())

    def _type(self, key: str, text: str) -> None:
        self._demand(self.settle())
        self.window.doing(lambda: self._text.press(key), "a text that can be written")
        self.window.doing(lambda: self.window.page.keyboard.insert_text(text), "a text that can be written")
        self._demand(self.settle())

    def _demand(self, condition: Condition) -> None:
        if condition.writable and condition.state == "saved":
            return
        for alert in self.window.alerts():
            raise shown(alert)
        raise Refused(Refusal(reason=Reason.FORBIDDEN, message="the page shows the document without letting us write"))

    @property
    def _text(self) -> Locator:
        return self.window.page.get_by_test_id("document-body")

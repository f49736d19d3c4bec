"""A live editor: the page of a document, left open."""

from __future__ import annotations

from products.cloudsuite.browser.editor import Editor
from products.cloudsuite.browser.window import Window


class BrowserPen:
    """Fulfils `flows.contract.documents.Pen`, in a page of its own."""

    def __init__(self, window: Window, document_id: str) -> None:
        self.window = window
        self.editor = Editor(window)
        self.editor.open(document_id)

    def type_at_end(self, text: str) -> None:
        """Type behind all there is, until the page says that it is saved."""
        self.editor.append(text)

    def type_at_start(self, text: str) -> None:
        """Type before all there is, until the page says that it is saved."""
        self.editor.prepend(text)

    def strike(self, part: str) -> None:
        """Mark a part and delete it, until the page says that it is saved."""
        self.editor.strike(part)

    def text(self) -> str:
        """Return what the text area holds."""
        return self.editor.text()

    def present(self) -> set[str]:
        """Return who is listed."""
        return {self.window.datum(each, "email") for each in self.window.marked("present")}

    def alive(self) -> bool:
        """Tell whether the page is connected and can be typed into."""
        now = self.editor.condition()
        return now.writable and now.state in {"saved", "saving"}

    def close(self) -> None:
        """Close the page."""
        self.window.leave()

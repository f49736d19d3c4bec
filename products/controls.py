"""Controls as a person meets them: what keeps one from being pressed, and how far a keyboard alone gets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flows.blame import ProductFault
from flows.contract.face import Button
from products.pages import Pages

if TYPE_CHECKING:
    from playwright.sync_api import Locator

STOPS = 80
"""How often the Tab key is pressed in search of a control."""

HINDRANCES = """button => {
  const found = [];
  button.scrollIntoView({block: "center"});
  const box = button.getBoundingClientRect();
  if (button.disabled || button.getAttribute("aria-disabled") === "true") found.push("it is disabled");
  if (button.closest("[inert]")) found.push("it is inert");
  if (!box.width || !box.height || getComputedStyle(button).visibility !== "visible") return [...found, "it is hidden"];
  for (let each = button; each; each = each.parentElement) {
    if (getComputedStyle(each).opacity < 0.1) return [...found, "it is transparent"];
  }
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return [...found, "it lies outside of the window"];
  const top = document.elementFromPoint(x, y);
  if (getComputedStyle(button).pointerEvents === "none") found.push("it takes no pointer");
  else if (!button.contains(top)) found.push(`it is covered by <${top?.tagName.toLowerCase()}${top?.className ? ` class="${top.className}"` : ""}>`);
  return found;
}"""


def button(window: Pages, name: str) -> Button:
    """Look at the button of this name on the page that is open, once its style is there. What is hidden has no name, so words on a button will do.

    Raises:
        ProductFault: there is none, not even a hidden one.
    """
    worded = window.page.locator("button, [role=button]").filter(has_text=re.compile(rf"^\s*{re.escape(name)}\s*$"))
    found = window.page.get_by_role("button", name=name, exact=True).or_(worded)
    window.doing(lambda: window.page.wait_for_load_state("load"), "all that it loads")
    return Button(name=name, hindrances=tuple(window.doing(lambda: found.evaluate(HINDRANCES), f"a button '{name}'")))


def tab_to(window: Pages, control: Locator, what: str) -> None:
    """Press the Tab key until a control has the focus.

    Raises:
        ProductFault: it is not there, or the key does not lead to it.
    """
    for _ in range(STOPS):
        window.doing(lambda: window.page.keyboard.press("Tab"), "a page that takes keys")
        if window.doing(lambda: control.evaluate("e => e === document.activeElement"), what):
            return
    msg = f"the page {window.here()}: {STOPS} presses of the Tab key do not lead to {what}"
    raise ProductFault(msg)


def type_into(window: Pages, label: str, text: str) -> None:
    """Go to the field of this label by the Tab key, and type."""
    field = window.page.get_by_label(label, exact=True)
    tab_to(window, field, f"a field '{label}'")
    window.doing(lambda: window.page.keyboard.type(text), f"a field '{label}' to type into")


def submit(window: Pages, name: str) -> int:
    """Go to the button of a form by the Tab key, press Enter, and return the status of the page that answers.

    Raises:
        ProductFault: the key does not lead there, or no page answers in time.
    """
    page = window.page
    tab_to(window, page.get_by_role("button", name=name, exact=True), f"a button '{name}'")

    def press() -> int:
        with page.expect_navigation(wait_until="domcontentloaded") as awaited:
            page.keyboard.press("Enter")
        return awaited.value.status if awaited.value else 200

    return int(window.doing(press, f"a page that answers '{name}', pressed by the Enter key"))

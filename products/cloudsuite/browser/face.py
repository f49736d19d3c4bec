"""The face of Cloud Suite, as people see it."""

from __future__ import annotations

from collections.abc import Mapping

from flows.blame import ProductFault
from flows.contract.face import Act, Button, Cookie, Loading, Place
from flows.contract.projects import Project
from flows.naming import Identity
from products import controls
from products.cloudsuite.browser.projects import shown
from products.cloudsuite.browser.window import WORKSPACE, Window
from products.cloudsuite.rules import SESSION
from products.loading import loading

SIGN_UP, CREATE = "Sign up", "Create project"
WELL = "Everything works."
OTHER = """button => {
  const proof = button.form.elements.namedItem("csrf_token");
  if (proof) proof.value = "0".repeat(proof.value.length);
}"""
"""Spoils what proves that a form is the product's own: another site knows neither the browser's cookie nor what is made of it."""


class BrowserFace:
    """Fulfils those of `flows.contract.face` that take a browser."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def load(self, place: Place) -> Loading:
        """Open one of the three."""
        path = {Place.FIRST: "/", Place.SIGN_UP: "/signup"}.get(place) or f"/w/{self.window.place()}"
        seen = loading(self.window, path)
        self.window.landed(WORKSPACE if place is Place.DASHBOARD else path, f"opening the {place}")
        return seen

    def button(self, act: Act) -> Button:
        """Look at the button of the form."""
        self.window.visit("/signup" if act is Act.SIGN_UP else self._new())
        return controls.button(self.window, SIGN_UP if act is Act.SIGN_UP else CREATE)

    def register_by_keyboard(self, identity: Identity) -> None:
        """Type into the form, field by field, and press Enter on its button."""
        self.window.visit("/signup")
        for label, text in (("Name", identity.name), ("E-mail address", identity.email), ("Password", identity.password)):
            controls.type_into(self.window, label, text)
        self.window.heed(controls.submit(self.window, SIGN_UP))
        self.window.landed("/signup/sent", "signing up")

    def request_by_keyboard(self, name: str) -> Project:
        """Type the name, leave the choices as they are, and press Enter on the button."""
        self.window.visit(self._new())
        controls.type_into(self.window, "Name", name)
        self.window.heed(controls.submit(self.window, CREATE))
        return shown(self.window)

    def session_cookies(self) -> list[Cookie]:
        """Read the one that there is."""
        kept = self.window.doing(self.window.context.cookies, "its cookies")
        found = [Cookie(each["name"], each["secure"], each["httpOnly"], each["sameSite"]) for each in kept if each["name"] == SESSION]
        if not found:
            msg = f"the browser keeps no cookie {SESSION}, only {', '.join(sorted(each['name'] for each in kept)) or 'none'}"
            raise ProductFault(msg)
        return found

    def encrypted(self) -> bool:
        """Tell by the address."""
        return self.window.url.startswith("https:")

    def forge_registration(self, identity: Identity) -> None:
        """Fill in the form, and send it with a wrong proof."""
        self.window.visit("/signup")
        self.window.fill("Name", identity.name)
        self.window.fill("E-mail address", identity.email)
        self.window.fill("Password", identity.password)
        self._forge(SIGN_UP)

    def forge_request(self, name: str) -> None:
        """Fill in the form, and send it with a wrong proof."""
        self.window.visit(self._new())
        self.window.fill("Name", name)
        self._forge(CREATE)

    def _forge(self, button: str) -> None:
        self.window.doing(lambda: self.window.button(button).evaluate(OTHER), f"a button '{button}'")
        self.window.send(button)

    def health(self) -> Mapping[str, bool]:
        """Read the status page."""
        self.window.visit("/status")
        parts = {f"/status, {self.window.datum(each, 'id')}": self.window.told(each, "state", "State") == "ok" for each in self.window.marked("component-row")}
        head = self.window.one("status")
        well = self.window.datum(head, "status") == "ok"
        self.window.agreed("status", head.data["status"], head.text, same=well == (head.text == WELL))
        return {"/status": well, **parts}

    def _new(self) -> str:
        return f"/w/{self.window.place()}/projects/new"

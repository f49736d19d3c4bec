"""The face of the hub, as people see it: the log-in is its first page, the home page its dashboard."""

from __future__ import annotations

from flows.blame import ProductFault, Refused
from flows.contract.face import Act, Button, Cookie, Loading, Place
from flows.contract.projects import Project, State
from flows.naming import Identity
from flows.refusal import Reason, Refusal
from products import controls
from products.jupyterhub import names
from products.jupyterhub.browser.accounts import SUCCESS, BrowserAccounts
from products.jupyterhub.browser.window import HOME, LOG_IN, Window
from products.loading import loading

SIGN_UP = "/hub/signup"
BUTTONS = {Act.SIGN_UP: "Create User", Act.CREATE: "Add New Server"}
PATHS = {Place.FIRST: LOG_IN, Place.SIGN_UP: SIGN_UP, Place.DASHBOARD: HOME}
SESSION = "jupyterhub-hub-login"
FORBIDDEN = 403

SPOIL = "() => document.querySelectorAll('form [name=_xsrf]').forEach(proof => { proof.value = '0'; })"
ASK = """async path => {
  const answer = await fetch(path, {method: "POST"});
  return {status: answer.status, text: await answer.text()};
}"""
"""A request with the browser's cookies, and without the header that only the hub's own pages know to send."""


class BrowserFace:
    """Fulfils those of `flows.contract.face` that take a browser."""

    def __init__(self, window: Window, accounts: BrowserAccounts) -> None:
        self.window, self.accounts = window, accounts

    def load(self, place: Place) -> Loading:
        """Open one of the three."""
        seen = loading(self.window, PATHS[place])
        if self.window.path() != PATHS[place]:
            msg = f"the {place} {PATHS[place]} leads to {self.window.here()}"
            raise ProductFault(msg)
        return seen

    def button(self, act: Act) -> Button:
        """Look at the button of the sign-up, or of the home page."""
        if act is Act.SIGN_UP:
            self.window.go(SIGN_UP)
        else:
            self.window.home()
        return controls.button(self.window, BUTTONS[act])

    def register_by_keyboard(self, identity: Identity) -> None:
        """Type into the form, field by field, and press Enter on its button."""
        self.window.go(SIGN_UP)
        for label, text in (("Username:", identity.email), ("Email:", identity.email), ("Password:", identity.password)):
            controls.type_into(self.window, label, text)
        again = self.window.page.locator("input[name=signup_password_confirmation]")  # its label points at no field
        controls.tab_to(self.window, again, "a field for the password again")
        self.window.doing(lambda: self.window.page.keyboard.type(identity.password), "a field for the password again")
        controls.submit(self.window, BUTTONS[Act.SIGN_UP])
        if not SUCCESS.search(self.window.said(self.window.page.locator("body"), "an answer to the sign-up")):
            self.window.declined("sign up", self.window.page.get_by_role("alert").or_(self.window.page.locator("div.error")))

    def request_by_keyboard(self, name: str) -> Project:
        """Type the name of a new server, and press Enter on the button."""
        owner = self.accounts.whoami().id
        self.window.home()
        controls.type_into(self.window, "server name", name)
        controls.submit(self.window, BUTTONS[Act.CREATE])
        return names.project(owner, name, State.PROVISIONING)

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
        self.window.go(SIGN_UP)
        self.window.doing(lambda: self.window.page.evaluate(SPOIL), "a form")
        for name in ("username", "email"):
            self._put(name, identity.email)
        for name in ("signup_password", "signup_password_confirmation"):
            self._put(name, identity.password)
        if self.window.submit(BUTTONS[Act.SIGN_UP]) == FORBIDDEN:
            self.window.declined("sign up", meaning=XSRF)

    def forge_request(self, name: str) -> None:
        """Send what the button of the home page sends, without its proof."""
        path = names.server_path(names.project_id(self.accounts.whoami().id, name))
        answer = self.window.doing(lambda: self.window.page.evaluate(ASK, path), "an answer to a request")
        if answer["status"] == FORBIDDEN and any(sentence in answer["text"] for sentence in XSRF):
            raise Refused(Refusal(Reason.FORGED, answer["text"][:160], status=FORBIDDEN))
        if answer["status"] >= 400:  # noqa: PLR2004 -- HTTP's client errors begin here
            msg = f"asking for a server without a proof was answered {answer['status']}: {answer['text'][:160]!r}"
            raise ProductFault(msg)

    def _put(self, name: str, text: str) -> None:
        field = self.window.page.locator(f"form input[name={name}]")
        self.window.doing(lambda: field.fill(text), f"a field '{name}'")


XSRF = {"argument missing from POST": Reason.FORGED, "XSRF cookie does not match": Reason.FORGED}
"""What the hub says to a form that it did not make."""

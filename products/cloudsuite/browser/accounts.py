"""Accounts by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flows import trail
from flows.blame import Refused
from flows.contract.accounts import Account
from flows.naming import Identity
from flows.refusal import Reason, Refusal
from products.cloudsuite import rules
from products.cloudsuite.browser.window import LOG_IN, WORKSPACE, Window
from products.cloudsuite.rules import SESSION

if TYPE_CHECKING:
    from playwright.sync_api import Locator

SETTINGS = "/settings"


class BrowserAccounts:
    """Fulfils `flows.contract.accounts`. Tokens are made and revoked on the page of the settings, and borne by programs."""

    def __init__(self, window: Window, stranger: Callable[[], Window]) -> None:
        self.window, self._stranger = window, stranger

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Fill in the sign-up form and send it, `times` times over."""
        self.window.visit("/signup")
        self.window.fill("Name", identity.name)
        self.window.fill("E-mail address", identity.email)
        self.window.fill("Password", identity.password)
        self.window.send("Sign up", times=times)
        self.window.landed("/signup/sent", "signing up")

    def confirm(self, link: str) -> None:
        """Open the link and press its button."""
        self.window.visit(link)
        self.window.send("Confirm address")
        self.window.landed(LOG_IN, "confirming the address")

    def prefetch(self, link: str) -> None:
        """Open the link in a window of its own and press nothing: a scanner that even runs scripts."""
        scanner = self._stranger()
        try:
            scanner.visit(link)
        finally:
            scanner.close()

    def resend_verification(self, email: str) -> None:
        """Ask again, on the page that says to check one's mail."""
        self.window.visit("/signup/sent")
        self.window.fill("E-mail address", email)
        self.window.send("Send it again")

    def log_in(self, email: str, password: str) -> None:
        """Fill in the log-in form."""
        self.window.visit(LOG_IN)
        self.window.fill("E-mail address", email)
        self.window.fill("Password", password)
        self.window.send("Sign in")
        place = self.window.landed(f"{WORKSPACE}|/workspaces/new", "logging in")
        self.window.workspace = place or None
        cookies = self.window.doing(self.window.context.cookies, "its cookies")
        trail.current().secrets.update(each["value"] for each in cookies if each["name"] == SESSION)

    def log_out(self) -> None:
        """Press the button in the head of every page."""
        if not self.window.shows(self.window.button("Sign out")):
            self.window.visit(SETTINGS)
        self.window.send("Sign out")
        self.window.landed(LOG_IN, "logging out")

    def whoami(self) -> Account:
        """Read the settings, and the list of workspaces in the head of the page."""
        window = self.window
        window.visit(SETTINGS)
        head, name = window.one("signed-in-as"), window.read("Your name")
        listed = {window.datum(each, "id"): each for each in window.marked("workspace-link")}
        here = listed.get(window.workspace or "") or next(iter(listed.values()), None)
        place, role, plan = (window.datum(here, part) for part in ("id", "role", "plan")) if here else (None, None, None)
        return Account(id=window.datum(head, "id"), email=head.text, name=name, workspace=place, role=role, plan=plan)

    def request_reset(self, email: str) -> None:
        """Ask for the mail."""
        self.window.visit("/forgot")
        self.window.fill("E-mail address", email)
        self.window.send("Send the link")
        self.window.landed("/forgot", "asking for a password reset")

    def reset(self, link: str, password: str) -> None:
        """Open the link and choose a password."""
        self.window.visit(link)
        self.window.fill("New password", password)
        self.window.send("Set password")
        self.window.landed(LOG_IN, "resetting the password")

    def sign_out_everywhere(self) -> None:
        """Press the button of the settings."""
        self.window.visit(SETTINGS)
        self.window.send("Sign out everywhere")
        self.window.landed(LOG_IN, "signing out everywhere")

    def issue_token(self) -> str:
        """Fill in the form, and copy the token that is shown this once."""
        self.window.visit(SETTINGS)
        self.window.fill("Token name", "synthetic")
        self.window.send("Create token")
        made = self.window.one("new-token").text
        trail.current().secrets.add(made)
        return made

    def tokens(self) -> list[str]:
        """Read the rows."""
        self.window.visit(SETTINGS)
        return [self.window.datum(each, "id") for each in self.window.marked("token-row")]

    def revoke_token(self, token_id: str) -> None:
        """Press the button of the row."""
        row = self.window.page.locator(f'[data-testid="token-row"][data-id="{token_id}"]')
        if not self.window.shows_on(SETTINGS, row):
            raise Refused(Refusal(reason=Reason.NOT_FOUND, message="the page lists no such token"))
        name = self.window.cell(self.window.only(self.window.seen(row, what="the token"), "token"), "Name")
        self.window.send(f"Revoke {name}", within=row)

    def change_password(self, current: str, new: str) -> None:
        """Fill in the form of the settings; this browser stays logged in."""
        self.window.visit(SETTINGS)
        self.window.fill("Current password", current)
        self.window.fill("New password", new)
        self.window.send("Change password")
        self.window.landed(SETTINGS, "changing the password")

    def ask_for_address(self, email: str, password: str) -> None:
        """Fill in the form of the settings."""
        self.window.visit(SETTINGS)
        self.window.fill("New address", email)
        self.window.fill("Your password", password, within=self._form("Change address"))
        self.window.send("Change address")
        self.window.landed(SETTINGS, "asking for another address")

    def confirm_address(self, link: str) -> None:
        """Open the link and press its button."""
        self.window.visit(link)
        self.window.send("Confirm new address")
        self.window.landed(f"{SETTINGS}|{LOG_IN}", "confirming the new address")

    def rename(self, name: str) -> None:
        """Fill in the form of the settings."""
        self.window.visit(SETTINGS)
        self.window.fill("Your name", name)
        self.window.send("Save name")
        self.window.landed(SETTINGS, "changing the name")

    def erase(self, password: str) -> None:
        """Fill in the form of the settings."""
        self.window.visit(SETTINGS)
        self.window.fill("Your password", password, within=self._form("Delete account"))
        self.window.send("Delete account")
        self.window.landed("/", "deleting the account")

    def guesses(self) -> int:
        """Say what is documented."""
        return rules.GUESSES

    def register_invited(self, identity: Identity, link: str) -> None:
        """Open the link, go on to the sign-up, and send its form."""
        self.window.visit(link)
        self.window.press("Sign up", role="link", within=self.window.page.locator("main"))
        self.window.fill("Name", identity.name)
        self.window.fill("E-mail address", identity.email)
        self.window.fill("Password", identity.password)
        self.window.send("Sign up")
        self.window.landed("/signup/sent", "signing up from an invitation")

    def _form(self, button: str) -> Locator:
        return self.window.page.locator("form").filter(has=self.window.button(button))

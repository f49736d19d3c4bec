"""Accounts by the hub's pages."""

from __future__ import annotations

import re

from flows import trail
from flows.blame import Refused
from flows.contract.accounts import Account
from flows.naming import Identity
from flows.refusal import Reason, Refusal
from products.jupyterhub import names
from products.jupyterhub.browser.window import HOME, Window

CONFIRMED = re.compile(r"has been authorized|was already authorized")
SUCCESS = re.compile(r"signup was successful")


class BrowserAccounts:
    """Fulfils `flows.contract.accounts`, without reset and signing out everywhere, which the hub does not have."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Fill in the form and press its button `times` times, as quickly as a finger can."""
        window, page = self.window, self.window.page
        window.go("/hub/signup")
        window.fill("Username:", identity.email)
        window.fill("Email:", identity.email)
        window.fill("Password:", identity.password)
        again = page.locator("input[name=signup_password_confirmation]")  # its label points at no field
        window.doing(lambda: again.fill(identity.password), "a field for the password again")
        button = page.get_by_role("button", name="Create User", exact=True)
        flawed = page.locator("form input:invalid").evaluate_all("all => all.map(each => ({name: each.name, message: each.validationMessage}))")
        window.doing(lambda: button.click(click_count=times), "a button 'Create User' that can be pressed")
        if flawed:  # the browser itself tells it at the field, and sends nothing
            raise Refused(Refusal(Reason.INVALID, flawed[0]["message"], field=flawed[0]["name"]))
        alert = page.get_by_role("alert")
        window.await_any(alert, window.error(), what="an answer to the sign-up")
        if not SUCCESS.search(window.said(page.locator("body"), "an answer to the sign-up")):
            window.declined("sign up", alert.or_(page.locator("div.error")))

    def confirm(self, link: str) -> None:
        """Open the link: at the hub that is all."""
        self.window.go(link)
        heading = self.window.page.get_by_role("heading", level=2)
        if not CONFIRMED.search(self.window.said(heading, "a word on the confirmation")):
            self.window.declined("confirm the address", heading)

    def prefetch(self, link: str) -> None:
        """Open the link: the hub cannot tell a scanner from a person."""
        self.window.go(link)

    def log_in(self, email: str, password: str) -> None:
        """Fill in the form; a log-in leads to the home page, anything else shows the form again."""
        window, page = self.window, self.window.page
        window.go("/hub/login")
        window.fill("Username:", names.account_name(email))
        window.fill("Password:", password)
        window.press("Sign In")
        said = page.locator("p.login_error")
        if window.await_any(page.get_by_role("link", name="Home", exact=True), said, window.error(), what="the home page"):
            window.declined("log in", said.or_(page.locator("div.error")))

    def log_out(self) -> None:
        """Press the button."""
        self.window.enter(HOME)
        self.window.press("Logout")
        self.window.await_any(self.window.page.get_by_role("button", name="Sign In", exact=True), what="the log-in after the log-out")

    def whoami(self) -> Account:
        """Read the name in the head of the home page. It is the account's address, and each account is a workspace of its own."""
        self.window.enter(HOME)
        name = self.window.said(self.window.page.locator("#login_widget span"), "a user name").strip()
        return Account(id=name, email=name, name=name, workspace=name)

    def issue_token(self) -> str:
        """Ask the token page for one."""
        window, page = self.window, self.window.page
        window.enter("/hub/token")
        window.live()
        window.fill("Note", "synthetic")
        window.press("Request new API token")
        result = page.locator("#token-result")
        if window.await_any(result, window.dialog(), what="a new token"):
            window.declined("make a token", window.dialog())
        token = window.said(result, "a new token").strip()
        trail.current().secrets.add(token)
        return token

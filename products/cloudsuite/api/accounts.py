"""Accounts by API."""

from __future__ import annotations

from flows.contract.accounts import Account
from flows.naming import Identity
from products.cloudsuite import rules
from products.cloudsuite.api.projects import items
from products.cloudsuite.api.session import Session
from products.cloudsuite.mail import token
from products.http import documented


class ApiAccounts:
    """Fulfils `flows.contract.accounts`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Send the same request `times` times, with one idempotency key, as a client that retries does."""
        body = {"name": identity.name, "email": identity.email, "password": identity.password}
        key = {"Idempotency-Key": f"{identity.email}-{len(identity.password)}"}
        for _ in range(times):
            self.session.call("POST", "/api/v1/accounts", 201, doing="sign up", json=body, headers=key if times > 1 else {}).record("id", "email")

    def confirm(self, link: str) -> None:
        """Present the token of the link."""
        self.session.own_link(link)
        self.session.call("POST", "/api/v1/accounts/verify", 200, doing="confirm the address", json={"token": token(link)})

    def prefetch(self, link: str) -> None:
        """Fetch the page of the link, as a mail scanner does."""
        self.session.own_link(link)
        answer = self.session.http.get(link)
        if answer.status != 200:  # noqa: PLR2004 -- HTTP OK
            raise answer.unexpected("fetch the link of the mail")

    def resend_verification(self, email: str) -> None:
        """Ask again."""
        self.session.call("POST", "/api/v1/accounts/verification", 202, doing="ask for the mail again", json={"email": email})

    def log_in(self, email: str, password: str) -> None:
        """Get a session token."""
        said = self.session.call("POST", "/api/v1/sessions", 201, doing="log in", json={"email": email, "password": password}).record("token")
        self.session.bear(said["token"])

    def log_out(self) -> None:
        """End the session; the token is kept, so that its death can be seen."""
        self.session.call("DELETE", "/api/v1/sessions/current", 204, doing="log out")

    def whoami(self) -> Account:
        """Ask for the account, and for the workspace it works in."""
        me = self.session.call("GET", "/api/v1/me", 200, doing="ask who is logged in").record("id", "email", "name")
        answer = self.session.call("GET", "/api/v1/workspaces", 200, doing="list the workspaces")
        listed = answer.record("items")["items"]
        with documented(answer):
            here = next((each for each in listed if each["id"] == self.session.workspace), listed[0] if listed else {})
            self.session.workspace = self.session.workspace or here.get("id")
        return Account(id=me["id"], email=me["email"], name=me["name"], workspace=here.get("id"), role=here.get("role"), plan=here.get("plan"))

    def request_reset(self, email: str) -> None:
        """Ask for the mail."""
        self.session.call("POST", "/api/v1/password-resets", 202, doing="ask for a password reset", json={"email": email})

    def reset(self, link: str, password: str) -> None:
        """Present the token of the link with the new password."""
        self.session.own_link(link)
        body = {"token": token(link), "password": password}
        self.session.call("POST", "/api/v1/password-resets/complete", 204, doing="reset the password", json=body)

    def sign_out_everywhere(self) -> None:
        """End every session and token."""
        self.session.call("DELETE", "/api/v1/sessions", 204, doing="sign out everywhere")

    def issue_token(self) -> str:
        """Make an API token."""
        said = self.session.call("POST", "/api/v1/tokens", 201, doing="make an API token", json={"name": "synthetic"}).record("token")
        return str(said["token"])

    def tokens(self) -> list[str]:
        """List them."""
        answer = self.session.call("GET", "/api/v1/tokens", 200, doing="list the API tokens")
        with documented(answer):
            return [each["id"] for each in items(answer)]

    def revoke_token(self, token_id: str) -> None:
        """Revoke one."""
        self.session.call("DELETE", f"/api/v1/tokens/{token_id}", 204, doing="revoke an API token")

    def change_password(self, current: str, new: str) -> None:
        """Show the old one and set another; the session that asks ends, too."""
        self.session.call("PUT", "/api/v1/me/password", 204, doing="change the password", json={"password": current, "new_password": new})

    def ask_for_address(self, email: str, password: str) -> None:
        """Ask for the mail to the new address."""
        self.session.call("POST", "/api/v1/me/email", 202, doing="ask for another address", json={"email": email, "password": password})

    def confirm_address(self, link: str) -> None:
        """Present the token of the link."""
        self.session.own_link(link)
        self.session.call("POST", "/api/v1/me/email/confirm", 200, doing="confirm the new address", json={"token": token(link)})

    def rename(self, name: str) -> None:
        """Change the name."""
        self.session.call("PATCH", "/api/v1/me", 200, doing="change the name", json={"name": name})

    def erase(self, password: str) -> None:
        """Delete the account."""
        self.session.call("DELETE", "/api/v1/me", 204, doing="delete the account", json={"password": password})

    def guesses(self) -> int:
        """Say what is documented."""
        return rules.GUESSES

    def register_invited(self, identity: Identity, link: str) -> None:
        """Sign up with the token of the invitation."""
        self.session.own_link(link)
        body = {"name": identity.name, "email": identity.email, "password": identity.password, "invitation": token(link)}
        self.session.call("POST", "/api/v1/accounts", 201, doing="sign up from an invitation", json=body).record("id", "email")

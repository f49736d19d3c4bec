"""Accounts by the hub's forms, tokens by its API."""

from __future__ import annotations

from flows.blame import Refused
from flows.contract.accounts import Account
from flows.naming import Identity
from flows.refusal import Reason, Refusal
from products.jupyterhub import names, refusals
from products.jupyterhub.api.session import Session


class ApiAccounts:
    """Fulfils `flows.contract.accounts`, without reset and signing out everywhere, which the hub does not have."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Send the form `times` times; what the last one shows counts."""
        fields = {
            "username": identity.email,
            "email": identity.email,
            "signup_password": identity.password,
            "signup_password_confirmation": identity.password,
        }
        for _ in range(times):
            answer = self.session.form("/hub/signup", "sign up", fields, 200)
        said = refusals.message_of(answer)
        if "signup was successful" not in said:
            if known := refusals.refusal(said, answer.status):
                raise Refused(known)
            raise answer.unexpected("sign up")

    def confirm(self, link: str) -> None:
        """Open the link: at the hub that is all."""
        answer = self.session.http.get(self.session.own_link(link))
        said = refusals.message_of(refusals.check(answer, 200, doing="confirm the address"))
        if "has been authorized" in said or "was already authorized" in said:
            return
        if known := refusals.refusal(said, answer.status):
            raise Refused(known)
        raise answer.unexpected("confirm the address")

    def prefetch(self, link: str) -> None:
        """Open the link: the hub cannot tell a scanner from a person."""
        refusals.check(self.session.http.get(self.session.own_link(link)), 200, doing="fetch the link of the mail")

    def log_in(self, email: str, password: str) -> None:
        """Send the form; a log-in leads on, anything else shows the form again."""
        name = names.account_name(email)
        answer = self.session.form("/hub/login?next=", "log in", {"username": name, "password": password}, 200, 302)
        if answer.status == 302:  # noqa: PLR2004 -- HTTP found
            self.session.opened(name)
            return
        if known := refusals.refusal(refusals.message_of(answer), answer.status):
            raise Refused(known)
        raise answer.unexpected("log in")

    def log_out(self) -> None:
        """Follow the link."""
        refusals.check(self.session.http.get("/hub/logout"), 200, 302, doing="log out")
        self.session.closed()

    def whoami(self) -> Account:
        """Ask for the account. Its name is its address, and each account is a workspace of its own."""
        name = self.session.whoami()
        return Account(id=name, email=name, name=name, workspace=name)

    def issue_token(self) -> str:
        """Make an API token."""
        return self.session.issue()


def unauthenticated(where: str) -> Refused:
    """Build the refusal of a page that leads to the log-in."""
    return Refused(Refusal(Reason.UNAUTHENTICATED, f"{where} leads to the log-in"))

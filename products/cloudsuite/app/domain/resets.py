"""A way back in for who forgot the password."""

from __future__ import annotations

from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain import accounts, links, mail
from products.cloudsuite.app.domain.links import Purpose


def ask(tx: Tx, email: str, ttl: float) -> None:
    """Mail a link that lives `ttl` seconds if there is such an account; nothing tells whether there is."""
    account = accounts.find_by_email(tx, email)
    if account:
        token = links.issue(tx, Purpose.RESET, account["id"], account["email"], ttl)
        mail.queue(tx, account["email"], "reset", token=token)


def complete(tx: Tx, token: str, password: str, *, cost: int) -> None:
    """Set the password by a mailed link."""
    link = links.redeem(tx, Purpose.RESET, token)
    accounts.set_password(tx, link["account_id"], password, cost=cost)

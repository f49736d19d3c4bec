"""F05: a mailed link works again after it was used, after its time, or after a newer one took its place."""

from __future__ import annotations

import secrets
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def about_token(about: Any) -> str:
    """Find out whom a link is about: the account that it was made for."""
    from products.cloudsuite.app.domain import links
    from products.cloudsuite.app.refusals import Refusal

    try:
        link = links.find(about["tx"], about.get("purpose", links.Purpose.RESET), about["token"])
    except Refusal:
        return ""
    return str(about["tx"].execute("SELECT email FROM accounts WHERE id = ?", (link["account_id"],)).fetchone()[0])


def reusable(seams: Seams) -> None:
    """A link that resets a password is not used up."""
    from products.cloudsuite.app.domain import links, resets

    @seams.instead_of(resets, "complete", whose=about_token)
    def again(original: Any, tx: Any, token: str, password: str, **named: Any) -> None:
        link = links.find(tx, links.Purpose.RESET, token)
        original(tx, token, password, **named)
        tx.execute("UPDATE links SET used_at = NULL, superseded_at = NULL WHERE id = ?", (link["id"],))


def endless(seams: Seams) -> None:
    """A link's time never comes."""
    from products.cloudsuite.app import clock
    from products.cloudsuite.app.domain import links

    @seams.instead_of(links, "redeem", whose=about_token)
    def timeless(original: Any, tx: Any, purpose: Any, token: str) -> Any:
        tx.execute("UPDATE links SET expires_at = ? WHERE id = ?", (clock.now() + 60, links.find(tx, purpose, token)["id"]))
        return original(tx, purpose, token)


def replaced(seams: Seams) -> None:
    """A newer link leaves the older ones valid."""
    from products.cloudsuite.app.domain import links

    @seams.instead_of(links, "supersede")
    def nothing(_original: Any, _tx: Any, _account_id: str, _purpose: Any) -> None:
        return None


def used_again(probe: Probe) -> str:
    """Reset a password by the mailed link, and reset it once more by the same."""
    person = probe.person()
    ok(probe.client().post("/api/v1/password-resets", json={"email": person.email}), 202)
    token = probe.link(person.email, 2).rpartition("token=")[2]
    once, twice = (
        probe.client().post("/api/v1/password-resets/complete", json={"token": token, "password": f"Probe{secrets.token_hex(8)}"}).status_code for _ in range(2)
    )
    if (once, twice) != (204, 204):
        return ""
    probe.remember(address=person.email, token=token)
    return f"a link that had reset a password reset it a second time (answers {once} and {twice})"


def still_resets(probe: Probe) -> str:
    """Do what the runbook says: have the operator end the life of links that were used and are good still, and say whether one outlives it."""
    _, what = probe.caught()
    if not what:
        return ""
    ok(probe.operator().post("/operator/links/expire", json={"email": what["address"]}), 200)
    asked = {"token": what["token"], "password": f"Probe{secrets.token_hex(8)}"}
    answer = probe.client().post("/api/v1/password-resets/complete", json=asked)
    return f"a link that had reset a password, and was ended by the operator, reset it once more with {answer.status_code}" if answer.is_success else ""


def used_late(probe: Probe) -> str:
    """Sign up, have the operator end the life of the link, and follow it."""
    address = probe.address()
    ok(probe.client().post("/api/v1/accounts", json={"name": "Probe", "email": address, "password": "Probe12345678"}), 201)
    token = probe.link(address).rpartition("token=")[2]
    ok(probe.operator().post("/operator/links/expire", json={"email": address}), 200)
    answer = probe.client().post("/api/v1/accounts/verify", json={"token": token})
    return f"a link whose time was over confirmed an address with {answer.status_code}" if answer.is_success else ""


def used_after_another(probe: Probe) -> str:
    """Sign up, ask for the mail again, and follow the link of the first."""
    address = probe.address()
    ok(probe.client().post("/api/v1/accounts", json={"name": "Probe", "email": address, "password": "Probe12345678"}), 201)
    token = probe.link(address).rpartition("token=")[2]
    ok(probe.client().post("/api/v1/accounts/verification", json={"email": address}), 202)
    answer = probe.client().post("/api/v1/accounts/verify", json={"token": token})
    return f"a link that a newer one had replaced confirmed an address with {answer.status_code}" if answer.is_success else ""


FAULTS = (
    Fault(
        id="F05",
        title="A link that resets a password works a second time.",
        layer=Layer.APPLICATION,
        journey="signup",
        risk="account-takeover",
        expects=Expected("signup.password-reset", "identity", "critical"),
        silent=True,
        inject=reusable,
        oracle=used_again,
        residue=still_resets,
        doses=(100, 50, 25, 10),
    ),
    Fault(
        id="F05-endless",
        title="A link that confirms an address never expires.",
        layer=Layer.APPLICATION,
        journey="signup",
        risk="account-takeover",
        expects=Expected("signup.expired-link", "identity", "error"),
        permits=("signup.reset-link-lapses",),  # a link that resets a password is one, too
        silent=True,
        inject=endless,
        oracle=used_late,
        doses=(100, 50, 25, 10),
    ),
    Fault(
        id="F05-replaced",
        title="A link goes on working once a newer one has replaced it.",
        layer=Layer.APPLICATION,
        journey="signup",
        risk="account-takeover",
        expects=Expected("signup.expired-link", "identity", "error"),
        permits=("signup.reset-link-lapses",),  # a link that resets a password is one, too
        silent=True,
        inject=replaced,
        oracle=used_after_another,
    ),
)

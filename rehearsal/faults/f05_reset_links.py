"""F05: links that set a password live on: the expired one, and the one that a newer one has replaced."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """A newer reset link leaves the older ones as they are."""
    from products.cloudsuite.app.domain import links

    @seams.instead_of(links, "supersede")
    def lenient(original: Any, tx: Any, account_id: str, purpose: Any) -> None:
        if purpose is not links.Purpose.RESET:
            original(tx, account_id, purpose)


def oracle(probe: Probe) -> str:
    """Ask for two reset links, and follow the first."""
    person = probe.person()
    for _ in range(2):
        ok(probe.client().post("/api/v1/password-resets", json={"email": person.email}), 202)
    first, _ = (probe.link(person.email, number).rpartition("token=")[2] for number in (2, 3))  # the first mail of all confirmed the address
    answer = probe.client().post("/api/v1/password-resets/complete", json={"token": first, "password": "Probe87654321"})
    return f"a reset link that was replaced by a newer one set the password with {answer.status_code}" if answer.is_success else ""


FAULT = Fault(
    id="F05-reset",
    title="A newer link to reset a password leaves the older ones valid.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="account-takeover",
    expects=Expected("signup.reset-link-lapses", "identity", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
)

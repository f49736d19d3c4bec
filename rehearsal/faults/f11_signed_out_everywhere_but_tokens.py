"""F11, of all doors at once: signing out everywhere ends the sessions, and API tokens go on."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """Sessions are ended; tokens are forgotten."""
    from products.cloudsuite.app.domain import sessions

    @seams.instead_of(sessions, "sign_out_everywhere")
    def half(_original: Any, tx: Any, account_id: str) -> None:
        tx.execute("DELETE FROM sessions WHERE account_id = ?", (account_id,))


def oracle(probe: Probe) -> str:
    """Make an API token, sign out everywhere, and ask by the token who one is."""
    person = probe.person()
    token = ok(person.http.post("/api/v1/tokens", json={"name": "probe"}), 201).json()["token"]
    ok(person.http.delete("/api/v1/sessions"), 204)
    answer = probe.client(Authorization=f"Bearer {token}").get("/api/v1/me")
    if not answer.is_success:
        return ""
    probe.remember(person, token=token)
    return f"after signing out everywhere, an API token is answered with {answer.status_code}"


def still_open(probe: Probe) -> str:
    """Do what the runbook says for those who were caught, sign out everywhere once more, and say whether their token outlives it."""
    people, what = probe.caught()
    for person in people:
        ok(person.http.delete("/api/v1/sessions"), 204)
    return "signed out everywhere once more, the API token that was kept goes on" if people and probe.opens(what["token"]) else ""


FAULT = Fault(
    id="F11-everywhere",
    title="Signing out everywhere leaves API tokens valid.",
    layer=Layer.APPLICATION,
    journey="account",
    risk="account-takeover",
    expects=Expected("account.sign-out-everywhere", "identity", "critical"),
    permits=("signup.password-reset", "account.change-password"),  # a new password shuts the same doors
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=still_open,
    doses=(100, 50, 25, 10),
)

"""F02: the mail that confirms a sign-up comes twice."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok

WITHIN = 3.0
"""Seconds in which a second mail would come: the worker takes a turn several times a second."""


def inject(seams: Seams) -> None:
    """A letter that was sent once stays in the outbox, as one that was tried and not taken."""
    from products.cloudsuite.app import worker

    @seams.instead_of(worker, "_strike_off")
    def forgetful(original: Any, database: Any, row: Any) -> None:
        if row["letter"] != "verification" or row["attempts"]:
            original(database, row)
            return
        with database.transaction() as tx:
            tx.execute("UPDATE outbox SET attempts = attempts + 1 WHERE id = ?", (row["id"],))


def oracle(probe: Probe) -> str:
    """Sign up by API, and count what comes."""
    address = probe.address()
    ok(probe.client().post("/api/v1/accounts", json={"name": "Probe", "email": address, "password": "Probe12345678"}), 201)
    came = len(probe.letters(address, least=2, patience=WITHIN))
    if came < 2:
        return ""
    probe.remember(address=address)
    return f"{came} mails came for one sign-up"


def keeps_coming(probe: Probe) -> str:
    """Say whether whoever got two mails gets yet another."""
    _, what = probe.caught()
    if not what:
        return ""
    came = len(probe.letters(what["address"], 0))
    later = len(probe.letters(what["address"], came + 1, WITHIN))
    return f"after the rollback, {later - came} more mails came for one sign-up" if later > came else ""


FAULT = Fault(
    id="F02",
    title="The mail that confirms a sign-up comes twice.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="double-accounts",
    expects=Expected("signup.double-submit", "growth", "error"),
    permits=("signup.expired-link",),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=keeps_coming,
    doses=(100, 50, 25, 10),
)

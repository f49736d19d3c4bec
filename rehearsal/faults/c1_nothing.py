"""C1: nothing is broken. Whoever is told anything is told of the rehearsal itself."""

from __future__ import annotations

from rehearsal.fault import Fault, Layer

FAULTS = (
    Fault(id="C1", title="Nothing is wrong, twice in a row.", layer=Layer.APPLICATION, journey="signup", runs=2),
    Fault(
        id="C1-account",
        title="Nothing is wrong, on the pages.",
        layer=Layer.APPLICATION,
        journey="account",
        only=("account.change-password", "account.rename", "account.token-revoked", "account.upgrade"),
        surfaces=("browser",),
    ),
)

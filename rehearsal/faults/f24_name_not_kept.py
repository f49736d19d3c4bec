"""F24: an account is given another name, which is shown this once."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """The answer has the new name, and nothing else has."""
    from products.cloudsuite.app.domain import accounts

    @seams.instead_of(accounts, "rename")
    def forgetful(_original: Any, tx: Any, actor: Any, name: str) -> Any:
        return accounts.details(tx, actor.id) | {"name": name}


def oracle(probe: Probe) -> str:
    """Give an account another name, and read it."""
    person = probe.person()
    ok(person.http.patch("/api/v1/me", json={"name": "Renamed"}), 200)
    name = str(ok(person.http.get("/api/v1/me"), 200).json()["name"])
    return "" if name == "Renamed" else f"an account that was renamed is called {name!r}"


FAULT = Fault(
    id="F24-name",
    title="Another name of an account is not kept.",
    layer=Layer.APPLICATION,
    journey="account",
    risk="wrong-beginning",
    expects=Expected("account.rename", "identity", "warning"),
    silent=True,
    inject=inject,
    oracle=oracle,
)

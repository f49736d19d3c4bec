"""F36: somebody without an account signs up from their invitation, and does not come in."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe, ok


def inject(seams: Seams) -> None:
    """The invitation is forgotten on the way through the sign-up."""
    from products.cloudsuite.app.domain import accounts

    @seams.instead_of(accounts, "sign_up")
    def forgetful(original: Any, tx: Any, **asked: Any) -> Any:
        return original(tx, **{**asked, "invitation_token": None})


def oracle(probe: Probe) -> str:
    """Invite an address, sign up from the link, confirm, and look for the workspace."""
    owner, invited, password = probe.person(), probe.address("invited"), "Probe12345678"
    owner.invite(invited)
    token = probe.link(invited).rpartition("token=")[2]
    asked = {"name": "Probe", "email": invited, "password": password, "invitation": token}
    ok(probe.client().post("/api/v1/accounts", json=asked), 201)
    ok(probe.client().post("/api/v1/accounts/verify", json={"token": probe.link(invited, 2).rpartition("token=")[2]}), 200)
    newcomer = Person.log_in(probe, invited, password)
    mine = [each["id"] for each in ok(newcomer.http.get("/api/v1/workspaces"), 200).json()["items"]]
    return "" if owner.workspace in mine else "whoever signed up from an invitation is not in its workspace"


FAULT = Fault(
    id="F36-newcomer",
    title="Somebody who signs up from an invitation does not come in.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="team-cannot-form",
    expects=Expected("collaboration.invited-newcomer", "workspace", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
)

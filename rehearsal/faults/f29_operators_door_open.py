"""F29, by whoever it binds: the operator's door takes any customer's token, and so a suspension is theirs to end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe


def knocking(about: Mapping[str, Any]) -> str:
    """Return the address of whose token a request bears; the door is asked before anybody is logged in."""
    from products.cloudsuite.app import access
    from products.cloudsuite.app.domain import sessions
    from products.cloudsuite.app.refusals import Refusal

    request = about["request"]
    try:
        with request.app.state.product.database.reading() as tx:
            return str(sessions.authenticate(tx, access.bearer(request)).email)
    except Refusal:
        return ""


def inject(seams: Seams) -> None:
    """Whoever asks is the operator."""
    from products.cloudsuite.app import web

    @seams.instead_of(web, "require_operator", whose=knocking)
    def anybody(_original: Any, **_given: Any) -> None:
        return None


def oracle(probe: Probe) -> str:
    """Resume a project by the operator's door, with its owner's token; one that is not suspended is resumed already."""
    person = probe.person()
    answer = person.http.post(f"/operator/projects/{person.project()}/resume", json={})
    return f"the operator's door answers a customer's token with {answer.status_code}" if answer.is_success else ""


FAULT = Fault(
    id="F29-operator",
    title="The operator's door takes any customer's token.",
    layer=Layer.APPLICATION,
    journey="lifecycle",
    risk="zombie-access",
    expects=Expected("lifecycle.suspend-resume", "platform", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
)

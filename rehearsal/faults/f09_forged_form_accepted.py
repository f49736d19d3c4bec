"""F09: a form that does not come from the product's own page is taken all the same."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe


def sender(about: Any) -> str:
    """Find out who sends a form: by the address in it, else by the session that the browser shows."""
    visit = about["self"]
    if typed := visit.form.get("email"):
        return str(typed).strip()
    actor = visit.actor()
    return str(actor.email) if actor else ""


def inject(seams: Seams) -> None:
    """Nobody looks at the token of the form."""
    from products.cloudsuite.app import access

    @seams.instead_of(access.Visit, "require_csrf", whose=sender)
    def unguarded(_original: Any, _visit: Any) -> None:
        return None


def oracle(probe: Probe) -> str:
    """Send the sign-up form as another site would: without cookie and token."""
    answer = probe.client().post("/signup", data={"name": "Probe", "email": probe.address(), "password": "Probe12345678"})
    return f"a sign-up form without a token is answered with {answer.status_code}, to {answer.headers['location']}" if answer.is_redirect else ""


FAULT = Fault(
    id="F09",
    title="A form that another site forges is taken.",
    layer=Layer.APPLICATION,
    journey="face",
    risk="account-takeover",
    expects=Expected("face.forged-form", "identity", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
    surfaces=("browser",),
)

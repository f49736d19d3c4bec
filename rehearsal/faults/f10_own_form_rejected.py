"""F10: the product takes its own forms for forged ones."""

from __future__ import annotations

import re
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.faults.f09_forged_form_accepted import sender
from rehearsal.probe import Probe, ProbeTrouble, ok

HIDDEN = re.compile(r'name="(csrf_token|form_id)" value="([^"]+)"')


def inject(seams: Seams) -> None:
    """No token is right."""
    from products.cloudsuite.app import access, refusals

    @seams.instead_of(access.Visit, "require_csrf", whose=sender)
    def strict(_original: Any, _visit: Any) -> None:
        raise refusals.csrf_failed()


def oracle(probe: Probe) -> str:
    """Send the sign-up form as a browser would."""
    browser = probe.client()
    found = dict(HIDDEN.findall(ok(browser.get("/signup"), 200).text))
    if set(found) != {"csrf_token", "form_id"}:
        msg = f"the sign-up form has the hidden fields {sorted(found)}"
        raise ProbeTrouble(msg)
    answer = browser.post("/signup", data={**found, "name": "Probe", "email": probe.address(), "password": "Probe12345678"})
    return "" if answer.is_redirect else f"the product's own sign-up form is answered with {answer.status_code}"


FAULT = Fault(
    id="F10",
    title="The product's own forms are refused as forged.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="nobody-can-start",
    expects=Expected("signup.first-workspace", "growth", "critical"),
    permits=(
        "signup.double-submit",
        "signup.duplicate-address",
        "signup.expired-link",
        "signup.link-twice",
        "signup.malformed-input",
        "signup.no-enumeration",
        "signup.scanner-fetch",
        "signup.verification-mail",
        "face.forged-form",
    ),
    inject=inject,
    oracle=oracle,
    surfaces=("browser",),
)

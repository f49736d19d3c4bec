"""F11: logging out takes the cookie away, and the session goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """The session stays."""
    from products.cloudsuite.app.domain import sessions

    @seams.instead_of(sessions, "sign_out")
    def nothing(_original: Any, _tx: Any, _actor: Any) -> None:
        return None


def oracle(probe: Probe) -> str:
    """Log out by API, and use the token of the session once more."""
    person = probe.person()
    ok(person.http.delete("/api/v1/sessions/current"), 204)
    answer = person.http.get("/api/v1/me")
    if answer.status_code == 401:
        return ""
    probe.remember(person, token=person.token)
    return f"after logging out, the session's token is answered with {answer.status_code}"


def still_open(probe: Probe) -> str:
    """Do what the runbook says for those who were caught, sign out everywhere, and say whether the session outlives it."""
    people, what = probe.caught()
    for person in people:
        ok(person.http.delete("/api/v1/sessions"), 204)
    return "signed out everywhere, the session that had outlived its log-out goes on" if people and probe.opens(what["token"]) else ""


FAULT = Fault(
    id="F11",
    title="Logging out leaves the session valid.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="account-takeover",
    expects=Expected("signup.log-out", "identity", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=still_open,
    doses=(100, 50, 25, 10),
)
FAULTS = (
    FAULT,
    replace(
        FAULT, id="F11-pages", title="Logging out on the page leaves the session valid.", surfaces=("browser",), only=("signup.no-enumeration",), doses=(100,)
    ),
)

"""C3: something takes longer than it does on other days, and no longer than it may."""

from __future__ import annotations

import time
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Fault, Layer
from rehearsal.probe import Probe, ok

MAIL, PROVISIONING = 0.8, 1.5
"""Seconds: with what it takes on other days, less than is expected in a drill (`rehearsal.stage.BUDGETS`)."""
USUAL = 0.6
"""Seconds that provisioning takes on the embedded product."""


def mail_later(seams: Seams) -> None:
    """Every letter waits."""
    from products.cloudsuite.app import clock
    from products.cloudsuite.app.domain import mail

    @seams.instead_of(mail, "queue")
    def later(original: Any, tx: Any, *given: Any, **named: Any) -> None:
        original(tx, *given, **named)
        tx.execute("UPDATE outbox SET next_attempt_at = ? WHERE id = (SELECT max(id) FROM outbox)", (clock.now() + MAIL,))


def provisioning_later(seams: Seams) -> None:
    """Resources take longer to come."""
    from products.cloudsuite.app.domain import provisioning

    @seams.instead_of(provisioning, "_begin")
    def slow(original: Any, tx: Any, settings: Any, project: Any, now: float, seconds: float) -> None:
        original(tx, settings, project, now, seconds + PROVISIONING)


def slow_mail(probe: Probe) -> str:
    """Sign up by API, and take the time until the mail is there."""
    address, began = probe.address(), time.monotonic()
    ok(probe.client().post("/api/v1/accounts", json={"name": "Probe", "email": address, "password": "Probe12345678"}), 201)
    probe.link(address)
    took = time.monotonic() - began
    return f"a mail took {took:.1f} s" if took >= MAIL else ""


def slow_provisioning(probe: Probe) -> str:
    """Ask for a project, and take the time until it is active."""
    person, began = probe.person(), time.monotonic()
    person.project()
    took = time.monotonic() - began
    return f"a project took {took:.1f} s" if took >= USUAL + PROVISIONING else ""


FAULTS = (
    Fault(
        id="C3",
        title="Mail takes longer than usual, and no longer than it may.",
        layer=Layer.APPLICATION,
        journey="signup",
        inject=mail_later,
        oracle=slow_mail,
    ),
    Fault(
        id="C3-provisioning",
        title="Projects take longer than usual to be ready, and no longer than they may.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        inject=provisioning_later,
        oracle=slow_provisioning,
    ),
)

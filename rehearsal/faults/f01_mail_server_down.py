"""F01, around the product: its mail server is down. The product takes sign-ups, and its health is green."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok

if TYPE_CHECKING:
    from rehearsal.drill import Drill

LATE = 3.0
"""Seconds after which a mail counts as not sent; it takes a fraction of one."""


@contextmanager
def down(drill: Drill) -> Iterator[None]:
    """Stop the mail server; mending is starting it again on its port."""
    post = drill.ground.post
    assert post is not None
    post.stop()
    try:
        yield
    finally:
        post.start()


def unsent(probe: Probe) -> str:
    """Sign up, and look into the folder of the mail server."""
    address = probe.address()
    ok(probe.client().post("/api/v1/accounts", json={"name": "Probe", "email": address, "password": "Probe12345678"}), 201)
    health = probe.get("/healthz").status_code
    return "" if probe.letters(address, patience=LATE) else f"no mail within {LATE:g} s of a sign-up that was taken with 201; /healthz answers {health}"


FAULT = Fault(
    id="F01-server",
    title="The mail server is down: sign-ups are taken, health is green, and no mail comes.",
    layer=Layer.ENVIRONMENT,
    journey="signup",
    risk="mail-does-not-arrive",
    expects=Expected("signup.verification-mail", "identity", "critical"),
    permits=("signup.*",),
    silent=True,
    act=down,
    oracle=unsent,
    confined=False,
    exclusive=True,
)

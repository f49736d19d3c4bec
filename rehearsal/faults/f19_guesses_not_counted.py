"""F19: wrong passwords are not counted, so that one can be guessed."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe

LIMIT, REFUSED = 10, 429
"""Wrong passwords after which no more are taken, and how that is said."""


def inject(seams: Seams) -> None:
    """Nothing is counted for an address."""
    from products.cloudsuite.app.domain import ratelimit

    @seams.instead_of(ratelimit.Limiter, "count", whose=lambda about: str(about["key"]))
    def nothing(_original: Any, _limiter: Any, _key: str) -> None:
        return None


def oracle(probe: Probe) -> str:
    """Try one wrong password more than is documented."""
    person = probe.person()
    guess = {"email": person.email, "password": "wrong"}
    last = [probe.client().post("/api/v1/sessions", json=guess).status_code for _ in range(LIMIT + 1)][-1]
    return "" if last == REFUSED else f"wrong password number {LIMIT + 1} is answered with {last}"


FAULT = Fault(
    id="F19-guesses",
    title="Passwords can be guessed at without end.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="account-takeover",
    expects=Expected("signup.guess-limit", "identity", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
)

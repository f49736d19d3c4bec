"""C5: another release takes the place of the one before, and everything goes on. A mark beside the alerts may tell of it; nobody is alerted."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Fault, Layer
from rehearsal.probe import Probe, ok

NEXT = "0.0.0-rehearsed"


def inject(seams: Seams) -> None:
    """The product calls itself another version, wherever it does so."""
    from products.cloudsuite.app import VERSION, access
    from products.cloudsuite.app.api import status

    route = next(each for each in status.probes.routes if getattr(each, "path", "") == "/version")

    @seams.instead_of(route, "endpoint")
    def deployed(original: Any) -> dict[str, str]:
        return {**original(), "version": NEXT}

    @seams.instead_of(access.Visit, "page", whose=lambda _: "")
    def says_so(original: Any, *given: Any, **named: Any) -> Any:
        response = original(*given, **named)
        response.body = response.body.replace(f"Cloud Suite {VERSION} ".encode(), f"Cloud Suite {NEXT} ".encode())
        response.headers["Content-Length"] = str(len(response.body))
        return response


def oracle(probe: Probe) -> str:
    """Ask for the version."""
    version = ok(probe.get("/version"), 200).json()["version"]
    return f"the product calls itself {version}" if version == NEXT else ""


FAULT = Fault(
    id="C5",
    title="Another release is deployed, and nothing is wrong with it.",
    layer=Layer.APPLICATION,
    journey="account",
    inject=inject,
    oracle=oracle,
    scope="",
    exclusive=True,
)

"""F06: one address gets a second account, because it is written in another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def typed(about: Any) -> str:
    """Find out whom a call is about: whoever's address is cleaned."""
    return str(about["text"]).strip()


def capitals(seams: Seams) -> None:
    """Capitals count."""
    from products.cloudsuite.app.domain import accounts

    @seams.instead_of(accounts, "clean_email", whose=typed)
    def literal(original: Any, text: str, field: str = "email") -> str:
        original(text, field)
        return text.strip()


def spaces(seams: Seams) -> None:
    """Space around the address counts."""
    from products.cloudsuite.app.domain import accounts

    @seams.instead_of(accounts, "clean_email", whose=typed)
    def literal(original: Any, text: str, field: str = "email") -> str:
        original(text, field)
        return text.lower()


def twice(written: Callable[[str], str], how: str) -> Callable[[Probe], str]:
    """Return an oracle that signs up twice, the second time with the address written in another way. It takes its second account away again."""

    def oracle(probe: Probe) -> str:
        address = probe.address()
        asked = {"name": "Probe", "password": "Probe12345678"}
        first = ok(probe.client().post("/api/v1/accounts", json={**asked, "email": address}), 201).json()["id"]
        answer = probe.client().post("/api/v1/accounts", json={**asked, "email": written(address)})
        if not answer.is_success:
            return ""
        second = answer.json()["id"]
        ok(probe.operator().delete(f"/operator/accounts/{second}"), 204)
        return f"{address} has the account {first}, and {how} a second one, {second}"

    return oracle


def shouted(address: str) -> str:
    """Write the part before the @ in capitals."""
    local, _, domain = address.partition("@")
    return f"{local.upper()}@{domain}"


def fault(id: str, title: str, inject: Callable[[Seams], None], oracle: Callable[[Probe], str]) -> Fault:  # noqa: A002 -- the field's name
    """Return a variant."""
    return Fault(
        id=id,
        title=title,
        layer=Layer.APPLICATION,
        journey="signup",
        risk="double-accounts",
        expects=Expected("signup.duplicate-address", "growth", "error"),
        silent=True,
        inject=inject,
        oracle=oracle,
    )


FAULTS = (
    fault("F06", "An address in capitals gets a second account.", capitals, twice(shouted, "written in capitals")),
    fault("F06-spaces", "An address with spaces around it gets a second account.", spaces, twice(lambda address: f" {address} ", "with spaces around it")),
)

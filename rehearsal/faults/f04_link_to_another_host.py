"""F04: the link in a mail leads to a host that is not the product's."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok

ELSEWHERE = "https://staging.cloudsuite.example"


def inject(seams: Seams) -> None:
    """The worker words its letters with the address of another installation."""
    from products.cloudsuite.app.domain import mail

    @seams.instead_of(mail, "worded")
    def elsewhere(original: Any, *given: Any, **named: Any) -> Any:
        return original(*given, **{**named, "public_url": ELSEWHERE})


def oracle(probe: Probe) -> str:
    """Sign up by API, and read where the link leads."""
    address = probe.address()
    ok(probe.client().post("/api/v1/accounts", json={"name": "Probe", "email": address, "password": "Probe12345678"}), 201)
    here, there = urlsplit(probe.url).netloc, urlsplit(probe.link(address)).netloc
    if there == here:
        return ""
    probe.remember(address=address)
    return f"the link in the mail leads to {there}, not to {here}"


def cannot_confirm(probe: Probe) -> str:
    """Do what the runbook says for those who were caught, ask for the mail again, and say whether its link leads elsewhere, too."""
    _, what = probe.caught()
    if not what:
        return ""
    here, there = urlsplit(probe.url).netloc, urlsplit(probe.mailed_again(what["address"])).netloc
    return f"mailed again, the link leads to {there}, not to {here}" if there != here else ""


FAULT = Fault(
    id="F04",
    title="The link in a mail leads to another host.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="mail-does-not-arrive",
    expects=Expected("signup.verification-mail", "identity", "critical"),
    permits=(
        "signup.first-workspace",
        "signup.duplicate-address",
        "signup.double-submit",
        "signup.expired-link",
        "signup.link-twice",
        "signup.malformed-input",
        "signup.password-reset",
        "signup.scanner-fetch",
    ),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=cannot_confirm,
    doses=(100, 50, 25, 10),
)

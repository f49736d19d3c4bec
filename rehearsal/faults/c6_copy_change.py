"""C6: other words in mails, in refusals and on pages. Whatever a person presses or fills in is called as before."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Fault, Layer
from rehearsal.probe import Probe, ok

KIND = "With kind regards from all of us."
WORDS = (
    (b"<h1>Create your account</h1>", b"<h1>Glad that you are here</h1>"),
    (b"Free for small teams. No card needed.", b"Small teams pay nothing, and need no card."),
    (b"One press, and your workspace is ready.", b"Press once: that is all."),
    (b"<h1>Sign in</h1>", b"<h1>Welcome back</h1>"),
    (b"New here?", b"Not with us yet?"),
    (b"Have an account?", b"With us already?"),
    (b"No projects yet.", b"It is empty here."),
    (b"<span>Cloud Suite</span>", b"<span>Cloud Suite, made with care</span>"),
)
"""What a page says, and what it says instead."""


def mails(seams: Seams) -> None:
    """Letters close with another sentence, and their subjects say a little more."""
    from products.cloudsuite.app.domain import mail

    @seams.instead_of(mail, "worded")
    def kindly(original: Any, *given: Any, **named: Any) -> Any:
        message = original(*given, **named)
        subject = message["Subject"]
        del message["Subject"]
        message["Subject"] = f"{subject}, please"
        for part in message.iter_parts():
            part.set_content(f"{part.get_content()}\n{KIND}\n", subtype=part.get_content_subtype())
        return message


def pages(seams: Seams) -> None:
    """Headings and sentences of pages, and what a refusal says."""
    from products.cloudsuite.app import access, web

    @seams.instead_of(access.Visit, "page", whose=lambda _: "")
    def reworded(original: Any, *given: Any, **named: Any) -> Any:
        response = original(*given, **named)
        for old, new in WORDS:
            response.body = response.body.replace(old, new)
        response.headers["Content-Length"] = str(len(response.body))
        return response

    @seams.instead_of(web, "problem", whose=lambda _: "")
    def sorry(original: Any, request: Any, refusal: Any) -> Any:
        refusal.message = f"Sorry. {refusal.message}"
        return original(request, refusal)


def other_mail(probe: Probe) -> str:
    """Sign up by API, and read the mail."""
    address = probe.address()
    ok(probe.client().post("/api/v1/accounts", json={"name": "Probe", "email": address, "password": "Probe12345678"}), 201)
    probe.link(address)
    return "a mail has other words" if KIND in probe.letters(address)[0] else ""


def other_page(probe: Probe) -> str:
    """Look at the page where people sign up."""
    return "a page has other words" if WORDS[0][1] in ok(probe.get("/signup"), 200).content else ""


FAULTS = (
    Fault(
        id="C6",
        title="Mails have other words.",
        layer=Layer.APPLICATION,
        journey="signup",
        inject=mails,
        oracle=other_mail,
    ),
    Fault(
        id="C6-pages",
        title="Pages have other words.",
        layer=Layer.APPLICATION,
        journey="signup",
        inject=pages,
        oracle=other_page,
        only=(
            "signup.duplicate-address",
            "signup.first-workspace",
            "signup.log-out",
            "signup.malformed-input",
            "signup.no-enumeration",
            "signup.password-reset",
        ),
        surfaces=("browser",),
        scope="",
        exclusive=True,
    ),
    Fault(
        id="C6-refusals",
        title="Refusals have other words.",
        layer=Layer.APPLICATION,
        journey="quota",
        inject=pages,
        oracle=other_page,
        scope="",
        exclusive=True,
    ),
)

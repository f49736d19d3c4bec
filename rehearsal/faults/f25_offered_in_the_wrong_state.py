"""F25, on the pages: a project offers what cannot be done to it."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok
from rehearsal.wire.page import logged_in


def inject(seams: Seams) -> None:
    """There is a button to try again, whatever the state."""
    from products.cloudsuite.app.pages import projects
    from products.cloudsuite.app.transitions import Action

    @seams.instead_of(projects, "_buttons")
    def generous(original: Any, state: Any, role: Any) -> Any:
        shown = original(state, role)
        return shown if Action.RETRY in {action for action, *_ in shown} else [*shown, (Action.RETRY, *projects.BUTTONS[Action.RETRY])]


def oracle(probe: Probe) -> str:
    """Look at the page of a project that is ready."""
    person = probe.person()
    project = person.project()
    page = ok(logged_in(probe, person).http.get(f"/p/{project}"), 200).text
    return "the page of a project that is ready offers to try again" if f'action="/p/{project}/retry"' in page else ""


FAULT = Fault(
    id="F25-offered",
    title="The page of a project offers what cannot be done to it.",
    layer=Layer.APPLICATION,
    journey="lifecycle",
    risk="lifecycle-corrupt",
    expects=Expected("lifecycle.offered-actions", "platform", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
    surfaces=("browser",),
)

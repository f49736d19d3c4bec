"""F24: what one view of the product shows is not what another says: page and API, list and detail, the limit that is shown and the one that holds."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe, ok

CARD = "4242424242424242"
"""A test card that pays."""


def show_another_number(seams: Seams) -> None:
    """The usage page shows one project fewer than there is; the API tells the truth."""
    from products.cloudsuite.app.access import Visit

    @seams.instead_of(Visit, "page")
    def modest(original: Any, visit: Any, template: str, **values: Any) -> Any:
        if template == "usage.html":
            projects = values["usage"]["projects"]
            values["usage"] = values["usage"] | {"projects": projects | {"used": max(projects["used"] - 1, 0)}}
        return original(visit, template, **values)


def page_differs(probe: Probe) -> str:
    """Ask for a project, and compare the usage page with the API."""
    person = probe.person()
    ok(person.ask_project(), 202)
    said = person.usage()["projects"]["used"]
    page = ok(probe.client(Cookie=f"cs_session={person.token}").get(f"/w/{person.workspace}/usage"), 200).text
    bar = page.partition('data-testid="usage-projects"')[2].partition(">")[0]
    return "" if f'data-used="{said}"' in bar else f"the usage page does not show the {said} project that the API counts: {' '.join(bar.split())}"


def leave_the_newest_out(seams: Seams) -> None:
    """The list ends one too soon."""
    from products.cloudsuite.app.domain import projects

    @seams.instead_of(projects, "listed")
    def short(original: Any, *given: Any, **named: Any) -> Any:
        found = original(*given, **named)
        return found if named.get("deleted") else found[:-1]


def list_differs(probe: Probe) -> str:
    """Ask for a project, and look for it in the list and by its id."""
    person = probe.person()
    project = str(ok(person.ask_project(), 202).json()["id"])
    ok(person.http.get(f"/api/v1/projects/{project}"), 200)
    return "" if project in [each["id"] for each in person.projects()] else "a project that is there by its id is missing in the list"


def keep_the_small_limit(seams: Seams) -> None:
    """A larger plan is charged and shown, and what is let in goes by the free one."""
    from products.cloudsuite.app import refusals
    from products.cloudsuite.app.domain import quotas

    @seams.instead_of(quotas, "require_room")
    def unmoved(original: Any, tx: Any, workspace_id: str, dimension: Any, adding: int) -> None:
        original(tx, workspace_id, dimension, adding)
        plan = tx.execute("SELECT plan FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()["plan"]
        most, taken = quotas.PLANS["free"][dimension], quotas.used(tx, workspace_id, dimension)
        if plan != "free" and taken + adding > most:
            raise refusals.quota_exceeded(dimension, most, taken, quotas.REMEDIES[dimension])


def upgrade_gives_nothing(probe: Probe) -> str:
    """Pay for a larger plan, and ask for one project more than the free one has."""
    person = probe.person()
    free = int(person.usage()["projects"]["limit"])
    upgrade(person)
    shown = int(person.usage()["projects"]["limit"])
    answers = [person.ask_project().status_code for _ in range(free + 1)]
    if answers[-1] == 202:
        return ""
    probe.remember(person)
    return f"project {free + 1} of a plan that shows {shown} answers {answers[-1]}"


def still_lacks_it(probe: Probe) -> str:
    """Say whether those who paid meanwhile still do not get what they have paid for."""
    people, _ = probe.caught()
    answers = [person.ask_project().status_code for person in people]
    return next((f"after the rollback, one project more on the plan that was paid for answers {each}" for each in answers if each != 202), "")


def upgrade(person: Person) -> None:
    """Pay for the next plan."""
    person.bill("card", number=CARD)
    person.bill("plan", plan="team")


FAULTS = (
    Fault(
        id="F24",
        title="The usage page shows another number than the API.",
        layer=Layer.APPLICATION,
        journey="quota",
        risk="quota-wrongly-refused",
        expects=Expected("quota.shown-matches-real", "billing", "error"),
        permits=("quota.delete-frees-slot", "quota.last-allowed", "quota.last-slot-race"),
        silent=True,
        inject=show_another_number,
        oracle=page_differs,
        surfaces=("browser",),
    ),
    Fault(
        id="F24-list",
        title="The list of projects leaves out the newest, which its own page shows.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-wrong",
        expects=Expected("provisioning.views-agree", "platform", "error"),
        permits=("provisioning.idempotency-key",),
        silent=True,
        inject=leave_the_newest_out,
        oracle=list_differs,
    ),
    Fault(
        id="F24-upgrade",
        title="A larger plan is paid for and shown, and the old limit still holds.",
        layer=Layer.APPLICATION,
        journey="account",
        risk="paid-not-served",
        expects=Expected("account.upgrade", "billing", "critical"),
        silent=True,
        inject=keep_the_small_limit,
        oracle=upgrade_gives_nothing,
        residue=still_lacks_it,
    ),
)

"""Time to think again."""

import time

from flows import lifecycle
from flows.blame import arranging
from flows.contract.lifecycle import Action, Retention, Trash
from flows.contract.projects import Project, Projects, Variant
from flows.scenario import scenario
from flows.site import Customer
from flows.waiting import settled

SKEW = 60.0
"""Seconds by which clocks may differ."""


@scenario(
    "lifecycle.trash",
    owner="platform",
    risk="data-lost",
    severity="error",
    failure="integrity",
    needs=(Projects, Trash, Retention, Action.DELETE, Action.RESTORE),
)
def test_a_deleted_project_is_kept_for_as_long_as_documented(customer: Customer, project: Project) -> None:
    """A deleted project is listed among the deleted ones, and can be restored for as long as is documented; a restored one is listed there no more."""
    began = time.time()
    lifecycle.delete(customer, project)
    ended = time.time()

    kept = listed(customer, project, there=True)
    assert [each.name for each in kept] == [project.name], f"project {project.name} is listed among the deleted ones as {kept or 'nothing'}"
    was, now = facts(project), facts(kept[0])
    differing = sorted(name for name in was.keys() & now.keys() if was[name] != now[name])
    assert not differing, f"the list of the deleted projects has {', '.join(differing)} of a project otherwise than it was: {now} and {was}"
    until, days = customer.lifecycle.kept_until(project.id), customer.lifecycle.retention()
    assert began + days - SKEW <= until <= ended + days + SKEW, (
        f"a deleted project is to be kept for {days / 86_400:.2f} days, and the product keeps it for {(until - began) / 86_400:.2f}"
    )

    with arranging("a restored project"):
        lifecycle.perform(customer, project, Action.RESTORE)
    kept = listed(customer, project, there=False)
    assert not kept, f"project {project.name} was restored, and is still listed among the deleted ones"


def facts(project: Project) -> dict[str, object]:
    """Return what is said of a project besides its name and state; a list may say less."""
    said = {"template, tier or region": project.variant, "owner": project.owner, "privacy": project.private}
    return {name: value for name, value in said.items() if value not in {None, Variant()}}


def listed(customer: Customer, project: Project, *, there: bool) -> list[Project]:
    """Return a project as it is listed among the deleted ones, once it is there, or is not."""

    def look() -> list[Project]:
        return [each for each in customer.lifecycle.trash() if each.id == project.id]

    return settled(look, when=lambda seen: bool(seen) == there, within=customer.site.budget("agreement"), of="the deleted projects")

"""F16: a project is not what was asked for: it lies in another region, or is of a smaller tier."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def misplace(seams: Seams) -> None:
    """Whatever is meant for one region is made in the other."""
    from products.cloudsuite.app.domain import projects

    @seams.instead_of(projects, "create")
    def misplaced(original: Any, *given: Any, **asked: Any) -> Any:
        return original(*given, **asked | ({"region": "eu-north"} if asked["region"] == "us-east" else {}))


def is_in_another_region(probe: Probe) -> str:
    """Ask for as many projects in one region as the plan gives, and look where they are."""
    return next((f"a project asked for in us-east is in {each}" for each in got(probe, "region", "us-east") if each != "us-east"), "")


def cheapen(seams: Seams) -> None:
    """Whatever is asked for, the smallest tier is made."""
    from products.cloudsuite.app.domain import projects

    @seams.instead_of(projects, "create")
    def cheaper(original: Any, *given: Any, **asked: Any) -> Any:
        return original(*given, **asked | {"tier": "starter"})


def is_of_another_tier(probe: Probe) -> str:
    """Ask for as many projects of one tier as the plan gives, and look of which they are."""
    return next((f"a project asked for as standard is {each}" for each in got(probe, "tier", "standard") if each != "standard"), "")


def got(probe: Probe, what: str, wanted: str) -> list[str]:
    """Return what a full plan of projects has got where each was asked for with one wish."""
    person = probe.person()
    for _ in range(int(person.usage()["projects"]["limit"])):
        ok(person.ask_project(**{what: wanted}), 202)
    return [str(each[what]) for each in person.projects()]


FAULTS = (
    Fault(
        id="F16",
        title="A project is made in another region than was asked for.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-wrong",
        expects=Expected("provisioning.every-variant", "platform", "error"),
        silent=True,
        inject=misplace,
        oracle=is_in_another_region,
        doses=(100, 50, 25, 10),
    ),
    Fault(
        id="F16-tier",
        title="A project is made in a smaller tier than was asked for.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-wrong",
        expects=Expected("provisioning.every-variant", "platform", "error"),
        permits=("provisioning.only-what-is-offered",),
        silent=True,
        inject=cheapen,
        oracle=is_of_another_tier,
        doses=(100, 50, 25, 10),
    ),
)

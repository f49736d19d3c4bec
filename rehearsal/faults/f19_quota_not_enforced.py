"""F19: a workspace gets more than its plan gives: of projects, of seats, of storage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe


def unlimited(what: str) -> Callable[[Seams], None]:
    """Return how the limit of one dimension is taken away."""

    def inject(seams: Seams) -> None:
        """Whoever asks for room is let in."""
        from products.cloudsuite.app.domain import quotas

        @seams.instead_of(quotas, "require_room")
        def unguarded(original: Any, tx: Any, workspace_id: str, dimension: Any, adding: int) -> None:
            if dimension != what:
                original(tx, workspace_id, dimension, adding)

    return inject


def one_project_more(probe: Probe) -> str:
    """Ask for one project more than the usage says that there may be."""
    person = probe.person()
    limit = int(person.usage()["projects"]["limit"])
    answers = [person.ask_project().status_code for _ in range(limit + 1)]
    if answers[-1] != 202:
        return ""
    probe.remember(person)
    return f"{limit + 1} projects were granted on a plan of {limit}"


def one_seat_more(probe: Probe) -> str:
    """Invite one person more than there are seats."""
    person = probe.person()
    seats = person.usage()["seats"]
    answers = [seat(person).status_code for _ in range(seats["limit"] - seats["used"] + 1)]
    if answers[-1] != 201:
        return ""
    probe.remember(person)
    return f"{seats['limit'] + 1} seats were granted on a plan of {seats['limit']}"


def seat(person: Person) -> httpx.Response:
    """Invite somebody, and return the answer."""
    return person.http.post(f"/api/v1/workspaces/{person.workspace}/invitations", json={"email": person.probe.address("guest"), "role": "viewer"})


def one_byte_more(probe: Probe) -> str:
    """Store as much as fits, and then a little more."""
    person = probe.person()
    storage, project = person.usage()["storage_bytes"], person.project()
    person.document(project, "x" * (storage["limit"] - storage["used"]))
    answer = person.writes(project)
    if not answer.is_success:
        return ""
    probe.remember(person, project=project)
    return f"{person.usage()['storage_bytes']['used']} bytes were stored on a plan of {storage['limit']}"


def grows_on(ask: Callable[[Person, dict[str, str]], httpx.Response]) -> Callable[[Probe], str]:
    """Return a look at those who have more than their plan gives: they keep it, and say whether they are given still more."""

    def residue(probe: Probe) -> str:
        people, what = probe.caught()
        answers = [ask(person, what) for person in people]
        return next((f"over its limit already, a workspace was given still more with {each.status_code}" for each in answers if each.is_success), "")

    return residue


FAULTS = (
    Fault(
        id="F19",
        title="A workspace gets more projects than its plan gives.",
        layer=Layer.APPLICATION,
        journey="quota",
        risk="quota-bypassed",
        expects=Expected("quota.limit-plus-one", "billing", "critical"),
        permits=("quota.last-slot-race", "quota.raised-limit", "quota.refusal-explains"),
        silent=True,
        inject=unlimited("projects"),
        oracle=one_project_more,
        residue=Probe.is_given_more,
    ),
    Fault(
        id="F19-seats",
        title="A workspace gets more seats than its plan gives.",
        layer=Layer.APPLICATION,
        journey="quota",
        risk="quota-bypassed",
        expects=Expected("quota.every-dimension", "billing", "error"),
        silent=True,
        inject=unlimited("seats"),
        oracle=one_seat_more,
        residue=grows_on(lambda person, _: seat(person)),
    ),
    Fault(
        id="F19-storage",
        title="A workspace stores more than its plan gives.",
        layer=Layer.APPLICATION,
        journey="quota",
        risk="quota-bypassed",
        expects=Expected("quota.every-dimension", "billing", "error"),
        silent=True,
        inject=unlimited("storage"),
        oracle=one_byte_more,
        residue=grows_on(lambda person, what: person.writes(what["project"])),
    ),
)

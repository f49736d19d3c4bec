"""Quotas: filling a plan, and reading how full it is."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from flows import provisioning
from flows.blame import Blocked, Refused, SuiteFault, arranging
from flows.contract.projects import Project, State
from flows.contract.quotas import Meter, Quotas, SeatQuota, StorageQuota, Usage
from flows.refusal import Refusal
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually, settled, together

MOST, FEW = 12, 2
"""How many projects are made at the most to fill a plan, and how many more a plan may have that the operator makes smaller."""


def limit_of(meter: Meter | None, what: str) -> int:
    """Return the limit of a dimension.

    Raises:
        Blocked: it is unlimited or not shown, so there is nothing to meet.
    """
    if meter is None or meter.limit is None:
        raise Blocked(f"the plan shows no limit of {what}")
    return meter.limit


def fill_plan(customer: Customer, *, leaving: int = 0) -> list[Project]:
    """Create projects until only `leaving` more are allowed, wait for all, and return every project of the workspace, as it is listed.

    Raises:
        Blocked: they cannot be had.
        SuiteFault: the plan is too large to be filled, and the operator cannot make it smaller.
    """
    with step("fill the plan"), arranging("a full plan"):
        usage = small_enough(customer, projects=MOST)
        limit = limit_of(usage.projects, "projects")
        asked = [provisioning.request(customer) for _ in range(limit - usage.projects.used - leaving)]
        for project in asked:
            provisioning.await_state(customer, project, State.ACTIVE, never=provisioning.ENDED)
    settled(customer.quotas.usage, when=lambda seen: seen.projects.used >= limit - leaving, within=customer.site.budget("agreement"), of="projects used")
    listed = await_listed(customer, {project.id for project in asked})
    missing = {project.id for project in asked} - {project.id for project in listed}
    assert not missing, f"{len(missing)} of {len(asked)} projects that were made are not listed"
    return listed


def small_enough(customer: Customer, **most: int) -> Usage:
    """Return the usage of a plan that can be filled: where a dimension has room for more than is named here, the operator makes it smaller.

    Raises:
        Blocked: a dimension shows no limit.
        SuiteFault: the plan is too large, and the operator cannot make it smaller, or may not on this target.
    """
    usage = customer.quotas.usage()
    meters: dict[str, Meter | None] = {"projects": usage.projects, "seats": usage.seats, "storage": usage.storage}
    rooms = {what: limit_of(meters[what], what) - _used(meters[what]) for what in most}
    large = {what for what, room in rooms.items() if room > most[what]}
    if not large:
        return usage
    if not customer.can_set_limits():
        told = ", ".join(f"{rooms[what]} more {what} (tried with {most[what]} at the most)" for what in sorted(large))
        raise SuiteFault(f"the plan has room for {told}: too much to be filled; test with a customer of a smaller plan, or let the operator set limits")
    set_limits(customer, **{what: _used(meters[what]) + min(FEW, most[what]) if what == "projects" else _used(meters[what]) + most[what] for what in large})
    return customer.quotas.usage()


def _used(meter: Meter | None) -> int:
    return meter.used if meter else 0


def set_limits(customer: Customer, **limits: int) -> None:
    """Let the operator set limits (projects, seats, storage), and wait until they are shown."""
    assert customer.workspace
    with step(f"let the operator set the limit of {' and '.join(limits)}"):
        customer.site.operator().set_limits(customer.workspace, **limits)
        settled(
            customer.quotas.usage,
            when=lambda seen: all((meter := getattr(seen, what)) is not None and meter.limit == limit for what, limit in limits.items()),
            within=customer.site.budget("agreement"),
            of=f"the limit of {' and '.join(limits)}",
        )


def require_room(customer: Customer, count: int) -> None:
    """See to it that `count` more projects can be made, where the product limits them.

    Raises:
        Blocked: the plan is too small, and the operator cannot make it larger.
    """
    if not customer.offers(Quotas):
        return
    with arranging(f"room for {count} projects"):
        meter = customer.quotas.usage().projects
        if meter.limit is None or meter.limit - meter.used >= count:
            return
        if not customer.can_set_limits():
            raise Blocked(f"the plan has room for {meter.limit - meter.used} projects; this promise is tried with {count}, on a larger plan")
        set_limits(customer, projects=meter.used + count)


def await_listed(customer: Customer, ids: Collection[str]) -> list[Project]:
    """Return the projects as they are listed, once these are among them; without them, if they do not come in time."""
    return settled(
        customer.projects.projects,
        when=lambda listed: {project.id for project in listed} >= set(ids),
        within=customer.site.budget("agreement"),
        of="the list of projects",
    )


def race(customer: Customer, count: int) -> tuple[list[Project], list[Refusal]]:
    """Ask for `count` projects at the same moment, each in a window of its own; return those that were promised, and the refusals."""
    windows = [customer.twin() for _ in range(count)]

    def ask(window: Customer) -> Project | Refusal:
        try:
            return provisioning.request(window, patient=False)
        except Refused as refused:
            return refused.refusal

    with step(f"ask for {count} projects at once"):
        answers = together(*(partial(ask, window) for window in windows))
    return [each for each in answers if isinstance(each, Project)], [each for each in answers if isinstance(each, Refusal)]


def await_projects_used(customer: Customer, used: int) -> Usage:
    """Wait until the usage shows `used` projects."""
    with step(f"wait until {used} projects count as used"):
        return eventually(
            customer.quotas.usage, reaches=used, within=customer.site.budget("agreement"), of="projects used", state=lambda usage: usage.projects.used
        )


def settled_usage(customer: Customer) -> Usage:
    """Return the usage once it counts the projects that are listed, but for those that were never made; as it is, if it does not in time."""
    seen = settled(
        lambda: (customer.quotas.usage(), counting(customer.projects.projects())),
        when=lambda both: both[0].projects.used == both[1],
        within=customer.site.budget("agreement"),
        of="projects used",
    )
    return seen[0]


def counting(listed: Collection[Project]) -> int:
    """Return how many of these count: what failed or was cancelled takes no place."""
    return sum(project.state not in provisioning.ENDED for project in listed)


def await_seats_used(customer: Customer, used: int) -> None:
    """Wait until the usage shows `used` seats, where the product counts them."""
    if not customer.offers(SeatQuota):
        return
    with step(f"wait until {used} seats count as used"):
        eventually(
            customer.quotas.usage,
            reaches=used,
            within=customer.site.budget("agreement"),
            of="seats used",
            state=lambda usage: usage.seats.used if usage.seats else None,
        )


def storage_used(customer: Customer) -> int:
    """Return the bytes of storage that the usage shows; none where the product does not count them."""
    if not customer.offers_all(Quotas, StorageQuota):
        return 0
    return _used(customer.quotas.usage().storage)


def await_storage_used(customer: Customer, used: int) -> None:
    """Wait until the usage shows `used` bytes of storage."""
    with step(f"wait until {used} bytes count as used"):
        eventually(
            customer.quotas.usage,
            reaches=used,
            within=customer.site.budget("agreement"),
            of="storage used",
            state=lambda usage: _used(usage.storage),
        )

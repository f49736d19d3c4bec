"""Quotas: filling a plan, and reading how full it is."""

from __future__ import annotations

from functools import partial

from flows import provisioning
from flows.blame import Blocked, Refused, arranging
from flows.contract.projects import Project, State
from flows.contract.quotas import Meter, SeatQuota, Usage
from flows.refusal import Refusal
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually, together


def limit_of(meter: Meter | None, what: str) -> int:
    """Return the limit of a dimension.

    Raises:
        Blocked: it is unlimited or not shown, so there is nothing to meet.
    """
    if meter is None or meter.limit is None:
        raise Blocked(f"the plan shows no limit of {what}")
    return meter.limit


def fill_plan(customer: Customer, *, leaving: int = 0) -> list[Project]:
    """Create projects until only `leaving` more are allowed, wait for all, and return every project of the workspace."""
    with step("fill the plan"), arranging("a full plan"):
        usage = customer.quotas.usage()
        wanted = limit_of(usage.projects, "projects") - usage.projects.used - leaving
        asked = [provisioning.request(customer) for _ in range(wanted)]
        for project in asked:
            provisioning.await_state(customer, project, State.ACTIVE, never=provisioning.ENDED)
    return customer.projects.projects()


def race(customer: Customer, count: int) -> tuple[list[Project], list[Refusal]]:
    """Ask for `count` projects at the same moment, each in a window of its own; return those that were promised, and the refusals."""
    windows = [customer.twin() for _ in range(count)]

    def ask(window: Customer) -> Project | Refusal:
        try:
            return provisioning.request(window)
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


def await_seats_used(customer: Customer, used: int) -> None:
    """Wait until the usage shows `used` seats, where the product counts them."""
    if SeatQuota not in customer.site.driver.offers:
        return
    with step(f"wait until {used} seats count as used"):
        eventually(
            customer.quotas.usage,
            reaches=used,
            within=customer.site.budget("agreement"),
            of="seats used",
            state=lambda usage: usage.seats.used if usage.seats else None,
        )

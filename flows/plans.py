"""Plans: what a customer pays for, and the next that is larger."""

from __future__ import annotations

from collections.abc import Collection

from flows.blame import ProductFault, SuiteFault, arranging
from flows.contract.billing import Bill, Card, Invoice, Standing
from flows.contract.projects import Project
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually, settled

OWED_NOT = "void"
"""The state of a charge that was announced, and is not owed."""


def next_plan(customer: Customer) -> tuple[str, str]:
    """Return the plan of a customer, and the next larger one on the product's upgrade path.

    Raises:
        ProductFault: the plan is none of the product's own.
        SuiteFault: there is no larger one, so that nothing can be tried.
    """
    path, plan = customer.billing.upgrade_path(), customer.billing.billing().plan
    if plan not in path:
        raise ProductFault(f"a customer is on the plan '{plan}', which is none of {', '.join(path)}")
    if plan == path[-1]:
        raise SuiteFault(f"a customer is on the largest plan '{plan}', so that no upgrade can be tried; test with one on a smaller plan")
    return plan, path[path.index(plan) + 1]


def upgrade(customer: Customer, plan: str) -> None:
    """Bring a customer onto a larger plan. That this works is another promise: a fault in it blocks.

    Raises:
        Blocked: it does not work.
    """
    with arranging(f"the plan '{plan}'"), step("upgrade"):
        customer.billing.use_card(Card.PAYS)
        customer.billing.change_plan(plan)
        await_plan(customer, plan)


def await_plan(customer: Customer, plan: str, standing: Standing = Standing.ACTIVE) -> None:
    """Wait until the workspace is on this plan, and stands so with it."""

    def seen(bill: Bill) -> str:
        return f"'{bill.plan}', {bill.standing}"

    with step(f"wait until the plan is '{plan}', {standing}"):
        eventually(customer.billing.billing, reaches=f"'{plan}', {standing}", within=customer.site.budget("agreement"), of="the plan", state=seen)


def await_limit(customer: Customer, projects: int | None) -> None:
    """Wait until the plan gives so many projects."""
    with step(f"wait until the limit is {projects} projects"):
        eventually(
            customer.quotas.usage,
            reaches=projects,
            within=customer.site.budget("agreement"),
            of="the limit of projects",
            state=lambda usage: usage.projects.limit,
        )


def await_charged(customer: Customer, project: Project, cents: list[int], *, which: str) -> None:
    """Demand that a project is charged these amounts for good, and that none is open.

    Raises:
        ProductFault: it is charged something else. The message tells of the project by `which`.
    """

    def charged() -> list[tuple[int, str]]:
        found = [each for each in customer.billing.billing().charges if each.project_id == project.id and each.state != OWED_NOT]
        return sorted((each.cents, each.state) for each in found)

    wanted = sorted((each, "captured") for each in cents)
    seen = settled(charged, when=lambda found: found == wanted, within=customer.site.budget("agreement"), of="the charges")
    if seen != wanted:
        amounts = ", ".join(f"{money(each)} {state}" for each, state in seen) or "nothing"
        due = ", ".join(map(money, cents)) or "nothing"
        msg = f"project {project.name}, {which}, is charged {amounts}, where it should be {due}"
        raise ProductFault(msg)


def told(invoices: Collection[Invoice]) -> str:
    """Say in words what invoices are for."""
    return ", ".join(f"{money(each.cents)} for the plan '{each.plan}'" for each in invoices) or "nothing"


def money(cents: int) -> str:
    """Write an amount."""
    return f"{cents // 100}.{cents % 100:02}"

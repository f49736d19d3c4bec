"""Plans: what a customer pays for, and the next that is larger."""

from __future__ import annotations

from flows.blame import ProductFault, SuiteFault
from flows.site import Customer


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

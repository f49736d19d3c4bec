"""The end of an account: the operator erases a customer, whatever they have running."""

from __future__ import annotations

from collections.abc import Callable

from flows import trail
from flows.blame import ProductFault, Refused
from flows.contract.projects import Project
from flows.patience import patiently
from flows.refusal import Reason
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled

SUBJECT = "the operator's erasure of a customer with a running project"


def erase(customer: Customer, project: Project) -> None:
    """As the operator, erase a customer who has this project running by the product's own one act, and wait until nothing of them is left.

    Raises:
        ProductFault: the act did not succeed, or leaves something. The message says how it was answered, and what is there afterwards.
    """
    operator = customer.site.eraser()
    with step("as the operator, erase a customer with a running project"):
        account = operator.find_account(customer.email)
        assert account is not None, f"the operator does not find the account of {customer.email}, who is logged in"
        try:
            patiently(lambda: operator.erase_at_once(account), doing="erasing a customer", limit=customer.site.budget("deletion", "agreement").limit)
        except (Refused, ProductFault) as cause:
            said = answered(cause)  # before anything else is asked
            raise ProductFault(f"{SUBJECT} {said}; {', '.join(whole(customer, project))}") from cause
    with step("look what is left of the customer"):
        budget = customer.site.budget("deletion", "agreement")
        if settled(lambda: remains(customer, project), when=lambda seen: not seen, within=budget, of="the erasure"):
            raise ProductFault(f"{SUBJECT} was answered with success; {', '.join(whole(customer, project))}")
        assert not known(customer), "an erased customer can still log in"


def answered(cause: ProductFault | Refused) -> str:
    """Say how the operator was answered."""
    if isinstance(cause, Refused):
        return f"was {cause.refusal}"
    last = trail.current().exchanges[-1]
    return f"answered {last.status}" if last.status else f"got no answer ({cause})"


def remains(customer: Customer, project: Project) -> list[str]:
    """Return what the operator still finds of a customer: the account, the project."""
    operator = customer.site.eraser()
    found = {"the account": operator.find_account(customer.email) is not None, "the project": operator.project_is_there(project.id)}
    return [what for what, there in found.items() if there]


def whole(customer: Customer, project: Project) -> list[str]:
    """Say of each part of a customer whether it is there: what an erasure that went wrong has left, and what it took."""
    operator = customer.site.eraser()
    return [
        told("the account is", lambda: operator.find_account(customer.email) is not None, "still there", "gone"),
        told("logging in", lambda: known(customer), "still works", "is refused"),
        told("the project is", lambda: operator.project_is_there(project.id), "still there", "gone"),
    ]


def told(what: str, look: Callable[[], bool], yes: str, no: str) -> str:
    """Say how something stands, also where that cannot be seen. An answer that broke off may have taken the connection with it: look a second time."""
    trouble = ""
    for _ in range(2):
        try:
            return f"{what} {yes if look() else no}"
        except (Refused, ProductFault) as cause:
            trouble = str(cause)
    return f"{what} not to be seen ({trouble})"


def known(customer: Customer) -> bool:
    """Tell whether the log-in of a customer still opens their account.

    Raises:
        Refused: for another reason than that nobody has these credentials.
    """
    try:
        patiently(lambda: customer.elsewhere().accounts.log_in(customer.email, customer.identity.password), doing="logging in")
    except Refused as refused:
        if refused.refusal.reason is not Reason.BAD_CREDENTIALS:
            raise
        return False
    return True

"""Logging out means out."""

from flows import signup
from flows.contract.accounts import LocalLogOut, Sessions
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario("signup.log-out", owner="identity", risk="account-takeover", severity="critical", failure="integrity", needs=(Sessions,), unless=(LocalLogOut,))
def test_the_old_session_is_dead_after_logging_out(customer: Customer) -> None:
    """After logging out, neither this browser nor a copy of its session is logged in; another session stays logged in, and logging in again works."""
    copy, other = customer.twin(), signup.log_in_elsewhere(customer)
    assert copy.accounts.whoami().email == customer.email, "a copy of a live session is logged in as somebody else"

    with step("log out"):
        customer.accounts.log_out()

    with refused(Reason.UNAUTHENTICATED, doing="using a copy of the session after logging out"):
        copy.accounts.whoami()
    with refused(Reason.UNAUTHENTICATED, doing="using the browser after logging out"):
        customer.accounts.whoami()
    assert other.accounts.whoami().email == customer.email, "logging out in one browser logged another out"
    assert signup.log_in(customer.elsewhere()).email == customer.email

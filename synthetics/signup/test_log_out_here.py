"""Logging out, where only this browser forgets."""

from flows import signup
from flows.contract.accounts import LocalLogOut, Sessions
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario("signup.log-out-here", owner="identity", risk="account-takeover", severity="critical", failure="integrity", needs=(Sessions, LocalLogOut))
def test_this_browser_is_logged_out_and_another_is_not(customer: Customer) -> None:
    """After logging out, this browser is logged in no more, whatever becomes of copies of its session; another stays logged in, and logging in again works."""
    other = signup.log_in_elsewhere(customer)

    with step("log out"):
        customer.accounts.log_out()

    with refused(Reason.UNAUTHENTICATED, doing="using the browser after logging out"):
        customer.accounts.whoami()
    assert other.accounts.whoami().email == customer.email, "logging out in one browser logged another out"
    assert signup.log_in(customer.elsewhere()).email == customer.email

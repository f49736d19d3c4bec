"""A stranger becomes a customer."""

from flows import people, signup
from flows.contract.accounts import Sessions, SignUp
from flows.contract.people import People, Workspaces
from flows.scenario import scenario
from flows.site import Customer


@scenario("signup.first-workspace", owner="growth", risk="nobody-can-start", severity="critical", failure="availability", needs=(SignUp, Sessions))
def test_a_stranger_reaches_a_first_workspace(visitor: Customer) -> None:
    """A stranger signs up, confirms the address, logs in, and stands in a workspace of their own."""
    account = signup.sign_up(visitor)

    assert account.email == visitor.email, f"signed up as {visitor.email}, logged in as {account.email}"
    if visitor.offers(People) or visitor.offers(Workspaces):
        assert account.workspace, f"{account.email} has no workspace after the first log-in"
    if visitor.offers(People):
        inside = list(people.roles(visitor))
        assert inside == [visitor.email], f"the first workspace is no workspace of their own: in it are {inside}"

"""What one is called."""

from flows import signup
from flows.contract.accounts import NameChange, Newcomers, Sessions
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario("account.rename", owner="identity", risk="wrong-beginning", severity="warning", failure="integrity", needs=(Newcomers, Sessions, NameChange))
def test_an_account_bears_the_name_that_was_given(customer: Customer) -> None:
    """An account bears the name that it was signed up with, until its holder gives it another; then it bears that, wherever one logs in. Others keep theirs."""
    neighbour = signup.newcomer(customer.site)
    given, wanted = customer.accounts.whoami().name, f"Renamed {customer.site.fresh_name()}"
    assert given == customer.identity.name, f"signed up as '{customer.identity.name}', and called '{given}'"

    with step("give the account another name"):
        customer.accounts.rename(wanted)

    other, theirs = signup.log_in_elsewhere(customer), neighbour.accounts.whoami().name
    assert theirs == neighbour.identity.name, f"one account was renamed, and another, of '{neighbour.identity.name}', is called '{theirs}'"
    for who, where in ((customer, "here"), (other, "in another session")):
        seen = who.accounts.whoami()
        assert (seen.name, seen.email) == (wanted, customer.email), f"an account that was renamed to '{wanted}' is called '{seen.name}' ({seen.email}) {where}"

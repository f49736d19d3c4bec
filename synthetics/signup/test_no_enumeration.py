"""Nobody learns who has an account."""

from flows import signup
from flows.contract.accounts import Sessions
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario("signup.no-enumeration", owner="identity", risk="account-takeover", severity="error", failure="integrity", needs=(Sessions,))
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(customer: Customer) -> None:
    """A wrong password and an unknown address get the same answer, and the right password still works."""
    nobody = customer.site.identity()

    with refused(Reason.BAD_CREDENTIALS, doing="logging in with a wrong password") as wrong:
        customer.elsewhere().accounts.log_in(customer.email, nobody.password)
    with refused(Reason.BAD_CREDENTIALS, doing="logging in with an unknown address") as unknown:
        customer.elsewhere().accounts.log_in(nobody.email, nobody.password)

    told = [(each.status, each.code, each.message, each.field) for each in (wrong, unknown)]
    assert told[0] == told[1], f"a wrong password is answered {told[0]}, an unknown address {told[1]}"
    assert signup.log_in(customer.elsewhere()).email == customer.email

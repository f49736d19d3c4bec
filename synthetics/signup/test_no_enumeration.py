"""Nobody learns who has an account."""

from flows import signup
from flows.contract.accounts import PasswordReset, Sessions, VerificationAgain
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario("signup.no-enumeration", owner="identity", risk="account-takeover", severity="error", failure="integrity", needs=(Sessions,))
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(customer: Customer) -> None:
    """A wrong password, however near, and an unknown address get the same answer, a mail is promised to either, and the right password still works."""
    nobody = customer.site.identity()

    with refused(Reason.BAD_CREDENTIALS, doing="logging in with a wrong password") as wrong:
        customer.elsewhere().accounts.log_in(customer.email, signup.near_miss(customer.identity.password))
    with refused(Reason.BAD_CREDENTIALS, doing="logging in with an unknown address") as unknown:
        customer.elsewhere().accounts.log_in(nobody.email, nobody.password)

    told = [(each.status, each.code, each.message, each.field) for each in (wrong, unknown)]
    assert told[0] == told[1], f"a wrong password is answered {told[0]}, an unknown address {told[1]}"
    with step("ask for mails to the unknown address, which must be answered as if it were known"):
        if customer.offers(PasswordReset):
            customer.elsewhere().accounts.request_reset(nobody.email)
        if customer.offers(VerificationAgain):
            customer.elsewhere().accounts.resend_verification(nobody.email)
    assert signup.log_in(customer.elsewhere()).email == customer.email

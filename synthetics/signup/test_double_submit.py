"""Impatient fingers."""

from flows import signup
from flows.contract.accounts import SafeResubmission, Sessions, SignUp, Verification
from flows.contract.mail import Kind
from flows.post import letters
from flows.scenario import scenario
from flows.site import Customer
from flows.waiting import holds

WATCHED = 2.0
"""Seconds for which a second mail is watched for."""


@scenario(
    "signup.double-submit",
    owner="growth",
    risk="double-accounts",
    severity="error",
    failure="integrity",
    needs=(SignUp, Verification, Sessions, SafeResubmission),
)
def test_a_form_sent_twice_makes_one_account(visitor: Customer) -> None:
    """A sign-up form that is sent twice makes one account, sends one mail, and ends well."""
    signup.register(visitor, times=2)

    signup.confirm(visitor)
    account = signup.log_in(visitor)

    assert account.email == visitor.email
    sent = len(letters(visitor.site, visitor.email, Kind.VERIFICATION))
    assert sent == 1, f"{sent} verification mails came for one sign-up"
    holds(lambda: letters(visitor.site, visitor.email, Kind.VERIFICATION), during=WATCHED, of="the number of verification mails for one sign-up", state=len)

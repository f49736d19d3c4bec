"""A link that came too late."""

from flows import signup
from flows.contract.accounts import Sessions, SignUp, Verification, VerificationAgain
from flows.contract.mail import Kind
from flows.contract.operator import Calendar
from flows.post import await_link
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "signup.expired-link",
    owner="identity",
    risk="account-takeover",
    severity="error",
    failure="integrity",
    needs=(SignUp, Verification, VerificationAgain, Sessions, Calendar),
)
def test_an_expired_link_is_refused_and_a_new_one_works(visitor: Customer) -> None:
    """An expired verification link is refused; sent again, only the newest link works, and all older ones are dead."""
    signup.register(visitor)
    old = await_link(visitor.site, visitor.email, Kind.VERIFICATION)
    visitor.site.operator().expire_links(visitor.email)

    with step("follow the expired link"), refused(Reason.LINK_EXPIRED, doing="confirming by an expired link"):
        visitor.accounts.confirm(old)
    with refused(Reason.UNVERIFIED, Reason.BAD_CREDENTIALS, doing="logging in with an address that was never confirmed"):
        visitor.accounts.log_in(visitor.email, visitor.identity.password)

    with step("ask for the mail again, and once more"):
        visitor.accounts.resend_verification(visitor.email)
        second = await_link(visitor.site, visitor.email, Kind.VERIFICATION, nth=2)
        visitor.accounts.resend_verification(visitor.email)
        newest = await_link(visitor.site, visitor.email, Kind.VERIFICATION, nth=3)
    for link, which in ((old, "the expired link"), (second, "a link that was replaced")):
        with step(f"follow {which}"), refused(Reason.LINK_DEAD, Reason.LINK_EXPIRED, doing=f"confirming by {which} after newer ones were sent"):
            visitor.accounts.confirm(link)
    visitor.accounts.confirm(newest)

    assert signup.log_in(visitor).email == visitor.email

"""Without the mail nobody gets further."""

from flows import signup
from flows.contract.accounts import SignUp, Verification
from flows.contract.mail import Kind
from flows.post import await_letter
from flows.scenario import scenario
from flows.site import Customer


@scenario("signup.verification-mail", owner="identity", risk="mail-does-not-arrive", severity="critical", failure="availability", needs=(SignUp, Verification))
def test_the_verification_mail_arrives_within_its_budget(visitor: Customer) -> None:
    """The verification mail arrives within its budget, is addressed to the one who signed up, and has its link."""
    signup.register(visitor)

    letter = await_letter(visitor.site, visitor.email, Kind.VERIFICATION, within=visitor.site.budget("mail").strictly())

    assert letter.mail.to == (visitor.email,), f"the mail to {visitor.email} is addressed to {letter.mail.to}"
    assert letter.link, f"the mail '{letter.mail.subject}' has no link to confirm the address; its links are {letter.mail.links}"
    visitor.accounts.confirm(letter.link)

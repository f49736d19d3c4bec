"""An invitation in the wrong hands."""

from flows import people, signup
from flows.contract.accounts import Newcomers
from flows.contract.people import Invitations, People, Role
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "collaboration.wrong-account",
    owner="workspace",
    risk="privilege-kept",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, People, Invitations),
)
def test_an_invitation_opened_in_another_session_does_not_bind(customer: Customer) -> None:
    """An invitation's link that is opened in another user's session does not let that user in; the one it is meant for can still accept."""
    meant, passer_by = signup.newcomer(customer.site), signup.newcomer(customer.site)
    role = people.below(customer, Role.EDITOR)
    link = people.invited(customer, meant.email, role)

    with refused(Reason.WRONG_ACCOUNT, Reason.FORBIDDEN, doing="accepting an invitation that is meant for somebody else"):
        people.accept(passer_by, link)
    assert passer_by.email not in people.roles(customer), "the wrong account joined"

    people.accept(meant, link)
    team = {customer.email: Role.OWNER, meant.email: role}
    members = people.roles(customer, awaited=team)
    assert members == team, people.amiss(members, team)

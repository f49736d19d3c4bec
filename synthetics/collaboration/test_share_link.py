"""Letting one person into one project."""

from flows import signup
from flows.blame import Refused
from flows.contract.accounts import Newcomers
from flows.contract.documents import Documents
from flows.contract.people import Sharing
from flows.contract.projects import Project, Projects
from flows.lifecycle import HIDDEN
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually


@scenario(
    "collaboration.share-link",
    owner="workspace",
    risk="zombie-access",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Projects, Documents, Sharing),
)
def test_a_share_lets_one_person_in_until_it_is_revoked(customer: Customer, project: Project) -> None:
    """Somebody who takes a share can use that project; before, and once it is revoked, they cannot, and the link is dead."""
    document = customer.documents.write(project.id, "Shared", "for those with the link")
    guest, late = signup.newcomer(customer.site), signup.newcomer(customer.site)
    with refused(*HIDDEN, doing="reading a document before anything was shared"):
        late.documents.read(project.id, document.id)

    with step("share the project"):
        link = customer.people.share(project.id)
        guest.people.accept_share(link)
    assert guest.documents.read(project.id, document.id).body == document.body

    with step("revoke the share"):
        customer.people.revoke_shares(project.id)
        eventually(
            lambda: sees(guest, project, document.id), reaches="nothing", within=customer.site.budget("agreement"), of="the guest sees", state=lambda at: at
        )
    with refused(Reason.LINK_DEAD, Reason.LINK_EXPIRED, doing="taking a share that was revoked"):
        late.people.accept_share(link)


def sees(guest: Customer, project: Project, document: str) -> str:
    """Say what a guest sees of a project."""
    try:
        return f"a document of {len(guest.documents.read(project.id, document).body)} characters"
    except Refused as refusal:
        if refusal.refusal.reason not in HIDDEN:
            raise
        return "nothing"

"""Leaving for good."""

from flows import lifecycle, people, provisioning, signup
from flows.contract.accounts import ApiTokens, Newcomers, SelfErasure, Sessions
from flows.contract.documents import Documents
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Projects, State
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Site
from flows.steps import step


@scenario(
    "account.erase-oneself",
    owner="identity",
    risk="half-erased",
    severity="error",
    failure="integrity",
    needs=(Newcomers, Sessions, SelfErasure, Projects, Documents),
)
def test_an_account_can_erase_itself_and_nobody_else_can(site: Site) -> None:
    """Who knows the password can erase their account, unless others would be left without an owner; every way in is dead, others and a team's work stay."""
    neighbour = signup.newcomer(site)  # whoever came before the team is not its owner
    customer = signup.newcomer(site)
    project = provisioning.arranged(customer)
    document = customer.documents.write(project.id, "Erased", "with its owner")
    held = [(customer, "this session"), (signup.log_in_elsewhere(customer), "another session")]
    if customer.offers(ApiTokens):
        held.append((customer.bearing(customer.accounts.issue_token()), "an API token"))
    with refused(Reason.BAD_CREDENTIALS, doing="erasing an account without knowing its password"):
        customer.accounts.erase(signup.near_miss(customer.identity.password))
    colleague = people.colleague(customer, people.below(customer, Role.EDITOR)) if customer.offers_all(People, Invitations) else None
    if colleague:
        with refused(Reason.LAST_OWNER, doing="erasing an account whose workspace would be left to others without an owner"):
            customer.accounts.erase(customer.identity.password)
    assert customer.projects.project(project.id).state is State.ACTIVE, "a refused erasure changed the project"
    if colleague:
        left = provisioning.arranged(colleague)
        page = colleague.documents.write(left.id, "Stays", "with the team")
        with step("somebody who works for the team erases their account"):
            colleague.accounts.erase(colleague.identity.password)
        kept = customer.projects.project(left.id)
        assert kept.state is State.ACTIVE, f"a project of the team is {kept.state} since the one who made it is erased"
        assert kept.owner == (left.owner and customer.email), f"a project of the team belongs to {kept.owner} since the one who made it is erased"
        assert customer.documents.read(left.id, page.id).body == "with the team", "a document of the team went with the one who wrote it"
        assert colleague.email not in people.roles(customer), "who erased their account is still a member of the team"

    with step("erase the account"):
        customer.accounts.erase(customer.identity.password)

    for who, by in held:
        with refused(Reason.UNAUTHENTICATED, *lifecycle.HIDDEN, doing=f"reading a document after erasing the account, by {by}"):
            who.documents.read(project.id, document.id)
        with refused(Reason.UNAUTHENTICATED, doing=f"using {by} after erasing the account"):
            who.accounts.whoami()
    with refused(Reason.BAD_CREDENTIALS, doing="logging in to an account that is erased"):
        customer.elsewhere().accounts.log_in(customer.email, customer.identity.password)
    assert neighbour.accounts.whoami().email == neighbour.email, "erasing an account touched somebody else's"

"""Gone is gone."""

from flows import erasure, lifecycle, signup
from flows.contract.accounts import ApiTokens, Newcomers, Sessions
from flows.contract.documents import Documents
from flows.contract.operator import PlainErasure
from flows.contract.projects import Project, Projects
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "account.operator-erases",
    owner="identity",
    risk="half-erased",
    severity="error",
    failure="integrity",
    needs=(Newcomers, Sessions, Projects, Documents, PlainErasure),
)
def test_the_operator_erases_a_customer_with_a_running_project(customer: Customer, project: Project) -> None:
    """An operator erases a customer with a running project in one act: account, log-in, sessions, tokens and project are gone, and nothing is left halfway."""
    document = customer.documents.write(project.id, "Erased", "with its owner")
    held = [(customer, "this session"), (signup.log_in_elsewhere(customer), "another session")]
    if customer.offers(ApiTokens):
        held.append((customer.bearing(customer.accounts.issue_token()), "an API token"))

    erasure.erase(customer, project)

    for who, by in held:
        with refused(Reason.UNAUTHENTICATED, *lifecycle.HIDDEN, doing=f"reading a document of an erased customer by {by}"):
            who.documents.read(project.id, document.id)
        with refused(Reason.UNAUTHENTICATED, doing=f"using {by} of an erased customer"):
            who.accounts.whoami()

"""A request that is sent again."""

from flows import provisioning, quota, signup
from flows.contract.accounts import Newcomers
from flows.contract.projects import IdempotencyKeys, Projects
from flows.contract.quotas import Quotas
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "provisioning.idempotency-key",
    owner="platform",
    risk="provisioning-wrong",
    severity="error",
    failure="integrity",
    needs=(Projects, IdempotencyKeys),
)
def test_the_same_key_twice_gives_one_project(customer: Customer) -> None:
    """The same idempotency key gives one project, counted once, and no other; another key, or another customer's, gives another."""
    name, key = customer.site.project_name(), customer.site.fresh_name()
    quota.require_room(customer, 2)
    there = {project.id for project in customer.projects.projects()}
    used = customer.quotas.usage().projects.used if customer.offers(Quotas) else None

    first = provisioning.request(customer, name=name, key=key)
    second = provisioning.request(customer, name=name, key=key)

    assert second.id == first.id, f"one key made the projects {first.id} and {second.id}"
    listed = [project.id for project in quota.await_listed(customer, {first.id}) if project.id not in there]
    assert listed == [first.id], f"after two requests with one key the list holds {listed}"
    if used is not None:
        quota.await_projects_used(customer, used + 1)
    with refused(Reason.INVALID, doing="asking for another project with a key that was used"):
        provisioning.request(customer, key=key)
    other = provisioning.request(customer, key=f"{key}-other")
    assert other.id != first.id, "another key gave the same project"
    if customer.offers(Newcomers):
        with step("send the same request with the same key as another customer"):
            theirs = provisioning.request(signup.newcomer(customer.site), name=name, key=key)
        assert theirs.id != first.id, "the same key of another customer gave them this customer's project"

"""Never mind."""

from flows import lifecycle, provisioning, quota
from flows.blame import arranging
from flows.contract.lifecycle import Action
from flows.contract.projects import Projects, Slow, State
from flows.contract.quotas import Quotas
from flows.scenario import scenario
from flows.site import Customer
from flows.waiting import holds

WATCHED = 4.0
"""Seconds for which a cancelled project is watched at the least; else for as long as it would have taken to become ready."""


@scenario(
    "provisioning.cancel",
    owner="platform",
    risk="provisioning-wrong",
    severity="error",
    failure="integrity",
    needs=(Projects, Slow, Quotas, Action.CANCEL),
)
def test_a_cancelled_project_gives_back_what_it_took(customer: Customer) -> None:
    """A project that is cancelled on its way is cancelled, gives back its place in the quota and its name, and stays as it is."""
    name = customer.site.project_name()
    before = quota.settled_usage(customer).projects.used
    asked = provisioning.request(customer, customer.projects.slow(), name=name)
    with arranging("a project on its way"):
        provisioning.await_state(customer, asked, State.PROVISIONING, never=provisioning.ENDED)

    lifecycle.perform(customer, asked, Action.CANCEL)

    quota.await_projects_used(customer, before)
    again = provisioning.create(customer, name=name)
    assert again.id != asked.id, "asking for a project by the name of a cancelled one gave the cancelled one"
    quota.await_projects_used(customer, before + 1)
    holds(
        lambda: (customer.projects.project(asked.id).state, customer.quotas.usage().projects.used),
        during=max(WATCHED, customer.site.budget("provisioning").expected),
        of=f"project {asked.name}, cancelled on its way,",
        state=lambda now: f"{now[0]} with {now[1]} projects used",
    )

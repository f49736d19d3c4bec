"""One truth, wherever one looks."""

from flows import provisioning, signup
from flows.contract.accounts import Sessions
from flows.contract.projects import Project, Projects, State, Variant
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually


@scenario("provisioning.views-agree", owner="platform", risk="provisioning-wrong", severity="error", failure="integrity", needs=(Projects,))
def test_list_detail_page_and_api_agree(customer: Customer) -> None:
    """List and detail, page and API agree about a project within seconds of its being ready."""
    programmatic = customer.site.as_prepared(customer.identity, Sessions, Projects)
    with step("look at the lists, on the surface and by the API, before it is made"):
        signup.log_in(programmatic)
        before = [{(each.id, each.name) for each in who.projects.projects()} for who in (customer, programmatic)]
        assert before[0] == before[1], f"{len(before[0])} projects are listed on the surface, {len(before[1])} by the API, and they are not the same"
    asked = provisioning.request(customer)
    with step("look at the list while it is on its way"):
        customer.projects.projects()
    project = provisioning.await_state(programmatic, asked, State.ACTIVE, never=provisioning.ENDED)
    with step("wait until the list shows it as ready, too"):
        eventually(
            lambda: next((str(each.state) for each in customer.projects.projects() if each.id == asked.id), "missing"),
            reaches=str(State.ACTIVE),
            within=customer.site.budget("agreement"),
            of=f"project {asked.name}, in the list,",
            state=lambda at: at,
        )

    def views() -> set[tuple[str, str]]:
        seen = set()
        for who in (customer, programmatic):
            detail = who.projects.project(project.id)
            listed = [each for each in who.projects.projects() if each.id == project.id]
            seen |= {(each.name, str(each.state)) for each in (detail, *listed)} | ({("missing in a list", "")} if not listed else set())
        return seen

    eventually(
        views,
        reaches="agree",
        within=customer.site.budget("agreement"),
        of=f"the views of project {project.name}",
        state=lambda seen: "agree" if seen == {(project.name, "active")} else " / ".join(sorted(f"{name} {state}" for name, state in seen)),
    )
    for each in (each for each in programmatic.projects.projects() if each.id == project.id and each.history):
        assert each.history == project.history, f"the list tells that a project went {' > '.join(each.history)}, its own view {' > '.join(project.history)}"
    detail = facts(project)
    for listed in map(facts, (asked, *(each for each in programmatic.projects.projects() if each.id == project.id))):
        differing = sorted(name for name in detail.keys() & listed.keys() if detail[name] != listed[name])
        assert not differing, f"the view of a project, the list and the promise disagree on its {', '.join(differing)}: {detail} and {listed}"


def facts(project: Project) -> dict[str, object]:
    """Return what a view says of a project besides its name and state; a view may say less."""
    said = {"template, tier or region": project.variant, "owner": project.owner, "privacy": project.private}
    return {name: value for name, value in said.items() if value not in {None, Variant()}}

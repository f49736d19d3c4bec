"""Progress that a customer can believe."""

from itertools import pairwise

from flows import provisioning
from flows.contract.projects import Project, Projects, State
from flows.scenario import scenario
from flows.site import Customer
from flows.waiting import holds

ORDER = (State.REQUESTED, State.PROVISIONING, State.ACTIVE)
STEADY = 1.5
"""Seconds for which a ready project is watched."""


@scenario("provisioning.states-forward", owner="platform", risk="provisioning-wrong", severity="warning", failure="integrity", needs=(Projects,))
def test_the_states_on_the_way_are_legal_and_only_go_forward(customer: Customer) -> None:
    """The states of a project on its way to being ready are legal, and only go forward."""
    asked = provisioning.request(customer)
    seen, sight, of = [asked.state], provisioning.sight(customer, asked), f"project {asked.name}"

    def look() -> Project | provisioning.Unseen:
        now = sight()
        if isinstance(now, Project) and now.state is not seen[-1]:
            seen.append(now.state)
        return now

    ready = provisioning.reach(look, reaches=frozenset({State.ACTIVE}), never=provisioning.ENDED, within=customer.site.budget("provisioning"), of=of)
    holds(look, during=STEADY, of=f"project {asked.name}, ready,", state=lambda now: now.state)

    for told, path in (("seen", seen), ("told by its history", list(ready.history))):
        assert set(path) <= set(ORDER), f"the states {told} were {' > '.join(path)}; legal on this way are {', '.join(ORDER)}"
        assert all(ORDER.index(one) < ORDER.index(next_) for one, next_ in pairwise(path)), f"the states {told} went backward: {' > '.join(path)}"
    whole = ORDER[ORDER.index(seen[0]) :]
    assert not ready.history or ready.history[-len(whole) :] == whole, f"the history leaves something out: {' > '.join(ready.history)}"

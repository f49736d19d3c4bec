"""Who did it, and when."""

import time
from collections.abc import Iterable
from itertools import groupby

from flows import lifecycle, people
from flows.blame import arranging
from flows.contract.lifecycle import Action, Audit, Renaming
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Project, Projects, State
from flows.scenario import scenario
from flows.site import Customer
from flows.waiting import settled

THERE_AND_BACK = ((Action.ARCHIVE, Action.UNARCHIVE), (Action.SUSPEND, Action.RESUME))

SKEW = 60.0
"""Seconds by which clocks may differ."""


@scenario("lifecycle.audit-trail", owner="platform", risk="lifecycle-corrupt", severity="error", failure="integrity", needs=(Projects, Audit))
def test_every_transition_leaves_an_entry_with_actor_and_time(customer: Customer, project: Project) -> None:
    """Every transition leaves one audit entry with the right actor, a colleague too, and the right time, in order, and is in the project's history."""
    late = customer.site.budget("agreement")
    states = customer.projects.project(project.id).history
    made = settled(lambda: customer.lifecycle.audit(project.id), when=lambda seen: len(seen) >= max(1, len(states)), within=late, of="the audit log")
    assert [entry.actor for entry in made[:1]] == [customer.email], (
        f"the audit log should begin with the making of the project by {customer.email}, and holds {made}"
    )
    assert len(made) >= len(states), f"the project went {' > '.join(states)}, and the audit log tells of its making only {made}"
    began = time.time()
    done = [action for there_and_back in THERE_AND_BACK if all(map(customer.can, there_and_back)) for action in there_and_back]
    if customer.can(Action.DELETE) and customer.can(Action.RESTORE):
        done += [Action.DELETE, Action.RESTORE]
    for action in done:
        if action is Action.DELETE:
            lifecycle.delete(customer, project)
        elif action is Action.RESTORE:
            with arranging("a restored project"):
                lifecycle.perform(customer, project, action)
        else:
            lifecycle.perform(customer, project, action)
    ended = time.time()

    entries = settled(lambda: customer.lifecycle.audit(project.id), when=lambda seen: len(seen) >= len(made) + len(done), within=late, of="the audit log")

    told = [(entry.action, entry.actor) for entry in entries[len(made) :]]
    assert told == [(str(action), lifecycle.actor_of(customer, action)) for action in done], f"the audit log ends with {told}"
    times = [entry.at for entry in entries]
    assert times == sorted(times), "the audit log is not in the order of time"
    lately = times[len(made) :]
    assert all(began - SKEW <= at <= ended + SKEW for at in lately), f"done between {began:.0f} and {ended:.0f}, the entries say {lately}"
    history = customer.projects.project(project.id).history
    gone_through, there = path(history[len(states) :]), path(lifecycle.LEADS_TO[action] for action in done if action in lifecycle.LEADS_TO)
    assert not history or gone_through == there, f"the project went {' > '.join(there)}, and its history tells of {' > '.join(gone_through) or 'nothing'}"
    if customer.offers(Renaming):
        team = customer.offers_all(People, Invitations)
        who = people.colleague(customer, people.below(customer, Role.ADMIN)) if team else customer
        name = customer.site.project_name()
        with arranging("a renamed project"):
            who.lifecycle.rename(project.id, name)
            shown = settled(lambda: customer.projects.project(project.id).name, when=lambda seen: seen == name, within=late, of="the name shown")
            assert shown == name, f"a project was renamed {name}, and is called {shown}"
        log = settled(lambda: customer.lifecycle.audit(project.id), when=lambda seen: len(seen) > len(entries), within=late, of="the audit log")
        assert [entry.actor for entry in log[len(entries) :]] == [who.email], f"{who.email} renamed a project, and the audit log ends with {log[-1:]}"


def path(states: Iterable[State]) -> list[State]:
    """Return the states that were gone through while the project could be seen, each once where it was entered anew from itself."""
    return [state for state, _ in groupby(state for state in states if state is not State.DELETED)]

"""Projects live by the table of transitions, in the worker's hands and in the customer's."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from products.cloudsuite.app import clock
from products.cloudsuite.app.domain import audit, billing, projects, provisioning, quotas, resources
from products.cloudsuite.app.domain.roles import Role
from products.cloudsuite.app.refusals import Refusal
from products.cloudsuite.app.transitions import RESTORED_AS, RULES, Action, Service, State
from tests.products.cloudsuite.app.house import House

TRANSITIONS = {
    (State.REQUESTED, Action.BEGIN): State.PROVISIONING,
    (State.REQUESTED, Action.FAIL): State.FAILED,
    (State.REQUESTED, Action.CANCEL): State.CANCELLED,
    (State.REQUESTED, Action.RETRY): State.REQUESTED,
    (State.REQUESTED, Action.DELETE): State.DELETED,
    (State.PROVISIONING, Action.FINISH): State.ACTIVE,
    (State.PROVISIONING, Action.FAIL): State.FAILED,
    (State.PROVISIONING, Action.CANCEL): State.CANCELLED,
    (State.PROVISIONING, Action.RETRY): State.PROVISIONING,
    (State.PROVISIONING, Action.DELETE): State.DELETED,
    (State.ACTIVE, Action.ARCHIVE): State.ARCHIVED,
    (State.ACTIVE, Action.UNARCHIVE): State.ACTIVE,
    (State.ACTIVE, Action.SUSPEND): State.SUSPENDED,
    (State.ACTIVE, Action.RESUME): State.ACTIVE,
    (State.ACTIVE, Action.DELETE): State.DELETED,
    (State.FAILED, Action.RETRY): State.REQUESTED,
    (State.FAILED, Action.DELETE): State.DELETED,
    (State.CANCELLED, Action.CANCEL): State.CANCELLED,
    (State.CANCELLED, Action.DELETE): State.DELETED,
    (State.ARCHIVED, Action.ARCHIVE): State.ARCHIVED,
    (State.ARCHIVED, Action.UNARCHIVE): State.ACTIVE,
    (State.ARCHIVED, Action.DELETE): State.DELETED,
    (State.SUSPENDED, Action.SUSPEND): State.SUSPENDED,
    (State.SUSPENDED, Action.RESUME): State.ACTIVE,
    (State.SUSPENDED, Action.DELETE): State.DELETED,
    (State.DELETED, Action.DELETE): State.DELETED,
    (State.DELETED, Action.RESTORE): State.ACTIVE,
    (State.DELETED, Action.PURGE): State.PURGED,
}
"""Every legal pair, written out a second time on purpose."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def entries(house: House, project: projects.Project) -> list[str]:
    with house.database.reading() as tx:
        return [entry["action"] for entry in audit.of_project(tx, project.id)]


def used(house: House, dimension: quotas.Dimension = quotas.Dimension.PROJECTS) -> int:
    with house.database.reading() as tx:
        return quotas.used(tx, house.workspace, dimension)


@pytest.mark.parametrize("state", list(State))
def test_every_pair_of_state_and_action_does_what_the_table_says(house: House, state: State) -> None:
    """A legal action leads where it should, a repeated one changes nothing, any other is refused and changes nothing."""
    house.limits(projects=-1)
    for action in Action:
        project = house.in_state(state, name=f"For {action}")
        before = entries(house, project)
        target = TRANSITIONS.get((state, action))

        if target is None:
            with pytest.raises(Refusal) as refused:
                house.move(project, action)
            assert refused.value.code == "invalid_transition"
            assert state in refused.value.message
            assert action in refused.value.message
            expected, written = project, before
        else:
            expected = house.move(project, action)
            assert expected.state is target
            written = before if target is state else [*before, action]

        with house.database.reading() as tx:
            assert projects.load(tx, project.id) == expected
        assert entries(house, project) == written


@pytest.mark.parametrize("action", [action for action, rule in RULES.items() if isinstance(rule.by, Service)])
def test_members_cannot_do_what_belongs_to_a_service(house: House, action: Action) -> None:
    """Not even an owner does what the operator or the worker does."""
    with pytest.raises(Refusal) as refused:
        house.act(house.active(), action)

    assert refused.value.code == "forbidden"


@pytest.mark.parametrize(
    ("state", "action", "least"),
    [
        (State.REQUESTED, Action.CANCEL, Role.ADMIN),
        (State.FAILED, Action.RETRY, Role.ADMIN),
        (State.ACTIVE, Action.ARCHIVE, Role.EDITOR),
        (State.ARCHIVED, Action.UNARCHIVE, Role.EDITOR),
        (State.ACTIVE, Action.DELETE, Role.ADMIN),
        (State.DELETED, Action.RESTORE, Role.ADMIN),
        (State.DELETED, Action.PURGE, Role.OWNER),
    ],
)
def test_an_action_takes_its_role_and_no_less(house: House, state: State, action: Action, least: Role) -> None:
    """Below the role the action is refused, or the deleted project is not there; with it, it is done."""
    for role in Role:
        actor = house.person(role, role)
        project = house.in_state(state)
        if role.covers(least):
            assert house.act(project, action, actor).state is TRANSITIONS[state, action]
        else:
            with pytest.raises(Refusal) as refused:
                house.act(project, action, actor)
            hidden = state is State.DELETED and not role.covers(Role.ADMIN)
            assert refused.value.code == ("not_found" if hidden else "forbidden")
        with house.database.transaction() as tx:
            tx.execute("DELETE FROM projects")


def test_the_worker_minds_only_what_waits(house: House) -> None:
    """A turn of the worker begins what was asked for, and says whether anything is under way."""
    assert provisioning.advance(house.database, house.settings) is False
    project = house.ask()

    assert provisioning.advance(house.database, house.settings) is True
    with house.database.reading() as tx:
        assert projects.load(tx, project.id).state is State.PROVISIONING
        assert resources.held(tx, house.workspace) == 1


def test_a_stranger_finds_no_project(house: House) -> None:
    """To somebody of another workspace a project does not exist, in the very words used for one that never did."""
    project, stranger = house.active(), house.person("Stranger")
    answers = []
    for project_id in (project.id, "prj_0"):
        with house.database.reading() as tx, pytest.raises(Refusal) as refused:
            projects.readable(tx, stranger, project_id)
        answers.append((refused.value.code, refused.value.message))

    assert answers[0] == answers[1] == ("not_found", "There is no such project.")


@pytest.mark.parametrize("state", list(RESTORED_AS))
def test_a_restored_project_is_what_it_was(house: House, state: State) -> None:
    """A project restored is back in its state; one that was not ready has failed and can be retried."""
    project = house.in_state(state)

    restored = house.act(house.act(project, Action.DELETE), Action.RESTORE)

    assert restored.state is (State.FAILED if state in (State.REQUESTED, State.PROVISIONING) else state)


def test_projects_are_provisioned_side_by_side(house: House) -> None:
    """Two projects asked for at once are ready at once."""
    first, second = house.work(house.ask("One")), house.work(house.ask("Two"))

    assert house.work(first, after=4.0).state is house.work(second, after=4.0).state is State.PROVISIONING
    assert house.work(first, after=6.0).state is house.work(second, after=6.0).state is State.ACTIVE


@pytest.mark.parametrize("action", [Action.CANCEL, Action.DELETE])
@pytest.mark.parametrize("state", [State.REQUESTED, State.PROVISIONING])
def test_the_worker_does_not_resurrect(house: House, state: State, action: Action) -> None:
    """A project cancelled or deleted while it was provisioned stays so, releases all, and costs nothing."""
    project = house.ask(tier="standard")
    if state is State.PROVISIONING:
        house.work(project)

    gone = house.act(project, action)
    house.work(project, after=500.0)

    with house.database.reading() as tx:
        assert projects.load(tx, project.id) == gone
        assert resources.held(tx, house.workspace) == 0
        assert [charge["state"] for charge in tx.execute("SELECT state FROM charges")] == ["void"]
    assert used(house) == 0


def test_a_ready_project_is_charged_once(house: House) -> None:
    """The charge of a standard project is pending until the project is ready, and then captured."""
    project = house.ask(tier="standard")
    states = []
    for after in (0.0, 0.0, 10.0, 20.0):
        with house.database.reading() as tx:
            states.append([charge["state"] for charge in tx.execute("SELECT state FROM charges")])
        project = house.work(project, after=after)

    assert states == [["pending"], ["pending"], ["pending"], ["captured"]]


def test_a_flaky_region_succeeds_on_retry(house: House) -> None:
    """The first attempt fails with a reason and gives back quota and name; a retry takes them and succeeds."""
    failed = house.active(region="zz-flaky")
    assert failed.state is State.FAILED
    assert "zz-flaky" in (failed.reason or "")
    assert used(house) == 0

    again = house.work(house.act(failed, Action.RETRY))

    assert house.work(again, after=10.0).state is State.ACTIVE
    assert used(house) == 1


def test_a_slow_project_is_late_then_given_up(house: House) -> None:
    """Past its deadline a project is late and can be cancelled; past three times that it has failed, with a reason."""
    house.patient(provisioning_deadline_seconds=10.0)
    project = house.work(house.ask(region="zz-slow"))

    assert not project.late(clock.now() + 9.0)
    assert project.late(clock.now() + 11.0)
    assert house.work(project, after=29.0).state is State.PROVISIONING
    given_up = house.work(project, after=31.0)
    assert given_up.state is State.FAILED
    assert "in time" in (given_up.reason or "")


def test_a_slow_project_is_ready_before_patience_ends(house: House) -> None:
    """With the default deadline, sixty seconds are late but not lost."""
    project = house.work(house.ask(region="zz-slow"))

    assert house.work(project, after=59.0).state is State.PROVISIONING
    assert house.work(project, after=61.0).state is State.ACTIVE


def test_the_last_slot_is_sold_once(house: House) -> None:
    """Of many creations at once for the last place, exactly one succeeds."""
    house.limits(projects=1)
    start, outcomes = threading.Barrier(8), []

    def ask(number: int) -> None:
        start.wait()
        try:
            outcomes.append(house.ask(f"Racer {number}").state.value)
        except Refusal as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["quota_exceeded"] * 7 + ["requested"]
    assert used(house) == 1


def test_a_name_is_free_again_when_its_project_is_gone(house: House) -> None:
    """A name is taken in any case of letters, freed by deletion, and then missed by a restore."""
    project = house.active("Apollo")
    with pytest.raises(Refusal) as taken:
        house.ask("APOLLO")

    house.act(project, Action.DELETE)
    house.ask("apollo")
    with pytest.raises(Refusal) as missed:
        house.act(project, Action.RESTORE)

    assert taken.value.code == missed.value.code == "name_taken"


def test_what_brings_a_project_back_needs_room(house: House) -> None:
    """Restore and retry are refused while the plan is full, and nothing changes."""
    failed, deleted = house.in_state(State.FAILED, "One"), house.in_state(State.DELETED, "Two")
    house.active("Three")
    house.limits(projects=1)
    for project, action in ((failed, Action.RETRY), (deleted, Action.RESTORE)):
        with pytest.raises(Refusal) as refused:
            house.act(project, action)

        assert refused.value.code == "quota_exceeded"
    assert used(house) == 1


def test_a_stale_rename_conflicts(house: House) -> None:
    """Renaming takes the version that the member saw."""
    project = house.active()
    with house.database.transaction() as tx:
        renamed = projects.rename(tx, house.owner, project.id, "Gemini", project.version)
    with house.database.transaction() as tx, pytest.raises(Refusal) as refused:
        projects.rename(tx, house.owner, project.id, "Mercury", project.version)

    assert renamed.name == "Gemini"
    assert refused.value.code == "version_conflict"


def test_retention_ends_in_a_purge(house: House) -> None:
    """A deleted project is gone for good once its time to be restored is over."""
    house.patient(retention_seconds=0.001)
    project = house.act(house.active(), Action.DELETE)
    with house.database.transaction() as tx:
        tx.execute("UPDATE projects SET restore_until = ?", (clock.now(),))
    with pytest.raises(Refusal) as refused:
        house.act(project, Action.RESTORE)

    provisioning.advance(house.database, house.settings)

    assert refused.value.code == "not_found"
    with house.database.reading() as tx:
        purged = projects.load(tx, project.id)
        assert (purged.state, purged.name) == (State.PURGED, "")
        assert resources.held(tx, house.workspace) == 0


def test_a_workspace_that_does_not_pay_can_be_read_until_it_pays(house: House) -> None:
    """A declined renewal begins the grace, its end suspends, and paying with another card recovers."""
    with house.database.transaction() as tx:
        billing.save_card(tx, house.owner, house.workspace, "4000 0000 0000 0341")
        billing.choose_plan(tx, house.settings, house.owner, house.workspace, "team")
        billing.renew(tx, house.settings, house.workspace)
        assert billing.standing(tx, house.workspace)["status"] == "grace"
    house.ask("In grace")
    with house.database.transaction() as tx:
        billing.expire_grace(tx, house.workspace)
    with pytest.raises(Refusal) as suspended:
        house.ask("Suspended")
    with house.database.transaction() as tx, pytest.raises(Refusal) as declined:
        billing.pay(tx, house.settings, house.owner, house.workspace)
    with house.database.transaction() as tx:
        billing.save_card(tx, house.owner, house.workspace, "4242424242424242")
        billing.pay(tx, house.settings, house.owner, house.workspace)
        assert billing.standing(tx, house.workspace)["status"] == "active"

    assert suspended.value.code == "workspace_suspended"
    assert declined.value.code == "payment_declined"
    house.ask("Paid")


def test_a_declined_card_leaves_the_plan(house: House) -> None:
    """An upgrade that is not paid for changes nothing."""
    with house.database.transaction() as tx:
        billing.save_card(tx, house.owner, house.workspace, "4000000000000002")
    with house.database.transaction() as tx, pytest.raises(Refusal) as refused:
        billing.choose_plan(tx, house.settings, house.owner, house.workspace, "team")

    assert refused.value.code == "payment_declined"
    with house.database.reading() as tx:
        assert billing.standing(tx, house.workspace)["plan"] == "free"


def test_the_worker_ends_periods_and_graces_in_time(house: House) -> None:
    """A period that is over is renewed, a declined one begins the grace, and a grace that is over suspends."""
    house.patient(period_seconds=1e-6, grace_seconds=1e-6)
    with house.database.transaction() as tx:
        billing.save_card(tx, house.owner, house.workspace, "4000000000000341")
        billing.choose_plan(tx, house.settings, house.owner, house.workspace, "team")
    statuses = []
    for _ in range(3):
        worked = billing.advance(house.database, house.settings)
        with house.database.reading() as tx:
            statuses.append((worked, billing.standing(tx, house.workspace)["status"]))

    assert statuses == [(True, "grace"), (True, "suspended"), (False, "suspended")]


def test_a_cheaper_plan_keeps_what_is_over_its_limits(house: House) -> None:
    """A downgrade takes effect at once, loses nothing, and refuses growth."""
    with house.database.transaction() as tx:
        billing.save_card(tx, house.owner, house.workspace, "4242424242424242")
        billing.choose_plan(tx, house.settings, house.owner, house.workspace, "team")
    for name in ("One", "Two", "Three"):
        house.active(name)
    with house.database.transaction() as tx:
        billing.choose_plan(tx, house.settings, house.owner, house.workspace, "free")
    with pytest.raises(Refusal) as refused:
        house.ask("Four")

    assert used(house) == 3
    assert (refused.value.code, refused.value.limit, refused.value.usage) == ("quota_exceeded", 2, 3)


def test_only_an_owner_sees_and_changes_the_billing(house: House) -> None:
    """An admin is refused, and the card stays."""
    admin = house.person("Ada", Role.ADMIN)
    with house.database.transaction() as tx, pytest.raises(Refusal) as refused:
        billing.save_card(tx, admin, house.workspace, "4242424242424242")

    assert refused.value.code == "forbidden"


def test_a_cancelled_plan_lasts_until_its_period_ends(house: House) -> None:
    """Cancelling keeps the plan for the time that is paid for."""
    with house.database.transaction() as tx:
        billing.save_card(tx, house.owner, house.workspace, "4242424242424242")
        billing.choose_plan(tx, house.settings, house.owner, house.workspace, "team")
        billing.cancel(tx, house.owner, house.workspace)
        during = billing.standing(tx, house.workspace)
        billing.end_period(tx, house.settings, house.workspace)
        after = billing.standing(tx, house.workspace)

    assert (during["plan"], during["status"]) == ("team", "cancelling")
    assert (after["plan"], after["status"]) == ("free", "active")

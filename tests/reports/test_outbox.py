"""A verdict and its messages are one transaction, and each alert keeps the route on which it began."""

from __future__ import annotations

import pytest

from reports.outbox import Outrun
from tests.reports.desk import Office
from verdicts.history import leases, runs
from verdicts.history.store import History
from verdicts.outcome import Status

KEPT, BROKEN = [Status.PASSED], [Status.FAILED, Status.FAILED]
PLAN = "quota.full-plan"


def test_a_confirmed_failure_opens_an_alert_and_tells_its_owner(office: Office) -> None:
    """The alert has the promise, its owner and its runbook, and one message waits for each leg of the owner's route."""
    office.ran({PLAN: BROKEN, "signup.mail": KEPT})
    office.judge()

    [alert] = office.alerts()
    assert (alert.scenario, alert.owner, alert.severity, alert.title, alert.runs) == (PLAN, "billing", "critical", "A promise.", 1)
    assert [(each.channel, each.kind, each.state) for each in office.letters()] == [("pager", "trigger", "pending")]


def test_judging_again_tells_nobody_again(office: Office) -> None:
    """The same history, judged twice, makes one alert and one message."""
    office.ran({PLAN: BROKEN})
    office.judge()
    again = office.judge()

    assert again.changes == ()
    assert len(office.letters()) == 1


def test_two_clean_runs_close_it_and_tell_the_same_people(office: Office) -> None:
    """The resolve goes where the trigger went, though the owner and the channel have changed meanwhile."""
    office.ran({PLAN: BROKEN})
    office.judge()
    office.launched(billing='page = ["desk"]')
    for _ in range(2):
        office.ran({PLAN: KEPT})
        office.judge()

    assert [(each.channel, each.kind) for each in office.letters()] == [("pager", "trigger"), ("pager", "resolve")]
    assert office.alerts()[0].state == "closed"


def test_what_broke_and_healed_before_anybody_judged_is_told(office: Office) -> None:
    """Runs that nobody has judged are judged one by one, each as of its own end: no alert is lost because a judge came late."""
    for each in (BROKEN, KEPT, KEPT, KEPT):
        office.ran({PLAN: each})
    office.judge()

    assert [each.kind for each in office.letters()] == ["trigger", "resolve"]
    assert office.alerts()[0].closed_by == "run-0003"


def test_late_judgement_opens_what_prompt_judgement_opens(office: Office, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whether each run is judged at once or all of them at the end, the same alerts open and close, by the same runs."""
    story = [KEPT, BROKEN, KEPT, BROKEN, BROKEN, KEPT, KEPT, KEPT, BROKEN, KEPT, KEPT]
    prompt = tmp_path_factory.mktemp("prompt")
    other = Office(prompt, History.open(str(prompt / "history.sqlite")))
    for each in story:
        office.ran({PLAN: each})
        other.ran({PLAN: each})
        other.judge()
    office.judge()

    def told(of: Office) -> list[tuple[int, str, str | None]]:
        return [(alert.number, alert.opened_by, alert.closed_by) for alert in of.alerts()]

    assert told(office) == told(other)
    assert len(told(office)) == 2
    other.history.close()


def test_nobody_takes_a_page_so_the_next_in_line_is_told(office: Office) -> None:
    """After the owner's patience the backup is told once; both hear of the end."""
    office.launched(patience=600)
    office.ran({PLAN: BROKEN})
    office.judge()
    for _ in range(2):
        office.ran({PLAN: BROKEN})
        office.judge()
    for _ in range(2):
        office.ran({PLAN: KEPT})
        office.judge()

    kinds = [(each.channel, each.kind) for each in office.letters()]
    assert kinds == [("pager", "trigger"), ("backup", "escalate"), ("pager", "resolve"), ("backup", "resolve")]


def test_a_page_that_somebody_took_goes_no_further(office: Office) -> None:
    """An acknowledgement is told to those who were paged, and ends the escalation."""
    office.launched(patience=600)
    office.ran({PLAN: BROKEN})
    office.judge()
    with office.history.begin() as tx:
        office.desk().acknowledge(tx, office.alerts()[0].id, "somebody", office.now)
    for _ in range(3):
        office.ran({PLAN: BROKEN})
        office.judge()

    assert [(each.channel, each.kind) for each in office.letters()] == [("pager", "trigger"), ("pager", "acknowledge")]


def test_an_owner_who_is_gone_does_not_silence_an_alert(office: Office) -> None:
    """The maintainers are told what concerns an owner whom nobody knows any more."""
    owners = office.folder / "launch" / "owners.toml"
    owners.write_text(owners.read_text().replace("[billing]", "[others]").replace('"billing"', '"others"'))
    office.relaunched()
    office.ran({PLAN: BROKEN})
    office.judge()

    assert [each.channel for each in office.letters()] == ["pager"]


def test_one_judge_at_a_time(office: Office) -> None:
    """While another holds the lease of a target, nothing is judged; when it has run out, it is."""
    office.ran({PLAN: BROKEN})
    with office.history.begin() as tx:
        leases.take(tx, "judge prod", "another", office.now, 120.0)

    assert office.judge().changes is None
    office.pass_time(121.0)
    assert len(office.judge().changes or ()) == 1


def test_a_judge_that_lost_its_lease_writes_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither alert nor message is there, and the run is still to be judged."""
    office.ran({PLAN: BROKEN})
    monkeypatch.setattr("reports.outbox.LEASE", 0.0)

    with pytest.raises(Outrun):
        office.judge()
    with office.history.reading() as tx:
        assert runs.unjudged(tx, "prod") == ["run-0001"]
    assert office.alerts() == []


def test_a_deploy_is_marked_beside_the_alerts(office: Office) -> None:
    """A run that meets another version than the run before puts one mark into every channel; those that carry none drop it."""
    for version in ("1.0", "1.0", "1.1"):
        office.ran({PLAN: KEPT}, version=version)
        office.judge()
    office.judge()
    done = office.deliver()

    assert office.told("pager") == [("change", "deploy")]
    assert {line.channel: line.sent for line in done.lines} == {"pager": 1, "desk": 1, "backup": 1, "fallback": 1}

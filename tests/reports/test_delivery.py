"""Each message is sent until its receiver has it, in order, and what cannot be delivered is told elsewhere."""

from __future__ import annotations

import json

import pytest

from rehearsal.receiver import Receiver, Request, closed_port, replies, silent
from reports import delivery
from reports.message import Kind
from reports.outbox import enqueue
from reports.site import inbox
from tests.receivers.post import Post, PostOffice
from tests.reports.desk import Office
from verdicts.history import alerts, leases, outbox
from verdicts.outcome import Status
from verdicts.view import UNDELIVERED

KEPT, BROKEN = [Status.PASSED], [Status.FAILED, Status.FAILED]
PLAN, MAIL = "quota.full-plan", "signup.mail"
DAY = 86400.0


def hook(url: str) -> str:
    """Return the table of a webhook."""
    return f'kind = "webhook"\nurl = "{url}"\ndeadline = 1'


def heard(receiver: Receiver) -> list[tuple[str, str]]:
    """Return status and scenario of each request, in order."""
    return [(told(each)["status"], told(each)["alerts"][0]["labels"]["scenario"]) for each in receiver.requests]


def told(request: Request) -> dict[str, object]:  # type: ignore[misc]
    """Return the body."""
    return dict(json.loads(request.body))


def broken(office: Office, *scenarios: str) -> None:
    """Break scenarios, and judge."""
    office.ran(dict.fromkeys(scenarios or (PLAN,), BROKEN))
    office.judge()


def kept(office: Office, *scenarios: str) -> None:
    """Keep scenarios twice, and judge."""
    for _ in range(2):
        office.ran(dict.fromkeys(scenarios or (PLAN,), KEPT))
        office.judge()


def test_a_message_is_sent_once(office: Office, receiver: Receiver) -> None:
    """What the receiver has taken is not sent again."""
    office.launched(hook(receiver.url))
    broken(office)
    first, second = office.deliver(), office.deliver()

    assert [(line.channel, line.sent) for line in first.lines] == [("pager", 1)]
    assert second.lines == ()
    assert heard(receiver) == [("firing", PLAN)]


def test_what_failed_is_tried_again_with_growing_pauses(office: Office, receiver: Receiver) -> None:
    """The pause doubles up to two minutes, with at most half of it left to chance."""
    office.launched(hook(receiver.url))
    receiver.always = replies(503)
    broken(office)
    pauses = []
    for _ in range(7):
        office.deliver()
        pauses.append(office.letters()[0].due - office.now)
        office.now = office.letters()[0].due

    assert pauses == [2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 60.0]


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("100000", 240.0), ("soon", 2.5)])
def test_a_receivers_wish_is_obeyed_within_reason(office: Office, receiver: Receiver, asked: str, waited: float) -> None:
    """A Retry-After is waited for, up to four minutes; what is none is passed over."""
    office.launched(hook(receiver.url))
    receiver.always = replies(429, Retry_After=asked)
    broken(office)
    office.deliver()

    assert office.letters()[0].due - office.now == waited


def test_a_run_waits_for_what_succeeds_soon(office: Office, receiver: Receiver) -> None:
    """With patience, one call delivers what its receiver took at the second try."""
    office.launched(hook(receiver.url))
    receiver.troubles.append(replies(500))
    broken(office)
    done = office.deliver(patience=20.0)

    assert (done.waiting, office.letters()[0].state, office.letters()[0].tries) == (0, "sent", 2)


def test_the_order_of_an_alert_is_kept(office: Office, receiver: Receiver) -> None:
    """A trigger that has to wait holds up its resolve and the next trigger of the same alert, and nothing else."""
    office.launched(hook(receiver.url))
    receiver.troubles.append(replies(503, Retry_After="240"))
    broken(office)
    office.deliver()
    office.cadence = 30.0
    broken(office, MAIL)
    kept(office)
    broken(office)
    office.deliver()
    blocked = heard(receiver)[1:]
    office.now += 3600
    office.deliver()

    assert blocked == [("firing", MAIL)]
    assert heard(receiver)[2:] == [("firing", PLAN), ("resolved", PLAN), ("firing", PLAN)]


def test_a_slow_channel_holds_up_nobody_else(office: Office, receiver: Receiver) -> None:
    """While one receiver never answers, the others have their message."""
    office.launched(hook(receiver.url), billing='page = ["pager", "desk"]')
    receiver.always = silent
    broken(office)
    done = office.deliver()

    assert office.told("desk") == [("trigger", PLAN)]
    assert {line.channel: (line.sent, line.later) for line in done.lines} == {"pager": (0, 1), "desk": (1, 0)}
    assert not done.all_failed


def test_a_channel_that_never_returns_is_left_alone(office: Office, receiver: Receiver) -> None:
    """The courier has a deadline of its own for a send, and takes the message for one that may have arrived."""
    office.launched(hook(receiver.url))
    office.deadline = 0.2
    receiver.always = silent
    broken(office)
    office.deliver()

    [letter] = office.letters()
    assert (letter.state, letter.ambiguous, letter.said) == ("pending", True, "no end within 0.2 s")


def test_who_is_down_is_not_asked_about_everything(office: Office, receiver: Receiver) -> None:
    """After two unanswered messages the others of that channel wait for the next pass."""
    office.launched(hook(receiver.url))
    receiver.always = replies(500)
    broken(office, *(f"quota.{name}" for name in "abcd"))
    done = office.deliver()

    assert (len(receiver.requests), done.waiting) == (2, 4)
    assert done.all_failed


def test_a_dead_letter_is_told_on_the_fallback(office: Office, receiver: Receiver) -> None:
    """A refusal ends the message, and the maintainers hear of it; the first message that goes through ends that alert."""
    office.launched(hook(receiver.url))
    receiver.troubles.append(replies(401))
    broken(office)
    office.deliver()
    office.deliver()
    letter = office.letters()[0]
    [word] = inbox.arrived(office.folder / "fallback")

    assert (letter.state, letter.tries) == ("dead", 0)
    assert (word.scenario, word.owner, word.severity) == (f"{UNDELIVERED}/pager", "suite", "critical")
    assert "401" in word.error

    broken(office, PLAN, MAIL)
    office.deliver()
    office.deliver()
    assert office.told("fallback") == [("trigger", f"{UNDELIVERED}/pager"), ("resolve", f"{UNDELIVERED}/pager")]


def test_a_fallback_that_is_down_does_not_breed(office: Office) -> None:
    """A dead letter about a dead letter opens nothing more; the exit code tells."""
    (office.folder / "fallback").touch()
    office.launched(hook(f"http://127.0.0.1:{closed_port()}"))
    broken(office)
    for _ in range(4):
        office.deliver()
        office.now += DAY

    assert [alert.scenario for alert in office.alerts()] == [PLAN, f"{UNDELIVERED}/pager"]
    assert {letter.state for letter in office.letters()} == {"dead"}


def test_a_missing_secret_loses_nothing(office: Office, receiver: Receiver) -> None:
    """The message waits until the secret is there, and the maintainers are told meanwhile."""
    office.launched(hook(receiver.url) + '\nsigning_key = { env = "SIGNING_KEY_OF_A_TEST" }')
    broken(office)
    office.deliver()
    office.deliver()
    assert office.told("fallback") == [("trigger", f"{UNDELIVERED}/pager")]

    office.secrets["SIGNING_KEY_OF_A_TEST"] = "k" * 32
    office.now += 300
    office.deliver()
    assert heard(receiver) == [("firing", PLAN)]


def test_what_cannot_be_delivered_for_a_day_is_given_up(office: Office) -> None:
    """After 24 hours the message is dead, and the maintainers know."""
    office.launched(hook(f"http://127.0.0.1:{closed_port()}"))
    broken(office)
    office.deliver()
    office.now += DAY
    office.deliver()
    office.deliver()

    assert office.letters()[0].state == "dead"
    assert office.told("fallback") == [("trigger", f"{UNDELIVERED}/pager")]


def test_what_a_resolve_makes_pointless_is_dropped(office: Office, receiver: Receiver) -> None:
    """An update that waits behind its resolve is not sent; trigger and resolve are."""
    office.launched(hook(receiver.url))
    broken(office)
    with office.history.begin() as tx:
        [alert] = alerts.still_open(tx)
        enqueue(tx, office.launch, alert, Kind.UPDATE, now=office.now, why="worse")
    kept(office)
    office.deliver()

    assert heard(receiver) == [("firing", PLAN), ("resolved", PLAN)]
    assert [letter.state for letter in office.letters()] == ["sent", "superseded", "sent"]


def test_an_alert_that_closed_while_everything_was_down_is_still_told(office: Office, receiver: Receiver) -> None:
    """Every alert condition is delivered: the trigger, and then its resolve."""
    office.launched(hook(receiver.url))
    receiver.troubles.append(replies(500))
    broken(office)
    office.deliver()
    kept(office)
    office.deliver()

    assert heard(receiver)[1:] == [("firing", PLAN), ("resolved", PLAN)]


def test_everything_down_for_six_hours_is_delivered_within_five_minutes(office: Office, receiver: Receiver) -> None:
    """Alerts that open and close while no channel takes anything arrive with the first pass behind the recovery, each in its order."""
    office.launched(hook(receiver.url), billing='page = ["pager", "desk"]')
    (office.folder / "desk").touch()
    receiver.always = replies(503)
    office.chance = 1.0
    scenarios = [f"quota.s{number}" for number in range(4)]
    office.cadence = 900.0
    for turn in range(24):
        office.ran({name: BROKEN if turn % 12 == 2 * index else KEPT for index, name in enumerate(scenarios)})
        office.judge()
        assert office.deliver().all_failed
    receiver.always = None
    (office.folder / "desk").unlink()
    receiver.requests.clear()
    office.now += 299.0
    done = office.deliver()

    assert done.waiting == 0
    for name in scenarios:
        assert [state for state, scenario in heard(receiver) if scenario == name] == ["firing", "resolved"] * 2
        assert [kind for kind, scenario in office.told("desk") if scenario == name] == ["trigger", "resolve"] * 2


def test_one_courier_at_a_time(office: Office) -> None:
    """While another courier is at work nothing is sent twice."""
    broken(office)
    with office.history.begin() as tx:
        leases.take(tx, "delivery", "another", office.now, 60.0)

    assert office.deliver().busy
    assert office.told() == []


def test_a_receiver_that_forgets_is_reminded(office: Office, receiver: Receiver) -> None:
    """Alertmanager hears of an open alert again with each pass, and of its end for five minutes."""
    office.launched(f'kind = "alertmanager"\nurl = "{receiver.url}"')
    broken(office)
    for _ in range(3):
        office.deliver()
        office.now += 100
    kept(office)
    for _ in range(5):
        office.deliver()
        office.now += 100

    kinds = [letter.kind for letter in office.letters()]
    assert kinds == ["trigger", "refresh", "refresh", "resolve", "resolve", "resolve", "resolve"]
    assert {letter.state for letter in office.letters()} == {"sent"}
    assert len(receiver.requests) == 7


def test_above_its_cap_mail_becomes_a_digest(office: Office) -> None:
    """A storm of alerts is a few mails and one that tells of the rest; each message counts as sent."""
    post = Post()
    with PostOffice(post) as server:
        settings = f'server = "127.0.0.1"\nport = {server.port}\ntls = "none"\nsender = "monitor@example.com"\nto = ["owner@example.com"]\ncap = 2'
        office.launched(f'kind = "email"\n{settings}')
        broken(office, *(f"quota.s{number}" for number in range(4)))
        done = office.deliver()

    assert [(line.sent, line.later) for line in done.lines] == [(4, 0)]
    assert len(post.letters) == 3


def test_without_a_history_the_fallback_is_told_directly(office: Office) -> None:
    """Where the store cannot be used, the maintainers still hear of it."""
    broken(office)
    with office.history.reading() as tx:
        [letter] = outbox.pending(tx)
    message = delivery.messages.from_json(letter.message)
    said = delivery.directly(office.launch, message)

    assert set(said) == {"fallback"}
    assert office.told("fallback") == [("trigger", PLAN)]

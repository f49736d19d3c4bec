"""PagerDuty, against a receiver that keeps its published rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from launch.reading import BadInput
from rehearsal.pager import Incident, Rules
from rehearsal.receiver import Receiver, lost
from reports.channels import Channel, Later, Never
from reports.channels.pagerduty import dedup_key
from reports.message import Kind, Message
from tests.reports.channels.made import HOSTILE, ORDINARY
from tests.reports.channels.stands import HTTP, read

OPENING = [Kind.TRIGGER, Kind.UPDATE, Kind.ESCALATE, Kind.NOTICE, Kind.REFRESH]


@pytest.fixture
def rules() -> Rules:
    """PagerDuty's rules."""
    return Rules()


@pytest.fixture
def receiver(rules: Rules) -> Iterator[Receiver]:
    """PagerDuty."""
    with Receiver(rules) as found:
        yield found


@pytest.fixture
def channel(receiver: Receiver) -> Channel:
    """A channel to it."""
    return HTTP["pagerduty"].channel(receiver.url)


def tell(channel: Channel, *kinds: Kind, message: Message = ORDINARY) -> None:
    """Send one message of each kind, in order."""
    for kind in kinds:
        channel.send(replace(message, kind=kind), {})


def statuses(rules: Rules) -> list[str]:
    """Return the status of each incident."""
    return [each.status for each in rules.incidents]


def test_an_alert_is_one_incident_from_its_trigger_to_its_resolve(channel: Channel, rules: Rules) -> None:
    """Whatever keeps it open joins it."""
    tell(channel, *OPENING)
    assert statuses(rules) == ["triggered"]
    tell(channel, Kind.ACKNOWLEDGE)
    assert statuses(rules) == ["acknowledged"]
    tell(channel, Kind.RESOLVE)

    assert statuses(rules) == ["resolved"]
    assert len(rules.incidents[0].summaries) == len(OPENING)


def test_the_next_opening_of_the_same_alert_is_the_next_incident(channel: Channel, rules: Rules) -> None:
    """The key is the same, the incident was resolved."""
    tell(channel, Kind.TRIGGER, Kind.RESOLVE, Kind.TRIGGER)

    assert statuses(rules) == ["resolved", "triggered"]


def test_a_trigger_whose_answer_was_lost_is_sent_again_into_the_same_incident(channel: Channel, rules: Rules, receiver: Receiver) -> None:
    """Ambiguous, and harmless."""
    receiver.troubles.append(lost)
    with pytest.raises(Later) as later:
        tell(channel, Kind.TRIGGER)
    tell(channel, Kind.TRIGGER)

    assert later.value.ambiguous
    assert statuses(rules) == ["triggered"]


def test_a_resolve_follows_the_key_that_its_trigger_had(channel: Channel, rules: Rules) -> None:
    """Also if the rule for keys should change between the two."""
    thread = dict(channel.send(ORDINARY, {}).thread)
    channel.send(replace(ORDINARY, kind=Kind.RESOLVE, key="another"), thread)

    assert statuses(rules) == ["resolved"]


def test_an_event_has_everything_that_pagerduty_shows(channel: Channel, rules: Rules) -> None:
    """Summary, source, severity, class, component, group, client and links."""
    tell(channel, Kind.TRIGGER)

    [event] = rules.events
    payload = event["payload"]
    assert payload["summary"] == f"Broken: {ORDINARY.title} (quota.limit-plus-one on staging)"
    assert {name: payload[name] for name in ("source", "severity", "class", "component", "group", "timestamp")} == {
        "source": "staging",
        "severity": "critical",
        "class": "integrity",
        "component": "quota.limit-plus-one",
        "group": "quota",
        "timestamp": "2026-03-12T09:30:00.000Z",
    }
    assert (event["client"], event["client_url"], event["dedup_key"]) == ("synthetics", ORDINARY.dashboard, ORDINARY.key)
    assert event["links"] == [
        {"href": ORDINARY.runbook, "text": "Runbook"},
        {"href": ORDINARY.evidence, "text": "Evidence"},
        {"href": ORDINARY.dashboard, "text": "Dashboard"},
    ]


@pytest.mark.parametrize(("ours", "theirs"), [("critical", "critical"), ("error", "error"), ("warning", "warning"), ("info", "info"), ("sev0", "error")])
def test_a_severity_is_one_that_pagerduty_knows(channel: Channel, rules: Rules, ours: str, theirs: str) -> None:
    """One that nobody knows still pages."""
    tell(channel, Kind.TRIGGER, message=replace(ORDINARY, severity=ours))

    assert rules.incidents[0].severity == theirs


def test_a_change_goes_beside_the_alerts(channel: Channel, rules: Rules) -> None:
    """It opens nothing."""
    tell(channel, Kind.CHANGE, message=replace(ORDINARY, title="A deploy was seen", runs=0))

    assert rules.incidents == []
    assert rules.changes[0]["payload"]["summary"].startswith("Change: A deploy was seen")


def test_a_test_page_is_an_incident_of_its_own_each_time(channel: Channel, rules: Rules) -> None:
    """It is marked, mild, and touches no alert; the same one sent twice is one."""
    tell(channel, Kind.TRIGGER)
    for incident in ("page-1", "page-1", "page-2"):
        tell(channel, Kind.TEST, message=replace(ORDINARY, incident=incident))

    assert [(each.severity, each.summaries[0][:6], len(each.summaries)) for each in rules.incidents] == [
        ("critical", "Broken", 1),
        ("info", "[TEST]", 2),
        ("info", "[TEST]", 1),
    ]


def test_a_key_that_is_too_long_is_hashed_and_stays_one_key(channel: Channel, rules: Rules) -> None:
    """Two that differ at their ends only are two."""
    long = replace(ORDINARY, key="k" * 300)
    tell(channel, Kind.TRIGGER, Kind.RESOLVE, message=long)

    assert statuses(rules) == ["resolved"]
    assert dedup_key(long) != dedup_key(replace(long, key="k" * 301))


def test_hostile_text_makes_no_wrong_shape(channel: Channel, rules: Rules) -> None:
    """PagerDuty accepts it."""
    tell(channel, Kind.TRIGGER, Kind.CHANGE, message=HOSTILE)

    assert [isinstance(each, Incident) for each in rules.incidents] == [True]
    assert len(rules.changes) == 1


def test_too_many_are_told_later() -> None:
    """PagerDuty's rate, as its rules have it."""
    with Receiver(Rules(rate=2)) as receiver:
        channel = HTTP["pagerduty"].channel(receiver.url)
        tell(channel, Kind.TRIGGER, Kind.UPDATE)
        with pytest.raises(Later, match="429"):
            tell(channel, Kind.UPDATE)


def test_a_key_that_pagerduty_does_not_know_is_a_dead_letter_and_not_shown(receiver: Receiver) -> None:
    """400, as PagerDuty says it."""
    with Receiver(Rules(keys=frozenset({"f" * 32}))) as strict, pytest.raises(Never, match="Invalid routing key") as never:
        tell(HTTP["pagerduty"].channel(strict.url), Kind.TRIGGER)

    assert "0123456789abcdef" not in str(never.value)


def test_a_key_of_another_length_is_refused_before_anything_is_sent() -> None:
    """The message does not show it."""
    with pytest.raises(BadInput, match="holds 5 characters") as bad:
        read("pagerduty", 'routing_key = { env = "SHORT" }', {"SHORT": "s3cr3"[:5]})

    assert "s3cr3" not in str(bad.value)


def test_nothing_but_the_address_says_which_region(rules: Rules) -> None:
    """The usual one is that of the US."""
    from reports.channels.pagerduty import PagerDuty

    usual = read("pagerduty", 'routing_key = { env = "PAGERDUTY_KEY" }')
    european = read("pagerduty", 'url = "https://events.eu.pagerduty.com"\nrouting_key = { env = "PAGERDUTY_KEY" }')

    assert isinstance(usual, PagerDuty)
    assert isinstance(european, PagerDuty)
    assert (usual.line.url, european.line.url) == ("https://events.pagerduty.com", "https://events.eu.pagerduty.com")

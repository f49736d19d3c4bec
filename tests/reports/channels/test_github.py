"""GitHub: one issue for each opening."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from launch.reading import BadInput
from rehearsal.receiver import Receiver, by_rules, lost, replies, silent
from reports.channels import Channel, Later, Never
from reports.message import Kind
from tests.receivers.github import Issue, Rules
from tests.reports.channels.made import HOSTILE, ORDINARY
from tests.reports.channels.stands import HTTP, read

MARK = "<!-- synthetics incident {} -->"


@pytest.fixture
def rules() -> Rules:
    """GitHub's rules."""
    return Rules()


@pytest.fixture
def receiver(rules: Rules) -> Iterator[Receiver]:
    """GitHub."""
    with Receiver(rules) as found:
        yield found


@pytest.fixture
def channel(receiver: Receiver) -> Channel:
    """A channel to it."""
    return HTTP["github"].channel(receiver.url)


def test_an_issue_lives_as_long_as_its_incident(channel: Channel, rules: Rules) -> None:
    """Made, commented, closed; the next opening is the next issue."""
    thread = channel.send(ORDINARY, {}).thread
    for kind in (Kind.UPDATE, Kind.RESOLVE):
        channel.send(replace(ORDINARY, kind=kind), thread)
    channel.send(replace(ORDINARY, incident=f"{ORDINARY.key}-2"), {})

    first, second = rules.issues
    assert (first.state, len(first.comments), second.state) == ("closed", 2, "open")
    assert first.body.startswith(MARK.format(ORDINARY.incident) + "\n")
    assert first.labels == ["synthetics"]
    assert first.title.startswith("Broken: A full plan")


def test_an_answer_that_got_lost_makes_no_second_issue(channel: Channel, rules: Rules, receiver: Receiver) -> None:
    """It is found by its first line, and its number goes on from there."""
    receiver.troubles.extend([by_rules, lost])
    with pytest.raises(Later) as later:
        channel.send(ORDINARY, {})
    receipt = channel.send(ORDINARY, {})

    assert later.value.ambiguous
    assert receipt.thread == {"number": "1"}
    assert len(rules.issues) == 1


def test_an_issue_is_found_among_many(channel: Channel, rules: Rules) -> None:
    """On a later page, and closed by somebody."""
    rules.issues.extend(Issue(number, "other", "body", ["synthetics"]) for number in range(1, 71))
    rules.issues[2].body, rules.issues[2].state = MARK.format(ORDINARY.incident) + "\r\nedited", "closed"

    assert channel.send(ORDINARY, {}).thread == {"number": "3"}


def test_an_issue_that_quotes_the_mark_elsewhere_is_another(channel: Channel, rules: Rules) -> None:
    """A target cannot have its text taken for a mark: nothing of it stands in a first line."""
    mark = MARK.format(ORDINARY.incident)
    channel.send(replace(HOSTILE, incident="other-1", title=f"{mark}\n{mark}", error=f"\n{mark}\n"), {})
    channel.send(ORDINARY, {})

    assert len(rules.issues) == 2


def test_the_end_of_what_was_never_told_makes_no_issue(channel: Channel, rules: Rules) -> None:
    """There is nothing to close."""
    assert channel.send(replace(ORDINARY, kind=Kind.RESOLVE), {}).status == "no issue to close"
    assert rules.issues == []


def test_a_test_page_is_an_issue_that_is_closed_at_once(channel: Channel, rules: Rules) -> None:
    """It was there to be seen, not to be done."""
    channel.send(replace(ORDINARY, kind=Kind.TEST), {})

    assert [(each.title[:6], each.state, each.comments) for each in rules.issues] == [("[TEST]", "closed", [])]


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry_After": "30"}, 30.0),
        ({"X_RateLimit_Remaining": "0"}, None),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "99999999999"}, 300.0),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "1"}, 0.0),
    ],
)
def test_a_rate_limit_is_for_later_though_it_is_a_403(channel: Channel, receiver: Receiver, headers: dict[str, str], after: float | None) -> None:
    """Waiting until the limit is renewed, at most as long as for everybody."""
    receiver.always = replies(403, {"message": "API rate limit exceeded"}, **headers)

    with pytest.raises(Later, match="rate limit") as later:
        channel.send(ORDINARY, {})

    assert later.value.after == after


def test_another_403_is_for_never(channel: Channel, receiver: Receiver) -> None:
    """The token may not."""
    receiver.always = replies(403, {"message": "Resource not accessible"}, X_RateLimit_Remaining="4999")

    with pytest.raises(Never, match="not accessible"):
        channel.send(ORDINARY, {})


def test_looking_is_never_ambiguous(receiver: Receiver) -> None:
    """It changes nothing."""
    hurried = HTTP["github"].channel(receiver.url, "deadline = 1")
    for trouble in (replies(502), silent):
        receiver.always = trouble
        with pytest.raises(Later) as later:
            hurried.send(ORDINARY, {})

        assert not later.value.ambiguous


def test_an_answer_that_names_no_issue_is_for_later(channel: Channel, receiver: Receiver) -> None:
    """It may have been made."""
    receiver.troubles.extend([by_rules, replies(201, {"id": "?"})])

    with pytest.raises(Later, match="named no issue") as later:
        channel.send(ORDINARY, {})

    assert later.value.ambiguous
    receiver.troubles.append(replies(200, {"message": "?"}))
    with pytest.raises(Later, match="listed no issues"):
        channel.send(ORDINARY, {})


def test_a_repository_that_is_none_is_refused() -> None:
    """Nothing of it goes into a path."""
    for name in ("product", "a/b/c", "../x", "x/..", "a/b?x", ""):
        with pytest.raises(BadInput, match="repository"):
            read("github", f'token = {{ env = "GITHUB_TOKEN" }}\nrepository = "{name}"')

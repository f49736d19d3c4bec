"""Slack, by bot and by webhook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from launch.reading import BadInput
from rehearsal.receiver import Receiver, replies
from reports.channels import Channel, Later, Never
from reports.message import Kind
from tests.receivers.slack import CHANNEL, Rules, texts
from tests.reports.channels.made import HUGE, ORDINARY
from tests.reports.channels.stands import HTTP, read


@pytest.fixture
def rules() -> Rules:
    """Slack's rules."""
    return Rules()


@pytest.fixture
def receiver(rules: Rules) -> Iterator[Receiver]:
    """Slack."""
    with Receiver(rules) as found:
        yield found


@pytest.fixture
def bot(receiver: Receiver) -> Channel:
    """A bot."""
    return HTTP["slack"].channel(receiver.url)


def test_an_incident_is_one_thread_and_its_end_stands_in_the_first_message(bot: Channel, rules: Rules) -> None:
    """An escalation is repeated in the channel itself."""
    thread = dict(bot.send(ORDINARY, {}).thread)
    for kind in (Kind.UPDATE, Kind.ESCALATE, Kind.RESOLVE):
        bot.send(replace(ORDINARY, kind=kind), thread)

    first, *others = rules.posts
    assert thread == {"channel": CHANNEL, "ts": first.ts}
    assert [(each.thread, each.broadcast) for each in others] == [(first.ts, False), (first.ts, True), (first.ts, False)]
    assert first.text.startswith("Kept again: A full plan")
    assert (first.edits, first.thread) == (1, "")


def test_the_end_is_told_though_somebody_removed_the_first_message(bot: Channel, rules: Rules) -> None:
    """Then it stands alone."""
    thread = bot.send(ORDINARY, {}).thread
    rules.gone.add(thread["ts"])
    bot.send(replace(ORDINARY, kind=Kind.RESOLVE), thread)

    assert [(each.text[:10], each.thread) for each in rules.posts] == [("Broken: A ", ""), ("Kept again", "")]


@pytest.mark.parametrize(
    ("error", "ambiguous"),
    [
        ("ratelimited", False),
        ("rate_limited", False),
        ("service_unavailable", False),
        ("internal_error", True),
        ("fatal_error", True),
        ("request_timeout", True),
    ],
)
def test_an_error_that_passes_is_for_later_though_the_status_is_200(bot: Channel, receiver: Receiver, error: str, ambiguous: bool) -> None:
    """Some may have been carried out."""
    receiver.always = replies(200, {"ok": False, "error": error})

    with pytest.raises(Later, match=error) as later:
        bot.send(ORDINARY, {})

    assert later.value.ambiguous is ambiguous


@pytest.mark.parametrize(
    "error",
    ["invalid_auth", "channel_not_found", "not_in_channel", "is_archived", "token_revoked", "missing_scope", "invalid_blocks", "new_error", "thread_not_found"],
)
def test_an_error_that_needs_a_person_is_for_never(bot: Channel, receiver: Receiver, error: str) -> None:
    """Also one that nobody knows: a dead letter is seen."""
    receiver.always = replies(200, {"ok": False, "error": error})

    with pytest.raises(Never, match=error):
        bot.send(ORDINARY, {})


@pytest.mark.parametrize("body", [[], "ok", {"error": None}, {}])
def test_an_answer_that_is_not_slacks_is_not_taken_for_a_yes(bot: Channel, receiver: Receiver, body: object) -> None:
    """Only `ok: true` is one."""
    receiver.always = replies(200, body)

    with pytest.raises((Later, Never)):
        bot.send(ORDINARY, {})


def test_an_end_whose_edit_is_rate_limited_is_told_later_and_then_once(bot: Channel, rules: Rules, receiver: Receiver) -> None:
    """The edit comes first: doing it twice changes nothing."""
    thread = bot.send(ORDINARY, {}).thread
    receiver.troubles.append(replies(429, Retry_After="1"))
    with pytest.raises(Later):
        bot.send(replace(ORDINARY, kind=Kind.RESOLVE), thread)
    bot.send(replace(ORDINARY, kind=Kind.RESOLVE), thread)

    assert [each.thread for each in rules.posts] == ["", rules.posts[0].ts]


def test_a_webhook_stands_alone_and_its_address_is_its_secret(receiver: Receiver, rules: Rules) -> None:
    """Nothing to answer below, nothing to edit."""
    hook = HTTP["slack by webhook"].channel(receiver.url)
    receipts = [hook.send(replace(ORDINARY, kind=kind), {}) for kind in (Kind.TRIGGER, Kind.RESOLVE)]

    assert [each.thread for each in receipts] == [{}, {}]
    assert [(each.thread, each.edits) for each in rules.posts] == [("", 0), ("", 0)]
    assert "made-up-secret" not in repr(hook)
    receiver.always = replies(404, b"no such hook: made-up-secret /services/T0/B0/made-up-secret")
    with pytest.raises(Never) as never:
        hook.send(ORDINARY, {})
    assert "T0/B0" not in str(never.value)


def test_what_is_long_is_cut_between_escapes(bot: Channel, rules: Rules) -> None:
    """Slack accepts every length; no escape is cut in two."""
    bot.send(replace(HUGE, title="<" * 5000, why="&" * 5000, error=">" * 5000), {})

    [post] = rules.posts
    shown = [each["text"] for each in texts(post.blocks)]
    assert shown[0].endswith("&lt;… (quota.limit-plus-one on staging)") or shown[0].endswith("…")
    assert [text for text in shown for part in text.split("&")[1:] if not part.startswith(("amp;", "lt;", "gt;"))] == []


def test_a_bot_and_a_webhook_at_once_are_refused() -> None:
    """And neither of them, and a bot without a channel."""
    both = 'token = { env = "SLACK_TOKEN" }\nchannel = "C"\nwebhook = { env = "HOOK" }'
    for text in (both, "", 'token = { env = "SLACK_TOKEN" }'):
        with pytest.raises(BadInput, match=r"slack\.(token|channel)"):
            read("slack", text, {"HOOK": "https://hooks.example.com/x"})


def test_slack_is_not_hurried(bot: Channel) -> None:
    """About one message a second."""
    assert bot.pace == 1.0

"""What every channel promises, whomever it reaches. A new channel is tested by its entry in stands.py alone."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import is_dataclass, replace
from pathlib import Path

import pytest

from launch.reading import BadInput, Table
from reports import channels
from reports.channels import Digests, Receipt
from reports.message import Kind, Message
from tests.reports.channels.made import HOSTILE, HUGE, ORDINARY, READ
from tests.reports.channels.stands import SECRETS, STANDS, Stand, read

README = Path(channels.__file__).with_name("README.md").read_text()
LATER_KINDS = (Kind.UPDATE, Kind.ESCALATE, Kind.ACKNOWLEDGE, Kind.NOTICE, Kind.REFRESH, Kind.RESOLVE)


def plain(text: str) -> str:
    """Return text without what keeps it from being live: invisible spaces, and brackets that look alike."""
    return text.replace("\u200b", "").translate({0x2039: "<", 0x203A: ">"})


def told_of(stand: Stand, message: Message, thread: dict[str, str] | None = None) -> str:
    """Send a message, and return all that was told."""
    stand.channel.send(message, thread or {})
    return plain("\n".join(stand.told()))


def test_every_channel_has_a_stand() -> None:
    """The files of the folder, and nothing else."""
    assert {name.partition(" ")[0] for name in STANDS} == set(channels.names())


def test_a_trigger_tells_a_person_everything(stand: Stand) -> None:
    """Promise, why, what was seen, states, since when and how long, runs, target and location, surfaces, severity, owner, runbook, evidence, trace."""
    told = told_of(stand, ORDINARY)

    assert [each for each in READ if each not in told] == []


def test_every_kind_that_a_channel_carries_is_delivered(stand: Stand) -> None:
    """From the trigger on, with what its receipt said; then marks and tests."""
    begun = stand.channel.send(ORDINARY, {})
    ended = {Kind.RESOLVE: ORDINARY.at + 600}
    receipts = [
        stand.channel.send(replace(ORDINARY, kind=kind, at=ORDINARY.at + 300, ended=ended.get(kind, 0.0)), begun.thread)
        for kind in LATER_KINDS
        if kind in stand.channel.carries
    ]
    receipts += [
        stand.channel.send(replace(ORDINARY, kind=kind, incident=f"{kind}-1"), {}) for kind in (Kind.CHANGE, Kind.TEST) if kind in stand.channel.carries
    ]

    assert {Kind.TRIGGER, Kind.RESOLVE, Kind.TEST} <= stand.channel.carries
    assert all(isinstance(each, Receipt) and each.status for each in receipts)


def test_a_later_message_is_delivered_though_the_thread_was_lost(stand: Stand) -> None:
    """Its trigger was superseded, or its receipt never written."""
    receipts = [stand.channel.send(replace(ORDINARY, kind=kind), {}) for kind in LATER_KINDS if kind in stand.channel.carries]

    assert all(each.status for each in receipts)


def test_a_message_may_be_sent_twice(stand: Stand) -> None:
    """A crash between sending and marking sends again; a receipt follows as before."""
    first, second = stand.channel.send(ORDINARY, {}), stand.channel.send(ORDINARY, {})

    assert set(first.thread) == set(second.thread)


def test_drills_and_tests_are_marked(stand: Stand) -> None:
    """Nobody takes one for an incident."""
    assert "[DRILL] Broken: A full plan" in told_of(stand, replace(ORDINARY, drill=True))
    assert "[TEST] Test page: A full plan" in told_of(stand, replace(ORDINARY, kind=Kind.TEST, incident="test-1"))


def test_nothing_of_the_target_is_live(stand: Stand) -> None:
    """No mention, link, markup, header or command, in whatever kind of message; and the text is there, to be read."""
    begun = stand.channel.send(HOSTILE, {})
    for kind in sorted(stand.channel.carries - {Kind.TRIGGER}):
        stand.channel.send(replace(HOSTILE, kind=kind), begun.thread)

    told = stand.told()
    assert stand.live() == []
    assert "victim" in "".join(told)
    assert [each for text in told for each in text if not (each.isprintable() or each in "\n\u200b")] == []


def test_a_huge_message_is_cut_and_says_so(stand: Stand) -> None:
    """Ten megabytes become less than 64 KB, and the beginning is told."""
    told = told_of(stand, HUGE)

    assert "A very long word of the target." in told
    assert "more characters" in told
    assert max(stand.sizes()) < 64 * 1024


def test_an_empty_message_is_delivered(stand: Stand) -> None:
    """Nothing is on record but the key."""
    bare = Message(kind=Kind.TRIGGER, key="k", incident="k-1", title="", target="t", scenario="s", failure="f", severity="strange", owner="")

    assert "not on record" in told_of(stand, bare)


def test_nothing_secret_stands_in_what_a_channel_shows_of_itself(stand: Stand) -> None:
    """A representation ends in a log sooner or later."""
    shown = repr(stand.channel)

    assert [name for name, value in SECRETS.items() if value in shown] == []
    assert is_dataclass(stand.channel)


def test_a_channel_says_how_it_wants_to_be_used(stand: Stand) -> None:
    """Its pace, cap and refreshing; who has a cap can digest."""
    channel = stand.channel

    assert channel.pace >= 0
    assert channel.cap == 0 or isinstance(channel, Digests)
    assert channel.refreshes == (Kind.REFRESH in channel.carries)


@pytest.mark.parametrize("kind", channels.names())
def test_every_setting_is_explained(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every key that a channel's file may take stands in the README, in the channel's section or in the one for all."""
    keys: set[str] = set()
    take = Table._take
    monkeypatch.setattr(Table, "_take", lambda table, key, default: (keys.add(key) if table.where in STANDS else None, take(table, key, default))[1])
    for name in STANDS:
        if name.partition(" ")[0] == kind:
            with ExitStack() as stack:
                STANDS[name](tmp_path, stack)

    general, _, rest = README.partition("\n## ")
    section = next(each for each in f"{rest}".split("\n## ") if each.startswith(f"{kind}\n"))
    assert keys
    assert [key for key in sorted(keys - {"kind"}) if f"`{key}`" not in general + section] == []


def bad(kind: str, text: str) -> str:
    """Return what is said about a table that cannot be."""
    with pytest.raises(BadInput) as said:
        read(kind, text)
    return str(said.value)


@pytest.mark.parametrize("kind", channels.names())
def test_a_misspelt_key_is_refused_and_its_value_not_shown(kind: str) -> None:
    """It may be the secret."""
    good = {
        "pagerduty": 'routing_key = { env = "PAGERDUTY_KEY" }',
        "alertmanager": 'url = "http://127.0.0.1:9093"',
        "slack": 'token = { env = "SLACK_TOKEN" }\nchannel = "C0PAGES"',
        "email": 'server = "mail.example.com"\nsender = "a@example.com"\nto = ["b@example.com"]',
        "webhook": 'url = "https://hooks.example.com"',
        "github": 'token = { env = "GITHUB_TOKEN" }\nrepository = "example/product"',
        "apprise": 'urls = { env = "SERVICES" }',
        "folder": 'path = "inbox"',
    }
    said = bad(kind, good.get(kind, "") + '\ntokne = "v3ry-secret"')

    assert "tokne" in said
    assert "v3ry-secret" not in said


@pytest.mark.parametrize(("kind", "key"), [("pagerduty", "routing_key"), ("slack", "token"), ("slack", "webhook"), ("github", "token"), ("apprise", "urls")])
def test_a_secret_that_stands_in_the_file_is_refused_and_not_shown(kind: str, key: str) -> None:
    """The message says how it is named instead."""
    said = bad(kind, f'{key} = "v3ry-secret"\nrepository = "a/b"\nchannel = "C"')

    assert f'{key} = {{ env = "NAME" }}' in said
    assert "v3ry-secret" not in said

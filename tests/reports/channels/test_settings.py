"""What a channel's table may say of its kind and its secrets."""

from __future__ import annotations

import pytest

from launch.reading import BadInput
from reports import channels
from reports.channels import kept
from tests.reports.channels.stands import read, table


def test_an_unknown_kind_is_refused_with_those_that_there_are() -> None:
    """Found by name: the files of the folder."""
    with pytest.raises(BadInput, match=r"alerting\.toml: pigeon\.kind: saw 'pigeon'; allowed is one of alertmanager, apprise, console") as bad:
        read("pigeon", "")

    assert [name for name in channels.kinds() if name not in str(bad.value)] == []


def test_a_secret_that_is_not_set_is_refused_as_its_reader_says() -> None:
    """Before anything is sent."""

    def unset(name: str) -> str:
        raise BadInput(f"{name} is not set")

    with pytest.raises(BadInput, match="PAGERDUTY_KEY is not set"):
        channels.read(table("pagerduty", 'routing_key = { env = "PAGERDUTY_KEY" }'), unset)


@pytest.mark.parametrize("value", ["", "  ", "one\ntwo", "v3ry\x00secret", "v3ry\u202esecret"])
def test_a_secret_that_cannot_be_one_is_refused_and_not_shown(value: str) -> None:
    """Empty, or with something in it that would begin another header."""
    with pytest.raises(BadInput, match="the environment variable KEY is empty, or holds") as bad:
        kept(table("webhook", 'token = { env = "KEY" }'), "token", lambda _: value)

    assert "secret" not in str(bad.value).partition("KEY")[0]
    assert value.strip() not in str(bad.value) or not value.strip()


def test_blanks_around_a_secret_are_not_part_of_it() -> None:
    """A file that was read into a variable ends with a line break."""
    assert kept(table("webhook", 'token = { env = "KEY" }'), "token", lambda _: " s3cret\n") == "s3cret"


@pytest.mark.parametrize(
    "written", ['token = { env = "KEY", default = "v3ry-secret" }', "token = {}", 'token = { env = "" }', "token = 5", 'token = ["v3ry-secret"]']
)
def test_a_secret_is_named_in_one_way_only(written: str) -> None:
    """Whatever else stands there is not shown."""
    with pytest.raises(BadInput, match=r"alerting\.toml: webhook\.token") as bad:
        kept(table("webhook", written), "token", lambda _: "s3cret")

    assert "v3ry-secret" not in str(bad.value)

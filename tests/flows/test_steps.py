"""Steps nest, fail, and are told without secrets."""

from __future__ import annotations

import threading

import allure_commons
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.blame import ProductFault
from flows.steps import step
from flows.trail import HIDDEN, Trail
from flows.waiting import together


def shape(path: Trail) -> list[tuple[str, int, str]]:
    """Return title, depth and status of each step."""
    return [(each.title, each.depth, each.status) for each in path.steps]


def test_steps_nest(path: Trail) -> None:
    """A step inside another is one deeper, and one behind it is not."""
    with step("outer"), step("inner"):
        pass
    with step("next"):
        pass

    assert shape(path) == [("outer", 0, "passed"), ("inner", 1, "passed"), ("next", 0, "passed")]


def test_a_fault_fails_every_step_it_passes_and_no_other(path: Trail) -> None:
    """The step in which it broke and those around it are failed; what came before stays passed."""

    def journey() -> None:
        with step("outer"):
            with step("before"):
                pass
            with step("broken"):
                raise ProductFault("no")

    with pytest.raises(ProductFault):
        journey()
    with step("after"):
        pass

    assert shape(path) == [("outer", 0, "failed"), ("before", 1, "passed"), ("broken", 1, "failed"), ("after", 0, "passed")]


def test_a_step_is_a_decorator_too(path: Trail) -> None:
    """A decorated function takes the step at each call."""

    @step("count")
    def count() -> int:
        return len(path.steps)

    assert [count(), count()] == [1, 2]


def test_an_interrupted_step_is_failed(path: Trail) -> None:
    """What ends a step by force is not taken for its end."""
    with pytest.raises(KeyboardInterrupt), step("wait"):
        raise KeyboardInterrupt

    assert shape(path) == [("wait", 0, "failed")]


def test_a_step_that_begins_is_told_at_once(path: Trail) -> None:
    """Whoever listens hears of a step before it is done."""
    heard: list[tuple[str, str]] = []
    path.on_step = lambda taken: heard.append((taken.title, taken.status))

    with step("long"):
        assert heard == [("long", "running")]


def test_steps_at_the_same_time_do_not_nest_in_each_other(path: Trail) -> None:
    """Two calls at once take their steps beside each other, below the step that holds them."""
    met = threading.Barrier(2, timeout=5)

    def call() -> None:
        with step("ask"):
            met.wait()

    with step("race"):
        together(call, call)

    assert shape(path) == [("race", 0, "passed"), ("ask", 1, "passed"), ("ask", 1, "passed")]


def test_allure_hears_no_secret_of_a_failed_step(path: Trail) -> None:
    """What a step tells Allure of its fault, and of what that was raised from, is scrubbed."""
    path.secrets.add("Aa1hush")
    heard: list[str] = []

    class Listener:
        @allure_commons.hookimpl
        def stop_step(self, uuid: str, exc_type: type, exc_val: BaseException, exc_tb: object) -> None:
            heard.append(f"{exc_val} from {exc_val.__cause__}")

    allure_commons.plugin_manager.register(listener := Listener())
    try:
        with pytest.raises(ProductFault), step("log in"):
            raise ProductFault("Aa1hush at https://x/verify?token=abc") from KeyError("Aa1hush")
    finally:
        allure_commons.plugin_manager.unregister(listener)

    assert heard == [f"{HIDDEN} at https://x/verify?token={HIDDEN} from '{HIDDEN}'"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("GET /a?token=abc&next=/b#top", f"GET /a?token={HIDDEN}&next={HIDDEN}#top"),
        ('<a href="/a?x=1&amp;token=abc">', f'<a href="/a?x={HIDDEN}&amp;token={HIDDEN}">'),
        ('{"access_token": "abc", "name": "n"}', f'{{"access_token": "{HIDDEN}", "name": "n"}}'),
        ("{'password': 'abc'}", f"{{'password': '{HIDDEN}'}}"),
        (r'"{\"token\": \"abc\"}"', rf'"{{\"token\": \"{HIDDEN}\"}}"'),
        ("half a character \ud83d here", "half a character \ufffd here"),
        ("nothing? to = hide & seek", "nothing? to = hide & seek"),
    ],
)
def test_what_opens_something_is_hidden_by_where_it_stands(told: str, expected: str) -> None:
    """Query values, and values under telling names, are hidden though nobody declared them."""
    assert Trail().scrub(told) == expected


@given(st.text(), st.text(min_size=1), st.text())
def test_a_declared_secret_is_hidden_wherever_it_stands(before: str, secret: str, after: str) -> None:
    """No text keeps a secret of the attempt, whatever stands around it."""
    path = Trail(secrets={secret, ""})

    scrubbed = path.scrub(before + secret + after)

    assert secret in HIDDEN or not any(secret in part for part in scrubbed.split(HIDDEN)) or secret == "\ufffd"


def test_a_longer_secret_is_hidden_whole() -> None:
    """A secret that begins with another one leaves no rest."""
    assert Trail(secrets={"abc", "abcdef"}).scrub("abcdef") == HIDDEN

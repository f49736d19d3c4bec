"""A broken promise opens one alert, which closes when the promise is kept again everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.verdicts.made import outcome
from tests.verdicts.stage import BEGIN, CADENCE, Stage, turns
from verdicts.judge import judge
from verdicts.outcome import Status
from verdicts.view import DEFAULT, Silence, Standing, Turn, View, Watched, dedup_key

KINDS = ["integrity", "availability", "expiry"]
OTHERS = dict.fromkeys([f"signup.fine-{number}" for number in range(9)], ".")
"""Promises that are kept, so that the target as a whole is not down."""


def heard(rows: dict[str, str], **stage: object) -> list[str]:
    """Play the letters of each scenario, and return what happened in each run: O opened, C closed, ~ flapping, . nothing."""
    played = Stage(**stage)  # type: ignore[arg-type]  # the fields of a stage by name
    words = {Turn.OPEN: "O", Turn.CLOSE: "C", Turn.FLAP: "~", Turn.SEEN: ".", Turn.LEAVE_QUARANTINE: "."}
    said: dict[str, str] = dict.fromkeys(rows, "")
    for letters in zip(*rows.values(), strict=True):
        made = {change.scenario: words[change.turn] for change in played.play(dict(zip(rows, letters, strict=True)) | OTHERS)}
        for name in rows:
            said[name] += made.get(name, ".")
    return list(said.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("letters", "happens"),
    [
        ("..F..", "..O.C"),
        ("F.F..", "O...C"),
        ("f....", "....."),
        ("ff...", ".O.C."),
        ("f.f..", "..O.C"),
        ("f..f.", "....."),
        ("?.?..", "..O.C"),
        ("fef..", "..O.C"),
        ("bbbbd", "....."),
        ("eeikq", "....."),
    ],
)
def test_a_promise_opens_and_closes(kind: str, letters: str, happens: str) -> None:
    """One confirmed failure opens, or two unconfirmed of three; two clean runs close."""
    assert heard({f"quota.{kind}": letters}) == [happens]


@pytest.mark.parametrize("between", ["e", "i", "k", "u", "t", "n", "q", "-"])
def test_what_says_nothing_neither_counts_nor_begins_anew(between: str) -> None:
    """An alert is closed by clean runs alone, and what cannot tell stands for nothing between them."""
    assert heard({"quota.a": f"F.{between}."}) == ["O..C"]
    assert heard({"quota.a": f"F{between * 6}"}) == ["O......"]


@pytest.mark.parametrize("between", ["d", "b", "p", "f"])
def test_what_is_not_clean_begins_the_count_anew(between: str) -> None:
    """Degraded neither counts nor is forgiven."""
    assert heard({"quota.a": f"F.{between}.."}) == ["O...C"]


def test_being_late_takes_two_confirmed_failures_in_a_row() -> None:
    """Where time is the promise, one failure burns the journey's budget; two in a row are an alert of the promise."""
    assert heard({"quota.latency": "F.FF..", "quota.latency-2": "fff...", "quota.latency-3": "fF...."}) == ["...O.C", "......", "......"]


def test_two_surfaces_are_one_alert_and_both_must_heal() -> None:
    """A second surface joins, and is told; the alert closes when the last of them is clean."""
    stage = Stage()
    api, browser = ("quota.a", "api"), ("quota.a", "browser")
    stage.play({api: "F", browser: "."} | OTHERS)
    [joins] = stage.play({api: "F", browser: "F"} | OTHERS)
    [alert] = stage.open

    assert (joins.turn, joins.tells, joins.why) == (Turn.SEEN, True, "now in the browser too")
    assert (alert.surfaces, alert.runs) == (("api", "browser"), 2)
    assert not turns(stage.play({api: ".", browser: "F"} | OTHERS) + stage.play({api: ".", browser: "."} | OTHERS))
    assert turns(stage.play({api: ".", browser: "."} | OTHERS)) == [("close", "quota.a")]


def test_a_single_failure_elsewhere_keeps_an_alert_open() -> None:
    """One unconfirmed failure on another surface opens nothing, and is not the moment to say that all is well."""
    stage = Stage()
    api, browser = ("quota.a", "api"), ("quota.a", "browser")
    heard = [turns(stage.play({api: first, browser: second} | OTHERS)) for first, second in zip("F....", "..f..", strict=True)]

    assert heard == [[("open", "quota.a")], [], [], [("close", "quota.a")], []]
    assert stage.closed[0].surfaces == ("api",)


def test_what_was_seen_and_what_flaps_are_told_in_one_judgement() -> None:
    """Where several runs are judged at once, both come at once, and judging again adds nothing."""
    stage = Stage()
    for letter in "F..F..F":
        stage.play({"quota.a": letter} | OTHERS)
    for letter in "F.":
        stage.now += CADENCE
        stage.add({"quota.a": letter} | OTHERS)
    made = stage.play({"quota.a": "."} | OTHERS)

    assert [change.turn for change in made] == [Turn.SEEN, Turn.FLAP]


def test_still_broken_is_seen_once_a_run_and_told_to_nobody() -> None:
    """Each run that sees it counts, in silence."""
    stage = Stage()
    for _ in range(4):
        made = stage.play({"quota.a": "F"} | OTHERS)

    assert [(change.turn, change.tells, change.runs) for change in made] == [(Turn.SEEN, False, 4)]
    assert stage.judge() == []


@pytest.mark.parametrize(
    ("letters", "why"),
    [
        ({("quota.a", "browser"): "F"}, "confirmed by a second whole attempt on fresh data, in the browser"),
        ({("quota.a", "api"): "F", ("quota.a", "browser"): "F"}, "confirmed by a second whole attempt on fresh data, by API and in the browser"),
    ],
)
def test_the_owner_is_told_why(letters: dict[tuple[str, str], str], why: str) -> None:
    """The reason to notify is a sentence for people."""
    [opened] = Stage().play(letters | OTHERS)

    assert opened.why == why


def test_the_owner_is_told_how_many_runs_failed() -> None:
    """Unconfirmed failures are counted in words."""
    stage = Stage()
    stage.play({"quota.a": "f"} | OTHERS)
    stage.play({"quota.a": "."} | OTHERS)
    [opened] = stage.play({"quota.a": "f"} | OTHERS)

    assert opened.why == "2 of the last 3 runs failed, by API"
    assert (opened.runs, opened.since, opened.seen) == (2, BEGIN + CADENCE, BEGIN + 3 * CADENCE)


def test_what_an_alert_says_is_what_its_attempt_said() -> None:
    """Title, owner, severity, risk, runbook, error, states, trace and evidence are those of the failed attempt."""
    stage = Stage()
    stage.add(OTHERS)
    said = outcome(
        Status.FAILED,
        scenario="quota.a",
        error="saw 4, expected 3",
        states=("pending", "failed"),
        trace_id="ab",
        evidence={"console": "c.txt", "trace-1": "t.zip"},
    )
    stage.runs[0] = replace(stage.runs[0], outcomes=(*stage.runs[0].outcomes, said, replace(said, attempt=2)))
    [opened] = stage.judge()

    assert (opened.title, opened.owner, opened.severity, opened.risk, opened.runbook) == ("A promise.", "growth", "critical", "x", "launch/runbooks/x.md")
    assert (opened.error, opened.states, opened.trace_id, opened.evidence, opened.run) == (
        "saw 4, expected 3",
        ("pending", "failed"),
        "ab",
        "run-0/t.zip",
        "run-0",
    )
    assert (opened.surfaces, opened.locations) == (("api",), ("here",))


def test_the_identity_is_target_scenario_and_class() -> None:
    """Nothing that changes from run to run is part of it."""
    [opened] = Stage().play({"quota.availability": "F"} | OTHERS)

    assert opened.key == dedup_key("shop", "quota.availability", "availability")
    assert len({dedup_key("shop", "a.b", "integrity"), dedup_key("shop", "a.b", "latency"), dedup_key("sho", "pa.b", "integrity")}) == 3


def test_a_severity_that_rises_is_told() -> None:
    """The alert takes the worst severity that it has seen, and never goes back."""
    stage = Stage()
    stage.add(OTHERS)
    for severity, number in (("error", 1), ("critical", 2), ("warning", 3)):
        said = outcome(Status.FAILED, scenario="quota.a", severity=severity)
        stage.runs[-1] = replace(stage.runs[-1], outcomes=(said, replace(said, attempt=2)))
        [made] = stage.judge()
        assert (made.severity, made.tells) == (("error", False), ("critical", True), ("critical", False))[number - 1]
        stage.now += CADENCE
        stage.add(OTHERS)

    assert [each.severity for each in stage.open] == ["critical"]


def test_the_owner_does_not_change_while_an_alert_is_open() -> None:
    """Whoever was told that it opened is told that it closed."""
    stage = Stage()
    stage.play({"quota.a": "F"} | OTHERS)
    [was] = stage.open
    stage.open[0] = replace(was, owner="the-owner-before")
    stage.play({"quota.a": "."} | OTHERS)
    [closed] = stage.play({"quota.a": "."} | OTHERS)

    assert (closed.turn, closed.owner) == (Turn.CLOSE, "the-owner-before")
    assert closed.why == "kept in 2 runs in a row, by API"


# -- locations ------------------------------------------------------------------------------------------------------------------------------------------

THREE = Watched("shop", "operators", "suite", CADENCE, ("oslo", "graz", "bari"), 2)


def round_of(stage: Stage, **letters: str) -> list[tuple[str, str]]:
    """Let each location run once, and return what happened."""
    made = []
    for place, letter in letters.items():
        made += stage.play({"quota.availability": letter, "quota.integrity": "."} | OTHERS, at=place, after=CADENCE / len(letters))
    return turns(made)


def test_availability_asks_for_as_many_locations_as_must_agree() -> None:
    """One of three opens nothing, however often; the second opens it, and says how many see it."""
    stage = Stage(target=THREE)
    alone = [round_of(stage, oslo="F", graz=".", bari=".") for _ in range(5)]
    both = round_of(stage, oslo="F", graz="F", bari=".")

    assert alone == [[]] * 5
    assert both == [("open", "quota.availability")]
    assert stage.told[-1].why == "confirmed by a second whole attempt on fresh data, by API; seen from graz and oslo"


def test_integrity_asks_for_one_location() -> None:
    """A leak is a leak wherever it is seen."""
    stage = Stage(target=THREE)

    assert turns(stage.play({"quota.integrity": "F"} | OTHERS, at="bari")) == [("open", "quota.integrity")]


def test_a_location_that_fell_silent_agrees_with_nobody() -> None:
    """What was seen hours ago from elsewhere is not seen at present."""
    stage = Stage(target=THREE)
    stage.play({"quota.availability": "F"} | OTHERS, at="oslo")
    stage.now += 3600

    assert ("open", "quota.availability") not in turns(stage.play({"quota.availability": "F"} | OTHERS, at="graz"))


def test_every_location_that_saw_it_must_be_clean() -> None:
    """Clean runs from elsewhere close nothing."""
    stage = Stage(target=replace(THREE, agree=1))
    round_of(stage, oslo="F", graz=".", bari=".")

    assert [("close", "quota.availability") in round_of(stage, graz=".", bari=".") for _ in range(9)] == [False] * 9
    assert [("close", "quota.availability") in round_of(stage, oslo=".") for _ in range(2)] == [False, True]


def test_a_location_of_which_nothing_is_known_any_more_closes_nothing() -> None:
    """Its runs are forgotten; that is no clean run."""
    key = dedup_key("shop", "quota.a", "integrity")
    stage = Stage(open=[Standing(1, key, "quota.a", "integrity", "error", "billing", BEGIN, BEGIN, BEGIN, 1, ("api",), ("here", "nowhere"))])

    for _ in range(9):
        assert turns(stage.play({"quota.a": "."} | OTHERS)) == []


# -- holding back ---------------------------------------------------------------------------------------------------------------------------------------


def silence(begins: float, lasts: float, scenario: str = "quota.*", target: str = "*") -> Silence:
    """Return a silence that begins so many seconds into the play."""
    return Silence(target, scenario, BEGIN + begins, BEGIN + begins + lasts)


def test_a_silence_holds_back_what_opens_and_lets_it_open_when_it_ends() -> None:
    """What is still broken by the latest run opens the moment that the silence ends, without another run."""
    stage = Stage(silences=(silence(0, 1000),))
    quiet = [turns(stage.play({"quota.a": "F"} | OTHERS)) for _ in range(3)]
    stage.now = BEGIN + 1000

    assert quiet == [[], [], []]
    assert turns(stage.judge()) == [("open", "quota.a")]
    assert stage.told[-1].runs == 3


def test_what_healed_during_a_silence_is_never_told() -> None:
    """A silence that ends wakes nobody for what is over, not even where only one clean run says so."""
    stage = Stage(silences=(silence(0, 1000),))
    stage.play({"quota.a": "F"} | OTHERS)
    stage.play({"quota.a": "."} | OTHERS)
    stage.now = BEGIN + 1000

    assert stage.judge() == []


def test_a_silence_lets_close_what_is_open() -> None:
    """Suppression stops alerts from opening, and nothing else."""
    stage = Stage()
    stage.play({"quota.a": "F"} | OTHERS)
    stage.silences = (silence(0, 1e6),)
    [seen] = stage.play({"quota.a": "F"} | OTHERS)

    assert seen.turn is Turn.SEEN
    assert [turns(stage.play({"quota.a": "."} | OTHERS)) for _ in range(2)] == [[], [("close", "quota.a")]]


@pytest.mark.parametrize("given", [silence(0, 1e6, target="other"), silence(0, 1e6, "signup.*"), silence(1e6, 1), silence(-10, 5)])
def test_a_silence_of_something_else_holds_back_nothing(given: Silence) -> None:
    """Target, scenario and time must all fit."""
    assert turns(Stage(silences=(given,)).play({"quota.a": "F"} | OTHERS)) == [("open", "quota.a")]


def test_an_alert_that_flaps_is_held_open_and_says_so_once() -> None:
    """The third opening within six hours does not close after two clean runs, but after six."""
    assert heard({"quota.a": "F..F..F.........F.."}) == ["O.CO.CO.~...C...O.~"]


def test_a_failure_while_it_flaps_begins_the_count_anew() -> None:
    """Held open means held open."""
    assert heard({"quota.a": "F..F..F.....F......"}) == ["O.CO.CO.~.........C"]


def test_openings_of_long_ago_do_not_flap() -> None:
    """Only those within the window count."""
    stage = Stage(policy=replace(DEFAULT, flap_window=8 * CADENCE))

    assert [turns(stage.play({"quota.a": letter} | OTHERS)) for letter in "F....F....F.."][-1] == [("close", "quota.a")]


def test_a_run_that_arrives_late_is_judged_as_of_its_own_end() -> None:
    """A judgement as of a moment before an alert opened leaves it alone, clean as things looked then."""
    stage = Stage()
    for letter in "..F":
        stage.play({"quota.a": letter} | OTHERS)
    [alert] = stage.open
    before = View(stage.target, tuple(stage.runs[:2]), (alert,))

    assert judge(before, stage.policy, stage.runs[1].at) == []


def test_a_run_that_arrives_late_opens_nothing_again_that_is_over() -> None:
    """An incident that was told and closed accounts for all that happened before its end; what is still broken afterwards opens anew."""
    stage = Stage()
    for letter in "F..":
        stage.play({"quota.a": letter} | OTHERS)
    [closed] = stage.closed
    before = replace(stage.view, runs=tuple(stage.runs[:1]))

    assert judge(before, stage.policy, stage.runs[0].at) == []
    assert turns(judge(replace(before, closed=(replace(closed, closed=BEGIN),)), stage.policy, stage.runs[0].at)) == [("open", "quota.a")]


def test_a_running_run_says_nothing_yet() -> None:
    """What it has found so far waits for its end."""
    stage = Stage()

    assert stage.play({"quota.a": "F"} | OTHERS, state="running", ended=None, exit=None) == []


def test_a_killed_run_says_what_it_saw() -> None:
    """A failure that was confirmed before the runner died is one."""
    assert ("open", "quota.a") in turns(Stage().play({"quota.a": "F"} | OTHERS, state="incomplete", exit=None))

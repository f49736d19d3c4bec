"""Judgement decides what the simple model decides, step by step over generated histories."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verdicts.model import Model, Played
from tests.verdicts.stage import CADENCE, TOOK, Stage, kind
from verdicts.view import DEFAULT, Quarantine, Silence, Turn, Watched

KEYS = [
    ("quota.integrity", "api"),
    ("quota.integrity", "browser"),
    ("quota.availability", "api"),
    ("quota.availability", "browser"),
    ("quota.latency", "api"),
    ("signup.expiry", "api"),
]
SCENARIOS = sorted({scenario for scenario, _ in KEYS})
POLICY = replace(DEFAULT, whole_least=4, burn_least=3, flap_openings=2, flap_clean_runs=3)
CLEAN = "." * len(KEYS)
WHOLE = ["FFFFFF", "FFFFF.", "uuuuuu", "ffffff", "kkkk.F", "eeeeee", "......", "kk----", "ddd..d", "FFdd.."]
WORDS = ["", "", "", "", "", "", "", "partial", "killed", "unreachable", "left", "exit 3", "nothing"]

one = st.tuples(st.integers(0, len(KEYS) - 1), st.sampled_from("FFFFf?dbpeitkuq-n"))
letters = st.one_of(
    st.just(CLEAN),
    st.just(CLEAN),
    one.map(lambda change: CLEAN[: change[0]] + change[1] + CLEAN[change[0] + 1 :]),
    st.tuples(one, one).map(lambda both: "".join(dict(both).get(place, ".") for place in range(len(KEYS)))),
    st.text(alphabet="...FFf?dbpeitkuq-n", min_size=len(KEYS), max_size=len(KEYS)),
    st.sampled_from(WHOLE),
)
steps = st.lists(
    st.tuples(letters, st.sampled_from([0, 0, 0, 1, 1, 2]), st.sampled_from(WORDS), st.sampled_from([CADENCE, CADENCE, CADENCE, CADENCE, 40.0, 1000.0])),
    min_size=3,
    max_size=20,
)
spans = st.lists(
    st.tuples(st.sampled_from([*SCENARIOS, "quota.*", "target.unreachable", "monitor.no-data", "*"]), st.integers(0, 15), st.integers(1, 5)), max_size=2
)
asylums = st.lists(st.tuples(st.sampled_from(SCENARIOS), st.integers(0, 8), st.integers(1, 8), st.integers(1, 4)), max_size=1)
watched = st.sampled_from([(("oslo",), 1), (("oslo", "graz"), 1), (("oslo", "graz"), 2), (("oslo", "graz", "bari"), 2)])


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps, spans, asylums, watched)
def test_judgement_is_what_the_model_says(
    played: list[tuple[str, int, str, float]], silent: list[tuple[str, int, int]], asylum: list[tuple[str, int, int, int]], where: tuple[tuple[str, ...], int]
) -> None:
    """After every run, and whenever time passes without one, both decide the same about the same alerts, and hold the same ones open at the same places."""
    locations, agree = where
    stage = Stage(target=Watched("shop", "operators", "suite", CADENCE, locations, agree), policy=POLICY)
    model = Model(POLICY, CADENCE, locations, agree, {scenario: kind(scenario) for scenario in SCENARIOS}, TOOK)
    for number, (text, place, word, after) in enumerate(played):
        stage.now += after
        silences = [(pattern, at) for pattern, begins, lasts in silent for at in [begins <= number < begins + lasts] if at]
        stage.silences = tuple(Silence("sh*", pattern, stage.now - 1, stage.now + 1) for pattern, _ in silences)
        for scenario, begins, lasts, clean in asylum:
            if begins == number:
                stage.quarantines.append(Quarantine(7, "shop", scenario, "suite", stage.now - 1, stage.now + lasts * CADENCE, clean))
                model.quarantined[scenario] = (stage.now - 1, stage.now + lasts * CADENCE, clean)
        run = write(stage, text, locations[place % len(locations)], word)
        decided = {(change.turn.value, change.scenario) for change in stage.judge() if change.turn is not Turn.SEEN}
        expected = model.step(stage.now, run, silenced({pattern for pattern, _ in silences}))

        assert decided == expected
        assert {each.scenario: set(each.locations) for each in stage.open} == {name: alert.locations for (name, _), alert in model.alerts.items()}
        assert {each.scenario for each in stage.open if each.flapping} == {name for (name, _), alert in model.alerts.items() if alert.flapping}
        for each in stage.open:
            if each.scenario in SCENARIOS:
                assert set(each.surfaces) == model.alerts[each.scenario, each.failure].surfaces


def write(stage: Stage, text: str, location: str, word: str) -> Played | None:
    """Let a run end on the stage, and return it as the model has it; none where only time passes."""
    if word == "nothing":
        return None
    shown = {} if word == "unreachable" else dict(zip(KEYS[:3] if word == "partial" else KEYS, text, strict=False))
    told = {"whole": word != "partial", "state": "incomplete" if word == "killed" else "ended", "unreachable": word == "unreachable"}
    left, code = 2 * (word == "left"), None if word == "killed" else 3 if word in {"exit 3", "unreachable"} else 0
    stage.add(shown, at=location, left_behind=left, exit=code, **told)
    return Played(stage.now, location, shown, word != "partial", word == "killed", word == "unreachable", left, code)


def silenced(patterns: set[str]) -> set[str]:
    """Return the ids that these patterns name; the star at the end is the only one used here."""
    known = {*SCENARIOS, "quota.*", "signup.*", "target.unreachable", "monitor.no-data", "monitor.cannot-tell", "monitor.left-behind"}
    return {name for name in known for pattern in patterns if name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1]))}

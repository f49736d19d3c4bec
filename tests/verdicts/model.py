"""What judgement decides, once more: told run by run in letters, with loops and no cleverness, sharing no code with `verdicts`.

It forgets nothing, keeps everything as letters, sets and lists, and asks every question anew at every step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Key = tuple[str, str]
GOOD, LATE, SURE, DOUBT, UNMET, FAULTY = ".", "dbp", "F", "f?", "ut", "ei?"
TOLD = GOOD + LATE + SURE + DOUBT
MONITOR = {"no-data": "monitor.no-data", "blind": "monitor.cannot-tell", "left": "monitor.left-behind", "down": "target.unreachable"}
CLASS = {"monitor.no-data": "no-data", "monitor.cannot-tell": "availability", "monitor.left-behind": "integrity", "target.unreachable": "availability"}


@dataclass
class Played:
    """One run, as the test wrote it."""

    at: float
    location: str
    letters: Mapping[Key, str]
    whole: bool = True
    killed: bool = False
    unreachable: bool = False
    left: int = 0
    exit: int | None = 0


@dataclass
class Alert:
    """One open alert."""

    opened: float
    surfaces: set[str]
    locations: set[str]
    flapping: bool = False
    seen: float = 0.0
    severity: str = ""


@dataclass
class Model:
    """The state: all runs so far, what is open, and when what was opened."""

    policy: Any
    cadence: float
    locations: tuple[str, ...]
    agree: int
    classes: Mapping[str, str]
    took: float
    runs: list[Played] = field(default_factory=list)
    alerts: dict[tuple[str, str], Alert] = field(default_factory=dict)
    openings: list[tuple[tuple[str, str], float]] = field(default_factory=list)
    silenced: frozenset[str] = frozenset()
    quarantined: dict[str, tuple[float, float, int]] = field(default_factory=dict)
    """Scenario: since when, until when, and how many clean runs end it."""
    now: float = 0.0
    made: set[tuple[str, str]] = field(default_factory=set)
    reached: list[str] = field(default_factory=list)
    """Of each run, what it says of the target as a whole."""

    def step(self, now: float, run: Played | None, silenced: Iterable[str]) -> set[tuple[str, str]]:
        """Let a run arrive, or only time pass, and return what is decided about what."""
        self.now, self.silenced, self.made = now, frozenset(silenced), set()
        if run:
            self.runs.append(run)
        self.leave_quarantine()
        self.reached = [self.reach(run) for run in self.runs]
        self.whole_target()
        down = ("target.unreachable", "availability") in self.alerts
        self.scenarios(down)
        self.journeys(down)
        self.blind(down)
        self.left_behind()
        self.no_data(down)
        return self.made

    # -- what a run says ------------------------------------------------------------------------------------------------------------------------------

    def shown(self, run: Played) -> dict[Key, str]:
        """Letters of a run without what is in quarantine."""
        return {key: letter for key, letter in run.letters.items() if key[0] not in self.quarantined}

    def reach(self, run: Played) -> str:
        if run.unreachable:
            return "doubt"
        letters = "".join(self.shown(run).values())
        if not run.whole:
            alone = not any(each.whole for each in self.runs)
            return "up" if alone and count(letters, TOLD) and not count(letters, SURE + DOUBT + UNMET) and not run.killed else ""
        broken, unmet, told = count(letters, SURE + DOUBT), count(letters, UNMET), count(letters, TOLD)
        if broken + unmet >= self.policy.whole_least and broken + unmet >= self.policy.whole_share * (told + unmet):
            return "down"
        if unmet and not told and not count(letters, FAULTY):
            return "doubt"
        return "up" if told and not run.killed else ""

    # -- alerts ---------------------------------------------------------------------------------------------------------------------------------------

    def decide(self, name: tuple[str, str], *, opens: bool, clean: int, surfaces: set[str], locations: set[str], severity: str = "") -> None:
        """Open, close or hold one alert."""
        often = sum(other == name and self.now - when <= self.policy.flap_window for other, when in self.openings) >= self.policy.flap_openings
        alert = self.alerts.get(name)
        if alert is None:
            if opens and name[0] not in self.silenced:
                self.alerts[name] = Alert(self.now, set(surfaces), set(locations), seen=self.now, severity=severity)
                self.openings.append((name, self.now))
                self.made.add(("open", name[0]))
            return
        if clean >= (self.policy.flap_clean_runs if often or alert.flapping else self.policy.clean_runs_to_close):
            del self.alerts[name]
            self.made.add(("close", name[0]))
            return
        if clean >= self.policy.clean_runs_to_close and not alert.flapping:
            alert.flapping = True
            self.made.add(("flap", name[0]))
            return
        alert.surfaces |= surfaces
        alert.locations |= locations
        if severity and alert.severity == "warning":
            alert.severity = severity

    def leave_quarantine(self) -> None:
        for scenario, (since, until, needed) in list(self.quarantined.items()):
            clean = 0
            for run in self.runs:
                letters = "".join(letter for key, letter in run.letters.items() if key[0] == scenario)
                if run.at < since or not count(letters, TOLD):
                    continue
                clean = clean + 1 if not count(letters, LATE + SURE + DOUBT) else 0
            if self.now >= until or clean >= needed:
                del self.quarantined[scenario]
                self.made.add(("leave-quarantine", scenario))

    def row(self, location: str) -> list[str]:
        """The words of a location's runs on the target as a whole."""
        return [word for run, word in zip(self.runs, self.reached, strict=True) if run.location == location and word]

    def whole_target(self) -> None:
        seeing = set()
        for location in {run.location for run in self.runs}:
            row = self.row(location)
            latest = max((run.at for run, word in zip(self.runs, self.reached, strict=True) if run.location == location and word), default=0)
            fresh = self.agree == 1 or self.now - latest <= self.patience()
            if row and fresh and (row[-1] == "down" or (row[-1] == "doubt" and sum(word != "up" for word in row[-3:]) >= 2)):
                seeing.add(location)
        self.agreed = len(seeing) >= self.agree
        name = ("target.unreachable", "availability")
        must = seeing | (self.alerts[name].locations if name in self.alerts else set())
        clean = min((tail(self.row(location), "up") for location in must), default=0)
        self.decide(name, opens=self.agreed, clean=clean, surfaces=set(), locations=seeing)

    def streams(self, scenario: str) -> dict[tuple[str, str], list[tuple[float, str]]]:
        """What was told of a scenario at each place: when, and which letter; x for what failed together with nearly everything."""
        found: dict[tuple[str, str], list[tuple[float, str]]] = {}
        for run, word in zip(self.runs, self.reached, strict=True):
            for (name, surface), letter in run.letters.items():
                if name == scenario and letter in TOLD:
                    excused = letter in SURE + DOUBT and word == "down"
                    found.setdefault((surface, run.location), []).append((run.at, "x" if excused else letter))
        return found

    def breaks(self, scenario: str, letters: list[str]) -> bool:
        if not letters or letters[-1] not in SURE + DOUBT:
            return False
        if self.classes[scenario] == "latency":
            return letters[-2:] == ["F", "F"]
        return letters[-1] == "F" or count("".join(letters[-3:]), SURE + DOUBT) >= 2

    def scenarios(self, down: bool) -> None:
        for scenario, failure in sorted(self.classes.items()):
            if scenario in self.quarantined:
                continue
            streams = self.streams(scenario)
            broken = {place for place, told in streams.items() if self.breaks(scenario, [letter for _, letter in told])}
            seeing = {location for surface, location in broken if self.agree == 1 or self.now - streams[surface, location][-1][0] <= self.patience()}
            enough = len(seeing) >= self.agree if failure == "availability" else bool(broken)
            alert = self.alerts.get((scenario, failure))
            must = broken | {place for place, told in streams.items() if told[-1][1] in SURE + DOUBT + "x"}
            for surface in alert.surfaces if alert else ():
                for location in alert.locations if alert else ():
                    if self.tried(scenario, surface, location):
                        must.add((surface, location))
            clean = min((tail([letter for _, letter in streams.get(place, [])], ".") for place in must), default=0)
            self.decide(
                (scenario, failure),
                opens=enough and not down,
                clean=clean,
                surfaces={surface for surface, _ in broken},
                locations={location for _, location in broken},
            )

    def tried(self, scenario: str, surface: str, location: str) -> bool:
        """Whether a location ever tries that, as far as is known; one of which nothing is known might."""
        keys = {key for run in self.runs if run.location == location for key in run.letters if key[0] == scenario}
        return not keys or (scenario, surface) in keys

    def journeys(self, down: bool) -> None:
        for journey in sorted({scenario.partition(".")[0] for scenario in self.classes}):
            told = []
            for run, word in zip(self.runs, self.reached, strict=True):
                if word == "down":
                    continue
                here = {key: letter for key, letter in self.shown(run).items() if key[0].startswith(f"{journey}.")}
                bad = {key for key, letter in here.items() if letter in LATE or (letter in SURE + DOUBT and self.classes[key[0]] == "latency")}
                good = {key for key, letter in here.items() if letter == GOOD}
                if bad or good:
                    told.append((run, good, bad))
            name = (f"{journey}.*", "latency")
            page, ticket = (self.burning(told, windows, burn) for windows, burn in self.rules())
            alert = self.alerts.get(name)
            own = ticket if alert and alert.severity == "warning" else page
            still = page[0] or ticket[0] or any(own[1])
            clean = 0 if still else tail(["." if not bad else "d" for _, _, bad in told], ".")
            chosen = page if page[0] or (alert and alert.severity != "warning" and not ticket[0]) else ticket
            recent = [(run, bad) for run, _, bad in told if bad and run.at > self.runs[-1].at - chosen[2]]
            self.decide(
                name,
                opens=(page[0] or ticket[0]) and not down,
                clean=clean,
                surfaces={surface for _, bad in recent for _, surface in bad},
                locations={run.location for run, _ in recent},
                severity="critical" if page[0] else "warning",
            )

    def rules(self) -> list[tuple[tuple[float, float], float]]:
        return [(self.policy.page_windows, self.policy.page_burn), (self.policy.ticket_windows, self.policy.ticket_burn)]

    def burning(self, told: list[Any], windows: tuple[float, float], burn: float) -> tuple[bool, list[bool], float]:
        """Whether a rule opens, whether each of its windows burns, and how long the longer is."""
        burns, most = [], 0
        for seconds in windows:
            inside = [(len(good) + len(bad), len(bad)) for run, good, bad in told if run.at > self.runs[-1].at - seconds]
            attempts, bad = sum(each for each, _ in inside), sum(each for _, each in inside)
            burns.append(bad > 0 and Fraction(bad, attempts) >= Fraction(str(burn)) * (1 - Fraction(str(self.policy.objective))))
            most = max(most, bad)
        return all(burns) and most >= self.policy.burn_least, burns, windows[0]

    def repeated(self, name: tuple[str, str], words: Mapping[str, list[str]]) -> None:
        """Two of a location's last three runs: what the monitor's own alerts ask for."""
        broken = {location for location, row in words.items() if row and row[-1] == "bad" and row[-3:].count("bad") >= 2}
        must = broken | (self.alerts[name].locations if name in self.alerts else set())
        clean = min((tail(words.get(location, []), "good") for location in must), default=0)
        self.decide(name, opens=bool(broken), clean=clean, surfaces=set(), locations=broken)

    def blind(self, down: bool) -> None:
        words: dict[str, list[str]] = {}
        for run, word in zip(self.runs, self.reached, strict=True):
            row = words.setdefault(run.location, [])
            if not run.whole and any(other.whole for other in self.runs):
                continue
            if word in {"down", "doubt"}:
                if self.agree > 1:
                    row.append("excused" if down or self.agreed else "bad")
                continue
            letters = "".join(self.shown(run).values())
            odd = run.exit not in {0, 1, None} and (not count(letters, "kut") or "-" in letters)
            row.append("bad" if count(letters, FAULTY) or run.killed or odd else "good")
        self.repeated(("monitor.cannot-tell", "availability"), words)

    def left_behind(self) -> None:
        words: dict[str, list[str]] = {}
        for run in self.runs:
            row = words.setdefault(run.location, [])
            if run.left:
                row.append("bad")
            elif not run.killed and not run.unreachable:
                row.append("good")
        self.repeated(("monitor.left-behind", "integrity"), words)

    def patience(self) -> float:
        return self.policy.missed_cadences * self.cadence + (self.took if any(run.whole and not run.killed for run in self.runs) else 0)

    def no_data(self, down: bool) -> None:
        silent = {
            each
            for each in self.locations
            for runs in [[run for run in self.runs if run.whole and run.location == each]]
            if runs and self.now - runs[-1].at > self.patience()
        }
        untold = [(location, key) for location in self.locations if location not in silent for key in self.missing(location)]
        unexplained = [(location, key) for location, key in untold if not self.explained(location, key, down)]
        name = ("monitor.no-data", "no-data")
        alert = self.alerts.get(name)
        arrived = sum(run.whole and run.at > alert.seen for run in self.runs) if alert else 0
        missing = bool(silent or untold)
        self.decide(
            name,
            opens=bool(silent or unexplained),
            clean=0 if missing else arrived,
            surfaces={key[1] for _, key in unexplained},
            locations=silent | {location for location, _ in unexplained},
        )
        if missing and arrived and name in self.alerts:
            self.alerts[name].seen = max(run.at for run in self.runs if run.whole)

    def latest(self, location: str) -> Played | None:
        whole = [run for run in self.runs if run.whole and run.location == location and run.letters]
        return whole[-1] if whole else None

    def missing(self, location: str) -> list[Key]:
        latest = self.latest(location)
        found = []
        for key, letter in latest.letters.items() if latest else ():
            if letter in TOLD + "n" or key[0] in self.quarantined:
                continue
            heard = [run.at for run in self.runs if run.location == location and run.letters.get(key, "-") in TOLD + "n"]
            first = next(run.at for run in self.runs if run.location == location and key in run.letters)
            if self.now - max(heard, default=first) > self.patience():
                found.append(key)
        return found

    def explained(self, location: str, key: Key, down: bool) -> bool:
        latest = self.latest(location)
        assert latest
        letter = latest.letters[key]
        if down:
            return True
        if letter == "k":
            return any(name in self.classes for name, _ in self.alerts)
        return ("monitor.cannot-tell", "availability") in self.alerts and (letter not in UNMET or self.agree > 1)


def count(letters: str, wanted: str) -> int:
    return sum(letter in wanted for letter in letters)


def tail(words: list[str], wanted: str) -> int:
    """How many of these stand at the end."""
    streak = 0
    for word in words:
        streak = streak + 1 if word == wanted else 0
    return streak

"""Whole runs are killed: `synthetics run` with its runner, at points of its own and at moments that the product and the pager choose, or as CI cancels.

Then an auditor compares what the product saw, what the runs wrote, what the history holds and what the pager took.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from rehearsal.receiver import Receiver
from tests.chaos import planted, points
from tests.chaos.story import ALERTING
from tests.chaos.witness import MOMENTS, Pager, Product, Strike
from tests.tree import ROOT, TARGET, Tree, await_gone, plant, scenario
from verdicts.history.schema import ALERTS, LEDGER, OUTBOX, OUTCOMES, RUNS
from verdicts.history.store import History
from verdicts.outcome import Outcome, Status, read

CI = ((signal.SIGINT, 7.5), (signal.SIGTERM, 2.5))
"""What a CI cancel sends to the entry process, and the seconds before it sends the next; then it kills."""

LONGEST = 2.5
"""Seconds within which a random strike falls; a whole run takes about as long."""

POINTS = (*planted.POINTS, *MOMENTS, "SIGINT mid-test", "SIGTERM mid-test", "SIGINT after a create is taken", "SIGTERM after a create is taken")
ENOUGH = 2 * len(POINTS)
"""With so many kills each named point must have been struck."""

QUIET = 12
"""So many runs that nobody strikes are given time to close what is open."""

SWITCHES = ("a", "b")
KEPT = "signup.sign_up(visitor)"
PAIR = "signup.sign_up(visitor)\nsignup.sign_up(visitor.site.visitor())"
BREAKS = "import pathlib\nsignup.sign_up(visitor)\nassert not pathlib.Path('../own/broken-{0}').exists(), 'the switch {0} is on'"
API = {"surfaces": "(Surface.API,)"}
SCENARIOS = (
    scenario("kept", KEPT, **API),
    scenario("pair", PAIR, **API),
    *(scenario(f"breaks-{each}", BREAKS.format(each), **API) for each in SWITCHES),
)
STRANGERS = {"ana@customers.example.com": "ana-1", "syn-abcdef-12345678@people.example.com": "somebody-elses-run-1"}
"""Accounts that no ledger names, one of which looks as though it were ours."""


@dataclass
class Figures:
    """What happened. `kills` by point; of the rest, what the auditor holds against the runs stands behind `spared`."""

    kills: Counter[str] = field(default_factory=Counter)
    survived: int = 0
    cancelled_in_time: int = 0
    runs: int = 0
    unborn: int = 0
    incomplete: int = 0
    outcomes: int = 0
    requests: int = 0
    accounts: int = 0
    swept: int = 0
    alerts: int = 0
    incidents: int = 0
    spared: int = 0
    lost_outcomes: int = 0
    wrong_states: int = 0
    unledgered: int = 0
    outlived: int = 0
    strangers_touched: int = 0
    unmarked_requests: int = 0
    lost_alerts: int = 0
    wrong_alerts: int = 0
    second_incidents: int = 0
    unresolved: int = 0
    undelivered: int = 0

    @property
    def held_against(self) -> dict[str, int]:
        """What went wrong, by kind."""
        names = list(vars(self))
        return {name: getattr(self, name) for name in names[names.index("spared") :]}

    @property
    def faults(self) -> int:
        """How much went wrong."""
        return sum(self.held_against.values())


@dataclass
class House:
    """A copy of the house whose product and pager stand here."""

    tree: Tree
    product: Product
    pager: Pager

    @property
    def history(self) -> str:
        """Its history."""
        return self.tree.environment["SYNTHETICS_HISTORY"]

    def run(self, point: str = "", nth: int = 0) -> subprocess.Popen[str]:
        """Start a run that dies at a point of its own, if one is given."""
        return self.tree.start("tests.chaos.planted", point, str(nth), "run", "--target", "tiny", "--lanes", "2")

    def concluded(self, before: Path, ended: int) -> bool:
        """Tell whether the latest run is one that was not there before, and has written down that it ended so."""
        return self.tree.latest != before and self.tree.record()["exit"] == ended

    def strike(self, strike: Strike | None) -> None:
        """Have the product and the pager strike."""
        self.product.strike = self.pager.strike = strike

    def flip(self, chance: random.Random, *, kept: bool = False) -> None:
        """Break promises and keep them again; keep all if `kept`."""
        for each in SWITCHES:
            switch = self.tree.own / f"broken-{each}"
            if kept or (switch.exists() and chance.random() < 1 / 3):
                switch.unlink(missing_ok=True)
            elif chance.random() < 1 / 3:
                switch.touch()


@contextmanager
def housed(folder: Path) -> Iterator[House]:
    """Set all up, and end it."""
    tree = plant(folder / "house", folder / "own")
    with Product() as product, Receiver(pager := Pager()) as receiver:
        threading.Thread(target=product.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        product.accounts.update(STRANGERS)
        tree.targets(TARGET.replace("serve = true", f'url = "{product.url}"'))
        tree.scenarios(*SCENARIOS)
        (tree.folder / "launch" / "alerting.toml").write_text(ALERTING.format(url=receiver.url, folder=folder))
        tree.environment |= {
            "PYTHONPATH": str(ROOT),
            "CHAOS_ROUTING_KEY": "c0ffee00c0ffee00c0ffee00c0ffee00",
            "SYNTHETICS_HISTORY": str(folder / "history.sqlite"),
        }
        try:
            yield House(tree, product, pager)
        finally:
            product.shutdown()
            await_gone(str(tree.own))


def play(folder: Path, kills: int, seed: int, only: Sequence[str] = ()) -> Figures:
    """Kill so many runs over the life of a target, let the last ones live, and audit what is left; `only` at these points, if any are given."""
    chance, figures = random.Random(seed), Figures()
    aim = points.Aim(only or POINTS, chance, once=planted.POINTS)
    with housed(folder) as house:
        while figures.kills.total() < kills:
            house.flip(chance)
            point, nth = aim.next() if only or chance.random() < 4 / 5 else (chance.choice(("", "SIGINT", "SIGTERM")), 0)
            before = house.tree.latest
            ended, struck = victim(house, point, nth, chance.uniform(0.0, LONGEST))
            if nth:
                aim.hear(point, nth, struck=struck)
            figures.kills[point if nth else f"{point} at random".strip()] += struck
            figures.survived += not struck
            figures.cancelled_in_time += struck and "SIG" in point and ended >= 0
            assert struck or house.concluded(before, ended), f"a run ended with {ended} by itself, and left no record that says so"
        house.flip(chance, kept=True)
        for _ in range(QUIET):
            with house.run() as process:
                said = process.communicate(timeout=120)[0]
            assert process.returncode == 0, said
            if settled(house):
                break
        figures.spared = len(aim.spared(1 if kills >= ENOUGH else 0))
        audit(house, figures)
    return figures


def victim(house: House, point: str, nth: int, after: float) -> tuple[int, bool]:
    """Run, and strike: at a point of the run's own, at a moment, or `after` so many seconds; return how the run ended, and whether the strike fell."""
    name, _, moment = point.partition(" ")
    sent = {"SIGINT": CI, "SIGTERM": CI[1:]}.get(name, ())
    moment = (moment if sent else point) if nth else ""
    planted_there = moment in planted.POINTS
    struck = threading.Event()
    with house.run(moment, nth) if planted_there else house.run() as process:

        def blow() -> None:
            process.send_signal(sent[0][0] if sent else signal.SIGKILL)
            struck.set()

        strike = Strike(moment, nth, blow, mute=not sent)
        house.strike(strike)
        drain = threading.Thread(target=process.communicate, daemon=True)
        drain.start()
        if moment:
            while drain.is_alive() and not struck.is_set():
                drain.join(0.02)
        else:
            drain.join(after)
            if process.poll() is None:
                blow()
        if sent and struck.is_set():
            cancel(process, sent)
        drain.join(120)
        house.strike(None)
        assert process.returncode is not None, "a run did not end"
    await_gone(str(house.tree.own))
    return process.returncode, struck.is_set() or process.returncode == -signal.SIGKILL


def cancel(process: subprocess.Popen[str], sent: tuple[tuple[signal.Signals, float], ...]) -> None:
    """Go on as CI does: wait, send the next signal, wait, kill."""
    for number, (_, patience) in enumerate(sent):
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.send_signal(sent[number + 1][0] if number + 1 < len(sent) else signal.SIGKILL)
        else:
            return


def settled(house: House) -> bool:
    """Tell whether nothing is open and nothing waits."""
    history = History.open(house.history)
    with history.reading() as tx:
        waiting = tx.execute(select(func.count()).where(OUTBOX.c.state == "pending")).scalar_one()
        still = tx.execute(select(func.count()).where(ALERTS.c.state == "open")).scalar_one()
    history.close()
    return not waiting and not still


def audit(house: House, figures: Figures) -> None:
    """Compare the product, the runs' folders, the history and the pager."""
    history = History.open(house.history)
    with history.reading() as tx:
        stored = {row["id"]: row for row in tx.execute(select(RUNS)).mappings()}
        outcomes = {tuple(row) for row in tx.execute(select(OUTCOMES.c.run, OUTCOMES.c.scenario, OUTCOMES.c.surface, OUTCOMES.c.attempt))}
        ledger = {(row["run"].rpartition("-")[2], row["name"]): row["state"] for row in tx.execute(select(LEDGER)).mappings()}
        alerts = [dict(row) for row in tx.execute(select(ALERTS)).mappings()]
        sent = Counter(tx.execute(select(OUTBOX.c.state)).scalars())
    history.close()
    folders = {place.name: place for place in (house.tree.folder / "artifacts").iterdir() if place.is_dir() and not place.is_symlink() and "-" in place.name}
    judge_runs(folders, stored, outcomes, figures)
    judge_product(house.product, ledger, folders, figures)
    judge_alerts(folders, stored, alerts, house.pager, figures)
    figures.undelivered = sent["pending"] + sent["dead"]


def judge_runs(folders: dict[str, Path], stored: dict[str, Any], outcomes: set[tuple[Any, ...]], figures: Figures) -> None:
    """Each outcome that a run wrote is in the history, and each run is there as what became of it."""
    wrote = {(each.run, each.scenario, each.surface, each.attempt) for place in folders.values() for each in read(place / "outcomes.jsonl")}
    figures.runs, figures.outcomes, figures.lost_outcomes = len(folders), len(wrote), len(wrote - outcomes)
    for run, place in folders.items():
        record = json.loads((place / "run.json").read_text()) if (place / "run.json").exists() else {}
        if run not in stored:  # killed before it could say that it began: then it has done nothing
            figures.unborn += 1
            figures.wrong_states += any((place / each).exists() for each in ("journal.jsonl", "outcomes.jsonl", "ledger.jsonl"))
            continue
        expected = "ended" if record.get("ended") else "incomplete"
        figures.wrong_states += stored[run]["state"] != expected
        figures.incomplete += stored[run]["state"] == "incomplete"
        figures.swept += record.get("swept", 0)
    figures.wrong_states += len(set(stored) - set(folders))


def judge_product(product: Product, ledger: dict[tuple[str, str], str], folders: dict[str, Path], figures: Figures) -> None:
    """All that was made stands in the ledger of the run that made it, nothing of it is left, and nobody else's was touched."""
    figures.requests, figures.unmarked_requests = product.requests, product.unmarked
    ours = product.made
    figures.accounts = len(ours)
    figures.unledgered = sum((email.split("-")[1], email) not in ledger for email in ours)
    last = max(folders)
    figures.outlived = len(set(product.accounts) - set(STRANGERS)) + sum(state != "gone" and run != last for (run, _), state in ledger.items())
    figures.strangers_touched = len(product.touched & set(STRANGERS)) + len(set(STRANGERS) - set(product.accounts))


def judge_alerts(folders: dict[str, Path], stored: dict[str, Any], alerts: list[dict[str, Any]], pager: Pager, figures: Figures) -> None:
    """What broke twice in a run is covered by an alert, no alert is open about what did not, and the pager has one incident for each."""
    figures.alerts, figures.incidents = len(alerts), len(pager.rules.incidents)
    told, incidents = Counter(each["key"] for each in alerts), Counter(each.dedup_key for each in pager.rules.incidents)
    figures.second_incidents = (incidents - told).total()
    figures.lost_alerts = (told - incidents).total()
    figures.unresolved = len(pager.rules.open()) + sum(each["state"] == "open" for each in alerts)
    broke = {run: broken(list(read(place / "outcomes.jsonl"))) for run, place in folders.items() if run in stored}
    for run, names in broke.items():
        at = stored[run]["ended"] or stored[run]["started"]
        for name in names:
            figures.lost_alerts += not any(
                each["scenario"] == name and each["opened"] <= at and (each["closed"] is None or each["closed"] >= at) for each in alerts
            )
    figures.wrong_alerts = sum(each["scenario"].startswith("signup.") and each["scenario"] not in broke.get(each["opened_by"], ()) for each in alerts)


def broken(outcomes: list[Outcome]) -> set[str]:
    """Return what failed twice."""
    failed = Counter(each.scenario for each in outcomes if each.status is Status.FAILED)
    return {name for name, times in failed.items() if times == 2}

"""What several processes do to one store at the same time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from sqlalchemy import insert

from tests.verdicts.history.made import ENVIRONMENT
from verdicts.history import leases
from verdicts.history.schema import PROOFS
from verdicts.history.store import History

RACE = "import sys; from tests.verdicts.history import racers; racers.{what}(*sys.argv[1:])"


def race(what: str, url: str, names: Sequence[str], *words: str) -> list[list[str]]:
    """Start a process for each name, let them go at once when all are ready, and return the lines that each of them said."""
    command = [sys.executable, "-c", RACE.format(what=what), url]
    racers = [subprocess.Popen([*command, name, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) for name in names]
    for each in racers:
        assert each.stdout.readline() == "ready\n"
    for each in racers:
        each.stdin.write("go\n")
        each.stdin.flush()
    said = [each.communicate(timeout=120)[0].splitlines() for each in racers]
    assert [each.returncode for each in racers] == [0] * len(racers)
    return said


def ready(url: str) -> History:
    """Open the store, say so, and wait for the start."""
    history = History.open(url)
    with history.begin() as tx:
        leases.held(tx, "warm", 0, 0)
    print("ready", flush=True)
    assert sys.stdin.readline() == "go\n"
    return history


def take(url: str, name: str) -> None:
    """Try to get the lease once."""
    with ready(url).begin() as tx:
        print(leases.take(tx, "judge", name, time.time(), 60))


def judge(url: str, name: str, times: str) -> None:
    """Write under the fence of a lease so many times, with terms that may be over before it gets to write; where they are, the next one is longer."""
    history, term, written = ready(url), 0.005, 0
    while written < int(times):
        with history.begin() as tx:
            fence = leases.take(tx, "judge", name, time.time(), term)
        if fence is None:
            continue
        with history.begin() as tx:
            if leases.held(tx, "judge", fence, time.time()):
                tx.execute(insert(PROOFS).values(risk="r", fault=name, target="t", at=float(fence), build="", verdict="", hashes="{}", rehearsal=""))
                written += 1
                print(fence)
            else:
                term *= 1.5

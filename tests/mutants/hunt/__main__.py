"""`python -m tests.mutants.hunt [--only REGEX] [--journey NAME] [--share 1/8] [--record FILE]`: break the product, and list what no scenario notices.

It is broken in every small way, one at a time. Not every survivor is a missing promise: some change nothing that anybody could see, some what nobody was
promised. Each is worth a look, and what is worth a promise becomes a scenario's, with a mutant of its own. Pages and templates are tried in the browser,
all else by API, where a scenario costs little; the first one that is red ends a try.
"""

from __future__ import annotations

import argparse
import ast
import functools
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from cli import warm
from cli.supervisor import Supervisor
from fixtures import live as lives
from fixtures import runs
from fixtures import target as targets
from fixtures.runs import Run
from fixtures.target import ROOT
from flows.blame import SuiteFault
from flows.contract.driver import Surface
from launch.vocabulary import JOURNEYS
from products.cloudsuite import serve
from tests.mutants.hunt import templates
from tests.mutants.hunt.breaks import breaks
from tests.mutants.hunt.launch import HTML, PRODUCT
from tests.mutants.stage import DEADLINE, LANES, TARGET, WINDOWS
from verdicts.outcome import Status, read

APP = ROOT / "products" / "cloudsuite" / "app"
WHERE = ("domain/*.py", "api/*.py", "transitions.py", "live.py", "pages/*.py")
UNSEEN = re.compile(r"telemetry|_LOGGER|INSERT INTO|scrypt|mutants")
"""What is left out: figures and logs that are not for customers, and what breaks everything at once."""


@dataclass(frozen=True)
class Try:
    """One break: the module, or the file of the template, and the number of the change in it, where it stands, and what it is."""

    module: str
    number: int
    place: str
    what: str

    @property
    def surface(self) -> Surface:
        """Where it can be noticed."""
        return Surface.BROWSER if ".pages." in self.module or self.module.endswith(HTML) else Surface.API


def tries() -> Iterator[Try]:
    """Yield every break of the product's domain, API, pages and templates."""
    for pattern in WHERE:
        for file in sorted(APP.glob(pattern)):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            for number, each in enumerate(breaks(ast.parse(file.read_text(encoding="utf-8")))):
                if not UNSEEN.search(each.what):
                    yield Try(module, number, f"{file.relative_to(APP)}:{each.line}", each.what)
    for file in sorted((APP / "templates").glob(f"*{HTML}")):
        for number, change in enumerate(templates.changes(file.read_text(encoding="utf-8"))):
            yield Try(file.name, number, f"templates/{file.name}:{change.line}", change.what)


def attempt(each: Try, files: list[str] | None = None) -> dict[str, Any]:
    """Sweep the product with one break (by the scenarios of `files`, or all) until the first is red; returns what was broken, and what was red."""
    began, start = time.monotonic(), serve.child
    with tempfile.TemporaryDirectory(prefix="hunt-") as folder:
        record = Run(id=runs.new_id(), folder=Path(folder) / "run")
        record.folder.mkdir()
        target = targets.load(TARGET)

        def launched(module: str, *arguments: str, **options: Any) -> Any:
            changed = ("tests.mutants.hunt.launch", f"{each.module}:{each.number}")
            return start(*changed, *arguments, **options) if module == PRODUCT else start(module, *arguments, **options)

        def told(event: dict[str, Any]) -> None:
            if event["event"] == "finished" and any(outcome.status is Status.FAILED for outcome in read(record.outcomes)):
                supervisor.stop("a scenario is red")

        red: dict[str, str] = {}
        try:
            with mock.patch.object(serve, "child", launched), lives.serving(target, record.id, record.folder) as live:
                until = time.monotonic() + DEADLINE
                supervisor = Supervisor(run=record, live=live, target=target.name, lanes=(LANES, WINDOWS), until=until, told=told)
                supervisor.round(1, ["--surface", each.surface], only=files)
        except SuiteFault as trouble:
            red["it does not start"] = str(trouble)[:200]
        outcomes = list(read(record.outcomes)) if record.outcomes.exists() else []
        red |= {outcome.scenario: (outcome.error or "")[:200] for outcome in outcomes if outcome.status in {Status.FAILED, Status.ERROR}}
        if not red and not any(outcome.status is Status.PASSED for outcome in outcomes):
            sys.exit(f"{each.place} {each.what}: nothing was tried against it, so that it proves nothing")
    return {**asdict(each), "red": red, "seconds": round(time.monotonic() - began, 1)}


def main(arguments: list[str]) -> int:
    """Hunt, and list the survivors; 1 where there are any."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.hunt", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", type=re.compile, default=re.compile(""), metavar="REGEX", help="breaks whose place or words match")
    parser.add_argument("--journey", action="append", choices=JOURNEYS, help="by the scenarios of this journey; can be given more than once")
    parser.add_argument("--share", default="1/1", metavar="K/N", help="every N-th of them, from the K-th on")
    parser.add_argument("--record", type=Path, metavar="FILE", help="a line of JSON for each try; those that are in it are not made again")
    parser.add_argument("--list", action="store_true", help="print them, and try none")
    options = parser.parse_args(arguments)
    first, _, step = options.share.partition("/")
    chosen = [each for each in tries() if options.only.search(f"{each.place} {each.what}")][int(first) - 1 :: int(step)]
    if options.list:
        print("\n".join(f"{each.place} {each.what}" for each in chosen))
        return 0
    known = [json.loads(line) for line in options.record.read_text().splitlines()] if options.record and options.record.exists() else []
    done = {(each["module"], each["number"], each["what"]) for each in known}
    files = [str(file.relative_to(ROOT)) for journey in options.journey or () for file in sorted((ROOT / "synthetics" / journey).glob("test_*.py"))] or None
    survivors = 0
    with (
        tempfile.TemporaryDirectory(prefix="hunt-") as folder,
        warm.compiled(),
        warm.serving(Path(folder)) as address,
        ProcessPoolExecutor(os.cpu_count(), initializer=functools.partial(os.environ.__setitem__, warm.VARIABLE, address)) as pool,
    ):
        for said in pool.map(functools.partial(attempt, files=files), [each for each in chosen if (each.module, each.number, each.what) not in done]):
            if options.record:
                with options.record.open("a") as file:
                    file.write(json.dumps(said) + "\n")
            if not said["red"]:
                survivors += 1
                print(f"{said['place']} {said['what']}", flush=True)
    print(f"{survivors} of {len(chosen)} are noticed by nobody")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

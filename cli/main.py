"""``synthetics VERB …``: finds the verb's file by name, and turns bad input into one message and exit code 2."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from typing import Protocol, cast

import cli
from flows.blame import SuiteFault, TargetUnreachable
from launch.reading import BadInput

EXITS = """exit codes:
  0  every promise kept
  1  at least one promise broken
  2  bad usage or configuration: the message names file, key, what was seen and what is allowed
  3  the monitor cannot tell: nothing selected, no browser, target unreachable, killed
"""


class Verb(Protocol):
    """What a verb's file gives: ``HELP``, and two functions."""

    HELP: str

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Add the verb's options."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it, and return the exit code."""


def verbs(asked: str = "") -> dict[str, Verb]:
    """Return every verb by name: a file of this folder that has a HELP. Where one of them is asked for, the others need not be loaded."""
    names = [found.name for found in pkgutil.iter_modules(cli.__path__) if found.name != "main"]
    modules = {name: importlib.import_module(f"cli.{name}") for name in ([asked] if asked in names else names)}
    known = {name: cast(Verb, module) for name, module in sorted(modules.items()) if hasattr(module, "HELP")}
    return known or verbs()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    given, rest = (given[: given.index("--")], given[given.index("--") + 1 :]) if "--" in given else (given, [])
    parser = argparse.ArgumentParser(
        prog="synthetics", description="The monitor that proves it would have told you.", epilog=EXITS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    named = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    known = verbs(given[0] if given else "")
    for name, verb in known.items():
        sub = named.add_parser(name, help=verb.HELP, description=verb.HELP, epilog=EXITS, formatter_class=argparse.RawDescriptionHelpFormatter)
        verb.add(sub)
        sub.set_defaults(rest=rest)
    options = parser.parse_args(given)
    if rest and options.verb != "run":
        parser.error(f"{options.verb} takes nothing behind --")
    try:
        return known[options.verb].run(options)
    except BadInput as bad:
        print(f"synthetics {options.verb}: {bad}", file=sys.stderr)
        return 2
    except (SuiteFault, TargetUnreachable) as fault:
        print(f"synthetics {options.verb}: {fault}", file=sys.stderr)
        return 3
    except Exception:  # noqa: BLE001 -- a fault of ours must not end with 1, which says that the product broke a promise
        traceback.print_exc()
        return 3


if __name__ == "__main__":
    sys.exit(main())

"""``python -m rehearsal.application BOARD serve …``: the embedded product, in its server and in the worker ready to be broken.

`BOARD` is the folder of switches (`rehearsal.board`). Without a switch in it, the product behaves as ever.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

from products.cloudsuite.app import __main__ as product
from rehearsal import catalogue
from rehearsal.application import seams
from rehearsal.application.forked import Forked
from rehearsal.board import Board

PRODUCT = "products.cloudsuite.app"


def main(board: str, arguments: list[str]) -> int:
    """Put every fault of the application at its seams, see to it that the worker gets the same, and run the product."""
    folder = Board(Path(board))
    seams.remember_callers()
    for fault in catalogue.every().values():
        if fault.inject is not None:
            fault.inject(seams.Seams(fault.id, folder))
    worker = Forked(product.main)

    def start(command: list[str], env: Mapping[str, str]) -> Forked:
        worker.start(command[command.index(PRODUCT) + 1 :], env)
        return worker

    vars(product)["subprocess"] = SimpleNamespace(Popen=start, TimeoutExpired=subprocess.TimeoutExpired)
    return product.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

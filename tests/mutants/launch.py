"""`python -m tests.mutants.launch MUTANT serve|worker …`: the product with one thing broken, in the server and in the worker that it starts."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

from products.cloudsuite.app import __main__ as product
from tests.mutants import mutant

PRODUCT = "products.cloudsuite.app"


def main(name: str, arguments: list[str]) -> int:
    """Break the product, see to it that its worker is broken, too, and run it."""
    mutant.every()[name].apply()

    def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        at = command.index(PRODUCT)
        return subprocess.Popen([*command[:at], "tests.mutants.launch", name, *command[at + 1 :]], **options)

    vars(product)["subprocess"] = SimpleNamespace(Popen=start, TimeoutExpired=subprocess.TimeoutExpired)
    return product.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

"""`python -m tests.mutants.hunt.launch WHERE:NUMBER serve|worker …`: the product with one small change, in the server and in the worker that it starts.

WHERE is a module by its name, or a template by its file.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import subprocess
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any

from jinja2 import ChoiceLoader, DictLoader

from tests.mutants.hunt import breaks, templates

PRODUCT = "products.cloudsuite.app"
HTML = ".html"


class Changed(importlib.abc.MetaPathFinder):
    """Finds one module, changed; the others are found as ever."""

    def __init__(self, module: str, number: int) -> None:
        """Say which."""
        self.module, self.number = module, number

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Return where the module comes from."""
        if name != self.module:
            return None
        sys.meta_path.remove(self)  # it is asked once, and the file is found as ever
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        code = breaks.broken(Path(found.origin), self.number)

        class Loader(SourceFileLoader):
            def get_code(self, _name: str) -> CodeType:
                return code

        found.loader = Loader(name, found.origin)
        return found


def redraw(name: str, number: int) -> None:
    """Have the product draw one template, changed; the others as ever."""
    rendering: Any = importlib.import_module(f"{PRODUCT}.rendering")
    drawing = rendering._templates
    text, _, _ = drawing.loader.get_source(drawing, name)
    changed = list(templates.changes(text))[number].text
    drawing.loader = ChoiceLoader([DictLoader({name: changed}), drawing.loader])


def main(what: str, arguments: list[str]) -> int:
    """Change the module or the template, see to it that the worker has the same change, and run the product."""
    where, _, number = what.partition(":")
    if where.endswith(HTML):
        redraw(where, int(number))
    else:
        assert where not in sys.modules, f"{where} is there already, unchanged"
        sys.meta_path.insert(0, Changed(where, int(number)))
    product: Any = importlib.import_module(f"{PRODUCT}.__main__")

    def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        at = command.index(PRODUCT)
        return subprocess.Popen([*command[:at], "tests.mutants.hunt.launch", what, *command[at + 1 :]], **options)

    product.subprocess = SimpleNamespace(Popen=start, TimeoutExpired=subprocess.TimeoutExpired)
    return int(product.main(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

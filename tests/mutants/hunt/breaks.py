"""Every small change to a module of the product: a call, a condition, a bound or a clause of a query that is not there, or says the opposite."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

SHOWN = 110
QUERY = re.compile(r"\b(?:SELECT|UPDATE|DELETE|WHERE)\b")
CLAUSE = r"((?:\w+\.)?\w+\s*(?:=|<>|<=|>=|<|>|IS NOT|IS|NOT IN|IN)\s*(?:\?|:\w+|NULL|'[^']*'|[\w.]+))"
SET = re.compile(r",\s*(\w+\s*=\s*(?:\w+ \+ 1|NULL|'\w+'))")
ORDER = re.compile(r"ORDER BY (\w+(?:\.\w+)?)( DESC)?")
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}


@dataclass(frozen=True)
class Break:
    """One change: in which line, what it is in words, and how it is made to the tree that it was found in."""

    line: int
    what: str
    make: Callable[[], None]


def breaks(tree: ast.Module) -> list[Break]:
    """Return every change to a module, in an order that is the same each time."""
    hunter = Hunter()
    hunter.visit(tree)
    return sorted(hunter.found, key=lambda each: (each.line, each.what))


def broken(file: Path, number: int) -> CodeType:
    """Return the code of a module with one change."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    breaks(tree)[number].make()
    return compile(ast.fix_missing_locations(tree), str(file), "exec")


class Hunter(ast.NodeTransformer):
    """Walks a module, and remembers where each node hangs, so that another can be put in its place."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.found: list[Break] = []
        self._path: list[ast.AST] = []

    def visit(self, node: ast.AST) -> ast.AST:
        """Note the changes to a node, then to those below it; nothing is changed yet."""
        self.found += [Break(getattr(node, "lineno", 0), f"{self._function()}: {what}", make) for what, make in self._changes(node)]
        self._path.append(node)
        for child in ast.iter_child_nodes(node):
            self.visit(child)
        self._path.pop()
        return node

    def _function(self) -> str:
        return next((each.name for each in reversed(self._path) if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))), "")

    def _changes(self, node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
        parent = self._path[-1] if self._path else None
        inside = bool(self._function())
        match node:
            case ast.Expr(value=ast.Call() | ast.Await()) if inside:
                yield f"without {shown(node)}", self._put(node, ast.Pass())
            case ast.Raise() if inside and isinstance(parent, (ast.If, ast.match_case)):
                yield f"without {shown(node)}", self._put(node, ast.Pass())
            case ast.If(test=test) | ast.IfExp(test=test) if inside:
                refuses = isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise)
                for says in (True,) if refuses else (True, False):
                    yield f"{shown(test)} is always {says}", lambda says=says: setattr(node, "test", ast.Constant(says))
            case ast.BoolOp(values=values):
                for each in values:
                    rest = [other for other in values if other is not each]
                    yield f"{shown(node)} without {shown(each)}", self._put(node, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest))
            case ast.Compare(ops=[operator]) if type(operator) in OPPOSITE:
                other = OPPOSITE[type(operator)]()
                yield f"{shown(node)} with the bound on the other side", lambda: setattr(node, "ops", [other])
            case ast.Constant(value=str(text)) if QUERY.search(text):
                for what, changed in queries(text):
                    yield f"{what} in {' '.join(text.split())[:SHOWN]}", lambda changed=changed: setattr(node, "value", changed)
            case ast.Constant(value=bool()):
                return
            case ast.Constant(value=int(number)) if number > 1:
                yield f"{2 * number + 1} instead of {number} in {shown(parent)}", lambda: setattr(node, "value", 2 * number + 1)
            case ast.keyword(arg=str(name), value=ast.Constant(value=bool(says))) if inside:
                yield f"{name}={not says} in {shown(parent)}", lambda: setattr(node, "value", ast.Constant(not says))

    def _put(self, node: ast.AST, new: ast.AST) -> Callable[[], None]:
        parent = self._path[-1]
        for name, value in ast.iter_fields(parent):
            if value is node:
                return lambda: setattr(parent, name, new)
            if isinstance(value, list) and any(each is node for each in value):
                return lambda: value.__setitem__(next(at for at, each in enumerate(value) if each is node), new)
        raise AssertionError(shown(node))


def queries(text: str) -> Iterator[tuple[str, str]]:
    """Yield the changes to a query: a condition that does not hold anybody up, something that is not set, an order that is turned."""
    for found in re.finditer(rf"\b(?:WHERE|AND)\s+{CLAUSE}", text):
        yield f"without {found[1]}", f"{text[: found.start(1)]}({found[1]} OR 1){text[found.end(1) :]}"
    for found in SET.finditer(text):
        yield f"without setting {found[1]}", text[: found.start()] + text[found.end() :]
    if turned := ORDER.search(text):
        yield "the order turned", f"{text[: turned.start()]}ORDER BY {turned[1]}{'' if turned[2] else ' DESC'}{text[turned.end() :]}"


def shown(node: ast.AST | None) -> str:
    """Return code as a line of text."""
    return " ".join(ast.unparse(node).split())[:SHOWN] if node is not None else ""

"""A mutant: the product with one thing broken, and who must notice.

::

    @breaks({"signup.log-out": "using a copy of the session after logging out must be refused"})
    def logging_out_leaves_the_session_valid() -> None:
        @instead_of(sessions, "sign_out")
        def nothing(original, tx, actor): ...

The function breaks the product in the process that calls it (`launch` does, in the server and in the worker). The product knows nothing of this.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flows.contract.driver import Surface

JOURNEYS = ("signup", "provisioning", "quota", "lifecycle", "collaboration", "account", "face", "pages")
"""The modules that hold mutants."""


@dataclass(frozen=True)
class Mutant:
    """What is broken (`name`, and in words `what`), and who notices.

    `red` holds the scenarios that must fail, each with a regular expression for the reason it must state. `also` are those that fail beside them:
    the promise that is broken is a part of theirs. `blocks` says that the fault lies so early that others cannot try their promise at all.
    `surface` is the one on which they must notice; None takes the first that a scenario applies to, the API before the browser.
    `quick` ones are tried with every test run, the others with ``-m mutants``. `start` replaces names of `products.cloudsuite.serve`, for what is broken
    before the product runs.
    """

    name: str
    what: str
    apply: Callable[[], None]
    red: Mapping[str, str]
    also: frozenset[str]
    blocks: bool
    quick: bool
    surface: Surface | None
    start: Mapping[str, object]


_found: dict[str, Mutant] = {}


def breaks(
    red: Mapping[str, str],
    *,
    also: Collection[str] = (),
    blocks: bool = False,
    quick: bool = False,
    surface: Surface | None = None,
    start: Mapping[str, object] | None = None,
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare a function to be a mutant. Its name and docstring say what is broken."""

    def declare(apply: Callable[[], None]) -> Callable[[], None]:
        journey = apply.__module__.rpartition(".")[2]
        name = f"{journey}.{apply.__name__.replace('_', '-')}"
        assert name not in _found, f"two mutants are called {name}"
        what = (apply.__doc__ or apply.__name__.replace("_", " ")).strip()
        _found[name] = Mutant(name, what, apply, red=dict(red), also=frozenset(also), blocks=blocks, quick=quick, surface=surface, start=dict(start or {}))
        return apply

    return declare


def every() -> dict[str, Mutant]:
    """Return every mutant by name."""
    for journey in JOURNEYS:
        importlib.import_module(f"tests.mutants.{journey}")
    return _found


def instead_of(owner: object, name: str) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Put the decorated function in the place of `owner.name`; it is given the original first."""
    original = getattr(owner, name)

    def put(broken: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(original)
        def replacement(*given: object, **named: object) -> object:
            return broken(original, *given, **named)

        setattr(owner, name, replacement)
        return broken

    return put

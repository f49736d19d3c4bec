"""C4: one request goes wrong, and never again: the second whole attempt keeps the promise, and nobody is woken for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rehearsal.application.seams import Seams
from rehearsal.board import Board
from rehearsal.fault import Fault, Layer
from rehearsal.probe import ProbeTrouble

if TYPE_CHECKING:
    from rehearsal.drill import Drill


def note(board: Board, drill: str) -> Path:
    """Return the file that stands for the one chance that was taken: in the folder that all processes of the product look at."""
    return board.folder / f"{drill}.struck"


def once(seams: Seams) -> bool:
    """Take the one chance of a drill; tells whether it was still there."""
    drill = next(each.drill for each in seams.board.on() if each.fault == seams.fault)
    try:
        note(seams.board, drill).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@contextmanager
def struck(drill: Drill) -> Iterator[None]:
    """See to it that the chance was taken in the end: a blip that nobody met proves nothing."""
    yield
    try:
        note(drill.ground.board, drill.name).unlink()
    except FileNotFoundError:
        msg = "the blip struck nobody"
        raise ProbeTrouble(msg) from None


def breaking(module: str, name: str) -> Callable[[Seams], None]:
    """Return what has a function of the product break once."""

    def inject(seams: Seams) -> None:
        from importlib import import_module

        @seams.instead_of(import_module(f"products.cloudsuite.app.domain.{module}"), name)
        def breaks(original: Any, *given: Any, **named: Any) -> Any:
            if once(seams):
                msg = "a blip"
                raise RuntimeError(msg)
            return original(*given, **named)

    return inject


def letter_lost(seams: Seams) -> None:
    """One letter that resets a password is lost."""
    from products.cloudsuite.app.domain import mail

    @seams.instead_of(mail, "queue")
    def lossy(original: Any, tx: Any, recipient: str, letter: str, **particulars: str) -> None:
        if letter != "reset" or not once(seams):
            original(tx, recipient, letter, **particulars)


def blip(id: str, title: str, journey: str, inject: Callable[[Seams], None]) -> Fault:  # noqa: A002 -- the field's name
    """Return a variant. It has no oracle, which would take the chance."""
    return Fault(id=id, title=title, layer=Layer.APPLICATION, journey=journey, inject=inject, act=struck)


FAULTS = (
    blip("C4", "One request to log out is answered with 500.", "signup", breaking("sessions", "sign_out")),
    blip("C4-mail", "One mail that resets a password is lost.", "signup", letter_lost),
    blip("C4-quota", "One request for a project is answered with 500.", "quota", breaking("projects", "create")),
    blip("C4-lifecycle", "One request to rename a project is answered with 500.", "lifecycle", breaking("projects", "rename")),
    blip("C4-collaboration", "One request to accept an invitation is answered with 500.", "collaboration", breaking("invitations", "accept")),
)

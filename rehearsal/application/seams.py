"""Putting a fault into a running application: at functions that its code has, for the people of one mail domain, while a switch is on.

    def inject(seams):
        from products.cloudsuite.app.domain import quotas

        @seams.instead_of(quotas, "require_room")
        def lenient(original, tx, workspace_id, asked, adding):
            return None

The function stands in for the original only where a switch of the fault is on, and concerns whoever the call is about: the account, the workspace or
the project among its arguments, else whoever made the request.
"""

from __future__ import annotations

import functools
import inspect
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from rehearsal.board import Board, Switch

Whose = Callable[[Mapping[str, Any]], str]
"""Gives the mail address of whoever a call is about; its arguments come by the names of the parameters. Nobody is an empty string."""

_caller: ContextVar[str] = ContextVar("caller", default="")

OWNER_OF_WORKSPACE = "SELECT a.email FROM accounts a JOIN members m ON m.account_id = a.id WHERE m.workspace_id = ? ORDER BY m.role = 'owner' DESC LIMIT 1"
OWNER_OF_PROJECT = "SELECT a.email FROM accounts a JOIN projects p ON p.owner_id = a.id WHERE p.id = ?"


@dataclass
class Seams:
    """The seams of one process, for one fault."""

    fault: str
    board: Board

    def instead_of(self, owner: object, name: str, whose: Whose | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Put the decorated function in the place of `owner.name` while the fault strikes; it is given the original first."""
        original = inspect.getattr_static(owner, name)
        if isinstance(original, (staticmethod, classmethod)):
            msg = f"{owner}.{name}: only functions and methods can be replaced"
            raise TypeError(msg)
        signature = inspect.signature(original)

        def put(broken: Callable[..., Any]) -> Callable[..., Any]:
            @functools.wraps(original)
            def replacement(*given: Any, **named: Any) -> Any:
                if any(switch.fault == self.fault for switch in self.board.on()):
                    about = signature.bind(*given, **named).arguments
                    if self.strikes((whose or party)(about)):
                        return broken(original, *given, **named)
                return original(*given, **named)

            setattr(owner, name, replacement)
            return broken

        return put

    def strikes(self, address: str) -> Switch | None:
        """Return the switch that concerns this address and takes this chance. For seams that are no function call."""
        return self.board.strikes(self.fault, address)


def party(about: Mapping[str, Any]) -> str:
    """Find out whom a call is about, from its arguments by name."""
    return next((address for address in candidates(about) if address), _caller.get())


def candidates(about: Mapping[str, Any]) -> Iterator[str]:
    """Yield the addresses that the arguments lead to, the surest first."""
    actor = about.get("actor") or about.get("by")
    yield str(getattr(actor, "email", "") or "")
    for name in ("email", "recipient", "address"):
        if isinstance(about.get(name), str):
            yield about[name]
    row = about.get("row")
    if isinstance(row, (sqlite3.Row, Mapping)):
        yield next((str(row[name]) for name in ("email", "recipient") if name in row.keys()), "")  # noqa: SIM118 -- a Row's `in` looks at values
    tx = next((each for each in (about.get("tx"), about.get("database")) if isinstance(each, sqlite3.Connection)), None)
    if tx is None:
        return
    project, document = about.get("project"), about.get("document")
    workspace = about.get("workspace_id") or getattr(project, "workspace_id", None)
    project_id = about.get("project_id") or getattr(document, "project_id", None) or (project if isinstance(project, str) else None)
    for query, key in (
        ("SELECT email FROM accounts WHERE id = ?", about.get("account_id")),
        (OWNER_OF_PROJECT, project_id),
        (OWNER_OF_WORKSPACE, workspace),
    ):
        found = tx.execute(query, (key,)).fetchone() if key else None
        yield str(found[0]) if found else ""


def caller() -> str:
    """Return the address of whoever made the request that is being answered; empty where nobody has signed in."""
    return _caller.get()


def remember_callers() -> None:
    """Have the application's log-in tell who is asking, for the calls that follow in the same request."""
    from products.cloudsuite.app.domain import sessions  # noqa: PLC0415 -- only where the application runs

    original = sessions.authenticate

    @functools.wraps(original)
    def authenticate(tx: Any, token: str | None) -> Any:
        actor = original(tx, token)
        _caller.set(actor.email)
        return actor

    setattr(sessions, "authenticate", authenticate)  # noqa: B010 -- a module's attribute

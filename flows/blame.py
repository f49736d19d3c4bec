"""Whose fault it is, as a type.

::

    AssertionError
    └── ProductFault         the product broke its promise         -> the scenario's owner
    Exception
    ├── Refused              the product said no, with a reason     -> a value the scenario judges; unasked for, it is the owner's
    ├── Blocked              what the scenario stands on is broken  -> nobody twice: the scenario of that stage is red
    ├── TargetUnreachable    nothing answers at the target's address -> the operators
    └── SuiteFault           the monitor itself is at fault          -> the suite's maintainers

Anything else that escapes a scenario is the suite's fault too, except a plain failed `assert`, which is the product's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flows.contract.refusals import Refusal


class ProductFault(AssertionError):  # noqa: N818 -- named for the party to blame
    """The product broke its promise. Says what was expected, what was seen and where."""


class Refused(Exception):  # noqa: N818 -- a refusal is an answer, not an error
    """The product declined a request. `refusal` is what it said, as a value."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class Blocked(Exception):  # noqa: N818 -- named for the outcome it leads to
    """An earlier stage failed, so the promise under watch could not be tried."""


class TargetUnreachable(Exception):  # noqa: N818 -- named for the outcome it leads to
    """Nothing answers at the target's address: refused connection, no such name, untrusted certificate."""


class SuiteFault(Exception):  # noqa: N818 -- named for the party to blame
    """The monitor cannot tell: its mailbox, browser, credentials or code is at fault."""


_arranged: ContextVar[str] = ContextVar("arranged", default="")


def arranged() -> str:
    """Return what is being arranged here, nothing where the promise itself is tried."""
    return _arranged.get()


@contextmanager
def arranging(what: str) -> Iterator[None]:
    """Hold `what` to be a stage before the promise under watch: a fault of the product in here blocks the scenario, it does not fail it.

    Raises:
        Blocked: in place of any failed `assert`, `ProductFault` or `Refused` from inside.
    """
    before = _arranged.set(what)
    try:
        yield
    except (AssertionError, Refused) as cause:
        msg = f"could not arrange {what}: {cause}"
        raise Blocked(msg) from cause
    finally:
        _arranged.reset(before)

"""Demanding a refusal: the product must decline, and for the right reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flows.blame import ProductFault, Refused
from flows.contract.refusals import Reason, Refusal

__all__ = ["Expected", "Reason", "Refusal", "refused"]


class Expected:
    """The refusal that `refused` caught. Its fields are those of `Refusal`; empty until the block ends."""

    value: Refusal

    def __getattr__(self, name: str) -> Any:
        """Read a field of the refusal itself."""
        if name == "value":
            raise AttributeError("nothing was refused yet: read the refusal after its block")
        return getattr(self.value, name)


@contextmanager
def refused(*reasons: Reason, doing: str = "the request") -> Iterator[Expected]:
    """Demand that the product refuses what happens inside, for one of `reasons`.

    Raises:
        ProductFault: the product did it, or refused for another reason.
    """
    allowed = " or ".join(f"'{reason}'" for reason in reasons)
    caught = Expected()
    try:
        yield caught
    except Refused as refusal:
        if refusal.refusal.reason not in reasons:
            msg = f"{doing} must be refused as {allowed}, but was {refusal.refusal}"
            raise ProductFault(msg) from refusal
        caught.value = refusal.refusal
    else:
        msg = f"{doing} must be refused as {allowed}, but was accepted"
        raise ProductFault(msg)

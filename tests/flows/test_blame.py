"""Whose fault it is: what is arranged blocks, what is refused is a value."""

from __future__ import annotations

import pytest

from flows.blame import Blocked, ProductFault, Refused, SuiteFault, TargetUnreachable, arranged, arranging
from flows.refusal import Reason, Refusal, refused

FULL = Refusal(Reason.QUOTA, "three is all", code="quota_exceeded", status=403, field="name", dimension="projects", limit=3, usage=3, request_id="r1")


def test_a_refusal_reads_as_a_sentence() -> None:
    """A refusal says its reason, code, status, field, request and the product's words."""
    assert str(FULL) == "refused: quota exceeded, code quota_exceeded, status 403, field name, request r1 (three is all)"
    assert str(Refusal(Reason.BUSY)) == "refused: busy for the moment"


def test_the_refusal_demanded_is_a_value_afterwards() -> None:
    """What was refused can be read field by field after the block."""
    with refused(Reason.QUOTA, Reason.FORBIDDEN) as refusal:
        raise Refused(FULL)

    assert refusal.value is FULL
    assert (refusal.limit, refusal.dimension) == (3, "projects")


def test_a_refusal_read_too_early_says_so() -> None:
    """Reading a field inside the block is an attribute error with advice, not endless recursion."""
    with refused(Reason.QUOTA) as refusal:
        with pytest.raises(AttributeError, match="nothing was refused yet"):
            _ = refusal.limit
        raise Refused(FULL)


def test_what_is_accepted_though_it_must_be_refused_is_a_fault() -> None:
    """The product did it: the message says what was demanded."""
    with pytest.raises(ProductFault) as fault, refused(Reason.QUOTA, Reason.FORBIDDEN, doing="one project more"):
        pass

    assert str(fault.value) == "one project more must be refused as 'quota exceeded' or 'forbidden', but was accepted"


def test_a_refusal_for_another_reason_is_a_fault() -> None:
    """Another reason is told beside the one that was demanded."""
    with pytest.raises(ProductFault, match=r"^the request must be refused as 'already taken', but was refused: quota exceeded"), refused(Reason.TAKEN):
        raise Refused(FULL)


def test_what_is_no_refusal_goes_through() -> None:
    """A fault of the suite inside stays what it is."""
    with pytest.raises(SuiteFault), refused(Reason.TAKEN):
        raise SuiteFault("the mailbox is gone")


@pytest.mark.parametrize("cause", [ProductFault("it broke"), Refused(FULL), AssertionError("no link in the mail")], ids=lambda cause: type(cause).__name__)
def test_the_products_fault_in_what_is_arranged_blocks(cause: Exception) -> None:
    """A product fault, a refusal and a failed assert of an earlier stage block, and say what was being arranged."""
    with pytest.raises(Blocked) as blocked, arranging("a colleague"):
        raise cause

    assert str(blocked.value) == f"could not arrange a colleague: {cause}"
    assert blocked.value.__cause__ is cause


@pytest.mark.parametrize("cause", [SuiteFault("x"), TargetUnreachable("x"), KeyError("x")], ids=lambda cause: type(cause).__name__)
def test_what_is_not_the_products_fault_stays_what_it_is(cause: Exception) -> None:
    """The suite's own faults, and an unreachable target, go through unchanged."""
    with pytest.raises(type(cause)), arranging("a project"):
        raise cause


def test_nothing_happens_where_nothing_is_wrong() -> None:
    """What is arranged without trouble goes on."""
    with arranging("a project"):
        done = True

    assert done


def test_it_is_known_what_is_being_arranged() -> None:
    """Inside it has its name, also where one thing is arranged for another; outside there is none."""
    seen = [arranged()]
    with arranging("a colleague"):
        with arranging("their plan"):
            seen.append(arranged())
        seen.append(arranged())

    assert [*seen, arranged()] == ["", "their plan", "a colleague", ""]

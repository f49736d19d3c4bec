"""Who is a member and as what, in words."""

from __future__ import annotations

from flows.contract.people import Role
from flows.people import amiss


def test_what_is_wrong_with_the_members_is_said_of_each_by_name():
    """A wrong role, somebody who is missing, and somebody who should not be there."""
    seen = {"a@x": Role.VIEWER, "c@x": Role.OWNER, "d@x": Role.EDITOR}
    awaited = {"a@x": Role.ADMIN, "b@x": Role.EDITOR, "c@x": Role.OWNER}

    assert amiss(seen, awaited) == "a@x should be admin, and is viewer; b@x should be editor, and is no member; d@x should be no member, and is editor"
    assert amiss(seen, seen) == ""

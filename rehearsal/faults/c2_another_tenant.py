"""C2: a fault strikes the people of another tenant, and none of those whom the suite makes up: what it does not meet, it does not tell."""

from __future__ import annotations

from dataclasses import replace

from rehearsal.fault import Fault
from rehearsal.faults import f01_mail_never_sent, f11_session_survives_logout, f19_quota_not_enforced

NEIGHBOURS = "neighbours.example.org"
"""The mail domain of the other tenant."""


def elsewhere(fault: Fault, id: str) -> Fault:  # noqa: A002 -- the field's name
    """Return the control: the same fault, and the same oracle, for the other tenant."""
    title = f"For the people of another tenant alone: {fault.title[0].lower()}{fault.title[1:]}"
    return replace(fault, id=id, title=title, scope=NEIGHBOURS, expects=None, permits=(), risk="", silent=False, residue=None, surfaces=("api",), doses=(100,))


FAULTS = (
    elsewhere(f19_quota_not_enforced.FAULTS[0], "C2"),
    elsewhere(f01_mail_never_sent.FAULT, "C2-mail"),
    elsewhere(f11_session_survives_logout.FAULT, "C2-session"),
)

"""Looking at the product's face: its pages, its buttons, its answers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from flows import trail
from flows.blame import ProductFault, arranging
from flows.contract.face import Act, Button, Glance, Loading, Place
from flows.contract.projects import Project
from flows.site import Customer
from flows.steps import step
from flows.waiting import Budget

GLANCES = 40
"""How many reads show a fault that takes one in ten of them 98 times in a hundred."""

JUMPS, LEAPS = 0.1, 0.25
"""The shift of a page (cumulative layout shift) past which it is not good, and past which it is poor (https://web.dev/articles/cls)."""


def load_all(customer: Customer) -> Mapping[Place, Loading]:
    """Open the first page and the sign-up page as a stranger, and the dashboard as a customer."""
    stranger = customer.site.visitor()
    return {place: load(customer if place is Place.DASHBOARD else stranger, place) for place in Place}


def load(customer: Customer, place: Place) -> Loading:
    """Open a page, and see how it comes up."""
    with step(f"open the {place}"):
        return customer.face.load(place)


def button(customer: Customer, act: Act) -> Button:
    """Look at the button of an act."""
    with step(f"look at the button to {act}"):
        return customer.face.button(act)


def register_by_keyboard(visitor: Customer) -> None:
    """Sign up with nothing but a keyboard."""
    with step("sign up by keyboard alone"), visitor.site.ledger.making("account", visitor.email):
        visitor.face.register_by_keyboard(visitor.identity)


def request_by_keyboard(customer: Customer) -> Project:
    """Ask for a project with nothing but a keyboard."""
    name = customer.site.project_name()
    with step("ask for a project by keyboard alone"), customer.site.ledger.making("project", name) as entry:
        asked = customer.face.request_by_keyboard(name)
        entry.id = asked.id
    return asked


def forge_registration(visitor: Customer) -> None:
    """Sign up as another site would have this browser do it."""
    with step("send a forged sign-up form"), visitor.site.ledger.making("account", visitor.email):
        visitor.face.forge_registration(visitor.identity)


def forge_request(customer: Customer) -> None:
    """Ask for a project as another site would have this browser do it."""
    name = customer.site.project_name()
    with step("send a forged form for a project"), customer.site.ledger.making("project", name):
        customer.face.forge_request(name)


def glances(customer: Customer, count: int = GLANCES) -> Sequence[Glance]:
    """Read what a customer reads most, again and again."""
    with step(f"read {count} times"):
        return [customer.face.glance(nth) for nth in range(count)]


def served(customer: Customer, count: int = GLANCES) -> Sequence[Glance]:
    """Return the reads that were answered as they should be. Those that were not are another promise's: too many of them, and there is nothing to time.

    Raises:
        Blocked: more than half were not.
    """
    with arranging("answers to time"):
        sound = [each for each in glances(customer, count) if not each.trouble]
        assert len(sound) * 2 > count, f"only {len(sound)} of {count} reads were answered as they should be"
    return sound


def percentile(glances: Sequence[Glance], share: float) -> Glance:
    """Return the read than which so large a share of them, 0 to 1, was no slower (nearest rank)."""
    return sorted(glances, key=lambda each: each.seconds)[max(0, math.ceil(share * len(glances)) - 1)]


def punctual(of: str, seconds: float, within: Budget) -> None:
    """Hold a duration against a budget: past what it expects it is slow, past its limit broken.

    Raises:
        ProductFault: it is past the limit.
    """
    if seconds > within.limit:
        msg = f"{of} took {seconds:.2f} s ({within.name} limit {within.limit:g} s)"
        raise ProductFault(msg)
    if seconds > within.expected:
        trail.current().slow.append(f"{of} took {seconds:.2f} s ({within.name} expects {within.expected:g} s)")


def still(of: str, shift: float) -> None:
    """Hold how much of a page jumped about against what people bear.

    Raises:
        ProductFault: it is poor.
    """
    if shift > LEAPS:
        msg = f"{of} jumps about while it comes up: a layout shift of {shift:.2f} (limit {LEAPS:g})"
        raise ProductFault(msg)
    if shift > JUMPS:
        trail.current().slow.append(f"{of} shifts by {shift:.2f} while it comes up ({JUMPS:g} is good)")

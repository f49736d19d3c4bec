"""Booth once more, by drivers that offer more than the template and know Booth's manners, or offer less: sign-up on pages alone, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, cast

from booth_product.api import ApiActor, ApiDriver, Session
from booth_product.browser import BrowserDriver
from booth_product.product import Yours

from flows.contract import accounts, lifecycle, operator, projects, quotas
from flows.contract.driver import Actor, Driver, Offer, Surface
from flows.contract.lifecycle import Action
from flows.contract.quotas import Meter, Usage
from flows.naming import Identity


class Plan:
    """What a plan gives."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def usage(self) -> Usage:
        """Read it."""
        said = self.session.call("GET", "/v2/plan", 200, doing="read the plan").record("limit", "used")
        return Usage(projects=Meter(limit=said["limit"], used=said["used"]))


class Life:
    """What can be done to a stall."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def perform(self, project_id: str, action: Action) -> None:
        """Remove it."""
        assert action is Action.DELETE
        self.session.call("DELETE", f"/v2/stalls/{project_id}", 204, doing="remove a stall")


class OddActor(ApiActor):
    """Somebody who uses the API."""

    quotas: Plan
    lifecycle: Life

    def __init__(self, wiring) -> None:
        super().__init__(wiring)
        self.quotas, self.lifecycle = Plan(self.session), Life(self.session)

    def bearing(self, token: str) -> OddActor:
        """Have only the token."""
        other = OddActor(self._wiring)
        other.session.bear(token)
        return other


class OddDriver(ApiDriver):
    """Booth by its API."""

    actor = OddActor
    offers: ClassVar[tuple[Offer, ...]] = (*ApiDriver.offers, quotas.Quotas, lifecycle.Lifecycle, Action.DELETE)

    def stranger(self) -> Actor:
        """Come."""
        return cast(Actor, OddActor(self._wiring))

    def identity(self, made_up: Identity) -> Identity:
        """Put a symbol into the secret."""
        return replace(made_up, password=made_up.password + "!")

    def project_name(self, made_up: str) -> str:
        """Leave the hyphens out."""
        return made_up.replace("-", "")


class WithoutSignUp(OddDriver):
    """Booth by its API, on which nobody can sign up."""

    offers = tuple(each for each in OddDriver.offers if each is not accounts.SignUp)


class SignUpAlone(BrowserDriver):
    """Booth by its pages, which are for signing up."""

    offers = (accounts.SignUp, operator.Erasure)


class Closed(WithoutSignUp):
    """Booth where nobody can sign up and nobody is erased."""

    offers = (accounts.Sessions, projects.Projects, quotas.Quotas, lifecycle.Lifecycle, Action.DELETE)


class Odd(Yours):
    """Booth with more on offer."""

    drivers: ClassVar[dict[Surface, type[Driver]]] = {Surface.API: OddDriver}


class Paged(Yours):
    """Booth, where programs are for customers and pages for those who want to be."""

    drivers: ClassVar[dict[Surface, type[Driver]]] = {Surface.API: WithoutSignUp, Surface.BROWSER: SignUpAlone}


class Shut(Yours):
    """Booth, for those who are in already."""

    drivers: ClassVar[dict[Surface, type[Driver]]] = {Surface.API: Closed}

"""The site: a target as one scenario meets it on one surface, and the people who walk it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from flows import naming, trail
from flows.blame import SuiteFault
from flows.contract.accounts import Accounts, Newcomers, SignUp
from flows.contract.billing import AllOfBilling
from flows.contract.documents import AllOfDocuments
from flows.contract.driver import Actor, AllOfProjects, AllOfQuotas, Driver, Offer, fulfils
from flows.contract.face import AllOfFace
from flows.contract.lifecycle import Action, AllOfLifecycle
from flows.contract.mail import Mailbox
from flows.contract.operator import Erasure, Limits, Operator
from flows.contract.people import AllOfPeople
from flows.naming import Identity
from flows.waiting import Budget


class Ledger(Protocol):
    """Where everything that a scenario makes is written down before it is asked for."""

    def making(self, kind: str, name: str) -> AbstractContextManager[Entry]:
        """Write down that `name` is about to be asked for."""


class Entry(Protocol):
    """A line of the ledger."""

    id: str | None


@dataclass(frozen=True)
class Site:
    """A target on one surface. `prefix` marks every name; `mail_domain` is where made-up people get their mail; `budgets` say how long things may take.

    `preparing` is the driver that is quickest for arranging, `others` are those of the product's other surfaces; `standing` is the customer that the target
    gives, where nobody can sign up. `may_operate` says whether the target allows to act as its operator.
    """

    target: str
    driver: Driver
    mailbox: Mailbox
    mail_domain: str
    prefix: str
    budgets: Mapping[str, Budget]
    ledger: Ledger
    open_actors: list[Actor] = field(default_factory=list)
    preparing: Driver | None = None
    standing: Identity | None = None
    others: Sequence[Driver] = ()
    may_operate: bool = True

    def offers(self, need: Offer) -> bool:
        """Tell whether the product offers something on this surface."""
        return self.able(SignUp) is not None if need is Newcomers else fulfils(self.driver.offers, need)

    def able(self, *needs: Offer) -> Driver | None:
        """Return the driver that is quickest for something, of those that offer it; None where none does."""
        drivers = [each for each in (self.preparing, self.driver, *self.others) if each is not None]
        return next((each for each in drivers if all(fulfils(each.offers, need) for need in needs)), None)

    def visitor(self) -> Customer:
        """Return a stranger with a made-up identity and no account."""
        return self.person(self.identity())

    def identity(self) -> Identity:
        """Make up a person."""
        local = naming.fresh(self.prefix)
        made_up = Identity(name=f"Synthetic {local}", email=f"{local}@{self.mail_domain}".lower(), password=naming.fresh_password())
        suited = self.driver.identity(made_up)
        trail.current().secrets.add(suited.password)
        return suited

    def as_prepared(self, identity: Identity, *needs: Offer) -> Customer:
        """Return the same person at the surface that is quickest for preparing what needs this (the API, where it has that)."""
        return self._person(self.able(*needs) or self.driver, identity)

    def fresh_name(self) -> str:
        """Return a name nobody has used, that tells it is ours."""
        return naming.fresh(self.prefix)

    def project_name(self) -> str:
        """Return a fresh name that a project of this product may have."""
        return self.driver.project_name(self.fresh_name())

    def budget(self, *names: str) -> Budget:
        """Return the time that the target allows for something: the first of `names` that it has a budget for.

        Raises:
            SuiteFault: the target's table has none of them.
        """
        for name in names:
            if name in self.budgets:
                return self.budgets[name]
        wanted = " or ".join(f"'{name}'" for name in names)
        msg = f"targets.toml: target '{self.target}' has no budget {wanted}; it has {', '.join(sorted(self.budgets)) or 'none'}"
        raise SuiteFault(msg)

    def operator(self) -> Operator:
        """Return the operator, the second identity of the target."""
        return self.driver.operator()

    def eraser(self) -> Operator:
        """Return the operator who can erase accounts, by whichever surface has that.

        Raises:
            SuiteFault: none has, or the target has no credential of the operator.
        """
        if self.offers(Erasure):
            return self.operator()
        able = self.able(Erasure)
        if able is None:
            raise SuiteFault("the product offers no way to erase an account (no driver offers Erasure)")
        return able.operator()

    def person(self, identity: Identity) -> Customer:
        """Return that person on this surface, without a session."""
        return self._person(self.driver, identity)

    def _person(self, driver: Driver, identity: Identity) -> Customer:
        actor = driver.stranger()
        self.open_actors.append(actor)
        return Customer(site=self, actor=actor, identity=identity, by=driver)


@dataclass
class Customer:
    """A person at the product. `workspace` is the id of the one they work in, once known; `by` the driver that acts for them, the site's where not given."""

    site: Site
    actor: Actor
    identity: Identity
    workspace: str | None = None
    by: Driver | None = None

    @property
    def driver(self) -> Driver:
        """The driver that acts for them."""
        return self.by or self.site.driver

    def offers(self, need: Offer) -> bool:
        """Tell whether the product offers something where this person is."""
        return self.site.offers(need) if need is Newcomers else fulfils(self.driver.offers, need)

    def offers_all(self, *needs: Offer) -> bool:
        """Tell whether the product offers each of these."""
        return all(self.offers(need) for need in needs)

    def can(self, action: Action) -> bool:
        """Tell whether an action is offered where this person is, and allowed on this target."""
        return self.offers(action) and (self.site.may_operate or action not in self.driver.by_staff)

    def can_set_limits(self) -> bool:
        """Tell whether the operator can set this person's limits, and may do so on this target."""
        return self.offers(Limits) and self.site.may_operate

    @property
    def email(self) -> str:
        """The address they signed up with."""
        return self.identity.email

    @property
    def accounts(self) -> Accounts:
        """What they can do about their account."""
        return self.actor.accounts

    @property
    def projects(self) -> AllOfProjects:
        """What they can do about projects."""
        return self.actor.projects

    @property
    def quotas(self) -> AllOfQuotas:
        """What they are told about limits."""
        return self.actor.quotas

    @property
    def lifecycle(self) -> AllOfLifecycle:
        """What they can do to a project that exists."""
        return self.actor.lifecycle

    @property
    def people(self) -> AllOfPeople:
        """What they can do about the people they work with."""
        return self.actor.people

    @property
    def documents(self) -> AllOfDocuments:
        """What they can do with documents."""
        return self.actor.documents

    @property
    def billing(self) -> AllOfBilling:
        """What they can do about plan and payment."""
        return self.actor.billing

    @property
    def face(self) -> AllOfFace:
        """What the product shows of itself where they are."""
        return self.actor.face

    def twin(self) -> Customer:
        """Return somebody who holds a copy of this session."""
        return self._also(self.actor.twin())

    def bearing(self, token: str) -> Customer:
        """Return somebody who has nothing but this token."""
        return self._also(self.actor.bearing(token))

    def elsewhere(self) -> Customer:
        """Return the same person without a session: another browser."""
        return self._also(self.driver.stranger())

    def _also(self, actor: Actor) -> Customer:
        self.site.open_actors.append(actor)
        return Customer(site=self.site, actor=actor, identity=self.identity, workspace=self.workspace, by=self.by)

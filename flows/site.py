"""The site: a target as one scenario meets it on one surface, and the people who walk it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from flows import naming, trail
from flows.blame import SuiteFault
from flows.contract.accounts import Accounts
from flows.contract.billing import AllOfBilling
from flows.contract.documents import AllOfDocuments
from flows.contract.driver import Actor, AllOfProjects, AllOfQuotas, Driver
from flows.contract.lifecycle import AllOfLifecycle
from flows.contract.mail import Mailbox
from flows.contract.operator import Operator
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

    `preparing` is the driver that is quickest for arranging; `standing` the customer that the target gives, where nobody can sign up.
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

    def visitor(self) -> Customer:
        """Return a stranger with a made-up identity and no account."""
        return self.person(self.identity())

    def identity(self) -> Identity:
        """Make up a person."""
        local = naming.fresh(self.prefix)
        password = naming.fresh_password()
        trail.current().secrets.add(password)
        return Identity(name=f"Synthetic {local}", email=f"{local}@{self.mail_domain}", password=password)

    def as_prepared(self, identity: Identity) -> Customer:
        """Return the same person at the surface that is quickest for preparing (the API where the product has one)."""
        return self._person(self.preparing or self.driver, identity)

    def fresh_name(self) -> str:
        """Return a name nobody has used, that tells it is ours."""
        return naming.fresh(self.prefix)

    def budget(self, name: str) -> Budget:
        """Return the time that the target allows for something.

        Raises:
            SuiteFault: the target's table has no such budget.
        """
        try:
            return self.budgets[name]
        except KeyError:
            msg = f"targets.toml: target '{self.target}' has no budget '{name}'; it has {', '.join(sorted(self.budgets))}"
            raise SuiteFault(msg) from None

    def operator(self) -> Operator:
        """Return the operator, the second identity of the target."""
        return self.driver.operator()

    def person(self, identity: Identity) -> Customer:
        """Return that person on this surface, without a session."""
        return self._person(self.driver, identity)

    def _person(self, driver: Driver, identity: Identity) -> Customer:
        actor = driver.stranger()
        self.open_actors.append(actor)
        return Customer(site=self, actor=actor, identity=identity)


@dataclass
class Customer:
    """A person at the product. `workspace` is the id of the one they work in, once known."""

    site: Site
    actor: Actor
    identity: Identity
    workspace: str | None = None

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

    def twin(self) -> Customer:
        """Return somebody who holds a copy of this session."""
        return self._also(self.actor.twin())

    def bearing(self, token: str) -> Customer:
        """Return somebody who has nothing but this token."""
        return self._also(self.actor.bearing(token))

    def elsewhere(self) -> Customer:
        """Return the same person without a session: another browser."""
        return self._also(self.site.driver.stranger())

    def _also(self, actor: Actor) -> Customer:
        self.site.open_actors.append(actor)
        return Customer(site=self.site, actor=actor, identity=self.identity, workspace=self.workspace)

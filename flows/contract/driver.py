"""What a product's folder gives: one driver for each surface, and the actors that it makes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from flows.contract.accounts import Accounts
from flows.contract.billing import AllOfBilling
from flows.contract.documents import AllOfDocuments
from flows.contract.face import AllOfFace
from flows.contract.lifecycle import Action, AllOfLifecycle
from flows.contract.mail import Letter, Mail
from flows.contract.operator import Operator
from flows.contract.people import AllOfPeople, Role
from flows.contract.projects import Catalogue, FailureRehearsal, IdempotencyKeys, Projects
from flows.contract.quotas import DocumentedBeginning, Quotas, SeatQuota, StorageQuota
from flows.naming import Identity

Offer = type | Action | Role
"""A Protocol of this contract, a lifecycle action, or a role."""


def fulfils(offers: Collection[Offer], need: Offer) -> bool:
    """Tell whether those who offer this have what is needed: itself, or something that is made of it. Who names no role has every role."""
    if need in offers:
        return True
    if isinstance(need, Role):
        return not any(isinstance(each, Role) for each in offers)
    return isinstance(need, type) and any(isinstance(each, type) and need in each.__mro__ for each in offers)


class Surface(StrEnum):
    """How a customer meets the product."""

    API = "api"
    BROWSER = "browser"


class AllOfProjects(Projects, Catalogue, IdempotencyKeys, FailureRehearsal, Protocol):
    """All that can be offered about projects."""


class AllOfQuotas(Quotas, SeatQuota, StorageQuota, DocumentedBeginning, Protocol):
    """All that can be offered about quotas."""


class Actor(Protocol):
    """Somebody at the product: a stranger at first, a customer once logged in. Holds the session: a cookie jar and tokens, or a browser context.

    A driver's actor need only have the attributes whose Protocols the driver offers.
    """

    @property
    def accounts(self) -> Accounts: ...  # noqa: D102 -- see the module of that name

    @property
    def projects(self) -> AllOfProjects: ...  # noqa: D102 -- see the module of that name

    @property
    def quotas(self) -> AllOfQuotas: ...  # noqa: D102 -- see the module of that name

    @property
    def lifecycle(self) -> AllOfLifecycle: ...  # noqa: D102 -- see the module of that name

    @property
    def people(self) -> AllOfPeople: ...  # noqa: D102 -- see the module of that name

    @property
    def documents(self) -> AllOfDocuments: ...  # noqa: D102 -- see the module of that name

    @property
    def billing(self) -> AllOfBilling: ...  # noqa: D102 -- see the module of that name

    @property
    def face(self) -> AllOfFace: ...  # noqa: D102 -- see the module of that name

    def twin(self) -> Actor:
        """Return another actor with a copy of this one's session, as a thief of the cookie would have it. The copy works in the same workspace."""

    def bearing(self, token: str) -> Actor:
        """Return an actor that has nothing but this API token; needed where `ApiTokens` is offered."""

    def close(self) -> None:
        """Let go of connections and windows."""


class Driver(ABC):
    """How one product is acted upon through one surface. Made for each attempt, with what `products.wiring.Wiring` says."""

    surface: ClassVar[Surface]
    offers: ClassVar[Collection[Offer]]
    """What the product has on this surface. A Protocol that is made of others, as `Accounts` is, offers them all."""
    actor: ClassVar[type]
    """The class of its actors: its annotations name the object for each module of the contract; what is offered is checked against them before a run."""
    by_staff: ClassVar[Collection[Action]] = (Action.SUSPEND, Action.RESUME)
    """Actions that are the operator's: `Lifecycle.perform` does them as the operator. A product whose customers do everything themselves has none."""

    @abstractmethod
    def __init__(self, wiring: Any) -> None:
        """Take the means of one attempt: a `products.wiring.Wiring`, which this room cannot name."""

    @abstractmethod
    def stranger(self) -> Actor:
        """Return somebody without a session: a new browser profile, an empty cookie jar."""

    @abstractmethod
    def operator(self) -> Operator:
        """Return the operator.

        Raises:
            SuiteFault: the target has no operator credential.
        """

    def identity(self, made_up: Identity) -> Identity:
        """Return a made-up person as this product lets people be: a password with a symbol, a name without a digit. The address stays as it is."""
        return made_up

    def project_name(self, made_up: str) -> str:
        """Return a name of the suite (letters, digits and hyphens) as this product lets a project be called; whatever is told apart here must stay so."""
        return made_up

    @abstractmethod
    def letter(self, mail: Mail) -> Letter | None:
        """Say what a mail of this product is for, None where it is none of those the contract knows."""

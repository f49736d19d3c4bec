"""Quotas: what a plan gives, and how much of it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Meter:
    """One dimension: `limit` (None = unlimited) and `used`, in items, or in bytes for storage."""

    limit: int | None
    used: int


@dataclass(frozen=True)
class Usage:
    """What the product says is allowed and used; None for a dimension it does not have."""

    projects: Meter
    seats: Meter | None = None
    storage: Meter | None = None


@dataclass(frozen=True)
class Beginning:
    """What the product documents that a new customer has: words in lower case, limits in items (bytes for storage); None for what it does not have."""

    role: str | None
    plan: str | None
    projects: int
    seats: int | None = None
    storage: int | None = None


class DocumentedBeginning(Protocol):
    """The product documents what a new customer has."""

    def beginning(self) -> Beginning:
        """Return it, as documented (not as seen)."""


class Quotas(Protocol):
    """A plan limits projects, and says so. A product whose plans are unlimited does not offer this."""

    def usage(self) -> Usage:
        """Return limits and usage as the customer is shown them."""


class SeatQuota(Protocol):
    """A plan limits seats (`Usage.seats`): each member takes one, and each invitation from when it is sent."""


class StorageQuota(Protocol):
    """A plan limits stored bytes (`Usage.storage`): those of the documents' bodies in UTF-8, and nothing else."""


class KeptPlaces(Protocol):
    """An archived project keeps its place in the plan, and what it holds counts as before."""


class QuotaCodes(Protocol):
    """A refusal for a quota has a machine-readable code, and names dimension, limit and usage."""

"""The operator: what the company's own staff can do. The monitor's second identity."""

from __future__ import annotations

from typing import Protocol


class Erasure(Protocol):
    """The operator can erase an account and all that hangs on it. The suite cleans up by it."""

    def find_account(self, email: str) -> str | None:
        """Return the id of the account with this address (or user name), None where there is none."""

    def erase_account(self, account_id: str) -> None:
        """Erase it, leaf first where the product needs that. An account that is already gone is no error."""


class PlainErasure(Protocol):
    """The product's own operator interface erases a customer in one act, whatever they have running.

    It is what staff would do, and what a scenario holds the product to. Cleaning up has `Erasure` for itself, which may go round what the product cannot.
    """

    def erase_at_once(self, account_id: str) -> None:
        """Erase a customer by that one act: nothing is stopped or removed before it, and nothing is tried again.

        Raises:
            Refused: the product declines.
            ProductFault: it answers anything but success.
        """

    def project_is_there(self, project_id: str) -> bool:
        """Tell whether a project is still there for anybody: asked as the operator, who is refused nothing."""


class Limits(Protocol):
    """The operator can set the limits of a workspace."""

    def set_limits(self, workspace: str, *, projects: int | None = None, seats: int | None = None, storage: int | None = None) -> None:
        """Set limits in items, or bytes for storage; None leaves the plan's own.

        `workspace` is `Account.workspace`, or `Account.id` where the product has no workspaces.
        """


class LinkExpiry(Protocol):
    """The operator can let links expire that else would live for days."""

    def expire_links(self, email: str) -> None:
        """Let every link and invitation sent to this address expire now."""


class BillingCalendar(Protocol):
    """The operator can bring forward payments and their consequences."""

    def renew(self, workspace: str) -> None:
        """Take the workspace's next payment now."""

    def end_grace(self, workspace: str) -> None:
        """Let the workspace's grace period end now."""

    def end_period(self, workspace: str) -> None:
        """Let the period that the workspace has paid for end now."""


class RetentionCalendar(Protocol):
    """The operator can bring forward the end of a deleted project."""

    def end_retention(self, project_id: str) -> None:
        """Let the time for which a deleted project is kept end now."""


class Calendar(LinkExpiry, BillingCalendar, RetentionCalendar, Protocol):
    """The operator can bring forward what else would need days."""


class Operator(Erasure, PlainErasure, Limits, Calendar, Protocol):
    """All of it."""

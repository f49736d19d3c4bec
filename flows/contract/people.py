"""People: who works in a workspace, in which role, and how they came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """Roles from most to least power. A driver that offers some of them says that its product has no others; one that offers none, that it has all."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"


class Right(StrEnum):
    """What a role may do in a workspace."""

    READ = "read a document"
    WRITE = "write a document"
    CREATE = "create a project"
    INVITE = "invite somebody"
    DELETE = "delete a project"
    MANAGE = "change a role"
    CROWN = "make an owner"
    PAY = "see to the bill"
    ARCHIVE = "archive a project"
    RETRY = "retry a project"
    RESTORE = "restore a project"
    PURGE = "delete a project for good"


USUAL: Mapping[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.ADMIN: frozenset(
        {Right.READ, Right.WRITE, Right.CREATE, Right.INVITE, Right.DELETE, Right.MANAGE, Right.ARCHIVE, Right.RETRY, Right.RESTORE},
    ),
    Role.EDITOR: frozenset({Right.READ, Right.WRITE, Right.CREATE, Right.ARCHIVE}),
    Role.VIEWER: frozenset({Right.READ}),
}
"""What each role may do where a product documents nothing else."""


@dataclass(frozen=True)
class Member:
    """Somebody in a workspace."""

    email: str
    role: Role


@dataclass(frozen=True)
class Invitation:
    """An invitation that is under way."""

    id: str
    email: str
    role: Role


class People(Protocol):
    """A workspace has members with roles."""

    def members(self) -> list[Member]:
        """Return everybody in this workspace."""

    def set_role(self, email: str, role: Role) -> None:
        """Give a member another role.

        Raises:
            Refused: FORBIDDEN, LAST_OWNER, NOT_FOUND.
        """

    def remove(self, email: str) -> None:
        """Take a member out.

        Raises:
            Refused: FORBIDDEN, LAST_OWNER, NOT_FOUND.
        """

    def leave(self) -> None:
        """Leave this workspace.

        Raises:
            Refused: LAST_OWNER.
        """


class Invitations(Protocol):
    """A workspace invites people by mail."""

    def invite(self, email: str, role: Role) -> Invitation:
        """Invite an address.

        Raises:
            Refused: QUOTA (seats), FORBIDDEN, TAKEN.
        """

    def invitations(self) -> list[Invitation]:
        """Return the invitations that can still be accepted."""

    def revoke(self, invitation_id: str) -> None:
        """Take an invitation back."""

    def accept(self, link: str) -> None:
        """Follow an invitation's link to its end, logged in, and work in that workspace from then on.

        Raises:
            Refused: LINK_EXPIRED, LINK_DEAD, WRONG_ACCOUNT, QUOTA.
        """


class Workspaces(Protocol):
    """One account can work in several workspaces."""

    def workspaces(self) -> dict[str, Role]:
        """Return the id of each workspace of this account, with the role in it."""

    def enter(self, workspace: str) -> None:
        """Work in that workspace from now on.

        Raises:
            Refused: NOT_FOUND or FORBIDDEN.
        """


class Founding(Protocol):
    """One account can found further workspaces, name them, and delete them with all that is in them."""

    def found(self, name: str) -> str:
        """Make a workspace, work in it from now on, and return its id."""

    def workspace_name(self) -> str:
        """Return the name of this workspace.

        Raises:
            Refused: NOT_FOUND or FORBIDDEN.
        """

    def rename_workspace(self, name: str) -> None:
        """Give this workspace another name.

        Raises:
            Refused: FORBIDDEN, NOT_FOUND, INVALID.
        """

    def delete_workspace(self) -> None:
        """Delete this workspace for good, with all that is in it.

        Raises:
            Refused: FORBIDDEN, NOT_FOUND.
        """


class Ownership(Protocol):
    """A workspace can be handed over."""

    def transfer(self, email: str) -> None:
        """Make a member the owner in one's own place. Who hands over stays, as an admin where the product has that role, else in the next below.

        Raises:
            Refused: FORBIDDEN, NOT_FOUND.
        """


class RoleRules(Protocol):
    """The product documents what each role may do, and it is not what is usual."""

    def rights(self) -> Mapping[Role, frozenset[Right]]:
        """Return the rights of each role that the product has, as documented (not as seen)."""


class Sharing(Protocol):
    """A single project can be shared by a link, without a workspace."""

    def share(self, project_id: str) -> str:
        """Return a link that lets its holder use the project."""

    def accept_share(self, link: str) -> None:
        """Take the share that a link offers.

        Raises:
            Refused: LINK_DEAD, LINK_EXPIRED.
        """

    def revoke_shares(self, project_id: str) -> None:
        """End every share and every link of a project."""


class AllOfPeople(People, Invitations, Workspaces, Founding, Ownership, RoleRules, Sharing, Protocol):
    """All of it."""

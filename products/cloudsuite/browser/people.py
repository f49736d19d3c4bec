"""People by page."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flows.blame import ProductFault, Refused
from flows.contract.people import Invitation, Member, Role
from flows.refusal import Reason, Refusal
from products.cloudsuite.browser.window import WORKSPACE, Window
from products.pages import Shown

Word = TypeVar("Word", bound=StrEnum)
ADDRESS = "E-mail address"
INVITE = "Send invitation"


class BrowserPeople:
    """Fulfils `flows.contract.people`, but for sharing."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def members(self) -> list[Member]:
        """Read the rows."""
        return [Member(email=self.window.cell(each, ADDRESS), role=self._role(self.window.told(each, "role", "Role"))) for each in self._rows()]

    def set_role(self, email: str, role: Role) -> None:
        """Choose another role in the row, and press its button."""
        if not self.window.shows_on(self._members(), self.window.button(f"Change role of {email}")):
            raise self._amiss(email, "let us change the role of")
        if role.value not in self.window.choices(f"Role of {email}"):
            raise Refused(Refusal(reason=Reason.FORBIDDEN, message=f"the page does not let us make {email} {role}"))
        self.window.choose(f"Role of {email}", role.value)
        self.window.send(f"Change role of {email}")

    def remove(self, email: str) -> None:
        """Press the button of the row."""
        if not self.window.shows_on(self._members(), self.window.button(f"Remove {email}")):
            raise self._amiss(email, "let us remove")
        self.window.send(f"Remove {email}")

    def leave(self) -> None:
        """Press the button of the workspace's settings."""
        self.window.visit(self._settings())
        self.window.send("Leave workspace")
        self.window.workspace = None

    def invite(self, email: str, role: Role) -> Invitation:
        """Fill in the form, and find the invitation in the list."""
        if not self.window.shows_on(self._members(), self.window.button(INVITE)):
            raise Refused(Refusal(reason=Reason.FORBIDDEN, message="the page does not let us invite anybody"))
        if role.value not in self.window.choices("Role"):
            raise Refused(Refusal(reason=Reason.FORBIDDEN, message=f"the page does not let us invite anybody as {role}"))
        self.window.fill(ADDRESS, email)
        self.window.choose("Role", role.value)
        self.window.send(INVITE)
        pending = [each for each in self._pending() if each.email == email]
        if len(pending) != 1:
            msg = f"after an invitation to {email} the page lists {len(pending)} pending ones to that address"
            raise ProductFault(msg)
        return pending[0]

    def invitations(self) -> list[Invitation]:
        """Read those that are pending."""
        self.window.visit(self._members())
        return self._pending()

    def revoke(self, invitation_id: str) -> None:
        """Press the button of the row."""
        row = self.window.page.locator(f'[data-testid="invitation-row"][data-id="{invitation_id}"]')
        if not self.window.shows_on(self._members(), row.get_by_role("button")):
            found = self.window.seen(row, what="invitations")
            reason = Reason.FORBIDDEN if [each for each in found if each.data.get("state") == "pending"] else Reason.NOT_FOUND
            raise Refused(Refusal(reason=reason, message="the page does not let us withdraw that invitation"))
        email = self.window.cell(self.window.only(self.window.seen(row, what="the invitation"), "invitation"), ADDRESS)
        self.window.send(f"Withdraw the invitation of {email}", within=row)

    def accept(self, link: str) -> None:
        """Open the link and press its button, and work there from now on."""
        self.window.visit(link)
        if self.window.shows(self.window.page.locator("main").get_by_role("link", name="Sign in", exact=True)):
            raise Refused(Refusal(reason=Reason.UNAUTHENTICATED, message="the page asks us to sign in first"))
        self.window.send("Accept invitation")
        self.window.workspace = self.window.landed(WORKSPACE, "accepting an invitation")

    def workspaces(self) -> dict[str, Role]:
        """Read the list in the head of the page."""
        self.window.visit("/settings")
        return {self.window.datum(each, "id"): self._role(self.window.told(each, "role")) for each in self.window.marked("workspace-link")}

    def enter(self, workspace: str) -> None:
        """Open its dashboard."""
        self.window.visit(f"/w/{workspace}")
        self.window.workspace = workspace

    def found(self, name: str) -> str:
        """Fill in the form of a new workspace, and work there from now on."""
        self.window.visit("/workspaces/new")
        self.window.fill("Name", name)
        self.window.send("Create workspace")
        self.window.workspace = self.window.landed(WORKSPACE, "making a workspace")
        return self.window.workspace

    def workspace_name(self) -> str:
        """Read the head of the dashboard."""
        self.window.visit(f"/w/{self.window.place()}")
        return self.window.only(self.window.seen(self.window.page.get_by_role("heading", level=1), what="its name"), "name").text

    def rename_workspace(self, name: str) -> None:
        """Fill in the form of the workspace's settings."""
        if not self.window.shows_on(self._settings(), self.window.button("Save")):
            raise Refused(Refusal(reason=Reason.FORBIDDEN, message="the page does not let us rename the workspace"))
        self.window.fill("Workspace name", name)
        self.window.send("Save")

    def delete_workspace(self) -> None:
        """Press the button of the workspace's settings."""
        if not self.window.shows_on(self._settings(), self.window.button("Delete workspace")):
            raise Refused(Refusal(reason=Reason.FORBIDDEN, message="the page does not let us delete the workspace"))
        self.window.send("Delete workspace")

    def transfer(self, email: str) -> None:
        """Choose the new owner and press the button."""
        if not self.window.shows_on(self._members(), self.window.button("Transfer")):
            raise self._amiss(email, "let us hand the workspace over to")
        heirs = {name: value for value, name in self.window.choices("New owner").items()}
        if email not in heirs:
            raise Refused(Refusal(reason=Reason.NOT_FOUND, message=f"the page does not offer {email} as the new owner"))
        self.window.choose("New owner", heirs[email])
        self.window.send("Transfer")

    def _settings(self) -> str:
        return f"/w/{self.window.place()}/settings"

    def _members(self) -> str:
        return f"/w/{self.window.place()}/members"

    def _rows(self) -> list[Shown]:
        self.window.visit(self._members())
        return self.window.marked("member-row")

    def _pending(self) -> list[Invitation]:
        rows = [each for each in self.window.marked("invitation-row") if self.window.told(each, "state", "State") == "pending"]
        return [
            Invitation(id=self.window.datum(each, "id"), email=self.window.cell(each, ADDRESS), role=self._role(self.window.cell(each, "Role")))
            for each in rows
        ]

    def _amiss(self, email: str, doing: str) -> Refused:
        """Say why there is no such control: nobody of that address, or no right."""
        known = any(self.window.cell(each, ADDRESS) == email for each in self.window.marked("member-row"))
        return Refused(Refusal(reason=Reason.FORBIDDEN if known else Reason.NOT_FOUND, message=f"the page does not {doing} {email}"))

    def _role(self, word: str) -> Role:
        try:
            return Role(word)
        except ValueError as cause:
            msg = f"the page {self.window.here()} shows a role '{word}' that nobody knows"
            raise ProductFault(msg) from cause

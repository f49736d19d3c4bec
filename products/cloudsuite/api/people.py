"""People by API."""

from __future__ import annotations

from flows.blame import Refused
from flows.contract.people import Invitation, Member, Role
from flows.refusal import Reason, Refusal
from products.cloudsuite.api.projects import items
from products.cloudsuite.api.session import Session
from products.cloudsuite.mail import token
from products.http import Answer, documented


class ApiPeople:
    """Fulfils `flows.contract.people`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def _listed(self) -> Answer:
        return self.session.call("GET", f"/api/v1/workspaces/{self.session.place()}/members", 200, doing="list the members")

    def _id(self, email: str) -> str:
        answer = self._listed()
        with documented(answer):
            for each in items(answer):
                if each["email"] == email:
                    return str(each["account_id"])
        raise Refused(Refusal(reason=Reason.NOT_FOUND, message=f"{email} is not among the members"))

    def members(self) -> list[Member]:
        """List them."""
        answer = self._listed()
        with documented(answer):
            return [Member(email=each["email"], role=Role(each["role"])) for each in items(answer)]

    def set_role(self, email: str, role: Role) -> None:
        """Change a role."""
        path = f"/api/v1/workspaces/{self.session.place()}/members/{self._id(email)}"
        self.session.call("PATCH", path, 200, doing="change a role", json={"role": role.value})

    def remove(self, email: str) -> None:
        """Remove a member."""
        self.session.call("DELETE", f"/api/v1/workspaces/{self.session.place()}/members/{self._id(email)}", 200, 204, doing="remove a member")

    def leave(self) -> None:
        """Leave."""
        self.session.call("POST", f"/api/v1/workspaces/{self.session.place()}/leave", 200, 204, doing="leave the workspace")

    def invite(self, email: str, role: Role) -> Invitation:
        """Invite."""
        path = f"/api/v1/workspaces/{self.session.place()}/invitations"
        answer = self.session.call("POST", path, 201, doing="invite somebody", json={"email": email, "role": role.value})
        raw = answer.record("id", "email", "role")
        with documented(answer):
            return Invitation(id=raw["id"], email=raw["email"], role=Role(raw["role"]))

    def invitations(self) -> list[Invitation]:
        """List those that are pending."""
        answer = self.session.call("GET", f"/api/v1/workspaces/{self.session.place()}/invitations", 200, doing="list the invitations")
        with documented(answer):
            return [Invitation(id=each["id"], email=each["email"], role=Role(each["role"])) for each in items(answer) if each["state"] == "pending"]

    def revoke(self, invitation_id: str) -> None:
        """Revoke."""
        self.session.call("DELETE", f"/api/v1/workspaces/{self.session.place()}/invitations/{invitation_id}", 200, 204, doing="revoke an invitation")

    def accept(self, link: str) -> None:
        """Present the token of the link, and work there from now on."""
        self.session.own_link(link)
        raw = self.session.call("POST", "/api/v1/invitations/accept", 200, doing="accept an invitation", json={"token": token(link)}).record("workspace_id")
        self.session.workspace = raw["workspace_id"]

    def workspaces(self) -> dict[str, Role]:
        """List one's workspaces."""
        answer = self.session.call("GET", "/api/v1/workspaces", 200, doing="list the workspaces")
        with documented(answer):
            return {each["id"]: Role(each["role"]) for each in items(answer)}

    def enter(self, workspace: str) -> None:
        """Work there from now on, if it lets us in."""
        self.session.call("GET", f"/api/v1/workspaces/{workspace}", 200, doing="enter a workspace")
        self.session.workspace = workspace

    def transfer(self, email: str) -> None:
        """Hand the workspace over."""
        path = f"/api/v1/workspaces/{self.session.place()}/transfer"
        self.session.call("POST", path, 200, 204, doing="transfer the workspace", json={"account_id": self._id(email)})

    def found(self, name: str) -> str:
        """Make a workspace, and work there from now on."""
        raw = self.session.call("POST", "/api/v1/workspaces", 201, doing="make a workspace", json={"name": name}).record("id")
        self.session.workspace = str(raw["id"])
        return self.session.workspace

    def workspace_name(self) -> str:
        """Look at the workspace."""
        return str(self.session.call("GET", f"/api/v1/workspaces/{self.session.place()}", 200, doing="look at a workspace").record("name")["name"])

    def rename_workspace(self, name: str) -> None:
        """Rename it."""
        self.session.call("PATCH", f"/api/v1/workspaces/{self.session.place()}", 200, doing="rename a workspace", json={"name": name})

    def delete_workspace(self) -> None:
        """Delete it."""
        self.session.call("DELETE", f"/api/v1/workspaces/{self.session.place()}", 204, doing="delete a workspace")

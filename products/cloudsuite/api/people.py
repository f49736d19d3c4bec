"""People by API."""

from __future__ import annotations

from flows.blame import Refused
from flows.contract.people import Invitation, Member, Role
from flows.refusal import Reason, Refusal
from products.cloudsuite.api.projects import items
from products.cloudsuite.api.session import Session
from products.cloudsuite.mail import token


class ApiPeople:
    """Fulfils `flows.contract.people`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def _raw(self) -> list[dict[str, str]]:
        return items(self.session.call("GET", f"/api/v1/workspaces/{self.session.place()}/members", 200, doing="list the members"))

    def _id(self, email: str) -> str:
        for each in self._raw():
            if each["email"] == email:
                return each["account_id"]
        raise Refused(Refusal(reason=Reason.NOT_FOUND, message=f"{email} is not among the members"))

    def members(self) -> list[Member]:
        """List them."""
        return [Member(email=each["email"], role=Role(each["role"])) for each in self._raw()]

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
        raw = self.session.call("POST", path, 201, doing="invite somebody", json={"email": email, "role": role.value}).record("id", "email", "role")
        return Invitation(id=raw["id"], email=raw["email"], role=Role(raw["role"]))

    def invitations(self) -> list[Invitation]:
        """List those that are pending."""
        listed = items(self.session.call("GET", f"/api/v1/workspaces/{self.session.place()}/invitations", 200, doing="list the invitations"))
        return [Invitation(id=each["id"], email=each["email"], role=Role(each["role"])) for each in listed if each["state"] == "pending"]

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
        return {each["id"]: Role(each["role"]) for each in items(self.session.call("GET", "/api/v1/workspaces", 200, doing="list the workspaces"))}

    def enter(self, workspace: str) -> None:
        """Work there from now on, if it lets us in."""
        self.session.call("GET", f"/api/v1/workspaces/{workspace}", 200, doing="enter a workspace")
        self.session.workspace = workspace

    def transfer(self, email: str) -> None:
        """Hand the workspace over."""
        path = f"/api/v1/workspaces/{self.session.place()}/transfer"
        self.session.call("POST", path, 200, 204, doing="transfer the workspace", json={"account_id": self._id(email)})

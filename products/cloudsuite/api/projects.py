"""Projects, usage and lifecycle by API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from flows.blame import ProductFault, Refused
from flows.contract.lifecycle import Action, AuditEntry
from flows.contract.projects import Project, State, Variant
from flows.contract.quotas import Beginning, Meter, Usage
from flows.refusal import Reason, Refusal
from products.cloudsuite.api.operator import ApiOperator
from products.cloudsuite.api.session import Session
from products.cloudsuite.rules import BEGINNING, RETENTION, RULES
from products.http import Answer, documented, own


def project_of(raw: dict[str, Any]) -> Project:
    """Read a project.

    Raises:
        ProductFault: a field is missing, or a state unknown.
    """
    try:
        return Project(
            id=raw["id"],
            name=raw["name"],
            state=State(raw["state"]),
            variant=Variant(template=raw["template"], tier=raw["tier"], region=raw["region"]),
            reason=raw.get("reason"),
            version=raw["version"],
            owner=raw["owner"]["email"],
            private=raw["visibility"] == "private",
            history=tuple(State(each["state"]) for each in raw.get("history", ())),
        )
    except (KeyError, TypeError, ValueError) as cause:
        msg = f"a project is not as documented: {cause!r} in {str(raw)[:200]}"
        raise ProductFault(msg) from cause


def items(answer: Answer) -> list[dict[str, Any]]:
    """Read a list.

    Raises:
        ProductFault: it is none.
    """
    with documented(answer):
        return list(answer.record("items")["items"])


class ApiProjects:
    """Fulfils `flows.contract.projects`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def request(self, name: str, variant: Variant | None = None, *, key: str | None = None) -> Project:
        """Ask for a project; the first variant of the catalogue where none is given."""
        variant = variant or Variant(template="blank", tier="starter", region="eu-north")
        body = {"name": name, "template": variant.template, "tier": variant.tier, "region": variant.region}
        headers = {"Idempotency-Key": key} if key else {}
        return project_of(
            self.session.call(
                "POST", f"/api/v1/workspaces/{self.session.place()}/projects", 202, doing="ask for a project", json=body, headers=headers
            ).record()
        )

    def project(self, project_id: str) -> Project:
        """Read one."""
        answer = self.session.call("GET", f"/api/v1/projects/{project_id}", 200, doing="read a project")
        return own(project_of(answer.record()), project_id, answer)

    def projects(self) -> list[Project]:
        """List them."""
        return [
            project_of(each) for each in items(self.session.call("GET", f"/api/v1/workspaces/{self.session.place()}/projects", 200, doing="list the projects"))
        ]

    def variants(self) -> list[Variant]:
        """Combine the catalogue so that every template, tier and region comes up."""
        answer = self.session.call("GET", "/api/v1/catalogue", 200, doing="read the catalogue")
        said = answer.record("templates", "tiers", "regions")
        with documented(answer):
            lists = [[each if isinstance(each, str) else each["id"] for each in said[part]] for part in ("templates", "tiers", "regions")]
            return [Variant(template or lists[0][0], tier or lists[1][0], region or lists[2][0]) for template, tier, region in zip_longest(*lists)]

    def failing(self) -> Variant:
        """Use the test region that always fails."""
        return Variant("blank", "standard", "zz-fail")

    def failing_once(self) -> Variant:
        """Use the test region that fails once."""
        return Variant("blank", "starter", "zz-flaky")

    def slow(self) -> Variant:
        """Use the test region that takes its time."""
        return Variant("blank", "starter", "zz-slow")


class ApiQuotas:
    """Fulfils `flows.contract.quotas`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def usage(self) -> Usage:
        """Read limits and usage."""
        answer = self.session.call("GET", f"/api/v1/workspaces/{self.session.place()}/usage", 200, doing="read the usage")
        said = answer.record("projects", "seats", "storage_bytes")
        with documented(answer):
            meters = [Meter(limit=said[part]["limit"], used=said[part]["used"]) for part in ("projects", "seats", "storage_bytes")]
        return Usage(projects=meters[0], seats=meters[1], storage=meters[2])

    def beginning(self) -> Beginning:
        """Return the documented beginning."""
        return BEGINNING


class ApiLifecycle:
    """Fulfils `flows.contract.lifecycle`."""

    def __init__(self, session: Session, operator: ApiOperator) -> None:
        self.session, self.operator = session, operator

    def perform(self, project_id: str, action: Action) -> None:
        """Do it: suspend and resume as the operator, the rest as the customer."""
        if action in {Action.SUSPEND, Action.RESUME}:
            self.operator.set_project(project_id, action)
        elif action is Action.DELETE:
            self.session.call("DELETE", f"/api/v1/projects/{project_id}", 200, 202, 204, doing="delete a project")
        else:
            self.session.call("POST", f"/api/v1/projects/{project_id}/{action}", 200, 202, doing=f"{action} a project")

    def perform_oneself(self, project_id: str, action: Action) -> None:
        """Try the customers' own door, then the operator's with a customer's token."""
        path = f"/projects/{project_id}/{action}"
        try:
            self.session.call("POST", f"/api/v1{path}", 200, 202, doing=f"{action} a project oneself")
        except Refused:
            self.session.call("POST", f"/operator{path}", 200, 202, 204, doing=f"{action} a project as if one were the operator", json={})

    def rules(self) -> Mapping[State, Mapping[Action, State]]:
        """Return the documented table."""
        return RULES

    def rename(self, project_id: str, name: str) -> None:
        """Rename it, at the version that it has now; whoever is not shown that guesses, as a stranger would who knows the id."""
        try:
            version = self._version(project_id)
        except Refused as refused:
            if refused.refusal.reason is not Reason.NOT_FOUND:
                raise
            version = 1
        self.session.call("PATCH", f"/api/v1/projects/{project_id}", 200, doing="rename a project", json={"name": name, "version": version})

    def rename_while(self, project_id: str, name: str, meanwhile: Callable[[], object]) -> None:
        """Rename the version that it has first."""
        version = self._version(project_id)
        meanwhile()
        self.session.call("PATCH", f"/api/v1/projects/{project_id}", 200, doing="rename a project", json={"name": name, "version": version})

    def _version(self, project_id: str) -> int | None:
        """Read which version a project has."""
        return project_of(self.session.call("GET", f"/api/v1/projects/{project_id}", 200, doing="read a project").record()).version

    def trash(self) -> list[Project]:
        """List deleted projects."""
        return [project_of(each) for each in items(self._deleted())]

    def retention(self) -> float:
        """Return what is documented."""
        return RETENTION

    def kept_until(self, project_id: str) -> float:
        """Read it from the list of deleted projects."""
        answer = self._deleted()
        with documented(answer):
            for each in items(answer):
                if each["id"] == project_id:
                    return datetime.fromisoformat(each["restore_until"]).timestamp()
        raise Refused(Refusal(reason=Reason.NOT_FOUND, message=f"project {project_id} is not among the deleted ones"))

    def _deleted(self) -> Answer:
        return self.session.call("GET", f"/api/v1/workspaces/{self.session.place()}/projects", 200, doing="list deleted projects", params={"deleted": "true"})

    def audit(self, project_id: str) -> list[AuditEntry]:
        """Read the audit log."""
        answer = self.session.call("GET", f"/api/v1/projects/{project_id}/audit", 200, doing="read the audit log")
        with documented(answer):
            return [AuditEntry(at=datetime.fromisoformat(each["at"]).timestamp(), actor=str(each["actor"]), action=each["action"]) for each in items(answer)]

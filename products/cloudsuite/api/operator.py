"""The operator of Cloud Suite, by its operator API."""

from __future__ import annotations

from typing import Any

from flows.blame import Refused
from flows.contract.lifecycle import Action
from flows.refusal import Reason
from products.cloudsuite.refusals import check
from products.http import Answer, Http
from products.wiring import Wiring


class ApiOperator:
    """Fulfils `flows.contract.operator`."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._http: Http | None = None

    def _call(self, method: str, path: str, *expected: int, doing: str, **options: Any) -> Answer:
        if self._http is None:
            self._http = Http(self._wiring.client())
        headers = {"Authorization": f"Bearer {self._wiring.secret('operator_token')}"}
        answer = self._http.send(method, f"/operator{path}", headers=headers, **options).credible(doing)
        return check(answer, *expected, doing=f"as operator, {doing}")

    def find_account(self, email: str) -> str | None:
        """Look an account up by its address."""
        try:
            return str(self._call("GET", "/accounts", 200, doing="look for an account", params={"email": email}).record("id")["id"])
        except Refused as refused:
            if refused.refusal.reason in {Reason.NOT_FOUND, Reason.INVALID}:  # nobody has an address that is none
                return None
            raise

    def erase_account(self, account_id: str) -> None:
        """Erase it with its workspaces and all in them."""
        self._call("DELETE", f"/accounts/{account_id}", 200, 202, 204, doing="erase an account")

    def erase_at_once(self, account_id: str) -> None:
        """Erase it: the one act of the operator API is what cleaning up uses, too."""
        self.erase_account(account_id)

    def project_is_there(self, project_id: str) -> bool:
        """Look at the project as the operator."""
        try:
            self._call("GET", f"/projects/{project_id}", 200, doing="look at a project")
        except Refused as refused:
            if refused.refusal.reason is Reason.NOT_FOUND:
                return False
            raise
        return True

    def set_limits(self, workspace: str, *, projects: int | None = None, seats: int | None = None, storage: int | None = None) -> None:
        """Override what the plan gives."""
        body = {"projects": projects, "seats": seats, "storage_bytes": storage}
        self._call("PUT", f"/workspaces/{workspace}/limits", 200, 204, doing="set limits", json=body)

    def expire_links(self, email: str) -> None:
        """Let links and invitations expire."""
        self._call("POST", "/links/expire", 200, 202, 204, doing="expire links", json={"email": email})

    def renew(self, workspace: str) -> None:
        """Charge now."""
        self._call("POST", f"/workspaces/{workspace}/billing/renew", 200, 202, 204, doing="renew a workspace")

    def end_grace(self, workspace: str) -> None:
        """End the grace period now."""
        self._call("POST", f"/workspaces/{workspace}/billing/grace/expire", 200, 202, 204, doing="end a grace period")

    def end_period(self, workspace: str) -> None:
        """End the period now."""
        self._call("POST", f"/workspaces/{workspace}/billing/period/end", 200, 202, 204, doing="end a period")

    def end_retention(self, project_id: str) -> None:
        """End the time to restore it now."""
        self._call("POST", f"/projects/{project_id}/retention/expire", 200, 202, 204, doing="end a retention")

    def set_project(self, project_id: str, action: Action) -> None:
        """Suspend or resume a project; a suspension says why, which the customer is shown while it lasts."""
        because = {"reason": "synthetic check"} if action is Action.SUSPEND else {}
        self._call("POST", f"/projects/{project_id}/{action}", 200, 202, 204, doing=f"{action} a project", json=because)

"""The operator of the hub: a service with a token, who may see and remove users and their servers."""

from __future__ import annotations

from typing import Any

from flows.waiting import Budget, eventually
from products.http import Answer, Http
from products.jupyterhub import names, refusals
from products.wiring import Wiring

STOPPING = Budget("the stop of a server", expected=15, limit=60)
OK, ABSENT = 200, 404


class ServiceOperator:
    """Fulfils `flows.contract.operator.Erasure` and `PlainErasure`."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._http: Http | None = None

    def _send(self, method: str, path: str, *expected: int, doing: str, **options: Any) -> Answer:
        answer = self._ask(method, path, **options).credible(doing)
        return refusals.check(answer, *expected, doing=f"as operator, {doing}")

    def _ask(self, method: str, path: str, **options: Any) -> Answer:
        if self._http is None:
            self._http = Http(self._wiring.client())
        return self._http.send(method, path, headers={"Authorization": f"token {self._wiring.secret('operator_token')}"}, **options)

    def find_account(self, email: str) -> str | None:
        """Look a user up. One who never logged in is unknown to the API, and is seen by the sign-up form alone."""
        name = names.account_name(email)
        if self._send("GET", names.user_path(name), 200, ABSENT, doing="look for a user").status != ABSENT:
            return name
        return name if self._signed_up(name) else None

    def _signed_up(self, name: str) -> bool:
        """Send a sign-up that cannot succeed, its passwords being different: the hub says first whether the name is taken."""
        client = Http(self._wiring.client())
        try:
            client.get("/hub/signup")
            form = {"username": name, "email": name, "signup_password": "one", "signup_password_confirmation": "other"}
            form["_xsrf"] = next((cookie.value or "" for cookie in client.client.cookies.jar if cookie.name == "_xsrf"), "")
            said = refusals.message_of(refusals.check(client.post("/hub/signup", data=form), 200, doing="look for a sign-up"))
        finally:
            client.close()
        return "already in use" in said

    def erase_account(self, account_id: str) -> None:
        """Remove the servers, then the user. The hub answers 500 and erases half where a server still runs."""
        path = names.user_path(account_id)
        if self._send("GET", path, 200, ABSENT, doing="look for a user").status == ABSENT:
            self._send("POST", path, 201, 409, doing="make a user of a sign-up that never logged in")
        for server in self._servers(account_id):
            if server:
                where = names.server_path(names.project_id(account_id, server))
                self._send("DELETE", where, 202, 204, ABSENT, doing="remove a server", json={"remove": True})
            else:
                self._send("DELETE", f"{path}/server", 202, 204, ABSENT, doing="stop the default server")
        eventually(
            lambda: self._servers(account_id),
            reaches="stopped",
            within=STOPPING,
            of=f"the servers of {account_id}",
            state=lambda seen: "stopped" if all(server["stopped"] for server in seen.values()) else "running",
        )
        self._send("DELETE", path, 204, ABSENT, doing="erase a user")

    def erase_at_once(self, account_id: str) -> None:
        """Remove the user, as the button of the admin panel does, whose servers run or not."""
        self._send("DELETE", names.user_path(account_id), 204, doing="erase a user")

    def project_is_there(self, project_id: str) -> bool:
        """Look for a server in its owner's model; one that the hub has forgotten may still answer at its address."""
        owner, server = names.parts(project_id)
        if server in self._servers(owner):
            return True
        return self._ask("GET", f"{names.inside(project_id)}/api/status", server_errors=True).status == OK  # where none answers, the hub or its proxy does

    def _servers(self, account_id: str) -> dict[str, Any]:
        answer = self._send("GET", names.user_path(account_id), 200, ABSENT, doing="list the servers", params={"include_stopped_servers": "1"})
        return dict(answer.record("servers")["servers"]) if answer.status != ABSENT else {}

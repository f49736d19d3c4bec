"""Projects are named servers: asked for, started, stopped and removed by the hub's API, counted by its home page."""

from __future__ import annotations

import json
import re
from typing import Any

from flows.blame import Refused
from flows.contract.lifecycle import Action
from flows.contract.projects import Project, State, Variant
from flows.contract.quotas import Beginning, Meter, Usage
from flows.refusal import Reason, Refusal
from products.http import Answer
from products.jupyterhub import names, refusals
from products.jupyterhub.api.accounts import unauthenticated
from products.jupyterhub.api.session import ANONYMOUS, Session

ALLOWANCE = re.compile(r"you may have additional\s+(?P<limit>\d+)?\s*server")
STOPPED = 400
"""What the hub answers when asked for the progress of a server that nobody is starting."""


class ApiProjects:
    """Fulfils `flows.contract.projects.Projects`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def request(self, name: str, variant: Variant | None = None, *, key: str | None = None) -> Project:  # noqa: ARG002 -- the hub has neither
        """Ask for a server of that name."""
        mine = names.project_id(self.session.me(), name)
        taken = {**ANONYMOUS, "already running": Reason.TAKEN}
        answer = self.session.call("POST", names.server_path(mine), 201, 202, doing="ask for a server", meaning=taken)
        return names.project(*names.parts(mine), State.ACTIVE if answer.status == 201 else State.PROVISIONING)  # noqa: PLR2004 -- HTTP created

    def project(self, project_id: str) -> Project:
        """Look at a server: in its owner's model, or among those shared with this actor."""
        owner, server = names.parts(project_id)
        try:
            model = self.servers(owner).get(server)
        except Refused as unseen:
            shared = self._shared(project_id) if unseen.refusal.reason is Reason.NOT_FOUND else None
            if shared is None:
                raise
            return names.project(owner, server, State.ACTIVE if shared["ready"] else State.SUSPENDED)
        if model is None:
            raise Refused(Refusal(Reason.NOT_FOUND, f"{owner} has no server '{server}'"))
        return self._project(owner, model)

    def projects(self) -> list[Project]:
        """List this actor's servers."""
        mine = self.session.me()
        return [self._project(mine, model) for name, model in self.servers(mine).items() if name]

    def servers(self, owner: str) -> dict[str, Any]:
        """Return the models of a user's servers by name; the nameless one is everybody's default."""
        asked = {"include_stopped_servers": "1"}
        answer = self.session.call("GET", names.user_path(owner), 200, doing="look at the servers", meaning=ANONYMOUS, params=asked)
        return dict(answer.record("servers")["servers"])

    def _shared(self, project_id: str) -> dict[str, Any] | None:
        answer = self.session.call("GET", f"{names.user_path(self.session.me())}/shared", 200, doing="list what is shared with me", meaning=ANONYMOUS)
        servers: list[dict[str, Any]] = [item["server"] for item in answer.record("items")["items"]]
        return next((each for each in servers if names.project_id(each["user"]["name"], each["name"]) == project_id), None)

    def _project(self, owner: str, model: dict[str, Any]) -> Project:
        if model["pending"] == "spawn":
            return names.project(owner, model["name"], State.PROVISIONING)
        if not model["stopped"]:  # one that is stopping is not stopped yet
            return names.project(owner, model["name"], State.ACTIVE)
        failed = self._failure(names.project_id(owner, model["name"]))
        return names.project(owner, model["name"], State.FAILED if failed else State.SUSPENDED, reason=failed)

    def _failure(self, project_id: str) -> str | None:
        """Return why the last start failed. The hub tells it in the stream of the start's progress alone."""
        answer = self.session.call("GET", f"{names.server_path(project_id)}/progress", 200, 404, STOPPED, doing="ask why a server does not run")
        events = [json.loads(line.removeprefix("data:")) for line in answer.text.splitlines() if line.startswith("data:")]
        return next((str(event["message"]) for event in events if event.get("failed")), None)


class ApiQuotas:
    """Fulfils `flows.contract.quotas`: the hub has a limit of named servers, and no plans."""

    def __init__(self, session: Session, projects: ApiProjects, documented: Beginning) -> None:
        self.session, self.projects, self.documented = session, projects, documented

    def usage(self) -> Usage:
        """Count the servers. The limit stands on the home page alone."""
        used = len(self.projects.projects())
        page = self.session.call("GET", "/hub/home", 200, 302, doing="read the limit")
        if page.status == 302:  # noqa: PLR2004 -- HTTP found
            raise unauthenticated("the home page")
        return Usage(projects=Meter(limit=limit_of(page), used=used))

    def beginning(self) -> Beginning:
        """Return what the hub's operator has promised."""
        return self.documented


def limit_of(page: Answer) -> int | None:
    """Read the limit of named servers from the home page; without a number there is none."""
    told = ALLOWANCE.search(refusals.text(page.text))
    if told is None:
        raise page.unexpected("read the limit of named servers")
    return int(told["limit"]) if told["limit"] else None


class ApiLifecycle:
    """Fulfils `flows.contract.lifecycle.Lifecycle`: to suspend is to stop a server, its files are kept."""

    def __init__(self, session: Session, projects: ApiProjects) -> None:
        self.session, self.projects = session, projects

    def perform(self, project_id: str, action: Action) -> None:
        """Stop, start or remove a server."""
        path = names.server_path(project_id)
        match action:
            case Action.SUSPEND:
                self.session.call("DELETE", path, 202, 204, doing="stop a server", meaning=ANONYMOUS)
            case Action.RESUME:
                self.projects.project(project_id)  # to start an unknown one would make it
                self.session.call("POST", path, 201, 202, doing="start a server", meaning=ANONYMOUS)
            case Action.DELETE:
                self.session.call("DELETE", path, 202, 204, doing="remove a server", meaning=ANONYMOUS, json={"remove": True})
            case _:
                raise ValueError(action)

"""A small installation to test in: a database, a workspace, its people, and projects in any state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from products.cloudsuite.app import clock
from products.cloudsuite.app.db import Database
from products.cloudsuite.app.domain import projects, provisioning, sessions, workspaces
from products.cloudsuite.app.domain.projects import Project
from products.cloudsuite.app.domain.roles import Role
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.identifiers import new_id
from products.cloudsuite.app.settings import Settings
from products.cloudsuite.app.transitions import Action, State

LATER = 1000.0
"""Seconds: longer than anything takes."""


class House:
    """One workspace on the free plan, with an owner."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data=folder, provisioning_seconds=5.0, operator_token="operator")
        self.database = Database(folder)
        self.tokens: dict[str, str] = {}
        self.owner = self.person("Olga")
        with self.database.transaction() as tx:
            self.workspace = str(workspaces.create(tx, self.owner.id, "Lab")["id"])

    def person(self, name: str, role: Role | None = None) -> Actor:
        """A signed-in account; a member of the workspace where a role is given."""
        account_id = new_id("acc")
        with self.database.transaction() as tx:
            tx.execute(
                "INSERT INTO accounts (id, email, name, password_hash, created_at, verified_at) VALUES (?, ?, ?, '', 0, 0)",
                (account_id, f"{name.lower()}@example.com", name),
            )
            if role:
                workspaces.admit(tx, self.workspace, account_id, role)
            token = sessions.open_session(tx, account_id, 3600.0).token
            actor = sessions.authenticate(tx, token)
        self.tokens[actor.id] = token
        return actor

    def ask(self, name: str = "Apollo", *, actor: Actor | None = None, tier: str = "starter", region: str = "eu-north") -> Project:
        """A project that was just asked for."""
        with self.database.transaction() as tx:
            return projects.create(tx, self.settings, actor or self.owner, self.workspace, name=name, template="blank", tier=tier, region=region)

    def work(self, project: Project, *, after: float = 0.0) -> Project:
        """One step of the worker, so many seconds from now."""
        with self.database.transaction() as tx:
            provisioning.step(tx, self.settings, project.id, clock.now() + after)
            return projects.load(tx, project.id)

    def act(self, project: Project, action: Action, actor: Actor | None = None) -> Project:
        """What a member asks for."""
        with self.database.transaction() as tx:
            return projects.act(tx, self.settings, actor or self.owner, project.id, action)

    def move(self, project: Project, action: Action) -> Project:
        """What the table does, whoever asks."""
        with self.database.transaction() as tx:
            return projects.move(tx, self.settings, projects.load(tx, project.id), action, "operator")

    def active(self, name: str = "Apollo", **asked: str) -> Project:
        """A project that is ready."""
        project = self.work(self.ask(name, **asked))
        return self.work(project, after=10.0)

    def in_state(self, state: State, name: str = "Apollo") -> Project:
        """A project brought to a state by the moves of the table."""
        project = self.ask(name)
        for action in ROUTES[state]:
            project = self.move(project, action)
        assert project.state is state
        return project

    def limits(self, **limits: int | None) -> None:
        """Set the operator's overrides: projects, seats, storage."""
        with self.database.transaction() as tx:
            for dimension, limit in limits.items():
                tx.execute(f"UPDATE workspaces SET limit_{dimension} = ? WHERE id = ?", (limit, self.workspace))

    def patient(self, **settings: float) -> None:
        """Other settings from now on."""
        self.settings = replace(self.settings, **settings)


ROUTES = {
    State.REQUESTED: [],
    State.PROVISIONING: [Action.BEGIN],
    State.ACTIVE: [Action.BEGIN, Action.FINISH],
    State.FAILED: [Action.BEGIN, Action.FAIL],
    State.CANCELLED: [Action.CANCEL],
    State.ARCHIVED: [Action.BEGIN, Action.FINISH, Action.ARCHIVE],
    State.SUSPENDED: [Action.BEGIN, Action.FINISH, Action.SUSPEND],
    State.DELETED: [Action.BEGIN, Action.FINISH, Action.DELETE],
    State.PURGED: [Action.BEGIN, Action.FINISH, Action.DELETE, Action.PURGE],
}

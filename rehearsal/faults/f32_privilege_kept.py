"""F32: somebody is made a viewer, and can go on writing."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from rehearsal import sitting
from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe, ProbeTrouble, ok


def downgraded(seams: Seams) -> set[tuple[str, str]]:
    """Return a set that fills with who has lost power, and where: workspace, account."""
    from products.cloudsuite.app.domain import roles, workspaces

    lost: set[tuple[str, str]] = set()

    @seams.instead_of(workspaces, "_set_role")
    def noting(original: Any, tx: Any, workspace_id: str, account_id: str, role: Any) -> None:
        old = roles.role_of(tx, account_id, workspace_id)
        original(tx, workspace_id, account_id, role)
        if old is not None and old is not role and old.covers(role):
            lost.add((workspace_id, account_id))

    return lost


def token_keeps_it(seams: Seams) -> None:
    """A token holds the role that its owner had; the session has the new one."""
    from products.cloudsuite.app.domain import roles

    lost = downgraded(seams)

    @seams.instead_of(roles, "require")
    def lenient(original: Any, tx: Any, actor: Any, workspace_id: str, right: Any) -> Any:
        if actor.api_token_id and right is roles.Right.WRITE_DOCUMENTS and (workspace_id, actor.id) in lost:
            return roles.Role.EDITOR
        return original(tx, actor, workspace_id, right)


def editor_keeps_it(seams: Seams) -> None:
    """An editor that was open goes on writing; everything else has the new role."""
    from products.cloudsuite.app.domain import documents, roles

    lost = downgraded(seams)
    live: ContextVar[bool] = ContextVar("live", default=False)

    def marked(original: Any, *given: Any, **named: Any) -> Any:
        before = live.set(True)
        try:
            return original(*given, **named)
        finally:
            live.reset(before)

    seams.instead_of(documents, "edit")(marked)
    seams.instead_of(documents, "hindrance")(marked)

    @seams.instead_of(roles, "require")
    def lenient(original: Any, tx: Any, actor: Any, workspace_id: str, right: Any) -> Any:
        if live.get() and right is roles.Right.WRITE_DOCUMENTS and (workspace_id, actor.id) in lost:
            return roles.Role.EDITOR
        return original(tx, actor, workspace_id, right)


def team(probe: Probe) -> tuple[Person, Person]:
    """Return an owner, and an editor in the same workspace."""
    owner = probe.person()
    return owner, owner.colleague("editor")


def downgrade(owner: Person, other: Person) -> None:
    """Make somebody a viewer."""
    ok(owner.set_role(other.email, "viewer"), 200)


def writes_by_token(probe: Probe) -> str:
    """Make an editor a viewer, and write by the token of before."""
    owner, editor = team(probe)
    project = owner.project()
    token = ok(editor.http.post("/api/v1/tokens", json={"name": "probe"}), 201).json()["token"]
    downgrade(owner, editor)
    answer = probe.client(Authorization=f"Bearer {token}").post(f"/api/v1/projects/{project}/documents", json={"title": "probe", "body": "text"})
    if not answer.is_success:
        return ""
    probe.remember(editor, project=project, token=token)
    return f"a viewer wrote a document by an API token, with {answer.status_code}"


def writes_on(probe: Probe) -> str:
    """Say whether the token of whoever was made a viewer meanwhile writes on."""
    _, what = probe.caught()
    if not what:
        return ""
    answer = probe.client(Authorization=f"Bearer {what['token']}").post(
        f"/api/v1/projects/{what['project']}/documents", json={"title": "probe", "body": "text"}
    )
    return f"after the rollback, the token of a viewer wrote a document with {answer.status_code}" if answer.is_success else ""


def writes_live(probe: Probe) -> str:
    """Make an editor a viewer, and type into a document."""
    owner, editor = team(probe)
    document = owner.document(owner.project(), "begin.")
    downgrade(owner, editor)
    try:
        heard = sitting.hears(owner, editor, document, "(too much)")
    except ProbeTrouble as trouble:
        if "refused: forbidden" in str(trouble):
            return ""
        raise
    return f"a viewer typed into a live document, and {'the others see it' if heard else 'nobody sees it'}"


def fault(variant: str, title: str, inject: Any, oracle: Any, residue: Any = None) -> Fault:
    """Return one of the ways in which a lost right lives on."""
    return Fault(
        id=f"F32{variant}",
        title=title,
        layer=Layer.APPLICATION,
        journey="collaboration",
        risk="privilege-kept",
        expects=Expected("collaboration.downgrade-bites", "workspace", "critical"),
        silent=True,
        inject=inject,
        oracle=oracle,
        residue=residue,
    )


FAULTS = (
    fault("", "Somebody who was made a viewer can still write by an API token.", token_keeps_it, writes_by_token, writes_on),
    fault("-editor", "Somebody who was made a viewer can still type into a live document.", editor_keeps_it, writes_live),
)

"""F30, of a name: a rename is answered with the new name, and is not kept."""

from __future__ import annotations

import dataclasses
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """The answer has the new name; nothing is written."""
    from products.cloudsuite.app.domain import projects, roles

    @seams.instead_of(projects, "rename")
    def pretended(_original: Any, tx: Any, actor: Any, project_id: str, name: str, _version: int) -> Any:
        return dataclasses.replace(projects.writable(tx, actor, project_id, roles.Right.RENAME_PROJECT), name=name)


def oracle(probe: Probe) -> str:
    """Rename a project, and read its name."""
    person = probe.person()
    path = f"/api/v1/projects/{person.project()}"
    version = ok(person.http.get(path), 200).json()["version"]
    said = ok(person.http.patch(path, json={"name": "syn-probe-anew", "version": version}), 200).json()["name"]
    kept = ok(person.http.get(path), 200).json()["name"]
    return "" if kept == said else f"a rename was answered with {said!r}, and the project is called {kept!r}"


FAULT = Fault(
    id="F30-name",
    title="A project's new name is shown once, and is not kept.",
    layer=Layer.APPLICATION,
    journey="lifecycle",
    risk="lifecycle-corrupt",
    expects=Expected("lifecycle.rename", "platform", "warning"),
    silent=True,
    inject=inject,
    oracle=oracle,
    doses=(100, 50, 25, 10),
)

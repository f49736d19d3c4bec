"""Documents: whole saves, live edits, storage, and rights that bite an open socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession

from products.cloudsuite.app.domain import documents, quotas, sessions
from products.cloudsuite.app.domain.documents import Document
from products.cloudsuite.app.domain.projects import Project
from products.cloudsuite.app.domain.roles import Role
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.domain.splices import Splice
from products.cloudsuite.app.refusals import Refusal
from products.cloudsuite.app.transitions import Action, State
from products.cloudsuite.app.web import create_app
from tests.products.cloudsuite.app.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def project(house: House) -> Project:
    return house.active()


@pytest.fixture
def document(house: House, project: Project) -> Document:
    return write(house, project, "héllo")


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with TestClient(create_app(house.settings), base_url=house.settings.public_url) as client:
        yield client


def write(house: House, project: Project, body: str) -> Document:
    with house.database.transaction() as tx:
        return documents.create(tx, house.owner, project.id, "Notes", body)


def edit(house: House, document: Document, base: int, splice: Splice) -> Document:
    with house.database.transaction() as tx:
        return documents.edit(tx, house.owner, document.id, base, splice, "test")


def open_live(house: House, client: TestClient, document: Document, actor: Actor) -> WebSocketTestSession:
    headers = {"Authorization": f"Bearer {house.tokens[actor.id]}"}
    return client.websocket_connect(f"/api/v1/documents/{document.id}/live", headers=headers)


def heard(socket: WebSocketTestSession, kind: str) -> dict[str, Any]:
    """The next message of a kind, past presence messages."""
    while True:
        message: dict[str, Any] = socket.receive_json()
        if message["type"] == kind:
            return message
        assert message["type"] == "presence", message


def test_a_stale_save_conflicts(house: House, document: Document) -> None:
    """Saving takes the version that the writer saw; nothing is overwritten silently."""
    with house.database.transaction() as tx:
        saved = documents.save(tx, house.owner, document.id, "new", document.version)
    with house.database.transaction() as tx, pytest.raises(Refusal) as refused:
        documents.save(tx, house.owner, document.id, "newer", document.version)

    assert (saved.body, saved.version) == ("new", document.version + 1)
    assert refused.value.code == "version_conflict"


def test_an_edit_on_an_old_revision_is_carried_over(house: House, document: Document) -> None:
    """Two edits of the same revision both stand."""
    edit(house, document, 1, Splice(0, 0, "A "))

    assert edit(house, document, 1, Splice(5, 0, "!")).body == "A héllo!"


@pytest.mark.parametrize(("base", "splice"), [(1, Splice(4, 2, "")), (1, Splice(6, 0, "x"))])
def test_a_splice_outside_of_the_text_is_refused(house: House, document: Document, base: int, splice: Splice) -> None:
    """An edit beyond the end of the document changes nothing."""
    with pytest.raises(Refusal) as refused:
        edit(house, document, base, splice)

    assert refused.value.code == "invalid_input"


@pytest.mark.parametrize("base", [-1, 2])
def test_an_edit_of_an_unknown_revision_conflicts(house: House, document: Document, base: int) -> None:
    """An edit based on no revision that there was is refused."""
    with pytest.raises(Refusal) as refused:
        edit(house, document, base, Splice(0, 0, "x"))

    assert refused.value.code == "version_conflict"


def test_storage_counts_bytes_to_the_last_one(house: House, project: Project) -> None:
    """The last byte fits, one more is refused, and a shrinking save is taken even over the limit."""
    house.limits(storage=6)
    document = write(house, project, "héllo")
    assert document.bytes == 6

    with pytest.raises(Refusal) as refused:
        edit(house, document, 1, Splice(0, 0, "x"))
    house.limits(storage=2)
    with house.database.transaction() as tx:
        documents.save(tx, house.owner, document.id, "hé", 1)
        used = quotas.used(tx, house.workspace, quotas.Dimension.STORAGE)

    assert (refused.value.code, refused.value.dimension) == ("quota_exceeded", "storage")
    assert (refused.value.limit, refused.value.usage) == (6, 6)
    assert used == 3


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.PROVISIONING, "invalid_transition"),
        (State.ARCHIVED, "project_read_only"),
        (State.SUSPENDED, "project_suspended"),
        (State.DELETED, "not_found"),
    ],
)
def test_only_an_active_project_takes_documents(house: House, state: State, code: str) -> None:
    """In any other state a new document is refused with the state's own code."""
    with pytest.raises(Refusal) as refused:
        write(house, house.in_state(state), "x")

    assert refused.value.code == code


def test_two_editors_see_each_other_and_converge(house: House, client: TestClient, document: Document) -> None:
    """Concurrent edits reach both editors, who end with one text; presence follows who comes and goes."""
    guest = house.person("Gil", Role.EDITOR)
    with open_live(house, client, document, house.owner) as first:
        assert heard(first, "snapshot")["body"] == "héllo"
        with open_live(house, client, document, guest) as second:
            revision = heard(second, "snapshot")["revision"]
            assert [person["name"] for person in first.receive_json()["present"]] == ["Olga", "Gil"]

            first.send_json({"type": "edit", "base": revision, "at": 0, "delete": 0, "insert": "A"})
            assert heard(first, "ack")["revision"] == revision + 1
            second.send_json({"type": "edit", "base": revision, "at": 5, "delete": 0, "insert": "B"})
            told = heard(second, "edit")
            assert (told["at"], told["insert"], told["by"]) == (0, "A", house.owner.email)
            assert heard(second, "ack")["revision"] == revision + 2
            assert heard(first, "edit")["at"] == 6
        assert [person["name"] for person in heard(first, "presence")["present"]] == ["Olga"]

    with house.database.reading() as tx:
        assert documents.readable(tx, house.owner, document.id).body == "AhélloB"


@pytest.mark.parametrize(
    ("loss", "code"),
    [
        ("downgrade", "forbidden"),
        ("removal", "not_found"),
        ("sign-out", "unauthenticated"),
        ("archive", "project_read_only"),
        ("suspend", "project_suspended"),
        ("delete", "not_found"),
    ],
)
def test_a_lost_right_closes_the_socket(house: House, client: TestClient, project: Project, document: Document, loss: str, code: str) -> None:
    """Whatever right is lost, the open socket says so and closes, and what is sent then is not stored."""
    guest = house.person("Gil", Role.EDITOR)
    with open_live(house, client, document, guest) as socket:
        heard(socket, "snapshot")
        if loss in ("archive", "suspend", "delete"):
            house.move(project, Action(loss))
        else:
            with house.database.transaction() as tx:
                if loss == "downgrade":
                    tx.execute("UPDATE members SET role = 'viewer' WHERE account_id = ?", (guest.id,))
                elif loss == "removal":
                    tx.execute("DELETE FROM members WHERE account_id = ?", (guest.id,))
                else:
                    sessions.sign_out_everywhere(tx, guest.id)

        assert heard(socket, "closed")["code"] == code


def test_a_viewer_follows_and_cannot_write(house: House, client: TestClient, document: Document) -> None:
    """A viewer's edit is refused, the socket stays, and what others write arrives."""
    viewer = house.person("Vera", Role.VIEWER)
    with open_live(house, client, document, viewer) as socket:
        assert heard(socket, "snapshot")["writable"] is False
        socket.send_json({"type": "edit", "base": 1, "at": 0, "delete": 0, "insert": "x"})
        assert heard(socket, "refused")["code"] == "forbidden"

        edit(house, document, 1, Splice(0, 0, "y"))
        assert heard(socket, "edit")["insert"] == "y"


@pytest.mark.parametrize("message", ["", "[]", '{"type":"edit"}', '{"type":"edit","base":1,"at":-1,"delete":0,"insert":""}'])
def test_a_message_that_makes_no_sense_is_refused(house: House, client: TestClient, document: Document, message: str) -> None:
    """Nonsense is answered, and does not end the session."""
    with open_live(house, client, document, house.owner) as socket:
        heard(socket, "snapshot")
        socket.send_text(message)

        assert heard(socket, "refused")["code"] == "invalid_input"


@pytest.mark.parametrize(("origin", "answer"), [("http://127.0.0.1:8443", "snapshot"), ("http://evil.example", "closed")])
def test_a_cookie_counts_only_from_our_own_pages(house: House, client: TestClient, document: Document, origin: str, answer: str) -> None:
    """Another site cannot use the browser's cookie to open a document."""
    headers = {"Origin": origin, "Cookie": f"cs_session={house.tokens[house.owner.id]}"}
    with client.websocket_connect(f"/api/v1/documents/{document.id}/live", headers=headers) as socket:
        assert socket.receive_json()["type"] == answer

"""Two at a live document: what the oracle makes of a product that passes on, keeps to itself, or refuses."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.server import ServerConnection, serve

from rehearsal import sitting
from rehearsal.probe import Person, Probe, ProbeTrouble

Told = Callable[[dict[str, Any], list[ServerConnection], ServerConnection], None]
"""What a product does with an edit: the message, everybody at the document, and who sent it."""


@contextmanager
def document(told: Told) -> Iterator[Person]:
    """Serve a live document, and yield somebody who may open it."""
    there: list[ServerConnection] = []

    def sit(socket: ServerConnection) -> None:
        there.append(socket)
        socket.send(json.dumps({"type": "snapshot", "revision": 7, "body": "", "present": [], "writable": True}))
        for message in socket:
            told(json.loads(message), there, socket)

    with serve(sit, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        probe = Probe(f"http://127.0.0.1:{server.socket.getsockname()[1]}", None, {}, Path(), "example.com")
        yield Person(probe, "who@example.com", "", "token", probe.client(), "")
        probe.close()
        server.shutdown()
        thread.join()


def taken(edit: dict[str, Any], _: list[ServerConnection], sender: ServerConnection) -> None:
    sender.send(json.dumps({"type": "ack", "revision": edit["base"] + 1}))


def passed_on(edit: dict[str, Any], there: list[ServerConnection], sender: ServerConnection) -> None:
    for each in there:
        if each is not sender:
            each.send(json.dumps({"type": "edit", "revision": edit["base"] + 1, "at": 0, "delete": 0, "insert": edit["insert"]}))
    taken(edit, there, sender)


def refused(_edit: dict[str, Any], _: list[ServerConnection], sender: ServerConnection) -> None:
    sender.send(json.dumps({"type": "refused", "code": "forbidden"}))


def hung_up(_edit: dict[str, Any], _: list[ServerConnection], sender: ServerConnection) -> None:
    sender.close()


@pytest.mark.parametrize(("told", "heard"), [(passed_on, True), (taken, False)])
def test_a_listener_hears_what_is_passed_on(told: Told, heard: bool) -> None:
    """What is acknowledged and not passed on is not heard, though the socket is open."""
    with document(told) as person:
        assert sitting.hears(person, person, "doc", "text", patience=0.3) is heard


@pytest.mark.parametrize(("told", "why"), [(refused, "refused: forbidden"), (hung_up, "did not say 'ack'")])
def test_what_keeps_it_from_telling_is_trouble(told: Told, why: str) -> None:
    """A product that does not take an edit shows neither the fault nor its absence."""
    with document(told) as person, pytest.raises(ProbeTrouble, match=why):
        sitting.hears(person, person, "doc", "text", patience=0.3)


def test_two_type_into_the_same_revision() -> None:
    """Both edits are made on the revision that both have seen."""
    bases: list[int] = []

    def noted(edit: dict[str, Any], there: list[ServerConnection], sender: ServerConnection) -> None:
        bases.append(edit["base"])
        taken(edit, there, sender)

    with document(noted) as person:
        sitting.at_once(person, person, "doc", ("mine", "theirs"))

    assert bases == [7, 7]

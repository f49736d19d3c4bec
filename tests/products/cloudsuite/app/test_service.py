"""The service: answers to machines, headers, settings, and coming and going as a process."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller

from products.cloudsuite.app import clock, worker
from products.cloudsuite.app.settings import BadSettings, read
from tests.products.cloudsuite.app.people import PASSWORD, Suite


def test_every_answer_carries_a_request_id_and_the_security_headers(suite: Suite) -> None:
    """A decent id is echoed, an odd one replaced."""
    echoed = suite.client.get("/healthz", headers={"X-Request-Id": "abc-1"})
    replaced = suite.client.get("/api/v1/nothing", headers={"X-Request-Id": "a b"})

    assert echoed.headers["X-Request-Id"] == "abc-1"
    assert replaced.headers["X-Request-Id"] == replaced.json()["request_id"] != "a b"
    for answer in (echoed, replaced, suite.client.get("/"), suite.client.get("/static/cloudsuite.css")):
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_cannot_be_read_is_refused_at_its_field(suite: Suite) -> None:
    """Bodies that do not fit are told like any other refusal."""
    answer = suite.client.post("/api/v1/accounts", json={"name": "Jo", "email": 5, "password": PASSWORD})

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid_input", "email")


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", rb'{"name": "Jo", "email": "jo@example.com", "password": "\ud800 and ten more"}'])
def test_no_body_breaks_the_product(suite: Suite, body: bytes) -> None:
    """Whatever is sent, the answer is a refusal."""
    answer = suite.client.post("/api/v1/accounts", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_requests_are_counted_by_route(suite: Suite) -> None:
    """The label names parameters, never their values."""
    suite.client.get("/api/v1/workspaces/ws_1/members")

    assert 'route="/api/v1/workspaces/{workspace_id}/members",status="401"' in suite.client.get("/metrics").text


def test_what_a_transaction_reads_stays_true_until_it_commits(suite: Suite, tmp_path: Path) -> None:
    """Nobody else writes meanwhile, even before it writes itself."""
    other = sqlite3.connect(tmp_path / "cloudsuite.sqlite3", timeout=0)
    with suite.database.transaction(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")

    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_status_is_degraded_without_a_worker(suite: Suite) -> None:
    """The database works; provisioning waits for a heartbeat."""
    assert suite.client.get("/api/v1/status").json() == {
        "status": "degraded",
        "components": {"database": "ok", "mail": "ok", "provisioning": "degraded"},
    }


def test_synthetic_sign_ups_are_counted_apart(suite: Suite) -> None:
    """The header marks the account and its label in the metrics."""
    body = {"name": "Jo", "email": "jo@example.com", "password": PASSWORD}
    suite.client.post("/api/v1/accounts", json=body, headers={"X-Synthetic": "yes"})

    assert 'signups_total{synthetic="true"}' in suite.client.get("/metrics").text


@pytest.mark.parametrize("bad", [{"PORT": "many"}, {"PORT": "0"}, {"CERTIFICATE": "c.pem"}, {"PASSWORD_COST": "1000"}, {"GRACE_SECONDS": "-1"}])
def test_bad_settings_are_named(bad: dict[str, str]) -> None:
    """The message names the setting."""
    with pytest.raises(BadSettings, match=next(iter(bad))):
        read({"CLOUDSUITE_DATA": "d"} | {f"CLOUDSUITE_{name}": value for name, value in bad.items()}, {})


def test_mail_that_is_not_taken_is_kept_and_tried_later(suite: Suite) -> None:
    """A mail server that is away loses nothing; a mail it never takes is given up."""
    email = suite.sign_up()
    settings = replace(suite.settings, smtp_port=_free_port())
    waits = []
    for _ in range(worker.MOST_ATTEMPTS):
        assert suite.letters(email) == ["verification"]
        assert worker.send_mail(suite.database, settings)
        assert not worker.send_mail(suite.database, settings)
        with suite.database.transaction() as tx:
            row = tx.execute("SELECT next_attempt_at FROM outbox").fetchone()
            waits.append(round(row["next_attempt_at"] - clock.now()) if row else None)
            tx.execute("UPDATE outbox SET next_attempt_at = 0")

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, None]
    assert suite.letters(email) == []


class Mailbox:
    """Keeps what arrives over SMTP."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.arrived = threading.Event()

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        self.mails.append(envelope.content.decode())  # type: ignore[attr-defined]
        self.arrived.set()
        return "250 OK"


def test_serve_says_ready_mails_a_link_and_ends_when_asked(tmp_path: Path) -> None:
    """The whole product as people start it."""
    mailbox = Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=_free_port())
    smtp.start()
    port = _free_port()
    environment = os.environ | {
        "CLOUDSUITE_DATA": str(tmp_path),
        "CLOUDSUITE_PORT": str(port),
        "CLOUDSUITE_SMTP_PORT": str(smtp.port),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "products.cloudsuite.app", "serve"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"ready http://127.0.0.1:{port}\n"
        url = f"http://127.0.0.1:{port}"
        body = {"name": "Jo", "email": "jo@example.com", "password": PASSWORD}
        assert httpx.post(f"{url}/api/v1/accounts", json=body).status_code == 201
        assert mailbox.arrived.wait(30)
        assert "Subject: Confirm your address" in mailbox.mails[0]
        assert f"{url}/verify?token=" in mailbox.mails[0].replace("=\r\n", "").replace("=3D", "=")
        assert httpx.get(f"{url}/api/v1/status").json()["status"] == "ok"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        smtp.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""The starter of the embedded product, against the product itself."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.blame import SuiteFault
from products.cloudsuite import serve


def ask(url: str, ca: Path | None, token: str = "") -> int:
    """Return the status of an address, under the trust of that authority alone."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=5, context=ssl.create_default_context(cafile=str(ca))) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def refused(url: str) -> bool:
    """Tell whether nobody listens there any more."""
    try:
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=2).close()
    except ConnectionRefusedError:
        return True
    return False


@contextmanager
def ending(process: subprocess.Popen[str]) -> Iterator[None]:
    """Leave no process behind, also where an assertion fails."""
    try:
        yield
    finally:
        process.kill()


def test_it_runs_for_the_block_and_leaves_only_its_log_and_its_authority(tmp_path: Path) -> None:
    """It answers under its own authority, obeys its operator token, and is gone with its data, keys and token afterwards."""
    with serve.serving(tmp_path / "run", ("127.0.0.1", 2525)) as running:
        nobody = f"{running.url}/operator/accounts?email=nobody@people.example.com"
        assert ask(f"{running.url}/healthz", running.ca) == 200
        assert ask(nobody, running.ca, running.secrets["operator_token"]) == 404
        assert ask(nobody, running.ca, "another-token") == 401
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(f"{running.url}/healthz", timeout=5)

    assert refused(running.url)
    assert running.version.startswith("Cloud Suite ")
    assert sorted(file.name for file in (tmp_path / "run").iterdir()) == ["ca.pem", "cloudsuite.log"]
    kept = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "run").iterdir())
    assert running.secrets["operator_token"] not in kept
    assert "PRIVATE KEY" not in kept


def test_each_run_has_an_authority_and_a_token_of_its_own(tmp_path: Path) -> None:
    """Two products side by side share neither port, nor trust, nor token."""
    with serve.serving(tmp_path / "one", None) as one, serve.serving(tmp_path / "two", None) as two:
        assert one.url != two.url
        assert one.secrets != two.secrets
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            ask(f"{one.url}/healthz", two.ca)


def test_a_product_that_does_not_start_is_the_suites_fault_with_the_end_of_its_log(tmp_path: Path) -> None:
    """A bad setting is named in the message, which came from the product's own log."""
    with (
        pytest.raises(SuiteFault, match=r"ended with status 2 before it was ready(.|\n)*PROVISIONING_SECONDS"),
        serve.serving(tmp_path, None, settings={"CLOUDSUITE_PROVISIONING_SECONDS": "soon"}),
    ):
        pass


def test_a_port_that_was_taken_is_tried_again_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The free port that somebody took in between is given up for another one; a port that was asked for is not."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number, free = taken.getsockname()[1], serve._free_port
        numbers = iter([number])
        monkeypatch.setattr(serve, "_free_port", lambda: next(numbers, None) or free())

        with serve.serving(tmp_path, None) as running:
            assert not running.url.endswith(f":{number}")
        with pytest.raises(SuiteFault, match="address already in use"), serve.serving(tmp_path, None, port=number):
            pass


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import time; print('hello', flush=True); time.sleep(60)", "should say `ready ADDRESS`, and said b'hello"),
        ("import time; time.sleep(60)", "should say `ready` within 0 s, and said b''"),
        ("import sys; sys.exit('no disk')", r"ended with status 1 before it was ready(.|\n)*no disk"),
    ],
)
def test_what_never_says_ready_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, said: str) -> None:
    """Silence, other words and an early end each have their message, and nothing is left running."""
    (tmp_path / "odd.py").write_text(program, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(serve, "READY_WITHIN", 0.4)

    with pytest.raises(SuiteFault, match=said), serve.child("odd", log=tmp_path / "odd.log"):
        pass

    assert str(tmp_path / "odd") not in children()


def children() -> str:
    """Return the command lines of the processes that this one started."""
    numbers = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return "\n".join(Path(f"/proc/{number}/cmdline").read_text(encoding="utf-8") for number in numbers)


def test_what_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that does not want to end is ended after its grace."""
    (tmp_path / "stubborn.py").write_text(
        "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(f'ready pid://{os.getpid()}', flush=True)\nwhile True: signal.pause()",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(serve, "GRACE", 0.2)

    with serve.child("stubborn", log=tmp_path / "log") as address:
        number = int(address.removeprefix("pid://"))

    assert not Path(f"/proc/{number}").exists()


def test_it_ends_with_whoever_started_it_however_that_ends(tmp_path: Path) -> None:
    """After kill -9 of the starter, the product and its worker are gone."""
    code = (
        "import pathlib, signal; from products.cloudsuite.serve import serving\n"
        f"with serving(pathlib.Path({str(tmp_path)!r}), None) as running: print(running.url, flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=serve.ROOT, stdout=subprocess.PIPE, text=True) as starter, ending(starter):
        assert starter.stdout is not None
        url = starter.stdout.readline().strip()
        [product] = Path(f"/proc/{starter.pid}/task/{starter.pid}/children").read_text(encoding="ascii").split()
        [worker] = Path(f"/proc/{product}/task/{product}/children").read_text(encoding="ascii").split()
        watched = [os.pidfd_open(int(number)) for number in (product, worker)]
        starter.send_signal(signal.SIGKILL)

        for descriptor in watched:
            assert select.select([descriptor], [], [], 5)[0], "still running"
            os.close(descriptor)

    assert refused(url)


def test_people_get_the_product_its_mail_and_the_page_of_it(tmp_path: Path) -> None:
    """`python -m products.cloudsuite.serve` tells where each is; SIGTERM ends them all."""
    command = [sys.executable, "-m", "products.cloudsuite.serve", "--port", "0", "--inbox-port", "0", "--folder", str(tmp_path)]
    with subprocess.Popen(command, cwd=serve.ROOT, stdout=subprocess.PIPE, text=True) as people, ending(people):
        assert people.stdout is not None
        told = [people.stdout.readline() for _ in range(7)]
        urls = re.findall(r"https?://127[^ \n]+", "".join(told))
        with urllib.request.urlopen(urls[1], timeout=5) as page:
            shown = page.read().decode()
        people.terminate()
        assert people.wait(5) == 0

    assert "Inbox" in shown
    assert told[-1] == "Ctrl-C ends it.\n"
    assert refused(urls[0])

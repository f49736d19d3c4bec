"""The certificate of a target, read from real servers on loopback: what is said of it is what is wrong with it."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from flows.blame import ProductFault, TargetUnreachable
from products import certificate

DAY = 86_400


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve each connection to a free port, and return the port."""
    with socket.create_server(("127.0.0.1", 0)) as door, ExitStack() as ending:

        def answer() -> None:
            while True:
                try:
                    met, _ = door.accept()
                except OSError:
                    return
                with met, suppress(OSError):
                    serve(met)

        threading.Thread(target=answer, daemon=True).start()
        ending.callback(door.shutdown, socket.SHUT_RDWR)
        yield door.getsockname()[1]


@contextmanager
def by_tls(leaf: trustme.LeafCert, *, chain: int | None = None) -> Iterator[str]:
    """Serve a certificate, with so many of its chain, and return the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with leaf.private_key_pem.tempfile() as key, trustme.Blob(b"".join(each.bytes() for each in leaf.cert_chain_pems[:chain])).tempfile() as shown:
        context.load_cert_chain(shown, key)

    def serve(met: socket.socket) -> None:
        with context.wrap_socket(met, server_side=True) as wrapped:
            wrapped.recv(1)

    with listening(serve) as port:
        yield f"https://127.0.0.1:{port}"


@contextmanager
def in_plain(answer: bytes) -> Iterator[int]:
    """Answer everything with these bytes, and return the port."""

    def serve(met: socket.socket) -> None:
        met.recv(4096)
        met.sendall(answer)

    with listening(serve) as port:
        yield port


@pytest.fixture
def authority() -> trustme.CA:
    """An authority."""
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> Path:
    """The file of the authority that the target has."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


def test_a_good_certificate_says_when_it_ends(authority, trusted):
    """The end is that of the certificate."""
    with by_tls(authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) + timedelta(days=29))) as url:
        shown = certificate.certificate(url, trusted)

    assert (shown.host, shown.distrust) == ("127.0.0.1", "")
    assert (shown.ends - time.time()) / DAY == pytest.approx(29, abs=0.01)


def test_another_name_is_not_trusted(authority, trusted):
    """Nobody who asks for this host is met by another."""
    with by_tls(authority.issue_cert("elsewhere.example")) as url:
        assert "IP address mismatch" in certificate.certificate(url, trusted).distrust


def test_one_that_ran_out_is_not_trusted(authority, trusted):
    """It says so."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with by_tls(authority.issue_cert("127.0.0.1", not_before=yesterday - timedelta(days=9), not_after=yesterday)) as url:
        shown = certificate.certificate(url, trusted)

    assert (shown.distrust, shown.ends) == ("certificate has expired", 0.0)


def test_a_gap_in_the_chain_is_not_filled(authority, trusted):
    """A browser may fetch what is missing; programs do not."""
    below = authority.create_child_ca()
    leaf = below.issue_cert("127.0.0.1")
    with by_tls(leaf) as url:
        assert certificate.certificate(url, trusted).distrust == ""
    with by_tls(leaf, chain=1) as url:
        assert "unable to get" in certificate.certificate(url, trusted).distrust


def test_an_authority_that_is_not_the_targets_is_not_trusted(trusted):
    """Whoever it is."""
    with by_tls(trustme.CA().issue_cert("127.0.0.1")) as url:
        assert certificate.certificate(url, trusted).distrust


def test_a_proxy_is_gone_through(authority, trusted):
    """The target may be reached by it alone."""
    asked: list[bytes] = []

    def tunnel(met: socket.socket) -> None:
        asked.append(met.recv(4096))
        met.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("app.example").configure_cert(context)
        with context.wrap_socket(met, server_side=True) as wrapped:
            wrapped.recv(1)

    with listening(tunnel) as port:
        shown = certificate.certificate("https://app.example", trusted, f"http://127.0.0.1:{port}")

    assert (shown.host, shown.distrust) == ("app.example", "")
    assert asked[0].startswith(b"CONNECT app.example:443 ")


def test_a_proxy_that_refuses_leaves_the_target_unreachable(trusted):
    """That is the operators', too."""
    with in_plain(b"HTTP/1.1 502 Bad Gateway\r\n\r\n") as port, pytest.raises(TargetUnreachable, match="502 Bad Gateway"):
        certificate.certificate("https://app.example", trusted, f"http://127.0.0.1:{port}")


def test_what_does_not_speak_tls_is_the_products_fault(trusted):
    """It answers, but not so."""
    with in_plain(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port, pytest.raises(ProductFault, match="should speak TLS"):
        certificate.certificate(f"https://127.0.0.1:{port}", trusted)


def test_where_nobody_listens_the_target_is_unreachable(trusted):
    """That is the operators'."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(TargetUnreachable, match="nothing answers"):
        certificate.certificate(f"https://127.0.0.1:{port}", trusted)


@pytest.mark.parametrize(
    ("answer", "led"),
    [
        (b"HTTP/1.1 301 Moved\r\nLocation: https://app.example/\r\nContent-Length: 0\r\n\r\n", "https://app.example/"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://app.example/start\r\nContent-Length: 0\r\n\r\n", "http://app.example/start"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", ""),
        (b"HTTP/1.1 503 Nobody\r\nContent-Length: 0\r\n\r\n", None),
        (b"nonsense\r\n\r\n", None),
    ],
)
def test_who_comes_without_tls_is_led_somewhere(answer, led):
    """Served is led nowhere; what is no HTTP is nobody."""
    with in_plain(answer) as port:
        assert certificate.in_the_clear("https://127.0.0.1", {"X-Synthetic": "1"}, port=port) == led


def test_who_comes_without_tls_goes_through_the_proxy_too():
    """It is asked for the whole address."""
    asked: list[bytes] = []

    def answer(met: socket.socket) -> None:
        asked.append(met.recv(4096))
        met.sendall(b"HTTP/1.1 301 Moved\r\nLocation: https://app.example/\r\nContent-Length: 0\r\n\r\n")

    with listening(answer) as port:
        assert certificate.in_the_clear("https://app.example", {}, f"http://127.0.0.1:{port}") == "https://app.example/"
    assert asked[0].startswith(b"GET http://app.example:80/ ")


def test_port_80_of_a_host_is_asked_only_where_443_is_the_targets():
    """An address with a port of its own shares its host with others."""
    assert certificate.in_the_clear("https://127.0.0.1:8443", {}) is None

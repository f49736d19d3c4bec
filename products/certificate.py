"""The certificate of a target, on a connection of our own: the clients that scenarios use do not say when the one that they trust ends."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from flows.blame import ProductFault, TargetUnreachable
from flows.contract.face import Certificate

PATIENCE = 10.0
"""Seconds that a connection may take."""

TLS_PORT, CLEAR_PORT = 443, 80
REDIRECTS, SERVER_ERROR = range(300, 400), 500


def certificate(url: str, ca: Path | None, proxy: str | None = None) -> Certificate:
    """Meet the host of an address by TLS, through `proxy` where there is one, trusting `ca` (the system's authorities where None). Blocks.

    Nothing is fetched to fill a gap in the chain, as browsers do: the other clients of the product do not, either.

    Raises:
        TargetUnreachable: nothing answers there.
        ProductFault: what answers does not speak TLS.
    """
    at = urlsplit(url)
    host, port = at.hostname or "", at.port or TLS_PORT
    trust = ssl.create_default_context(cafile=str(ca) if ca else None)
    try:
        with _connected(host, port, proxy) as raw, trust.wrap_socket(raw, server_hostname=host) as met:
            shown = met.getpeercert() or {}
    except ssl.SSLCertVerificationError as cause:
        return Certificate(host=host, distrust=cause.verify_message, ends=0.0)
    except (ssl.SSLError, TimeoutError) as cause:
        msg = f"{host}:{port} should speak TLS, and does not: {cause}"
        raise ProductFault(msg) from cause
    except OSError as cause:
        msg = f"nothing answers at {host}:{port}: {cause}"
        raise TargetUnreachable(msg) from cause
    return Certificate(host=host, distrust="", ends=ssl.cert_time_to_seconds(str(shown["notAfter"])))


def _connected(host: str, port: int, proxy: str | None) -> socket.socket:
    """Open a connection, by the proxy's CONNECT where there is one.

    Raises:
        OSError: it does not open.
    """
    if proxy is None:
        return socket.create_connection((host, port), PATIENCE)
    by = urlsplit(proxy)
    asking = http.client.HTTPConnection(by.hostname or "", by.port or CLEAR_PORT, timeout=PATIENCE)
    asking.set_tunnel(host, port)
    asking.connect()
    return asking.sock


def in_the_clear(url: str, marks: Mapping[str, str], proxy: str | None = None, *, port: int | None = None) -> str | None:
    """Ask the host of an address for the same without TLS, and return where that leads: empty where it is served. Blocks.

    None where nothing answers, a proxy for it included; and where the address has a port of its own and none is given here: who listens at its host's
    port 80 is somebody else then.
    """
    at = urlsplit(url)
    number = port or (CLEAR_PORT if at.port in {None, TLS_PORT} else None)
    if number is None:
        return None
    by = urlsplit(proxy) if proxy else None
    asking = http.client.HTTPConnection((by or at).hostname or "", (by.port or CLEAR_PORT) if by else number, timeout=PATIENCE)
    path = at.path or "/"
    try:
        asking.request("GET", f"http://{at.hostname}:{number}{path}" if by else path, headers=dict(marks))
        answer = asking.getresponse()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        asking.close()
    if answer.status >= SERVER_ERROR:
        return None
    return (answer.getheader("Location") or "") if answer.status in REDIRECTS else ""

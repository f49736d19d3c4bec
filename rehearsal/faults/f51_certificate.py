"""F51: the product's certificate has run out, runs out soon, is for another name, or of an authority that nobody trusts."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httpx

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.faults.f40_product_gone import DOWN, FEW
from rehearsal.probe import Probe

if TYPE_CHECKING:
    from rehearsal.drill import Drill

CERTIFICATE = "certificate"
"""The key of the switch's settings that names the file of certificate and key."""
SOON = timedelta(days=5)


@lru_cache
def context(file: str) -> ssl.SSLContext:
    """Return a server's context with this certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(file)
    return made


def inject(seams: Seams) -> None:
    """Show the switch's certificate in every handshake: servers choose a certificate by the name that is asked for, and this is the place where they do."""
    from products.cloudsuite.app import __main__ as program

    started = program.Server.startup

    async def startup(server: Any, sockets: Any = None) -> None:
        if server.config.ssl is not None:
            before = server.config.ssl.sni_callback

            def choose(connection: ssl.SSLObject, name: str | None, own: ssl.SSLContext) -> int | None:
                switch = seams.strikes("")
                if switch is not None:
                    connection.context = context(switch.settings[CERTIFICATE])
                    return None
                return before(connection, name, own) if before else None

            server.config.ssl.sni_callback = choose
        await started(server, sockets=sockets)

    setattr(program.Server, "startup", startup)  # noqa: B010 -- a method that the type checker would keep


def authority(drill: Drill) -> None:
    """Have the suite trust an authority of the rehearsal's own, beside the product's."""
    import trustme

    drill.facts["authority"] = made = trustme.CA(organization_name="Rehearsal, throw-away")
    bundle = drill.folder / "ca.pem"
    own = drill.ground.ca.read_bytes() if drill.ground.ca else b""
    bundle.write_bytes(own + made.cert_pem.bytes())
    drill.changed["ca"] = str(bundle)
    drill.facts["ca"] = str(bundle)


def showing(make: Callable[[Any], Any]) -> Callable[[Drill], AbstractContextManager[None]]:
    """Return an act that makes a certificate and has the switch name it."""

    @contextmanager
    def act(drill: Drill) -> Iterator[None]:
        file = drill.folder / "shown.pem"
        leaf = make(drill.facts["authority"])
        file.touch(mode=0o600)
        file.write_bytes(leaf.private_key_pem.bytes() + b"".join(each.bytes() for each in leaf.cert_chain_pems))
        drill.settings[CERTIFICATE] = str(file)
        yield

    return act


def expired(ca: Any) -> Any:
    """Make one that ran out yesterday."""
    return ca.issue_cert("127.0.0.1", "localhost", not_before=datetime.now(UTC) - timedelta(days=90), not_after=datetime.now(UTC) - timedelta(days=1))


def expiring(ca: Any) -> Any:
    """Make one that runs out soon."""
    return ca.issue_cert("127.0.0.1", "localhost", not_after=datetime.now(UTC) + SOON)


def misnamed(ca: Any) -> Any:
    """Make one for somebody else."""
    return ca.issue_cert("other.example.com")


def untrusted(_: Any) -> Any:
    """Make one of an authority that nobody has heard of."""
    import trustme

    return trustme.CA(organization_name="Nobody").issue_cert("127.0.0.1", "localhost")


def handshake(probe: Probe) -> str:
    """Shake hands as a browser does, and look when the certificate runs out."""
    trust = ssl.create_default_context(cafile=probe.facts["ca"])
    address = httpx.URL(probe.url)
    import socket

    try:
        with socket.create_connection((address.host, address.port or 443), timeout=5) as raw, trust.wrap_socket(raw, server_hostname=address.host) as shaken:
            ends = ssl.cert_time_to_seconds(str((shaken.getpeercert() or {})["notAfter"]))
    except ssl.SSLError as refused:
        return f"the handshake is refused: {refused.verify_message if isinstance(refused, ssl.SSLCertVerificationError) else refused.reason}"
    left = ends - datetime.now(UTC).timestamp()
    return f"the certificate runs out in {left / 86400:.1f} days" if left < 30 * 86400 else ""


def variant(name: str, title: str, make: Callable[[Any], Any], expects: Expected, runs: int, journey: str) -> Fault:
    """Return one of the four."""
    return Fault(
        id=f"F51-{name}",
        title=title,
        layer=Layer.ENVIRONMENT,
        journey=journey,
        risk="certificate" if name == "soon" else "target-down",
        expects=expects,
        only=FEW if expects is DOWN else (),
        inject=inject,
        before=authority,
        act=showing(make),
        oracle=handshake,
        scope="",
        confined=False,
        exclusive=True,
        runs=runs,
        silent=name == "soon",
    )


FAULTS = (
    variant("expired", "The product's certificate has run out.", expired, DOWN, 2, "signup"),
    variant("name", "The product's certificate is for another name.", misnamed, DOWN, 2, "signup"),
    variant("chain", "The product's certificate is of an authority that nobody trusts.", untrusted, DOWN, 2, "signup"),
    variant("soon", "The product's certificate runs out in five days.", expiring, Expected("face.certificate", "operators", "error"), 1, "face"),
)

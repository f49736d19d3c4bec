"""F50: the product's name does not resolve at the runner."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rehearsal.fault import Fault, Layer
from rehearsal.faults.f40_product_gone import DOWN, FEW
from rehearsal.ground import PUBLIC_NAME
from rehearsal.packages import unpacked
from rehearsal.probe import Probe

if TYPE_CHECKING:
    from rehearsal.drill import Drill

NAME = "cloudsuite.test"
"""A name that no resolver knows (RFC 6761), and that the embedded product's certificate has."""
LIBRARY = ("libnss-wrapper", "usr/lib/*/libnss_wrapper.so")
ASK = "import socket, sys; socket.getaddrinfo(sys.argv[1], 443)"


def named(drill: Drill) -> None:
    """Give the product a name, which the suite's processes look up in a file of hosts of their own (nss_wrapper)."""
    hosts = drill.folder / "hosts"
    hosts.write_text(f"127.0.0.1 {NAME}\n", encoding="utf-8")
    library = unpacked(*LIBRARY)
    drill.environment |= {"LD_PRELOAD": str(library), "NSS_WRAPPER_HOSTS": str(hosts)}
    drill.changed["url"] = drill.ground.url.replace("127.0.0.1", NAME)
    drill.facts["environment"] = dict(drill.environment)


def surroundings(_: Path) -> Mapping[str, str]:
    """Have the product call itself by the name, in its mails, too."""
    return {PUBLIC_NAME: NAME}


@contextmanager
def forgotten(drill: Drill) -> Iterator[None]:
    """Take the name out of the file."""
    hosts = drill.folder / "hosts"
    hosts.write_text("127.0.0.1 localhost\n", encoding="utf-8")
    try:
        yield
    finally:
        hosts.write_text(f"127.0.0.1 {NAME}\n", encoding="utf-8")


def unknown(probe: Probe) -> str:
    """Look the name up as the suite's processes do."""
    asked = subprocess.run([sys.executable, "-c", ASK, NAME], env=probe.facts["environment"], capture_output=True, text=True, check=False)
    return f"{NAME} has no address: {asked.stderr.strip().splitlines()[-1]}" if asked.returncode else ""


FAULT = Fault(
    id="F50",
    title="The product's name does not resolve.",
    layer=Layer.ENVIRONMENT,
    journey="signup",
    risk="target-down",
    expects=DOWN,
    only=FEW,
    before=named,
    surroundings=surroundings,
    exclusive=True,
    act=forgotten,
    oracle=unknown,
    confined=False,
    runs=2,
)

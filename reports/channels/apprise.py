"""The fan-out: every service that apprise knows, by its own addresses, for all that has no file here.

What a service makes of text is not known here, so nothing in it is live anywhere (`defanged`): no mention, no link, no markup but our own addresses.

Source: the apprise project's own list of services and their addresses.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launch.reading import BadInput, Table
from reports.channels import ALERTING, Later, Receipt, Secret, kept
from reports.facts import facts, headline
from reports.inert import defanged
from reports.message import Kind, Message
from reports.wire import TOTAL_SECONDS, deadline

_ROOT = Path(__file__).parents[2]
_SILENT = logging.CRITICAL + 1
"""Above every level: apprise logs addresses that it does not understand, and they are secrets."""
_TYPES = {"critical": "failure", "error": "failure", "warning": "warning", "info": "info"}


@dataclass(frozen=True)
class Apprise:
    """One or more services, told together."""

    urls: tuple[str, ...] = field(repr=False)
    deadline: float = TOTAL_SECONDS
    carries: frozenset[Kind] = ALERTING
    pace: float = 1.0
    refreshes: bool = False
    cap: int = 0

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:  # noqa: ARG002 -- apprise knows no threads
        """Tell every service.

        Raises:
            Later: not every one was reached. Ambiguous where some were: those are told again.
        """
        told = [f"{each.label}: {each.link or defanged(each.value)}" for each in facts(message)]
        kind = {Kind.RESOLVE: "success", Kind.TEST: "info"}.get(message.kind, _TYPES.get(message.severity, "failure"))
        request = {"urls": self.urls, "title": defanged(headline(message)), "body": "\n".join(told), "type": kind, "seconds": self.deadline}
        try:
            # Started here and not imported: apprise's own threads would outlive a deadline, and hold up the end of this process.
            done = subprocess.run(
                [sys.executable, "-m", "reports.fanout"], input=json.dumps(request).encode(), capture_output=True, cwd=_ROOT, timeout=self.deadline, check=False
            )
        except subprocess.TimeoutExpired:
            raise Later(f"apprise: not done after {self.deadline:g} s", ambiguous=True) from None
        except OSError as trouble:
            raise Later(f"apprise cannot be started: {trouble.strerror}") from None
        try:
            result = json.loads(done.stdout)
            reached, missed = int(result["reached"]), int(result["missed"])
        except (ValueError, KeyError, TypeError):
            raise Later(f"apprise ended with {done.returncode}, and said nothing", ambiguous=True) from None
        if missed:
            raise Later(f"apprise reached {reached} of {reached + missed} services", ambiguous=reached > 0)
        return Receipt(f"told {reached} {'service' if reached == 1 else 'services'}")


def read(table: Table, secret: Secret) -> Apprise:
    """Take `urls`, the variable that holds addresses with spaces between them, and `deadline`.

    Raises:
        BadInput: an address that apprise does not know (which is not shown); a wrong value.
    """
    import apprise  # noqa: PLC0415 -- a third of a second, for those who use it

    logging.getLogger("apprise").setLevel(_SILENT)
    urls = tuple(kept(table, "urls", secret).split())
    for number, url in enumerate(urls, 1):
        if not apprise.Apprise().add(url):
            raise BadInput(f"{table.at('urls')}: address {number} of {len(urls)} in the variable is none that apprise knows")
    return Apprise(urls, deadline(table))

"""apprise in a process of its own: it waits for its services without a deadline of ours, and a process can be ended.

    python -m reports.fanout < request.json

The request is ``{"urls": [...], "title", "body", "type", "seconds"}``: on standard input, because addresses are secrets and arguments can be seen. One line
comes out: ``{"reached": N, "missed": N}``. After `seconds` the process ends itself, also where nobody waits for it any more.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
from typing import Any

import apprise


def main() -> int:
    """Tell every service, and say how many were reached."""
    request: dict[str, Any] = json.load(sys.stdin)
    signal.setitimer(signal.ITIMER_REAL, float(request["seconds"]))
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it logs addresses
    services = apprise.Apprise()
    for url in request["urls"]:
        services.add(url)
    result = services.notify(
        body=request["body"], title=request["title"], notify_type=request["type"], body_format=apprise.NotifyFormat.TEXT, interpret_escapes=False
    )
    reached = sum(map(bool, result))
    print(json.dumps({"reached": reached, "missed": len(request["urls"]) - reached}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The face of the hub, as programs see it. It documents one guard: no other site puts its pages into a frame. Any site may ask its API, which takes tokens."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from flows.blame import ProductFault, Refused, TargetUnreachable
from flows.contract.face import Certificate, Glance, Guard, Part
from products import certificate, guards
from products.http import Answer
from products.jupyterhub import names
from products.jupyterhub.api.session import ANONYMOUS, Session
from products.wiring import Wiring

PAGES = ("/hub/login", "/hub/signup")
VERSION = "x-jupyterhub-version"
OK = 200
LINK = re.compile(r'(?:href|src)="(/hub/static/[^"?]+\.(?:js|css))\?v=(\w+)"')


class ApiFace:
    """Fulfils those of `flows.contract.face` that take no browser."""

    def __init__(self, session: Session, wiring: Wiring) -> None:
        self.session, self._wiring = session, wiring

    def parts(self) -> list[Part]:
        """Read the version that each page is sent with, and hold each file against the digest in its link."""
        stated = str(self.session.call("GET", "/hub/api", OK, doing="ask for the version").record("version")["version"])
        found: list[Part] = []
        files: dict[str, str] = {}
        for path in PAGES:
            page = self.session.call("GET", path, OK, doing="open a page")
            found.append(Part(f"the page {path}", page.headers.get(VERSION, "none"), stated))
            files |= dict(LINK.findall(page.text))
        for path, digest in files.items():
            answer = self.session.http.get(path, params={"v": digest}, server_errors=True)
            if answer.status == OK:  # one that is missing is no other release; its page is broken
                found.append(Part(f"the file {path}", hashlib.sha512(answer.text.encode()).hexdigest()[:12], digest[:12]))
        return found

    def certificate(self) -> Certificate:
        """Read it."""
        return self._wiring.offload(certificate.certificate, self._wiring.url, self._wiring.ca, self._wiring.proxy)  # type: ignore[no-any-return]

    def in_the_clear(self) -> str | None:
        """Ask without TLS."""
        return self._wiring.offload(certificate.in_the_clear, self._wiring.url, self._wiring.marks, self._wiring.proxy)  # type: ignore[no-any-return]

    def guards(self) -> frozenset[Guard]:
        """Return the one that is documented."""
        return frozenset({Guard.FRAMES})

    def guarded(self) -> Mapping[str, frozenset[Guard]]:
        """Ask for pages as if another site did."""
        answers = {path: self.session.http.get(path, headers={"Origin": guards.FOREIGN}) for path in PAGES}
        return {path: guards.guarded(answer.headers) for path, answer in answers.items()}

    def clocks(self) -> Mapping[str, float]:
        """Read the date of an answer, and the one that a token of now gets."""
        path = f"{names.user_path(self.session.me())}/tokens"
        answer = self.session.call("POST", path, 201, doing="make a token", meaning=ANONYMOUS, json={"note": "clock", "expires_in": 60})
        try:
            made, date = datetime.fromisoformat(answer.record("created")["created"]), parsedate_to_datetime(answer.headers["date"])
        except (KeyError, TypeError, ValueError) as cause:
            msg = f"{answer.url} answered without a Date, or with a created that is no time ({cause!r})"
            raise ProductFault(msg) from cause
        return {"the Date of an answer": date.timestamp(), "the date of a new token": made.timestamp()}

    def health(self) -> Mapping[str, bool]:
        """Ask whether it lives: the hub tells of no parts."""
        return {"/hub/health": self.session.http.get("/hub/health", server_errors=True).status == OK}

    def glance(self, nth: int) -> Glance:
        """Read the account and pages in turn."""
        path, sound = READS[nth % len(READS)]
        began = time.monotonic()
        trouble = ""
        try:
            sound(self.session.call("GET", path, OK, doing="read", meaning=ANONYMOUS))
        except (ProductFault, Refused, TargetUnreachable) as cause:
            trouble = str(cause)
        return Glance(path, time.monotonic() - began, trouble)


def _whole(answer: Answer) -> None:
    """Check that an answer is a page, all of it, and no error.

    Raises:
        ProductFault: it is not.
    """
    if "html" not in answer.headers.get("content-type", "") or "</html>" not in answer.text or '<div class="error">' in answer.text:
        raise answer.unexpected("read a page")


READS: tuple[tuple[str, Callable[[Answer], object]], ...] = (
    ("/hub/api/user", lambda answer: answer.record("name", "servers")),
    ("/hub/home", _whole),
    ("/hub/api", lambda answer: answer.record("version")),
    ("/hub/token", _whole),
)
"""What a customer reads most, and what must be in it."""

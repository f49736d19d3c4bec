"""The face of Cloud Suite, as programs see it: its answers, their headers, and what it says of itself."""

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
from products.cloudsuite.api.session import Session
from products.cloudsuite.rules import SESSION
from products.http import Answer
from products.wiring import Wiring

PAGES = ("/", "/signup", "/login")
GUARDED = (*PAGES, "/status", "/api/v1/catalogue", "/static/cloudsuite.css")
"""One answer of each kind."""
OWN = ("/w/{place}", "/w/{place}/projects/new", "/w/{place}/members", "/w/{place}/usage", "/w/{place}/billing", "/settings")
NOWHERE = ("/nowhere", "/api/v1/nowhere")
"""A page and an answer that are not there."""

OK, NOT_FOUND = 200, 404
GENERATOR = re.compile(r'<meta name="generator" content="([^"]*)">')
LINK = re.compile(r'(?:href|src)="/static/([\w.]+)(?:\?v=(\w*))?"')
ALERT = re.compile(r'role="alert"[^>]*data-code="(?!")')


class ApiFace:
    """Fulfils those of `flows.contract.face` that take no browser."""

    def __init__(self, session: Session, wiring: Wiring) -> None:
        self.session, self._wiring = session, wiring

    def parts(self) -> list[Part]:
        """Read what the pages say they are and what they link to, and hold what is behind the links against what the product says of it."""
        said = self.session.call("GET", "/version", OK, doing="ask for the version").record("product", "version", "revision", "assets")
        stated, found = f"{said['product']} {said['version']} ({said['revision']})", []
        links: dict[str, str] = {}
        for path in PAGES:
            page = self.session.call("GET", path, OK, doing="open a page").text
            named = GENERATOR.search(page)
            found.append(Part(f"the page {path}", named[1] if named else "none", stated))
            for name, version in LINK.findall(page):
                found.append(Part(f"the link to {name} on the page {path}", version or "none", said["assets"].get(name, "none")))
                links[name] = f"?v={version}" if version else ""
        for name, digest in said["assets"].items():
            answer = self.session.http.get(f"/static/{name}{links.get(name, '')}", server_errors=True)
            if answer.status == OK:  # one that is missing is no other release; its page is broken
                found.append(Part(f"the file {name}", hashlib.sha256(answer.text.encode()).hexdigest()[: len(digest)], digest))
        return found

    def certificate(self) -> Certificate:
        """Read it."""
        return self._wiring.offload(certificate.certificate, self._wiring.url, self._wiring.ca, self._wiring.proxy)  # type: ignore[no-any-return]

    def in_the_clear(self) -> str | None:
        """Ask without TLS."""
        return self._wiring.offload(certificate.in_the_clear, self._wiring.url, self._wiring.marks, self._wiring.proxy)  # type: ignore[no-any-return]

    def guards(self) -> frozenset[Guard]:
        """Return what is documented: all of it, but TLS where the target has none, and caches may keep what is nobody's own."""
        return self.own_guards() - {Guard.CACHES}

    def own_guards(self) -> frozenset[Guard]:
        """Return what is documented: all of it, but TLS where the target has none."""
        return frozenset(Guard) if self._wiring.url.startswith("https:") else frozenset(Guard) - {Guard.TLS}

    def own_pages(self) -> Mapping[str, frozenset[Guard]]:
        """Open them as a browser does, with the session in its cookie, as if another site had led there."""
        headers = {"Origin": guards.FOREIGN, "Cookie": f"{SESSION}={self.session.token}"}
        answers = {path: self.session.http.get(path.format(place=self.session.place()), headers=headers) for path in OWN}
        for answer in answers.values():
            if answer.status != OK:
                raise answer.unexpected("open a page of one's own")
            _whole(answer)
        return {path: guards.guarded(answer.headers) for path, answer in answers.items()}

    def astray(self) -> Mapping[str, str]:
        """Ask for them: a page is to be answered by a page, the rest by a problem document."""
        page, other = (self.session.http.get(path, server_errors=True) for path in NOWHERE)
        sound = (
            page.status == NOT_FOUND and "</html>" in page.text and 'href="/"' in page.text,
            other.status == NOT_FOUND and "problem+json" in other.headers.get("content-type", "") and '"not_found"' in other.text,
        )
        told = zip(NOWHERE, (page, other), sound, strict=True)
        return {path: "" if well else f"answered {answer.status}: {answer.said()!r}" for path, answer, well in told}

    def guarded(self) -> Mapping[str, frozenset[Guard]]:
        """Ask for a page, an answer of the API and a file, as if another site did."""
        origin = {"Origin": guards.FOREIGN}
        answers = {path: self.session.call("GET", path, OK, doing="look at the headers", headers=origin) for path in GUARDED}
        answers |= {path: self._missing(path, origin) for path in NOWHERE}
        return {path: guards.guarded(answer.headers) for path, answer in answers.items()}

    def _missing(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Ask for what is not there, and see that the answer says so, as a whole."""
        answer = self.session.http.get(path, headers=headers)
        if answer.status != NOT_FOUND:
            raise answer.unexpected("look at the headers of what is not there")
        if "json" in answer.headers.get("content-type", ""):
            answer.record("code", "status")
        return answer

    def clocks(self) -> Mapping[str, float]:
        """Read the date of an answer, and the one that a token of now gets."""
        self.session.call("POST", "/api/v1/tokens", 201, doing="make an API token", json={"name": "clock"}).record("token")
        answer = self.session.call("GET", "/api/v1/tokens", OK, doing="list the tokens")
        try:
            made = max(datetime.fromisoformat(each["created_at"]) for each in answer.record("items")["items"])
            date = parsedate_to_datetime(answer.headers["date"])
        except (KeyError, TypeError, ValueError) as cause:
            msg = f"{answer.url} answered without a Date, or with a created_at that is no time ({cause!r})"
            raise ProductFault(msg) from cause
        return {"the Date of an answer": date.timestamp(), "the date of a new token": made.timestamp()}

    def health(self) -> Mapping[str, bool]:
        """Ask whether it lives, how its parts are, and for its figures."""
        live = self.session.call("GET", "/healthz", OK, doing="ask whether it lives").record("status")
        said = self.session.call("GET", "/api/v1/status", OK, doing="ask for the status").record("status", "components")
        parts = {f"/api/v1/status, {part}": word == "ok" for part, word in said["components"].items()}
        figures = self.session.http.get("/metrics", server_errors=True)
        parts["/metrics"] = figures.status == OK and "provisioning_total" in figures.text
        return {"/healthz": live["status"] == "ok", "/api/v1/status": said["status"] == "ok", **parts}

    def glance(self, nth: int) -> Glance:
        """Read the account, lists, counts and pages in turn."""
        path, sound = READS[nth % len(READS)]
        began = time.monotonic()
        trouble = ""
        try:
            sound(self.session.call("GET", path.format(place=self.session.place()), OK, doing="read"))
        except (ProductFault, Refused, TargetUnreachable) as cause:
            trouble = str(cause)
        return Glance(path, time.monotonic() - began, trouble)


def _whole(answer: Answer) -> None:
    """Check that an answer is a page, all of it, and one that does not decline.

    Raises:
        ProductFault: it is not.
    """
    if "html" not in answer.headers.get("content-type", "") or "</html>" not in answer.text or ALERT.search(answer.text):
        raise answer.unexpected("read a page")


READS: tuple[tuple[str, Callable[[Answer], object]], ...] = (
    ("/api/v1/me", lambda answer: answer.record("id", "email", "name")),
    ("/", _whole),
    ("/api/v1/workspaces", lambda answer: answer.record("items")),
    ("/signup", _whole),
    ("/api/v1/workspaces/{place}/projects", lambda answer: answer.record("items")),
    ("/api/v1/catalogue", lambda answer: answer.record("templates", "tiers", "regions")),
    ("/api/v1/workspaces/{place}/usage", lambda answer: answer.record("projects", "seats", "storage_bytes")),
    ("/status", _whole),
)
"""What a customer reads most, and what must be in it."""

"""What an oracle of the wire looks at: a page, its form, and what it loads, as plain requests get them. Written for Cloud Suite's pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

from rehearsal.probe import Person, Probe, ProbeTrouble

LOG_IN = "/login"


@dataclass(frozen=True)
class Page:
    """A page that has answered, and the client whose cookies it set."""

    http: httpx.Client
    answer: httpx.Response

    @property
    def assets(self) -> list[str]:
        """The scripts and styles that it names."""
        named = re.findall(r'<script[^>]*\ssrc="([^"]+)"|<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', self.answer.text)
        return [urljoin(str(self.answer.url), script or style) for script, style in named]

    def hidden(self, name: str) -> str:
        """Return a hidden field of its form.

        Raises:
            ProbeTrouble: there is none.
        """
        found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', self.answer.text)
        if not found:
            msg = f"{self.answer.url.path} has no hidden field {name}"
            raise ProbeTrouble(msg)
        return found[1]


def opened(probe: Probe, path: str) -> Page:
    """Open a page as a stranger."""
    http = probe.client()
    return Page(http, http.get(path))


def logged_in(probe: Probe, person: Person) -> Page:
    """Send the log-in's form as somebody who has an account; returns what it answers.

    Raises:
        ProbeTrouble: the form is not as it should be.
    """
    form = opened(probe, LOG_IN)
    sent = {"email": person.email, "password": person.password, "csrf_token": form.hidden("csrf_token"), "next": ""}
    return Page(form.http, form.http.post(LOG_IN, data=sent))


def session_cookie(page: Page) -> str:
    """Return the line that sets the session's cookie, empty where none does."""
    return next((line for line in page.answer.headers.get_list("set-cookie") if line.startswith("cs_session=")), "")

"""A GitHub that records: the issues of one repository, on loopback."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rehearsal.receiver import Reply, Request

TOKEN = "ghp_made_up"
REPOSITORY = "example/product"
SPAN = re.compile(r"(`+)[^`](?:.*?[^`])?\1(?!`)", re.DOTALL)


@dataclass
class Issue:
    """One issue."""

    number: int
    title: str
    body: str
    labels: list[str]
    state: str = "open"
    comments: list[str] = field(default_factory=list)


@dataclass
class Rules:
    """What GitHub makes of calls."""

    issues: list[Issue] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply(401, {"message": "Bad credentials"})
        found = re.fullmatch(rf"/repos/{REPOSITORY}/issues(?:/(\d+)(/comments)?)?", request.path)
        if not found:
            return Reply(404, {"message": "Not Found"})
        if found[1] is None:
            return self._list(request) if request.method == "GET" else self._create(request.json())
        issue = next((each for each in self.issues if each.number == int(found[1])), None)
        if issue is None:
            return Reply(404, {"message": "Not Found"})
        if found[2]:
            issue.comments.append(request.json()["body"])
            return Reply(201, {"id": 1})
        issue.state = request.json()["state"]
        return Reply(200, {"number": issue.number})

    def _list(self, request: Request) -> Reply:
        """List the newest first, with all of their bodies."""
        size, page = int(request.query["per_page"]), int(request.query["page"])
        labelled = [each for each in reversed(self.issues) if request.query["labels"] in each.labels]
        shown = labelled[size * (page - 1) : size * page]
        return Reply(200, [{"number": each.number, "title": each.title, "body": each.body, "state": each.state} for each in shown])

    def _create(self, asked: dict[str, Any]) -> Reply:
        if len(asked["title"]) > 256 or len(asked["body"]) > 65536:
            return Reply(422, {"message": "Validation Failed"})
        self.issues.append(Issue(len(self.issues) + 1, asked["title"], asked["body"], asked["labels"]))
        return Reply(201, {"number": len(self.issues)})


def outside_code(markdown: str) -> str:
    """Return Markdown without its code spans: what GitHub looks for mentions, links and markup in."""
    return SPAN.sub("", markdown)

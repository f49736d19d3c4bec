"""Names at the hub. An account's name is its address, since the hub never shows addresses; a project is a named server, `owner/server`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from flows.blame import ProductFault, SuiteFault
from flows.contract.mail import Kind, Letter, Mail
from flows.contract.projects import Project, State
from flows.contract.quotas import Beginning

SERVERS_PER_USER = 2
"""Named servers that a user of the hub of this repository may have, as documented (`serve.py --help`)."""

CONFIRMATION = re.compile(r"/hub/confirm/[^/]+$")


def account_name(email: str) -> str:
    """Return the user name of an address: the hub takes it in lower case."""
    return email.lower()


def project_id(owner: str, server: str) -> str:
    """Return what the hub calls a server's full name."""
    return f"{owner}/{server}"


def parts(project: str) -> tuple[str, str]:
    """Return owner and server of a project's id."""
    owner, _, server = project.partition("/")
    return owner, server


def user_path(owner: str) -> str:
    """Return the path of a user in the hub's API."""
    return f"/hub/api/users/{quote(owner, safe='@')}"


def server_path(project: str) -> str:
    """Return the path of a server in the hub's API."""
    owner, server = parts(project)
    return f"{user_path(owner)}/servers/{quote(server, safe='')}"


def inside(project: str) -> str:
    """Return the path that the server itself answers at. It holds the hub's own spelling: an @ written as %40 is not found."""
    owner, server = parts(project)
    return f"/user/{quote(owner, safe='@')}/{quote(server, safe='')}"


def spawn_path(project: str) -> str:
    """Return the path of the page that starts a server."""
    return inside(project).replace("/user/", "/hub/spawn/", 1)


def project(owner: str, server: str, state: State, *, reason: str | None = None) -> Project:
    """Build a project of an owner: a server is its owner's alone until it is shared."""
    return Project(id=project_id(owner, server), name=server, state=state, owner=owner, reason=reason)


def beginning(options: Mapping[str, Any]) -> Beginning:
    """Return what a new user is promised: the target's option ``servers_per_user``, or as many as the hub of this repository gives.

    Raises:
        SuiteFault: the option is no number.
    """
    promised = options.get("servers_per_user", SERVERS_PER_USER)
    if not isinstance(promised, int) or promised < 1:
        msg = f"targets.toml: options.servers_per_user: saw {promised!r}; allowed is a number of named servers; leave it out for {SERVERS_PER_USER}"
        raise SuiteFault(msg)
    return Beginning(role=None, plan=None, projects=promised)


def own_link(link: str, url: str) -> str:
    """Return a link as an absolute address of this hub.

    Raises:
        ProductFault: it leads elsewhere.
    """
    absolute = urljoin(f"{url.rstrip('/')}/", link)
    if urlsplit(absolute)[:2] != urlsplit(url)[:2]:
        msg = f"a link leads to {'://'.join(urlsplit(absolute)[:2])}, not to {url}: a customer would be lost"
        raise ProductFault(msg)
    return absolute


def letter(mail: Mail) -> Letter | None:
    """Say what a mail is for: the hub sends one kind, known by where its link leads."""
    link = next((link for link in mail.links if CONFIRMATION.search(urlsplit(link).path)), None)
    return Letter(kind=Kind.VERIFICATION, link=link, mail=mail) if link else None

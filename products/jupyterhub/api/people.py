"""Sharing: a code for one server, that others accept in a form."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flows.blame import Refused
from flows.refusal import Reason, Refusal
from products.jupyterhub import names, refusals
from products.jupyterhub.api.accounts import unauthenticated
from products.jupyterhub.api.session import ANONYMOUS, Session

FOUND = 302
ABSENT = 404


class ApiPeople:
    """Fulfils `flows.contract.people.Sharing`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def share(self, project_id: str) -> str:
        """Make a code, and return the link that presents it."""
        answer = self.session.call("POST", self._codes(project_id), 200, 201, doing="make a share code", meaning=ANONYMOUS, json={})
        return self.session.own_link(str(answer.record("accept_url")["accept_url"]))

    def accept_share(self, link: str) -> None:
        """Open the link, and send its form."""
        link = self.session.own_link(link)
        page = refusals.check(self.session.http.get(link), 200, FOUND, ABSENT, doing="open a share link")
        if page.status == FOUND:
            raise unauthenticated("the share link")
        if page.status == ABSENT:
            raise Refused(Refusal(Reason.LINK_DEAD, refusals.message_of(page), status=ABSENT))
        code = parse_qs(urlsplit(link).query)["code"][0]
        fields = {"code": code, "_xsrf": self.session.xsrf()}
        refusals.check(self.session.http.post("/hub/accept-share", data=fields), FOUND, doing="accept a share")

    def revoke_shares(self, project_id: str) -> None:
        """Take back the codes, then what was granted by them."""
        self.session.call("DELETE", self._codes(project_id), 204, doing="revoke share codes", meaning=ANONYMOUS)
        self.session.call("DELETE", self._codes(project_id).replace("share-codes", "shares", 1), 204, doing="revoke shares", meaning=ANONYMOUS)

    def _codes(self, project_id: str) -> str:
        return names.server_path(project_id).replace("/users/", "/share-codes/", 1).replace("/servers/", "/", 1)

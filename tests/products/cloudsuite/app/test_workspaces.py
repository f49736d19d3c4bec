"""Workspaces: rights, owners, invitations and seats."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from products.cloudsuite.app.db import Database
from products.cloudsuite.app.domain import invitations, sessions
from products.cloudsuite.app.domain.roles import TERMS, Right, Role, allows
from products.cloudsuite.app.refusals import Refusal
from tests.products.cloudsuite.app.people import OPERATOR, Browser, Suite


def test_each_role_has_the_rights_of_the_weaker_ones() -> None:
    """Every right has a weakest role, and every stronger one has it too."""
    assert set(TERMS) == set(Right)
    for right in Right:
        held = [allows(role, right) for role in Role]
        assert held == sorted(held)
    assert [role for role in Role if allows(role, Right.INVITE)] == [Role.ADMIN, Role.OWNER]


def test_a_workspace_does_not_exist_for_strangers(suite: Suite) -> None:
    """Reading, writing and guessing all answer as for an id that was never given."""
    workspace, stranger = suite.person().workspace, suite.person()
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/members"), ("GET", "/usage")):
        body = {"name": "Mine"} if method == "PATCH" else None
        answer = stranger.call(method, f"/workspaces/{workspace}{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_last_owner_stays(suite: Suite) -> None:
    """An only owner can neither leave, nor be removed, nor be demoted; with a second owner all is possible."""
    owner, other = suite.person(), suite.person()
    owner.admit(other, "admin")
    me, them = (f"/workspaces/{owner.workspace}/members/{person.id}" for person in (owner, other))
    refused = [
        owner.call("POST", f"/workspaces/{owner.workspace}/leave"),
        owner.call("DELETE", me),
        owner.call("PATCH", me, {"role": "viewer"}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(409, "last_owner")] * 3
    assert owner.call("PATCH", them, {"role": "owner"}).status_code == 200
    assert owner.call("PATCH", me, {"role": "viewer"}).status_code == 200


def test_only_owners_make_and_unmake_owners(suite: Suite) -> None:
    """An admin manages everybody up to admins, and invites nobody as owner."""
    owner, admin, editor = suite.person(), suite.person(), suite.person()
    owner.admit(admin, "admin")
    owner.admit(editor, "editor")
    members = f"/workspaces/{owner.workspace}/members"
    ws = owner.workspace

    assert admin.call("PATCH", f"{members}/{editor.id}", {"role": "owner"}).json()["code"] == "forbidden"
    assert admin.call("PATCH", f"{members}/{owner.id}", {"role": "viewer"}).json()["code"] == "forbidden"
    assert admin.call("DELETE", f"{members}/{owner.id}").json()["code"] == "forbidden"
    assert admin.invite("new@example.com", "owner", workspace=ws).json()["code"] == "forbidden"
    assert admin.call("PATCH", f"{members}/{editor.id}", {"role": "admin"}).status_code == 200
    assert admin.call("PATCH", f"{members}/{editor.id}", {"role": "viewer"}).status_code == 200
    assert editor.call("PATCH", f"{members}/{admin.id}", {"role": "viewer"}).json()["code"] == "forbidden"


def test_a_transfer_makes_the_old_owner_an_admin(suite: Suite) -> None:
    """And only a member can be the new owner."""
    owner, other = suite.person(), suite.person()
    path = f"/workspaces/{owner.workspace}/transfer"

    assert owner.call("POST", path, {"account_id": other.id}).status_code == 404
    owner.admit(other, "viewer")
    assert other.call("POST", path, {"account_id": other.id}).json()["code"] == "forbidden"
    assert owner.call("POST", path, {"account_id": other.id}).json()["role"] == "admin"
    members = owner.call("GET", f"/workspaces/{owner.workspace}/members").json()["items"]
    assert {one["email"]: one["role"] for one in members} == {owner.email: "admin", other.email: "owner"}


def test_an_invitation_lets_in_its_address_once(suite: Suite) -> None:
    """Another account is refused; a second use is; a member is not invited again."""
    owner, guest, stranger = suite.person(), suite.person(), suite.person()
    owner.invite(guest.email)
    link = {"token": suite.mail_token(guest.email, "invitation")}

    assert stranger.call("POST", "/invitations/accept", link).json()["code"] == "wrong_account"
    assert guest.call("POST", "/invitations/accept", link).json() == {"workspace_id": owner.workspace, "role": "editor"}
    assert guest.call("POST", "/invitations/accept", link).json()["code"] == "link_used"
    assert owner.invite(guest.email).json()["code"] == "already_member"


def test_a_withdrawn_replaced_or_late_invitation_lets_nobody_in(suite: Suite) -> None:
    """And frees its seat."""
    owner, guest = suite.person(), suite.person()
    invitations_path = f"/workspaces/{owner.workspace}/invitations"
    codes = []
    for undo in ("revoke", "replace", "expire"):
        made = owner.invite(guest.email).json()
        link = {"token": suite.mail_token(guest.email, "invitation")}
        if undo == "revoke":
            owner.call("DELETE", f"{invitations_path}/{made['id']}")
        elif undo == "replace":
            owner.invite(guest.email)
        else:
            suite.client.post("/operator/links/expire", json={"email": guest.email}, headers=OPERATOR)
        codes.append(guest.call("POST", "/invitations/accept", link).json()["code"])

    assert codes == ["link_superseded", "link_superseded", "link_expired"]
    states = [one["state"] for one in owner.call("GET", invitations_path).json()["items"]]
    assert states == ["revoked", "superseded", "superseded", "expired"]
    assert owner.call("GET", f"/workspaces/{owner.workspace}/usage").json()["seats"] == {"limit": 3, "used": 1}


def test_signing_up_from_an_invitation_joins_that_workspace_only(suite: Suite) -> None:
    """No first workspace is made beside it; from another address it gives nothing away."""
    owner = suite.person()
    owner.invite("guest@example.com", "viewer")
    link = suite.mail_token("guest@example.com", "invitation")
    other = suite.person("other@example.com", invitation=link)
    guest = suite.person("guest@example.com", invitation=link)

    assert [one["id"] for one in guest.call("GET", "/workspaces").json()["items"]] == [owner.workspace]
    assert owner.workspace not in [one["id"] for one in other.call("GET", "/workspaces").json()["items"]]


def test_seats_run_out_at_the_limit_and_say_so(suite: Suite) -> None:
    """The owner and pending invitations take seats; the refusal names limit, use and remedy."""
    owner = suite.person()
    first = owner.invite("a@example.com")
    owner.invite("b@example.com")
    refused = owner.invite("c@example.com")

    assert refused.status_code == 403
    assert refused.json() | {"detail": "", "request_id": ""} == {
        "type": "urn:cloudsuite:quota_exceeded",
        "title": "Forbidden",
        "status": 403,
        "detail": "",
        "code": "quota_exceeded",
        "dimension": "seats",
        "limit": 3,
        "usage": 3,
        "remedy": "Upgrade the plan, or remove a member or an invitation.",
        "request_id": "",
    }
    assert owner.invite("b@example.com").status_code == 201
    owner.call("DELETE", f"/workspaces/{owner.workspace}/invitations/{first.json()['id']}")
    assert owner.invite("c@example.com").status_code == 201


def test_seats_hold_against_a_crowd(suite: Suite) -> None:
    """Many invitations at one moment, through two processes' worth of connections, fill the seats exactly."""
    owner = suite.person()
    databases = (suite.database, Database(suite.settings.data))
    workspace = owner.workspace

    def invite(number: int) -> str:
        with databases[number % 2].transaction() as tx:
            actor = sessions.authenticate(tx, owner.token)
            try:
                return str(invitations.invite(tx, actor, workspace, f"p{number}@example.com", Role.VIEWER, 60.0)["state"])
            except Refusal as refusal:
                return refusal.code

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(invite, range(16)))

    assert sorted(answers) == ["pending"] * 2 + ["quota_exceeded"] * 14


@pytest.mark.parametrize(("seats", "limit", "invited"), [(1, 1, 403), (2, 2, 201), (-1, None, 201), (None, 3, 201)])
def test_the_operator_overrides_a_limit(suite: Suite, seats: int | None, limit: int | None, invited: int) -> None:
    """Null is the plan's own, -1 is no limit."""
    owner = suite.person()
    path = f"/operator/workspaces/{owner.workspace}/limits"
    assert suite.client.put(path, json={"seats": -2}, headers=OPERATOR).status_code == 422
    assert suite.client.put(path, json={"seats": seats}, headers=OPERATOR).status_code == 200

    assert owner.call("GET", f"/workspaces/{owner.workspace}/usage").json()["seats"] == {"limit": limit, "used": 1}
    assert owner.invite("a@example.com").status_code == invited


def test_a_suspended_workspace_is_read_but_not_changed(suite: Suite) -> None:
    """Reading, leaving and deleting still work; inviting, joining and renaming do not."""
    owner, guest = suite.person(), suite.person()
    workspace = owner.workspace
    owner.invite(guest.email)
    link = {"token": suite.mail_token(guest.email, "invitation")}
    with suite.database.transaction() as tx:
        tx.execute("UPDATE workspaces SET status = 'suspended' WHERE id = ?", (workspace,))

    assert owner.invite("a@example.com").json()["code"] == "workspace_suspended"
    assert guest.call("POST", "/invitations/accept", link).json()["code"] == "workspace_suspended"
    assert owner.call("PATCH", f"/workspaces/{workspace}", {"name": "New"}).json()["code"] == "workspace_suspended"
    assert owner.call("GET", f"/workspaces/{workspace}/invitations").status_code == 200
    assert owner.call("DELETE", f"/workspaces/{workspace}").status_code == 204


def test_the_members_page_invites_and_tells_a_full_workspace(suite: Suite, visitor: Browser) -> None:
    """The same rules, the same codes, as through the API."""
    owner = suite.person()
    visitor.client.cookies.set("cs_session", owner.token)
    page = f"/w/{owner.workspace}/members"
    answers = [visitor.submit(page, f"/w/{owner.workspace}/invitations", email=f"p{number}@example.com", role="editor") for number in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 403]
    assert 'role="alert" data-code="quota_exceeded" data-dimension="seats" data-limit="3" data-usage="3"' in answers[2].text
    shown = visitor.open(answers[0].headers["location"]).text
    assert 'role="status"' in shown
    assert 'data-testid="usage-seats" data-used="3" data-limit="3"' in shown

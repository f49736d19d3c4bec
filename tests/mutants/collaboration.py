"""What can be wrong between people: coming in, what one may do, working together, and leaving."""

from __future__ import annotations

import dataclasses
import sys

from products.cloudsuite.app import live, refusals
from products.cloudsuite.app.api import live as live_api
from products.cloudsuite.app.domain import documents, invitations, mail, projects, quotas, roles, workspaces
from products.cloudsuite.app.domain.quotas import USED, Dimension
from products.cloudsuite.app.domain.roles import TERMS, Right, Role, Terms
from products.cloudsuite.app.identifiers import digest
from products.cloudsuite.app.refusals import Refusal
from tests.mutants.mutant import breaks, instead_of


@breaks({"collaboration.invited-again": "seats used|second seat"})
def a_member_who_is_invited_again_takes_a_second_seat() -> None:
    @instead_of(invitations, "_require_stranger")
    def lenient(original, tx, workspace_id, email): ...


@breaks({"collaboration.removed-member": "listing the projects of the workspace after being removed.* must be refused"})
def whoever_was_removed_still_sees_what_projects_there_are() -> None:
    """F39"""

    @instead_of(projects, "listed")
    def to_anybody(original, tx, actor, workspace_id, *, deleted=False):
        rows = tx.execute("SELECT * FROM projects WHERE workspace_id = ? ORDER BY created_at, id", (workspace_id,)).fetchall()
        return [each for each in map(projects._project, rows) if (projects.restorable(each) if deleted else each.state not in projects.HIDDEN)]


@breaks({"collaboration.leave": "the open editor .*still reading"})
def whoever_only_read_and_left_goes_on_reading_live() -> None:
    """F39"""

    @instead_of(documents, "hindrance")
    def returned(original, tx, actor, document_id):
        try:
            return original(tx, actor, document_id)
        except Refusal as refusal:
            return refusal


# -- invitations -------------------------------------------------------------------------------------------------------


@breaks({"collaboration.invitation": "invitation mail 1 to .* never arrived"}, blocks=True)
def the_invitation_is_never_sent() -> None:
    """F36"""

    @instead_of(mail, "queue")
    def nothing(original, tx, recipient, letter, **particulars):
        if letter != "invitation":
            original(tx, recipient, letter, **particulars)


@breaks({"collaboration.invitation": "should be (editor|viewer), and is admin"}, also={"collaboration.role-matrix", "lifecycle.rename"}, quick=True)
def everybody_comes_in_as_admin() -> None:
    @instead_of(workspaces, "admit")
    def generous(original, tx, workspace_id, account_id, role):
        original(tx, workspace_id, account_id, role if role is Role.OWNER else Role.ADMIN)


@breaks({"collaboration.invitation": "accepting an invitation took away one's own workspace"})
def accepting_takes_ones_own_workspace_away() -> None:
    @instead_of(invitations, "accept")
    def moving(original, tx, actor, token):
        tx.execute("DELETE FROM members WHERE account_id = ?", (actor.id,))
        return original(tx, actor, token)


@breaks({"collaboration.invitation": "an accepted invitation is still open"})
def an_accepted_invitation_stays_open() -> None:
    """F05"""

    @instead_of(invitations, "_take_seat")
    def open_still(original, tx, invitation, account_id):
        taken = original(tx, invitation, account_id)
        tx.execute("UPDATE invitations SET state = 'pending' WHERE id = ?", (invitation["id"],))
        return taken


@breaks({"collaboration.invitation": "seats used .*never 2"})
def an_accepted_invitation_counts_as_a_seat_beside_its_member() -> None:
    """F20"""
    USED[Dimension.SEATS] = USED[Dimension.SEATS].replace("state = 'pending'", "state IN ('pending', 'accepted')")


@breaks({"collaboration.expired-invitation": "accepting an expired invitation must be refused as 'link expired', but was accepted"})
def an_expired_invitation_lets_in() -> None:
    """F05"""

    @instead_of(invitations, "_state")
    def timeless(original, row):
        return str(row["state"])


@breaks({"collaboration.expired-invitation": "seats used stayed 2 .* never 1"})
def an_expired_invitation_keeps_its_seat() -> None:
    """F21"""
    USED[Dimension.SEATS] = USED[Dimension.SEATS].replace("AND expires_at > :now", "")


@breaks({"collaboration.expired-invitation": "unexpectedly refused"})
def whoever_was_invited_once_cannot_be_invited_again() -> None:
    @instead_of(invitations, "invite")
    def once(original, tx, actor, workspace_id, email, *given):
        if tx.execute("SELECT 1 FROM invitations WHERE workspace_id = ? AND email = ?", (workspace_id, email)).fetchone():
            raise refusals.already_member(email)
        return original(tx, actor, workspace_id, email, *given)


@breaks({"collaboration.revoked-invitation": "accepting a revoked invitation must be refused"})
def a_revoked_invitation_lets_in() -> None:
    @instead_of(invitations, "find")
    def lenient(original, tx, token):
        row = tx.execute("SELECT * FROM invitations WHERE token_digest = ?", (digest(token),)).fetchone()
        return row if row and row["state"] == "revoked" else original(tx, token)


@breaks({"collaboration.revoked-invitation": r"\[Invitation\(|== \[\]|still listed"})
def a_revoked_invitation_is_still_listed() -> None:
    @instead_of(invitations, "view")
    def stale(original, row):
        shown = original(row)
        return shown | ({"state": "pending"} if shown["state"] == "revoked" else {})


@breaks({"collaboration.revoked-invitation": "seats used .*never 1"})
def a_revoked_invitation_keeps_its_seat() -> None:
    """F21"""
    USED[Dimension.SEATS] = USED[Dimension.SEATS].replace("state = 'pending'", "state IN ('pending', 'revoked')")


@breaks({"collaboration.revoked-invitation": "revoking an invitation to somebody else's workspace must be refused"}, quick=True)
def an_invitation_can_be_revoked_from_another_workspace() -> None:
    @instead_of(invitations, "revoke")
    def anywhere(original, tx, actor, workspace_id, invitation_id):
        row = tx.execute("SELECT workspace_id FROM invitations WHERE id = ?", (invitation_id,)).fetchone()
        if row and row["workspace_id"] != workspace_id:
            tx.execute("UPDATE invitations SET state = 'revoked' WHERE id = ?", (invitation_id,))
        else:
            original(tx, actor, workspace_id, invitation_id)


@breaks({"collaboration.revoked-invitation": "one person is invited, and pending are"})
def an_invitation_to_another_workspace_replaces_the_first() -> None:
    @instead_of(invitations, "invite")
    def only_one(original, tx, actor, workspace_id, email, role, ttl):
        tx.execute("UPDATE invitations SET state = 'superseded' WHERE email = ? AND state = 'pending'", (email,))
        return original(tx, actor, workspace_id, email, role, ttl)


@breaks({"collaboration.further-workspace": "with one workspace, another was renamed"})
def all_workspaces_are_renamed_at_once() -> None:
    @instead_of(workspaces, "rename")
    def everywhere(original, tx, actor, workspace_id, name):
        tx.execute("UPDATE workspaces SET name = ? WHERE id IN (SELECT workspace_id FROM members WHERE account_id = ?)", (name, actor.id))
        return original(tx, actor, workspace_id, name)


@breaks({"collaboration.role-matrix": "as (viewer|editor), to take an invitation back must be refused"})
def everybody_takes_invitations_back() -> None:
    @instead_of(invitations, "revoke")
    def open_to_all(original, tx, actor, workspace_id, invitation_id):
        if tx.execute("UPDATE invitations SET state = 'revoked' WHERE id = ? AND workspace_id = ?", (invitation_id, workspace_id)).rowcount == 0:
            original(tx, actor, workspace_id, invitation_id)


@breaks({"collaboration.wrong-account": "accepting an invitation that is meant for somebody else must be refused"}, quick=True)
def an_invitation_lets_whoever_holds_it_in() -> None:
    """F35"""

    @instead_of(invitations, "accept")
    def blind(original, tx, actor, token):
        return original(tx, dataclasses.replace(actor, email=invitations.find(tx, token)["email"]), token)


@breaks({"collaboration.wrong-account": "the wrong account joined"})
def an_invitation_binds_the_wrong_account_though_it_refuses() -> None:
    """F35"""

    @instead_of(invitations, "accept")
    def hasty(original, tx, actor, token):
        try:
            return original(tx, actor, token)
        except Refusal as refusal:
            if refusal.code == "wrong_account":
                workspaces.admit(tx, invitations.find(tx, token)["workspace_id"], actor.id, Role.VIEWER)
                tx.execute("COMMIT")
            raise


@breaks({"collaboration.wrong-account": "unexpectedly refused: link used"})
def an_invitation_is_used_up_by_the_wrong_account() -> None:
    @instead_of(invitations, "accept")
    def burning(original, tx, actor, token):
        try:
            return original(tx, actor, token)
        except Refusal as refusal:
            if refusal.code == "wrong_account":
                tx.execute("UPDATE invitations SET state = 'revoked' WHERE token_digest = ?", (digest(token),))
                tx.execute("COMMIT")
            raise


# -- roles -------------------------------------------------------------------------------------------------------------

MATRIX = "collaboration.role-matrix"


@breaks({MATRIX: "as viewer, to write a document must be refused as 'forbidden', but was accepted"}, also={"collaboration.downgrade-bites"})
def viewers_can_write() -> None:
    TERMS[Right.WRITE_DOCUMENTS] = Terms(Role.VIEWER)


@breaks({MATRIX: "as viewer, to create a project must be refused as 'forbidden', but was accepted"})
def viewers_can_create_projects() -> None:
    TERMS[Right.CREATE_PROJECT] = Terms(Role.VIEWER)


@breaks({MATRIX: "as editor, to invite somebody must be refused as 'forbidden', but was accepted"})
def editors_can_invite() -> None:
    TERMS[Right.INVITE] = Terms(Role.EDITOR)


@breaks({MATRIX: "as editor, to delete a project must be refused as 'forbidden', but was accepted"})
def editors_can_delete() -> None:
    TERMS[Right.DELETE_PROJECT] = Terms(Role.EDITOR)


@breaks({MATRIX: "as editor, to change a role must be refused as 'forbidden', but was accepted"})
def editors_can_change_roles() -> None:
    TERMS[Right.MANAGE_MEMBERS] = Terms(Role.EDITOR)


@breaks({MATRIX: "as admin, to see to the bill must be refused as 'forbidden', but was accepted"})
def admins_can_change_the_plan() -> None:
    TERMS[Right.BILLING] = Terms(Role.ADMIN, when_suspended=True)


@breaks({MATRIX: "as admin, to make an owner must be refused as 'forbidden', but was accepted"}, also={"collaboration.transfer"})
def admins_can_make_themselves_owners() -> None:
    TERMS[Right.MANAGE_OWNERS] = Terms(Role.ADMIN)


@breaks({MATRIX: "unexpectedly refused: forbidden"})
def editors_cannot_write() -> None:
    TERMS[Right.WRITE_DOCUMENTS] = Terms(Role.ADMIN)


@breaks({MATRIX: "unexpectedly refused: forbidden"})
def admins_cannot_invite() -> None:
    TERMS[Right.INVITE] = Terms(Role.OWNER)


@breaks({MATRIX: "unexpectedly refused: forbidden"}, also={"collaboration.downgrade-bites"})
def viewers_cannot_read_documents() -> None:
    @instead_of(documents, "readable")
    def strict(original, tx, actor, document_id):
        document = original(tx, actor, document_id)
        if roles.role_of(tx, actor.id, document.workspace_id) is Role.VIEWER:
            raise refusals.forbidden("the role editor")
        return document


BITES = "collaboration.downgrade-bites"


def still_an_editor(who) -> None:
    """Let some viewers write documents: those who were editors when they were first seen."""

    @instead_of(roles, "require")
    def lenient(original, tx, actor, workspace_id, right):
        role = roles.role_of(tx, actor.id, workspace_id)
        return role if role is Role.VIEWER and right is Right.WRITE_DOCUMENTS and who(actor) else original(tx, actor, workspace_id, right)


def in_live_editor() -> bool:
    return any(sys._getframe(depth).f_code.co_name in {"edit", "hindrance"} for depth in range(2, 12))


@breaks({BITES: "writing as a viewer by the session must be refused"}, also={MATRIX})
def a_session_keeps_its_role() -> None:
    """F32"""
    still_an_editor(lambda actor: actor.session_id and not in_live_editor())


@breaks({BITES: "writing as a viewer by an API token must be refused"}, quick=True)
def a_token_keeps_its_role() -> None:
    """F32"""
    still_an_editor(lambda actor: actor.api_token_id)


@breaks({BITES: "the open editor .*still writing.* never cut off"})
def an_open_editor_keeps_its_role() -> None:
    """F32"""
    still_an_editor(lambda _: in_live_editor())


@breaks({BITES: "writing as a viewer by the session must be refused"}, also={"collaboration.last-owner", "collaboration.transfer"})
def a_change_of_role_is_shown_and_not_made() -> None:
    """F32"""
    shown: dict[tuple[str, str], str] = {}

    @instead_of(workspaces, "_set_role")
    def pretended(original, tx, workspace_id, account_id, role):
        shown[workspace_id, account_id] = role

    @instead_of(workspaces, "roster")
    def painted(original, tx, workspace_id):
        return [each | {"role": shown.get((workspace_id, each["account_id"]), each["role"])} for each in original(tx, workspace_id)]


# -- owners ------------------------------------------------------------------------------------------------------------


@breaks({"collaboration.last-owner": "leaving as the last owner must be refused"}, quick=True)
def the_last_owner_can_leave() -> None:
    @instead_of(workspaces, "leave")
    def unguarded(original, tx, actor, workspace_id):
        tx.execute("DELETE FROM members WHERE workspace_id = ? AND account_id = ?", (workspace_id, actor.id))


@breaks({"collaboration.last-owner": "stepping down as the last owner must be refused"})
def the_last_owner_can_step_down() -> None:
    @instead_of(workspaces, "change_role")
    def unguarded(original, tx, actor, workspace_id, account_id, role):
        workspaces._manage(tx, actor, workspace_id, account_id)
        workspaces._set_role(tx, workspace_id, account_id, role)


@breaks({"collaboration.last-owner": "removing the last owner as an admin must be refused"})
def the_last_owner_can_be_removed() -> None:
    @instead_of(workspaces, "remove")
    def unguarded(original, tx, actor, workspace_id, account_id):
        roles.require(tx, actor, workspace_id, Right.MANAGE_MEMBERS)
        tx.execute("DELETE FROM members WHERE workspace_id = ? AND account_id = ?", (workspace_id, account_id))


@breaks({"collaboration.last-owner": "unexpectedly refused: last owner"})
def no_owner_can_leave() -> None:
    @instead_of(workspaces, "_require_another_owner")
    def never(original, tx, workspace_id, account_id):
        raise refusals.last_owner()


@breaks({"collaboration.transfer": "should be admin, and is owner"})
def a_transfer_leaves_two_owners() -> None:
    @instead_of(workspaces, "transfer")
    def doubling(original, tx, actor, workspace_id, account_id):
        original(tx, actor, workspace_id, account_id)
        tx.execute("UPDATE members SET role = 'owner' WHERE account_id = ?", (actor.id,))


@breaks({"collaboration.transfer": "should be admin, and is viewer"})
def a_transfer_puts_the_old_owner_out() -> None:
    @instead_of(workspaces, "transfer")
    def ungrateful(original, tx, actor, workspace_id, account_id):
        tx.execute("UPDATE members SET role = 'owner' WHERE workspace_id = ? AND account_id = ?", (workspace_id, account_id))
        tx.execute("UPDATE members SET role = 'viewer' WHERE workspace_id = ? AND account_id = ?", (workspace_id, actor.id))


@breaks({"collaboration.transfer": "taking the ownership back as the old owner must be refused"})
def who_founded_a_workspace_keeps_an_owners_rights() -> None:
    """F32: shown as an admin, and more than that."""

    @instead_of(roles, "role_of")
    def founder(original, tx, account_id, workspace_id):
        role = original(tx, account_id, workspace_id)
        first = tx.execute("SELECT account_id FROM members WHERE workspace_id = ? ORDER BY joined_at LIMIT 1", (workspace_id,)).fetchone()
        return Role.OWNER if role is Role.ADMIN and first["account_id"] == account_id else role


# -- removed members ---------------------------------------------------------------------------------------------------

REMOVED = "collaboration.removed-member"


@breaks({REMOVED: "opening the project after being removed, by an API token must be refused"})
def a_removed_members_token_works() -> None:
    """F33"""
    removed = remember_the_removed()

    @instead_of(projects, "readable")
    def lenient(original, tx, actor, project_id):
        project = projects.load(tx, project_id)
        token = actor.api_token_id and (project.workspace_id, actor.id) in removed
        return (project, Role.VIEWER) if token else original(tx, actor, project_id)


@breaks({REMOVED: "opening the project after being removed, by the session must be refused"})
def a_removed_members_session_works() -> None:
    """F33"""
    removed = remember_the_removed()

    @instead_of(projects, "readable")
    def lenient(original, tx, actor, project_id):
        project = projects.load(tx, project_id)
        return (project, Role.VIEWER) if (project.workspace_id, actor.id) in removed else original(tx, actor, project_id)


@breaks({REMOVED: "reading a document after being removed, by the session must be refused"})
def a_removed_member_can_read_documents() -> None:
    """F33"""
    removed = remember_the_removed()

    @instead_of(documents, "readable")
    def lenient(original, tx, actor, document_id):
        document = documents._load(tx, document_id)
        live = sys._getframe(2).f_code.co_name != "show"
        return document if not live and (document.workspace_id, actor.id) in removed else original(tx, actor, document_id)


@breaks({REMOVED: "the open editor .*still writing.* never cut off"})
def a_removed_members_open_editor_goes_on() -> None:
    """F33"""
    removed = remember_the_removed()

    @instead_of(documents, "writable")
    def lenient(original, tx, actor, document_id):
        document = documents._load(tx, document_id)
        return document if (document.workspace_id, actor.id) in removed else original(tx, actor, document_id)

    @instead_of(documents, "hindrance")
    def blind(original, tx, actor, document_id):
        document = documents._load(tx, document_id)
        return None if (document.workspace_id, actor.id) in removed else original(tx, actor, document_id)


@breaks({REMOVED: "the workspace is still listed"})
def a_removed_members_workspace_is_still_listed() -> None:
    """F33"""
    removed = remember_the_removed()

    @instead_of(workspaces, "of_account")
    def stale(original, tx, account_id):
        return original(tx, account_id) + [workspaces.view(tx, workspace_id, Role.VIEWER) for workspace_id, who in removed if who == account_id]


@breaks({REMOVED: "coming back in by the invitation of before must be refused"})
def a_removed_member_comes_back_by_the_old_invitation() -> None:
    """F05"""

    @instead_of(invitations, "find")
    def reusable(original, tx, token):
        row = tx.execute("SELECT * FROM invitations WHERE token_digest = ?", (digest(token),)).fetchone()
        return row if row and row["state"] == "accepted" else original(tx, token)


@breaks({REMOVED: "seats used .*never 1"})
def a_removed_member_keeps_the_seat() -> None:
    """F21"""
    removed = remember_the_removed()

    @instead_of(quotas, "used")
    def swollen(original, tx, workspace_id, dimension):
        kept = sum(place == workspace_id for place, _ in removed) if dimension is Dimension.SEATS else 0
        return original(tx, workspace_id, dimension) + kept


def remember_the_removed() -> list[tuple[str, str]]:
    removed: list[tuple[str, str]] = []

    @instead_of(workspaces, "remove")
    def noted(original, tx, actor, workspace_id, account_id):
        original(tx, actor, workspace_id, account_id)
        removed.append((workspace_id, account_id))

    return removed


# -- live editing ------------------------------------------------------------------------------------------------------

LIVE = "collaboration.live-editing"


@breaks({LIVE: "the editor's text .* never complete"})
def what_others_type_is_not_sent_on() -> None:
    """F39"""

    @instead_of(live_api, "_told")
    def mute(original, edit, connection):
        told = original(edit, connection)
        return told if told["type"] == "ack" else {"type": "presence", "present": []}


@breaks({LIVE: "the live document's connection was dropped"})
def who_types_is_dropped() -> None:
    """F38"""

    @instead_of(live_api.Sitting, "apply")
    def cut(original, sitting, message, origin):
        raise RuntimeError("cut")


@breaks({LIVE: "the editor's text .* never complete|connection was dropped"})
def who_listens_is_dropped() -> None:
    """F38"""

    @instead_of(live_api.Sitting, "news")
    def cut(original, sitting):
        edits = original(sitting)
        if edits and sitting.revision > 1:
            raise RuntimeError("cut")
        return edits


@breaks({LIVE: "the editor's text .* never complete|said nothing"})
def of_two_who_type_at_once_one_is_lost() -> None:
    """F30"""

    @instead_of(documents, "edit")
    def last_one_wins(original, tx, actor, document_id, base, splice, origin):
        document = documents.writable(tx, actor, document_id)
        if base < document.version:
            splice = dataclasses.replace(splice, insert="")
            base = document.version
        return original(tx, actor, document_id, base, splice, origin)


@breaks({LIVE: "the two editors' texts|something stands there twice"})
def what_is_typed_at_once_is_not_transformed() -> None:
    @instead_of(documents, "transform")
    def literal(original, edit, over, *, earlier):
        return edit


@breaks({LIVE: "something stands there twice"})
def what_is_typed_stands_there_twice() -> None:
    @instead_of(documents, "edit")
    def doubled(original, tx, actor, document_id, base, splice, origin):
        edited = original(tx, actor, document_id, base, splice, origin)
        return original(tx, actor, document_id, edited.version, splice, "nobody") if "mine" in splice.insert else edited


@breaks({LIVE: "what is stored is not what the editors show"})
def what_is_typed_is_not_kept() -> None:
    """F14"""

    @instead_of(documents, "readable")
    def first_draft(original, tx, actor, document_id):
        document = original(tx, actor, document_id)
        return dataclasses.replace(document, body="begin.") if sys._getframe(2).f_code.co_name == "show" else document


@breaks({LIVE: "shown as present"})
def only_oneself_is_shown_as_present() -> None:
    @instead_of(live.Hub, "present")
    def lonely(original, hub, document_id):
        return original(hub, document_id)[:1]


@breaks({LIVE: "those shown as present .* never"})
def who_left_is_still_shown_as_present() -> None:
    @instead_of(live.Hub, "leave")
    def haunted(original, hub, document_id, connection):
        return None


# -- coming in twice, or as a stranger; going ---------------------------------------------------------------------------

NEWCOMER, AGAIN, LEAVE = "collaboration.invited-newcomer", "collaboration.invited-again", "collaboration.leave"
FURTHER, PROJECTS, ANYWHERE = "collaboration.further-workspace", "collaboration.roles-over-projects", "collaboration.editing-anywhere"


@breaks({NEWCOMER: "should be editor, and is no member"})
def who_signs_up_from_an_invitation_does_not_come_in() -> None:
    """F36"""

    @instead_of(invitations, "join_from_sign_up")
    def nothing(original, tx, account):
        return False


@breaks({NEWCOMER: "should be editor, and is admin"})
def who_signs_up_from_an_invitation_comes_in_as_admin() -> None:
    @instead_of(invitations, "join_from_sign_up")
    def promoted(original, tx, account):
        tx.execute("UPDATE invitations SET role = 'admin' WHERE id = ?", (account["invitation_id"],))
        return original(tx, account)


@breaks({NEWCOMER: "is still open"})
def an_invitation_is_still_open_after_a_sign_up_from_it() -> None:
    @instead_of(invitations, "join_from_sign_up")
    def open_still(original, tx, account):
        joined = original(tx, account)
        tx.execute("UPDATE invitations SET state = 'pending' WHERE id = ?", (account["invitation_id"],))
        return joined


@breaks({AGAIN: "seats used .*never 2"})
def a_second_invitation_leaves_the_first_open() -> None:
    class Unchanging:
        """A transaction that supersedes nothing."""

        def __init__(self, tx) -> None:
            self.tx = tx

        def execute(self, query, *values):
            return None if "'superseded'" in query else self.tx.execute(query, *values)

    @instead_of(invitations, "invite")
    def beside(original, tx, *given):
        return original(Unchanging(tx), *given)

    @instead_of(quotas, "require_room")
    def plain(original, tx, *given, **named):
        original(getattr(tx, "tx", tx), *given, **named)


@breaks({AGAIN: "should be viewer, and is admin"})
def who_is_invited_again_keeps_the_first_role() -> None:
    @instead_of(invitations, "_take_seat")
    def first_role(original, tx, invitation, account_id):
        rows = tx.execute("SELECT * FROM invitations WHERE workspace_id = ? AND email = ?", (invitation["workspace_id"], invitation["email"])).fetchall()
        return original(tx, dict(invitation) | {"role": min(rows, key=lambda row: row["created_at"])["role"]}, account_id)


@breaks({LEAVE: "unexpectedly refused: forbidden"})
def only_admins_can_leave() -> None:
    TERMS[Right.LEAVE] = Terms(Role.ADMIN, when_suspended=True)


@breaks({LEAVE: "reading a document after leaving, by the session must be refused"}, also={"collaboration.last-owner", "collaboration.transfer"})
def leaving_does_nothing() -> None:
    """F33"""

    @instead_of(workspaces, "leave")
    def nothing(original, tx, actor, workspace_id):
        role = roles.role_of(tx, actor.id, workspace_id)
        if role is Role.OWNER:
            original(tx, actor, workspace_id)


# -- a further workspace ------------------------------------------------------------------------------------------------


@breaks({FURTHER: "must be refused as 'not found' or 'forbidden', but was accepted"})
def deleting_a_workspace_does_nothing() -> None:
    """F27"""

    @instead_of(workspaces, "delete")
    def nothing(original, tx, actor, workspace_id):
        roles.require(tx, actor, workspace_id, Right.DELETE_WORKSPACE)


@breaks({FURTHER: "unexpectedly refused: not found|a project of another was deleted"})
def deleting_a_workspace_deletes_the_others_too() -> None:
    """F28"""

    @instead_of(workspaces, "delete")
    def ruthless(original, tx, actor, workspace_id):
        original(tx, actor, workspace_id)
        for each in workspaces.only_owned_by(tx, actor.id):
            tx.execute("DELETE FROM projects WHERE workspace_id = ?", (each,))


@breaks({FURTHER: "renaming a workspace as who may only write there must be refused"})
def anybody_can_rename_a_workspace() -> None:
    """F32"""
    TERMS[Right.RENAME_WORKSPACE] = Terms(Role.VIEWER)


@breaks({FURTHER: "deleting a workspace as who may only write there must be refused"})
def anybody_can_delete_a_workspace() -> None:
    """F32"""
    TERMS[Right.DELETE_WORKSPACE] = Terms(Role.VIEWER, when_suspended=True)


@breaks({FURTHER: "a workspace that was renamed to"})
def a_workspace_keeps_its_old_name() -> None:
    @instead_of(workspaces, "rename")
    def forgetful(original, tx, actor, workspace_id, name):
        role = roles.require(tx, actor, workspace_id, Right.RENAME_WORKSPACE)
        return workspaces.view(tx, workspace_id, role)


@breaks({FURTHER: "a new workspace lists a project of another"})
def every_workspace_lists_all_that_its_founder_owns() -> None:
    """F34"""

    @instead_of(projects, "listed")
    def everything(original, tx, actor, workspace_id, **named):
        return [found for each in workspaces.of_account(tx, actor.id) for found in original(tx, actor, each["id"], **named)]


# -- rights, one by one -------------------------------------------------------------------------------------------------


@breaks({PROJECTS: "as viewer, the action 'archive' must be refused as 'forbidden', but was accepted"})
def viewers_can_archive() -> None:
    """F32"""
    TERMS[Right.ARCHIVE_PROJECT] = Terms(Role.VIEWER)


@breaks({PROJECTS: "as editor, the action 'restore' must be refused as .*, but was accepted"})
def editors_can_restore() -> None:
    """F32"""
    TERMS[Right.RESTORE_PROJECT] = TERMS[Right.LIST_DELETED] = Terms(Role.EDITOR)


@breaks({PROJECTS: "as admin, the action 'purge' must be refused as .*, but was accepted"})
def admins_can_purge() -> None:
    """F32"""
    TERMS[Right.PURGE_PROJECT] = Terms(Role.ADMIN)


@breaks({PROJECTS: "as editor, the action 'retry' must be refused as 'forbidden', but was accepted"})
def editors_can_retry() -> None:
    """F32"""
    TERMS[Right.RETRY_PROJECT] = Terms(Role.EDITOR)


@breaks({PROJECTS: "unexpectedly refused: forbidden"})
def editors_cannot_archive() -> None:
    """F26"""
    TERMS[Right.ARCHIVE_PROJECT] = Terms(Role.OWNER)


@breaks({PROJECTS: "unexpectedly refused: forbidden"})
def admins_cannot_restore() -> None:
    """F26"""
    TERMS[Right.RESTORE_PROJECT] = Terms(Role.OWNER)


@breaks({MATRIX: "as viewer, to change a document must be refused as 'forbidden', but was accepted"})
def viewers_can_change_documents() -> None:
    """F32"""

    @instead_of(documents, "save")
    def lenient(original, *given):
        strict, TERMS[Right.WRITE_DOCUMENTS] = TERMS[Right.WRITE_DOCUMENTS], Terms(Role.VIEWER)
        try:
            return original(*given)
        finally:
            TERMS[Right.WRITE_DOCUMENTS] = strict


@breaks({MATRIX: "unexpectedly refused: forbidden"})
def only_owners_can_change_documents() -> None:
    """F32"""

    @instead_of(documents, "save")
    def strict(original, tx, actor, document_id, *given):
        document = documents.readable(tx, actor, document_id)
        if roles.role_of(tx, actor.id, document.workspace_id) is not Role.OWNER:
            raise refusals.forbidden("the role owner")
        return original(tx, actor, document_id, *given)


@breaks({MATRIX: "as viewer, to write in the live editor must be refused as 'forbidden', but was accepted"})
def viewers_can_write_in_the_live_editor() -> None:
    """F32"""

    @instead_of(documents, "edit")
    def lenient(original, *given):
        strict, documents.writable = documents.writable, documents.readable
        try:
            return original(*given)
        finally:
            documents.writable = strict


@breaks({MATRIX: "as editor, to remove a member must be refused as 'forbidden', but was accepted"})
def editors_can_remove_members() -> None:
    """F32"""

    @instead_of(workspaces, "remove")
    def lenient(original, *given):
        strict, TERMS[Right.MANAGE_MEMBERS] = TERMS[Right.MANAGE_MEMBERS], Terms(Role.EDITOR)
        try:
            original(*given)
        finally:
            TERMS[Right.MANAGE_MEMBERS] = strict


@breaks({MATRIX: "as admin, to invite an owner must be refused as 'forbidden', but was accepted"})
def admins_can_invite_owners() -> None:
    """F32"""

    @instead_of(invitations, "invite")
    def lenient(original, *given):
        strict, TERMS[Right.MANAGE_OWNERS] = TERMS[Right.MANAGE_OWNERS], Terms(Role.ADMIN)
        try:
            return original(*given)
        finally:
            TERMS[Right.MANAGE_OWNERS] = strict


@breaks({MATRIX: "to hand the workspace over must be refused as 'forbidden', but was accepted"})
def anybody_can_hand_the_workspace_over() -> None:
    """F32"""
    TERMS[Right.TRANSFER] = Terms(Role.VIEWER)


@breaks({MATRIX: "as admin, to make one of two owners less must be refused as 'forbidden', but was accepted"})
def admins_rule_over_owners() -> None:
    """F32"""

    @instead_of(workspaces, "_manage")
    def lenient(original, tx, actor, workspace_id, account_id):
        roles.require(tx, actor, workspace_id, Right.MANAGE_MEMBERS)
        return workspaces._role_of_member(tx, workspace_id, account_id)


@breaks({REMOVED: "looking who is in the workspace after being removed, by the session must be refused"})
def anybody_sees_the_members() -> None:
    """F34"""

    @instead_of(workspaces, "members")
    def open_book(original, tx, actor, workspace_id):
        return workspaces.roster(tx, workspace_id)


@breaks({REMOVED: "looking who is invited after being removed, by the session must be refused"})
def anybody_sees_the_invitations() -> None:
    """F34"""

    @instead_of(invitations, "listing")
    def open_book(original, tx, actor, workspace_id):
        return [invitations.view(row) for row in tx.execute("SELECT * FROM invitations WHERE workspace_id = ?", (workspace_id,))]


@breaks({REMOVED: "reading the usage of the workspace after being removed, by the session must be refused"})
def anybody_sees_the_usage() -> None:
    """F34"""

    @instead_of(roles, "require")
    def lenient(original, tx, actor, workspace_id, right):
        return Role.VIEWER if sys._getframe(2).f_code.co_name == "usage" else original(tx, actor, workspace_id, right)


# -- writing anywhere ---------------------------------------------------------------------------------------------------


@breaks({ANYWHERE: "the editor's text .*never|stored is"})
def what_was_written_before_an_edit_does_not_move_it() -> None:
    """F30"""

    @instead_of(documents, "transform")
    def still(original, edit, over, *, earlier):
        return edit if over.at == 0 and not over.delete else original(edit, over, earlier=earlier)


@breaks({ANYWHERE: "the editor's text .*never|stored is|invalid input"})
def what_was_struck_out_before_an_edit_does_not_move_it() -> None:
    """F30"""

    @instead_of(documents, "transform")
    def growing(original, edit, over, *, earlier):
        return dataclasses.replace(edit, at=edit.at + len(over.insert)) if over.delete and over.end <= edit.at else original(edit, over, earlier=earlier)


@breaks({ANYWHERE: "whoever opens the document later is shown"})
def who_opens_a_document_later_is_shown_its_beginning() -> None:
    """F31"""
    first: dict[str, str] = {}

    @instead_of(live_api.Sitting, "open")
    def stale(original, sitting):
        actor, document = original(sitting)
        return actor, dataclasses.replace(document, body=first.setdefault(document.id, document.body))


@breaks({ANYWHERE: "the editor's text .*never|stored is"})
def live_positions_count_a_smiley_twice() -> None:
    """F43"""

    @instead_of(documents, "edit")
    def in_utf16(original, tx, actor, document_id, base, splice, origin):
        body = documents.readable(tx, actor, document_id).body
        at = splice.at - sum(ord(each) > 0xFFFF for each in body[: splice.at])
        return original(tx, actor, document_id, base, dataclasses.replace(splice, at=at), origin)


@breaks({"collaboration.further-workspace": "a new workspace has 1 projects used of 2, where it should be 0 of 2"})
def workspaces_of_one_account_share_their_places() -> None:
    """F20"""

    @instead_of(quotas, "used")
    def shared(original, tx, workspace_id, dimension):
        query = (
            "SELECT workspace_id FROM members WHERE role = 'owner' AND account_id IN (SELECT account_id FROM members WHERE workspace_id = ? AND role = 'owner')"
        )
        return sum(original(tx, row["workspace_id"], dimension) for row in tx.execute(query, (workspace_id,)).fetchall())

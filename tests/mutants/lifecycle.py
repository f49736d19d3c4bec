"""What can be wrong with what is done to a project that exists."""

from __future__ import annotations

import dataclasses
import html
import sys
from contextvars import ContextVar

from products.cloudsuite.app import clock, refusals, transitions, web
from products.cloudsuite.app.api import live as live_api
from products.cloudsuite.app.domain import audit, documents, projects, provisioning, quotas, resources, roles
from products.cloudsuite.app.domain.roles import TERMS, Right, Role, Terms
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.domain.splices import Splice
from products.cloudsuite.app.refusals import Refusal
from products.cloudsuite.app.transitions import RULES, Action, State
from tests.mutants.mutant import breaks, instead_of


def change_rule(action: Action, **changes: object) -> None:
    RULES[action] = dataclasses.replace(RULES[action], **changes)


def writable_though(state: State) -> None:
    """Let documents be written in a state that forbids it."""

    @instead_of(documents, "_ready")
    def lenient(original, tx, actor, project_id):
        project = projects.load(tx, project_id)
        return project if project.state is state else original(tx, actor, project_id)


def changeable_though(state: State) -> None:
    """Let documents that exist be changed in a state that forbids it; new ones are refused as they should be."""

    @instead_of(documents, "writable")
    def lenient(original, tx, actor, document_id):
        document = documents.readable(tx, actor, document_id)
        return document if projects.load(tx, document.project_id).state is state else original(tx, actor, document_id)


def editable_live_though(state: State) -> None:
    """Let editors that are open go on in a state that forbids it; saving is refused as it should be."""

    @instead_of(documents, "writable")
    def lenient(original, tx, actor, document_id):
        document = documents.readable(tx, actor, document_id)
        live = sys._getframe(2).f_code.co_name in {"edit", "hindrance"}
        return document if live and projects.load(tx, document.project_id).state is state else original(tx, actor, document_id)


# -- suspended ---------------------------------------------------------------------------------------------------------


@breaks({"lifecycle.suspend-resume": "changing a document of a suspended project must be refused as 'suspended', but was accepted"}, quick=True)
def a_suspended_project_can_be_written() -> None:
    """F29"""
    writable_though(State.SUSPENDED)


@breaks({"lifecycle.suspend-resume": "changing a document of a suspended project must be refused as 'suspended', but was accepted"})
def a_suspended_projects_documents_can_be_changed() -> None:
    """F29"""
    changeable_though(State.SUSPENDED)


@breaks({"lifecycle.suspend-resume": "the open editor .*still writing.* never cut off"})
def an_editor_open_before_the_suspension_goes_on() -> None:
    """F29"""
    editable_live_though(State.SUSPENDED)


@breaks({"lifecycle.suspend-resume": "must be refused as 'suspended', but was refused: not found"})
def suspending_loses_documents() -> None:
    """F28"""
    loses_documents_on(Action.SUSPEND)


@breaks({"lifecycle.suspend-resume": "unexpectedly refused"})
def a_resumed_project_cannot_be_written() -> None:
    """F26"""
    sealed_after(Action.RESUME, refusals.project_suspended)


# -- archived ----------------------------------------------------------------------------------------------------------


@breaks({"lifecycle.archive-read-only": "changing a document of an archived project must be refused as 'read-only', but was accepted"})
def an_archived_project_can_be_written() -> None:
    writable_though(State.ARCHIVED)


@breaks({"lifecycle.archive-read-only": "changing a document of an archived project must be refused as 'read-only', but was accepted"})
def an_archived_projects_documents_can_be_changed() -> None:
    changeable_though(State.ARCHIVED)


@breaks({"lifecycle.archive-read-only": "the open editor .*still writing.* never cut off"})
def an_editor_open_before_the_archive_goes_on() -> None:
    editable_live_though(State.ARCHIVED)


@breaks({"lifecycle.archive-read-only": "unexpectedly refused: not found"})
def archiving_loses_documents() -> None:
    """F28"""
    loses_documents_on(Action.ARCHIVE)


@breaks({"lifecycle.archive-read-only": "unexpectedly refused: read-only"})
def an_unarchived_project_stays_read_only() -> None:
    sealed_after(Action.UNARCHIVE, refusals.project_read_only)


def loses_documents_on(action: Action) -> None:
    @instead_of(projects, "move")
    def careless(original, tx, settings, project, asked, *given, **named):
        if asked is action:
            tx.execute("DELETE FROM documents WHERE project_id = ?", (project.id,))
        return original(tx, settings, project, asked, *given, **named)


def sealed_after(action: Action, refusal) -> None:
    @instead_of(documents, "_ready")
    def sealed(original, tx, actor, project_id):
        if tx.execute("SELECT 1 FROM audit WHERE project_id = ? AND action = ?", (project_id, action)).fetchone():
            raise refusal()
        return original(tx, actor, project_id)


# -- illegal transitions -----------------------------------------------------------------------------------------------

ILLEGAL = "lifecycle.illegal-transitions"


@breaks({ILLEGAL: "the action 'archive' on a project that is failed must be refused as 'illegal transition', but was accepted"}, quick=True)
def a_failed_project_can_be_archived() -> None:
    """F25"""
    change_rule(Action.ARCHIVE, moves={State.ACTIVE: State.ARCHIVED, State.FAILED: State.ARCHIVED})


@breaks({ILLEGAL: "the action 'unarchive' on a project that is cancelled must be refused as 'illegal transition', but was accepted"})
def a_cancelled_project_can_be_brought_to_life() -> None:
    """F25"""
    change_rule(Action.UNARCHIVE, moves={State.ARCHIVED: State.ACTIVE, State.CANCELLED: State.ACTIVE})


@breaks({ILLEGAL: "the action 'resume' on a project that is archived must be refused as 'illegal transition', but was accepted"})
def an_archived_project_can_be_resumed() -> None:
    """F25"""
    change_rule(Action.RESUME, moves={State.SUSPENDED: State.ACTIVE, State.ARCHIVED: State.ACTIVE})


@breaks({ILLEGAL: "the action 'purge' on a project that is active must be refused as 'illegal transition', but was accepted"})
def a_live_project_can_be_purged() -> None:
    """F25"""
    change_rule(Action.PURGE, moves={State.DELETED: State.PURGED, State.ACTIVE: State.PURGED})


@breaks({ILLEGAL: "must be refused as 'illegal transition', but was accepted"})
def what_is_illegal_is_passed_over_in_silence() -> None:
    @instead_of(projects, "next_state")
    def mild(original, *given):
        try:
            return original(*given)
        except transitions.IllegalTransition:
            return None


@breaks({ILLEGAL: "was refused, and yet took the project from"})
def what_is_refused_is_done_nevertheless() -> None:
    @instead_of(projects, "move")
    def hasty(original, tx, settings, project, action, *given, **named):
        try:
            return original(tx, settings, project, action, *given, **named)
        except Refusal:
            if action is Action.ARCHIVE and project.state is State.SUSPENDED:
                tx.execute("UPDATE projects SET state = 'archived' WHERE id = ?", (project.id,))
                tx.execute("COMMIT")
            raise


# -- once more ---------------------------------------------------------------------------------------------------------


@breaks({"lifecycle.repeat-is-idempotent": "unexpectedly refused: illegal transition"})
def a_repeated_request_is_refused() -> None:
    """F26"""
    change_rule(Action.ARCHIVE, done=frozenset())


@breaks({"lifecycle.repeat-is-idempotent": "repeating 'archive' left another entry in the audit log"})
def a_repeated_request_is_done_again() -> None:
    change_rule(Action.ARCHIVE, moves={State.ACTIVE: State.ARCHIVED, State.ARCHIVED: State.ARCHIVED}, done=frozenset())


# -- deleting ----------------------------------------------------------------------------------------------------------


def undeletable(*states: State) -> None:
    change_rule(Action.DELETE, moves={state: target for state, target in RULES[Action.DELETE].moves.items() if state not in states})


@breaks({"lifecycle.delete-from-every-state": "unexpectedly refused: illegal transition.*failed"})
def a_failed_project_cannot_be_deleted() -> None:
    """F26"""
    undeletable(State.FAILED)


@breaks({"lifecycle.delete-from-every-state": "unexpectedly refused: illegal transition.*suspended"})
def a_suspended_project_cannot_be_deleted() -> None:
    """F26"""
    undeletable(State.SUSPENDED)


@breaks({"lifecycle.delete-from-every-state": "unexpectedly refused: illegal transition.*archived"})
def an_archived_project_cannot_be_deleted() -> None:
    """F26"""
    undeletable(State.ARCHIVED)


@breaks({"lifecycle.delete-from-every-state": "unexpectedly refused: illegal transition.*cancelled"})
def a_cancelled_project_cannot_be_deleted() -> None:
    """F26"""
    undeletable(State.CANCELLED)


@breaks({"lifecycle.soft-delete-hides": "stayed deleted .*never hidden"}, blocks=True)
def a_deleted_project_is_still_shown() -> None:
    """F27"""

    @instead_of(projects, "readable")
    def open_grave(original, tx, actor, project_id):
        project = projects.load(tx, project_id)
        role = roles.role_of(tx, actor.id, project.workspace_id)
        return (project, role) if role and project.state is State.DELETED else original(tx, actor, project_id)


@breaks({"lifecycle.soft-delete-hides": "listed, though it cannot be opened.* never hidden"})
def a_deleted_project_is_still_listed() -> None:
    """F27"""

    @instead_of(projects, "listed")
    def crowded(original, tx, actor, workspace_id, *, deleted=False):
        found = original(tx, actor, workspace_id, deleted=deleted)
        rows = tx.execute("SELECT * FROM projects WHERE workspace_id = ? AND state = 'deleted'", (workspace_id,))
        return found if deleted else found + [projects._project(row) for row in rows]


@breaks({"lifecycle.soft-delete-hides": "reading a document of a deleted project as its owner must be refused"})
def a_deleted_projects_documents_can_be_read() -> None:
    """F27"""

    @instead_of(documents, "readable")
    def open_grave(original, tx, actor, document_id):
        document = documents._load(tx, document_id)
        gone = projects.load(tx, document.project_id).state is State.DELETED
        return document if gone and roles.role_of(tx, actor.id, document.workspace_id) else original(tx, actor, document_id)


@breaks({"lifecycle.soft-delete-hides": "as an API token must be refused"})
def a_deleted_project_is_shown_to_tokens() -> None:
    """F27"""

    @instead_of(projects, "readable")
    def open_grave(original, tx, actor, project_id):
        project = projects.load(tx, project_id)
        role = roles.role_of(tx, actor.id, project.workspace_id)
        return (project, role) if role and actor.api_token_id and project.state is State.DELETED else original(tx, actor, project_id)


@breaks({"lifecycle.soft-delete-hides": "the open editor .*still writing.* never cut off"})
def an_editor_open_before_the_deletion_goes_on() -> None:
    """F27"""

    @instead_of(documents, "readable")
    def open_grave(original, tx, actor, document_id):
        live = any(sys._getframe(depth).f_code.co_name in {"edit", "hindrance"} for depth in range(2, 6))
        return documents._load(tx, document_id) if live else original(tx, actor, document_id)

    @instead_of(documents, "_ready")
    def zombie(original, tx, actor, project_id):
        project = projects.load(tx, project_id)
        return project if project.state is State.DELETED else original(tx, actor, project_id)


# -- restoring ---------------------------------------------------------------------------------------------------------


@breaks({"lifecycle.restore": "unexpectedly refused: not found"}, quick=True)
def restoring_loses_a_document() -> None:
    """F28"""

    @instead_of(projects, "move")
    def careless(original, tx, settings, project, action, *given, **named):
        if action is Action.RESTORE:
            tx.execute("DELETE FROM documents WHERE rowid = (SELECT max(rowid) FROM documents WHERE project_id = ?)", (project.id,))
        return original(tx, settings, project, action, *given, **named)


@breaks({"lifecycle.restore": "came back as"})
def restoring_empties_a_document() -> None:
    """F28"""

    @instead_of(projects, "move")
    def careless(original, tx, settings, project, action, *given, **named):
        if action is Action.RESTORE:
            tx.execute("UPDATE documents SET body = '' WHERE project_id = ?", (project.id,))
        return original(tx, settings, project, action, *given, **named)


@breaks({"lifecycle.restore": "archived .*never active"})
def a_restored_project_is_in_another_state() -> None:
    @instead_of(projects, "next_state")
    def elsewhere(original, state, action, before):
        return State.ARCHIVED if action is Action.RESTORE else original(state, action, before)


@breaks({"lifecycle.restore": "and came back as"})
def a_restored_project_has_another_tier() -> None:
    @instead_of(projects, "move")
    def cheaper(original, tx, settings, project, action, *given, **named):
        if action is Action.RESTORE:
            tx.execute("UPDATE projects SET tier = 'standard' WHERE id = ?", (project.id,))
        return original(tx, settings, project, action, *given, **named)


@breaks({"lifecycle.restore": "projects used .*never 1"})
def a_restored_project_is_not_counted() -> None:
    """F22: free growth."""
    used = quotas.USED[quotas.Dimension.PROJECTS]
    restored = "SELECT project_id FROM audit WHERE action = 'restore'"
    quotas.USED[quotas.Dimension.PROJECTS] = f"{used} AND id NOT IN ({restored})"


@breaks({"lifecycle.restore": "unexpectedly refused"})
def a_restored_project_cannot_be_written() -> None:
    sealed_after(Action.RESTORE, refusals.project_read_only)


# -- names -------------------------------------------------------------------------------------------------------------


@breaks({"lifecycle.name-reuse": "unexpectedly refused: already taken"})
def a_deleted_project_keeps_its_name() -> None:
    @instead_of(projects, "_require_free_name")
    def jealous(original, tx, workspace_id, name, besides=""):
        gone = tx.execute("SELECT 1 FROM projects WHERE workspace_id = ? AND name_key = ? AND state = 'deleted'", (workspace_id, name.casefold())).fetchone()
        if gone and sys._getframe(2).f_code.co_name == "create":
            raise refusals.name_taken(name)
        original(tx, workspace_id, name, besides)


@breaks({"lifecycle.name-reuse": "the new project is the deleted one|reading a document of the deleted project in the new one of its name must be refused"})
def a_name_used_again_brings_the_deleted_project_back() -> None:
    @instead_of(projects, "create")
    def reviving(original, tx, settings, actor, workspace_id, *, name, **asked):
        gone = tx.execute("SELECT id FROM projects WHERE workspace_id = ? AND name = ? AND state = 'deleted'", (workspace_id, name)).fetchone()
        if gone is None:
            return original(tx, settings, actor, workspace_id, name=name, **asked)
        return projects.move(tx, settings, projects.load(tx, gone["id"]), Action.RESTORE, actor)


@breaks({"lifecycle.rename": "sees the old name under the old address"})
def a_new_name_is_not_kept() -> None:
    """F30"""

    @instead_of(projects, "rename")
    def pretended(original, tx, actor, project_id, name, version):
        return dataclasses.replace(projects.writable(tx, actor, project_id, Right.RENAME_PROJECT), name=name)


@breaks({"lifecycle.rename": "sees another name in the list"})
def the_list_shows_the_old_name() -> None:
    """F24"""
    old: dict[str, str] = {}

    @instead_of(projects, "rename")
    def remembering(original, tx, actor, project_id, *given):
        old[project_id] = projects.load(tx, project_id).name
        return original(tx, actor, project_id, *given)

    @instead_of(projects, "listed")
    def stale(original, *given, **named):
        return [dataclasses.replace(each, name=old.get(each.id, each.name)) for each in original(*given, **named)]


@breaks({"lifecycle.rename": "unexpectedly refused: not found"})
def renaming_puts_viewers_out() -> None:
    @instead_of(projects, "rename")
    def careless(original, tx, actor, project_id, *given):
        tx.execute("DELETE FROM members WHERE role = 'viewer' AND workspace_id = ?", (projects.load(tx, project_id).workspace_id,))
        return original(tx, actor, project_id, *given)


@breaks({"lifecycle.rename": "renaming as a viewer must be refused as 'forbidden', but was accepted"})
def viewers_can_rename() -> None:
    TERMS[Right.RENAME_PROJECT] = Terms(Role.VIEWER)


# -- saving ------------------------------------------------------------------------------------------------------------


@breaks(
    {"lifecycle.stale-update": "saving a document on a version that is no more the newest must be refused as 'stale version', but was accepted"}, quick=True
)
def the_last_save_wins() -> None:
    """F30"""

    @instead_of(documents, "save")
    def careless(original, tx, actor, document_id, body, version):
        return original(tx, actor, document_id, body, documents.readable(tx, actor, document_id).version)


@breaks({"lifecycle.archive-read-only": "a project was archived with all that it holds, and the storage in use is"})
def what_archived_projects_hold_does_not_count() -> None:
    """F20"""
    quotas.USED[quotas.Dimension.STORAGE] += " AND projects.state <> 'archived'"


@breaks({"lifecycle.suspend-resume": "ending the suspension oneself must be refused"})
def the_operators_door_is_open_to_customers() -> None:
    """F29"""

    @instead_of(web, "require_operator")
    def anybody(original, request): ...


@breaks({"lifecycle.rename": "giving a project another name that was given one meanwhile must be refused as 'stale version', but was accepted"})
def whoever_gives_a_name_last_wins() -> None:
    @instead_of(projects, "rename")
    def at_any_version(original, tx, actor, project_id, name, version):
        return original(tx, actor, project_id, name, projects.load(tx, project_id).version)


@breaks({"lifecycle.rename": "giving a project another name that was given one meanwhile must be refused as 'stale version', but was accepted"})
def a_name_makes_no_new_version() -> None:
    @instead_of(projects, "rename")
    def same_version(original, tx, actor, project_id, name, version):
        original(tx, actor, project_id, name, version)
        tx.execute("UPDATE projects SET version = ? WHERE id = ?", (version, project_id))
        return projects.load(tx, project_id)


@breaks({"lifecycle.stale-update": "what was saved first is gone"})
def a_stale_save_is_refused_and_made() -> None:
    """F30"""

    @instead_of(documents, "save")
    def hasty(original, tx, actor, document_id, body, version):
        try:
            return original(tx, actor, document_id, body, version)
        except Refusal as refusal:
            if refusal.code == "version_conflict":
                tx.execute("UPDATE documents SET body = ? WHERE id = ?", (body, document_id))
                tx.execute("COMMIT")
            raise


@breaks({"lifecycle.read-after-write": "is read by who saved it as 'at first'"}, quick=True)
def what_was_saved_is_shown_as_before() -> None:
    """F31"""
    before: dict[str, documents.Document] = {}
    saved: ContextVar[str] = ContextVar("saved", default="")

    @instead_of(documents, "save")
    def remembering(original, tx, actor, document_id, *given):
        before[document_id] = documents.readable(tx, actor, document_id)
        saved.set(document_id)
        return original(tx, actor, document_id, *given)

    @instead_of(documents, "describe")
    def lagging(original, document, *, body=True):
        return original(document if saved.get() == document.id else before.get(document.id, document), body=body)


@breaks({"lifecycle.read-after-write": "is read in another window as 'at first'"})
def what_was_saved_is_forgotten_after_a_few_looks() -> None:
    """F31"""
    before: dict[str, list[documents.Document]] = {}

    @instead_of(documents, "save")
    def remembering(original, tx, actor, document_id, *given):
        old = documents.readable(tx, actor, document_id)
        made = original(tx, actor, document_id, *given)
        before[document_id] = [made] * 5 + [old]  # one look is the answer to the save
        return made

    @instead_of(documents, "describe")
    def forgetting(original, document, *, body=True):
        shown = before.get(document.id, [document])
        return original(shown.pop(0) if len(shown) > 1 else shown[0], body=body)


# -- the audit log -----------------------------------------------------------------------------------------------------

AUDIT = "lifecycle.audit-trail"


@breaks({AUDIT: "the audit log ends with"})
def what_the_operator_does_is_not_in_the_log() -> None:
    """F37"""

    @instead_of(audit, "record")
    def discreet(original, tx, project_id, by, *given):
        if by != "operator":
            original(tx, project_id, by, *given)


@breaks({AUDIT: "the audit log should begin with the making of the project"})
def the_making_is_not_in_the_log() -> None:
    """F37"""

    @instead_of(audit, "record")
    def late(original, tx, project_id, by, action, *given):
        if action != "create":
            original(tx, project_id, by, action, *given)


@breaks({AUDIT: "the audit log should begin with the making of the project by"})
def the_log_names_another_actor() -> None:
    """F37"""

    @instead_of(audit, "record")
    def wrong(original, tx, project_id, by, *given):
        original(tx, project_id, "system" if isinstance(by, Actor) else by, *given)


@breaks({AUDIT: "the audit log ends with"})
def everything_is_in_the_log_twice() -> None:
    """F37"""

    @instead_of(audit, "record")
    def twice(original, *given):
        original(*given)
        original(*given)


@breaks({AUDIT: "done between .*, the entries say"})
def the_log_is_an_hour_off() -> None:
    """F52"""

    @instead_of(audit, "record")
    def summer_time(original, tx, project_id, *given):
        original(tx, project_id, *given)
        tx.execute("UPDATE audit SET at = ? WHERE id = (SELECT max(id) FROM audit)", (clock.now() + 3600,))


@breaks({AUDIT: "the audit log should begin with the making of the project by"})
def the_log_is_upside_down() -> None:
    @instead_of(audit, "of_project")
    def newest_first(original, tx, project_id):
        return original(tx, project_id)[::-1]


# -- the documents of a project ----------------------------------------------------------------------------------------

LISTED, DROPPED = "lifecycle.document-list", "lifecycle.document-deleted"


@breaks({LISTED: r"of \d documents .* is shown 0"}, also={DROPPED}, quick=True)
def the_list_of_documents_is_empty() -> None:
    @instead_of(documents, "of_project")
    def nothing(original, *given):
        return []


@breaks({LISTED: r"of \d documents .* is shown 1"}, also={DROPPED})
def only_the_newest_document_is_listed() -> None:
    @instead_of(documents, "of_project")
    def newest(original, *given):
        return sorted(original(*given), key=lambda each: each.updated_at)[-1:]


@breaks({LISTED: r"of \d documents .* is shown 0"}, also={DROPPED})
def documents_are_listed_to_who_wrote_them_alone() -> None:
    @instead_of(documents, "of_project")
    def own(original, tx, actor, project_id):
        return [each for each in original(tx, actor, project_id) if each.updated_by == actor.email]


@breaks({LISTED: "is read as"}, also={DROPPED})
def a_second_document_overwrites_the_first() -> None:
    @instead_of(documents, "create")
    def overwriting(original, tx, actor, project_id, title, body):
        tx.execute("UPDATE documents SET body = ? WHERE project_id = ?", (body, project_id))
        return original(tx, actor, project_id, title, body)


@breaks({DROPPED: "reading a deleted document as .* must be refused|still writing"})
def deleting_a_document_does_nothing() -> None:
    """F27"""

    @instead_of(documents, "delete")
    def nothing(original, tx, actor, document_id):
        documents.writable(tx, actor, document_id)


@breaks({DROPPED: "unexpectedly refused: not found"})
def deleting_a_document_deletes_all_of_the_project() -> None:
    """F28"""

    @instead_of(documents, "delete")
    def wholesale(original, tx, actor, document_id):
        project_id = documents.readable(tx, actor, document_id).project_id
        original(tx, actor, document_id)
        tx.execute("DELETE FROM documents WHERE project_id = ?", (project_id,))


@breaks({DROPPED: "deleting a document as a viewer must be refused as 'forbidden', but was accepted"})
def viewers_can_delete_documents() -> None:
    """F32"""

    @instead_of(documents, "delete")
    def lenient(original, tx, actor, document_id):
        documents.readable(tx, actor, document_id)
        tx.execute("DELETE FROM documents WHERE id = ?", (document_id,))


@breaks({DROPPED: "storage used .*never"})
def a_deleted_document_keeps_its_storage() -> None:
    """F21"""
    kept: dict[str, int] = {}

    @instead_of(documents, "delete")
    def hoarding(original, tx, actor, document_id):
        document = documents.readable(tx, actor, document_id)
        original(tx, actor, document_id)
        kept[document.workspace_id] = kept.get(document.workspace_id, 0) + document.bytes

    @instead_of(quotas, "used")
    def swollen(original, tx, workspace_id, dimension):
        return original(tx, workspace_id, dimension) + (kept.get(workspace_id, 0) if dimension is quotas.Dimension.STORAGE else 0)


@breaks({DROPPED: "the open editor .*still writing.* never cut off"})
def an_editor_goes_on_in_a_deleted_document() -> None:
    @instead_of(live_api.Sitting, "news")
    def deaf(original, sitting):
        try:
            return original(sitting)
        except Refusal as refusal:
            if refusal.code == "not_found":
                return []
            raise

    @instead_of(live_api.Sitting, "apply")
    def blind(original, sitting, message, origin):
        try:
            original(sitting, message, origin)
        except Refusal as refusal:
            if refusal.code != "not_found":
                raise

    @instead_of(live_api, "_answer")
    async def polite(original, socket, sitting, connection, message):
        await original(socket, sitting, connection, message)
        await socket.send_json({"type": "ack", "revision": sitting.revision})


@breaks({"lifecycle.read-after-write": "and the product says that it has"})
def a_part_that_stands_there_twice_cannot_be_taken_out() -> None:
    @instead_of(documents, "difference")
    def overlapping(original, before, after):
        shorter = min(len(before), len(after))
        head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
        tail = next((at for at in range(shorter) if before[-1 - at] != after[-1 - at]), shorter)
        return Splice(head, max(0, len(before) - head - tail), after[head : len(after) - tail])


@breaks({"lifecycle.read-after-write": "and the product says that it has"})
def smileys_are_lost_on_saving() -> None:
    """F14"""

    @instead_of(documents, "save")
    def plain(original, tx, actor, document_id, body, version):
        return original(tx, actor, document_id, "".join(each for each in body if ord(each) <= 0xFFFF), version)


def silent_about(*actions: str) -> None:
    """Leave actions out of the audit log."""

    @instead_of(audit, "record")
    def discreet(original, tx, project_id, by, action, *given):
        if action not in actions:
            original(tx, project_id, by, action, *given)


@breaks({AUDIT: r"the audit log ends with .*\('restore'"})
def a_deletion_is_not_in_the_log() -> None:
    """F37"""
    silent_about("delete")


@breaks({AUDIT: r"the audit log ends with .*\('delete', '[^']*'\)\]$"})
def a_restoration_is_not_in_the_log() -> None:
    """F37"""
    silent_about("restore")


@breaks({AUDIT: "renamed a project, and the audit log ends with"})
def the_log_names_whose_the_project_is_in_place_of_who_acted() -> None:
    """F37"""

    @instead_of(audit, "of_project")
    def flattering(original, tx, project_id):
        owner = tx.execute("SELECT email FROM accounts JOIN projects ON owner_id = accounts.id WHERE projects.id = ?", (project_id,)).fetchone()
        return [each | {"actor": owner["email"]} if owner and "@" in each["actor"] else each for each in original(tx, project_id)]


@breaks({AUDIT: "renamed a project, and the audit log ends with"})
def a_new_name_is_not_in_the_log() -> None:
    """F37"""
    silent_about("rename")


# -- what is deleted ---------------------------------------------------------------------------------------------------

TRASH, PURGE = "lifecycle.trash", "lifecycle.purge"


@breaks({TRASH: "is listed among the deleted ones as nothing"})
def deleted_projects_are_not_listed() -> None:
    @instead_of(projects, "listed")
    def empty(original, tx, actor, workspace_id, *, deleted=False):
        return [] if deleted else original(tx, actor, workspace_id)


@breaks({TRASH: r"is to be kept for 30\.00 days, and the product keeps it for 0\.04"})
def a_deleted_project_is_kept_for_an_hour() -> None:
    """F28"""

    @instead_of(projects, "move")
    def hasty(original, tx, settings, *given, **named):
        return original(tx, dataclasses.replace(settings, retention_seconds=3600.0), *given, **named)


@breaks({TRASH: "was restored, and is still listed among the deleted ones"})
def a_restored_project_is_still_listed_as_deleted() -> None:
    @instead_of(projects, "listed")
    def haunted(original, tx, actor, workspace_id, *, deleted=False):
        found = original(tx, actor, workspace_id, deleted=deleted)
        if not deleted:
            return found
        restored = "SELECT * FROM projects WHERE workspace_id = ? AND id IN (SELECT project_id FROM audit WHERE action = 'restore')"
        return found + [projects._project(row) for row in tx.execute(restored, (workspace_id,)).fetchall()]


@breaks({PURGE: "2000 are once both are deleted for good"})
def deleting_for_good_keeps_the_documents() -> None:
    """F27"""
    quotas.USED[quotas.Dimension.STORAGE] = quotas.USED[quotas.Dimension.STORAGE].replace("AND projects.state <> 'purged'", "")

    @instead_of(projects, "_erase")
    def half_hearted(original, tx, project):
        resources.release(tx, project.id)


@breaks({PURGE: "deleted for good stayed deleted .*never gone"})
def deleting_for_good_does_nothing() -> None:
    """F27"""

    @instead_of(projects, "act")
    def nothing(original, tx, settings, actor, project_id, action):
        return projects.load(tx, project_id) if action is Action.PURGE else original(tx, settings, actor, project_id, action)


@breaks({PURGE: "unexpectedly refused: illegal transition"})
def nothing_can_be_deleted_for_good() -> None:
    """F26"""
    change_rule(Action.PURGE, moves={})


@breaks({PURGE: "unexpectedly refused: forbidden"})
def nobody_may_delete_for_good() -> None:
    """F26"""
    change_rule(Action.PURGE, by=transitions.Service.OPERATOR)


@breaks({PURGE: "restoring a project that was deleted, and whose time is over, must be refused as .*, but was accepted"})
def the_time_to_restore_is_over_only_for_the_list() -> None:
    """F27"""
    provisioning.EXPIRED = "state = 'nothing' AND restore_until <= ?"

    @instead_of(projects, "act")
    def lenient(original, tx, settings, actor, project_id, action):
        project = projects.load(tx, project_id)
        if action is Action.RESTORE and project.state is State.DELETED:
            return projects.move(tx, settings, project, action, actor)
        return original(tx, settings, actor, project_id, action)


@breaks({PURGE: "bytes were stored before two projects were made, and 1000 are once both are deleted for good"})
def what_is_deleted_is_kept_for_ever() -> None:
    """F27"""
    provisioning.EXPIRED = "state = 'nothing' AND restore_until <= ?"


# -- what was left open ------------------------------------------------------------------------------------------------


@breaks({"lifecycle.rename": "renaming a project to the name of another must be refused as 'already taken', but was accepted"})
def a_project_can_be_given_the_name_of_another() -> None:
    @instead_of(projects, "_require_free_name")
    def lax(original, tx, workspace_id, name, besides=""):
        if not besides:
            original(tx, workspace_id, name, besides)


@breaks({"lifecycle.rename": "unexpectedly refused: already taken"})
def an_old_name_is_never_free_again() -> None:
    given = set()

    @instead_of(projects, "create")
    def jealous(original, tx, settings, actor, workspace_id, *, name, **asked):
        if (workspace_id, name) in given:
            raise refusals.name_taken(name)
        given.add((workspace_id, name))
        return original(tx, settings, actor, workspace_id, name=name, **asked)


@breaks({"lifecycle.rename": "sees another name in the list|sees the old name under the old address"})
def names_lose_what_is_not_ascii() -> None:
    @instead_of(projects, "clean_name")
    def mangled(original, text, field="name"):
        return original(text.encode("ascii", "replace").decode(), field)


@breaks({"lifecycle.rename": "sees another name in the list|sees the old name under the old address"})
def names_are_escaped_twice() -> None:
    @instead_of(projects, "describe")
    def escaped(original, tx, project):
        shown = original(tx, project)
        return shown | {"name": html.escape(project.name)}


@breaks({"lifecycle.archive-read-only": "renaming an archived project must be refused as .*, but was accepted"})
def an_archived_project_can_be_renamed() -> None:
    renameable_though(State.ARCHIVED)


@breaks({"lifecycle.suspend-resume": "renaming a suspended project must be refused as .*, but was accepted"})
def a_suspended_project_can_be_renamed() -> None:
    """F29"""
    renameable_though(State.SUSPENDED)


def renameable_though(state: State) -> None:
    """Let a project be renamed in a state that forbids it."""

    @instead_of(projects, "writable")
    def lenient(original, tx, actor, project_id, right):
        project, _ = projects.readable(tx, actor, project_id)
        return project if right is Right.RENAME_PROJECT and project.state is state else original(tx, actor, project_id, right)


@breaks({"lifecycle.suspend-resume": "a resumed project still says why it was suspended: synthetic check"})
def a_resumed_project_says_why_it_was_suspended() -> None:
    reasons_stay_after(Action.RESUME)


def reasons_stay_after(action: Action) -> None:
    """Keep the reason of a state that is over."""

    @instead_of(projects, "_reason")
    def sticky(original, project, asked, given):
        return project.reason if asked is action else original(project, asked, given)


@breaks({"lifecycle.archive-read-only": "1 projects are there, one of them archived, and 0 count as used"})
def an_archived_project_takes_no_place() -> None:
    """F19: archive one, and make another."""
    quotas.USED[quotas.Dimension.PROJECTS] += " AND state <> 'archived'"


@breaks({"lifecycle.name-reuse": "restoring a project whose name another has by now must be refused as .*, but was accepted"})
def a_project_is_restored_under_a_name_that_is_taken() -> None:
    @instead_of(projects, "move")
    def lax(original, tx, settings, project, action, *given, **named):
        guarded = projects._require_free_name
        if action is Action.RESTORE:
            projects._require_free_name = lambda *_: None
        try:
            return original(tx, settings, project, action, *given, **named)
        finally:
            projects._require_free_name = guarded


@breaks({"lifecycle.restore": "archived"})
def what_was_archived_is_restored_as_active() -> None:
    """F28"""

    @instead_of(projects, "next_state")
    def simple(original, state, action, before):
        return State.ACTIVE if action is Action.RESTORE and before is State.ARCHIVED else original(state, action, before)


@breaks({AUDIT: "the project went archived > active > suspended > active, and its history tells of nothing"})
def the_history_ends_when_a_project_is_ready() -> None:
    @instead_of(projects, "_remember")
    def brief(original, tx, project_id, state, now):
        if not any(seen is State.ACTIVE for seen, _ in projects.history(tx, project_id)):
            original(tx, project_id, state, now)

"""What can be wrong with limits: how they are kept, counted, shown and explained."""

from __future__ import annotations

import dataclasses
import sqlite3
import time
from collections import Counter

from products.cloudsuite.app import clock, refusals
from products.cloudsuite.app.domain import documents, projects, quotas
from products.cloudsuite.app.domain.quotas import PLANS, USED, Dimension
from products.cloudsuite.app.refusals import Refusal
from products.cloudsuite.app.transitions import Action
from tests.mutants.mutant import breaks, instead_of


def room_is_judged(dimension: Dimension, slack: int) -> None:
    """Let `slack` more in than the limit says (fewer where it is negative)."""

    @instead_of(quotas, "require_room")
    def lenient(original, tx, workspace_id, asked, adding):
        if asked is dimension:
            most, taken = quotas.limit(tx, workspace_id, dimension), quotas.used(tx, workspace_id, dimension)
            if most is None or taken + adding <= most + slack:
                return
            raise refusals.quota_exceeded(dimension, most, taken, quotas.REMEDIES[dimension])
        original(tx, workspace_id, asked, adding)


ENDLESS = 10**9
FILLED = {
    "quota.limit-plus-one": "asking for project 3 on a plan of 2 must be refused as 'quota exceeded', but was accepted",
    "quota.refusal-explains": "asking for one project too many must be refused as 'quota exceeded', but was accepted",
}


@breaks(FILLED | {"quota.last-slot-race": "requests at once got the one place"}, also={"quota.raised-limit"}, quick=True)
def projects_are_not_limited() -> None:
    """F19"""
    room_is_judged(Dimension.PROJECTS, ENDLESS)


@breaks(FILLED | {"quota.last-slot-race": "2 of 8 requests at once got the one place"}, also={"quota.raised-limit"})
def one_project_too_many_is_let_in() -> None:
    """F22"""
    room_is_judged(Dimension.PROJECTS, +1)


@breaks({"quota.last-allowed": "unexpectedly refused: quota exceeded"}, quick=True)
def the_last_project_is_refused() -> None:
    """F22"""
    room_is_judged(Dimension.PROJECTS, -1)


@breaks({"quota.every-dimension": "inviting one person more than there are seats must be refused as 'quota exceeded', but was accepted"})
def seats_are_not_limited() -> None:
    """F19"""
    room_is_judged(Dimension.SEATS, ENDLESS)


@breaks({"quota.every-dimension": "inviting one person more than there are seats must be refused as 'quota exceeded', but was accepted"})
def one_seat_too_many_is_given() -> None:
    """F22"""
    room_is_judged(Dimension.SEATS, +1)


@breaks({"quota.every-dimension": "unexpectedly refused: quota exceeded.*seats"})
def the_last_seat_is_refused() -> None:
    """F22"""
    room_is_judged(Dimension.SEATS, -1)


@breaks({"quota.every-dimension": "storing one byte more than fits must be refused as 'quota exceeded', but was accepted"})
def storage_is_not_limited() -> None:
    """F19"""
    room_is_judged(Dimension.STORAGE, ENDLESS)


@breaks({"quota.every-dimension": "storing one byte more than fits must be refused as 'quota exceeded', but was accepted"})
def one_byte_too_many_is_stored() -> None:
    """F22"""
    room_is_judged(Dimension.STORAGE, +1)


@breaks({"quota.every-dimension": "unexpectedly refused: quota exceeded.*storage"})
def the_last_byte_is_refused() -> None:
    """F22"""
    room_is_judged(Dimension.STORAGE, -1)


@breaks({"quota.every-dimension": "growing a document by one byte more than fits must be refused as 'quota exceeded', but was accepted"}, quick=True)
def a_document_that_exists_can_grow_without_limit() -> None:
    """F19: the door beside the one that is guarded."""

    @instead_of(documents, "_write")
    def unguarded(original, tx, actor, document, splice, origin):
        return original(tx, actor, dataclasses.replace(document, bytes=ENDLESS), splice, origin)


@breaks({"quota.every-dimension": "storage used stayed"})
def a_shorter_document_gives_no_room() -> None:
    """F21"""

    @instead_of(documents, "_write")
    def grasping(original, tx, actor, document, splice, origin):
        written = original(tx, actor, document, splice, origin)
        tx.execute("UPDATE documents SET bytes = ? WHERE id = ?", (max(document.bytes, written.bytes), document.id))
        return written


@breaks({"quota.every-dimension": "a full house of seats is refused for projects"})
def a_refusal_names_another_dimension() -> None:
    @instead_of(refusals, "quota_exceeded")
    def confused(original, dimension, limit, usage, remedy):
        return original("projects", limit, usage, remedy)


@breaks({"quota.every-dimension": "unexpectedly refused: quota exceeded"})
def a_full_store_stops_projects() -> None:
    @instead_of(projects, "create")
    def coupled(original, tx, settings, actor, workspace_id, **asked):
        quotas.require_room(tx, workspace_id, Dimension.STORAGE, 1)
        return original(tx, settings, actor, workspace_id, **asked)


# -- what is counted ---------------------------------------------------------------------------------------------------


@breaks({"quota.shown-matches-real": "projects used .*never 1"}, also={"quota.last-allowed"})
def projects_are_counted_twice() -> None:
    """F20"""

    @instead_of(quotas, "usage")
    def doubled(original, tx, workspace_id):
        shown = original(tx, workspace_id)
        shown["projects"]["used"] *= 2
        return shown


@breaks({"quota.shown-matches-real": "projects used .*never 1"})
def usage_is_shown_as_it_was_at_first() -> None:
    """F31"""
    first: dict[str, dict[str, object]] = {}

    @instead_of(quotas, "usage")
    def stale(original, tx, workspace_id):
        shown = first.setdefault(workspace_id, original(tx, workspace_id))
        return {**original(tx, workspace_id), "projects": shown["projects"]}


@breaks({"quota.shown-matches-real": "grew the shown storage by"})
def storage_counts_characters() -> None:
    """F20, the other way round."""

    @instead_of(documents, "_size")
    def short(original, text):
        return len(text)


@breaks({"quota.shown-matches-real": "grew the shown storage by"})
def storage_counts_a_byte_more_for_each_document() -> None:
    """F20"""
    USED[Dimension.STORAGE] = USED[Dimension.STORAGE].replace("sum(documents.bytes)", "sum(documents.bytes + 1)")


@breaks({"quota.last-allowed": r"a full plan of 2 shows Meter\(limit=2, used=1\)"})
def the_last_project_is_not_counted() -> None:
    @instead_of(quotas, "usage")
    def modest(original, tx, workspace_id):
        shown = original(tx, workspace_id)
        if shown["projects"]["used"] == shown["projects"]["limit"]:
            shown["projects"]["used"] -= 1
        return shown


@breaks({"quota.limit-plus-one": "a refused request changed the list of projects"})
def a_refused_project_is_made_nevertheless() -> None:
    @instead_of(projects, "create")
    def hasty(original, tx, settings, actor, workspace_id, **asked):
        try:
            return original(tx, settings, actor, workspace_id, **asked)
        except Refusal as refusal:
            if refusal.code == "quota_exceeded":
                guarded, quotas.require_room = quotas.require_room, lambda *_: None
                original(tx, settings, actor, workspace_id, **asked)
                quotas.require_room = guarded
                tx.execute("COMMIT")
            raise


@breaks({"quota.limit-plus-one": "before a refused request, and is"})
def a_refused_project_is_counted() -> None:
    """F20"""
    leaked: Counter[str] = Counter()

    @instead_of(quotas, "require_room")
    def leaking(original, tx, workspace_id, dimension, adding):
        try:
            original(tx, workspace_id, dimension, adding)
        except Refusal:
            leaked[workspace_id] += 1
            raise

    @instead_of(quotas, "usage")
    def swollen(original, tx, workspace_id):
        shown = original(tx, workspace_id)
        shown["projects"]["used"] += leaked[workspace_id]
        return shown


@breaks({"quota.limit-plus-one": "restoring a deleted project into a plan that is full again must be refused as 'quota exceeded', but was accepted"})
def a_deleted_project_can_be_restored_over_the_limit() -> None:
    """F19: the door beside the one that is guarded."""

    @instead_of(projects, "move")
    def unguarded(original, *given, **named):
        guarded, quotas.require_room = quotas.require_room, lambda *_: None
        try:
            return original(*given, **named)
        finally:
            quotas.require_room = guarded


@breaks({"quota.limit-plus-one": "retrying a failed project on a plan that is full must be refused as 'quota exceeded', but was accepted"})
def a_failed_project_can_be_retried_over_the_limit() -> None:
    """F19: the door beside the one that is guarded."""

    @instead_of(projects, "move")
    def unguarded(original, tx, settings, project, action, *given, **named):
        guarded = quotas.require_room
        if action is Action.RETRY:
            quotas.require_room = lambda *_: None
        try:
            return original(tx, settings, project, action, *given, **named)
        finally:
            quotas.require_room = guarded


@breaks(
    {"quota.delete-frees-slot": "projects used .*never 1", "quota.limit-plus-one": "unexpectedly refused: quota exceeded"},
    also={"provisioning.delete-while-provisioning", "lifecycle.delete-from-every-state", "provisioning.every-variant", "lifecycle.restore"},
)
def deleting_never_frees_the_slot() -> None:
    """F21"""
    USED[Dimension.PROJECTS] = USED[Dimension.PROJECTS].replace("AND state IN (", "AND state IN ('deleted', ")


@breaks({"quota.delete-frees-slot": "unexpectedly refused: quota exceeded"})
def the_slot_is_shown_as_free_and_is_not() -> None:
    """F21"""

    @instead_of(quotas, "require_room")
    def remembering(original, tx, workspace_id, dimension, adding):
        if dimension is Dimension.PROJECTS:
            ever = tx.execute("SELECT count(*) FROM projects WHERE workspace_id = ? AND state NOT IN ('failed', 'cancelled')", (workspace_id,)).fetchone()[0]
            most = quotas.limit(tx, workspace_id, dimension)
            if most is not None and ever + adding > most:
                raise refusals.quota_exceeded(dimension, most, ever, quotas.REMEDIES[dimension])
        original(tx, workspace_id, dimension, adding)


@breaks({"quota.delete-frees-slot": "projects used .*never 1"})
def the_slot_is_freed_half_a_minute_later() -> None:
    """F21"""
    USED[Dimension.PROJECTS] = USED[Dimension.PROJECTS].replace("AND state IN", "AND (deleted_at > :now - 30 OR state IN") + ")"


# -- what a refusal says -----------------------------------------------------------------------------------------------


@breaks({"quota.refusal-explains": "the refusal offers no way out"})
def a_refusal_offers_no_way_out() -> None:
    @instead_of(refusals, "quota_exceeded")
    def curt(original, dimension, limit, usage, remedy):
        return original(dimension, limit, usage, "")


@breaks({"quota.refusal-explains": "a full plan of 2 projects is refused as"})
def a_refusal_names_a_wrong_limit() -> None:
    @instead_of(refusals, "quota_exceeded")
    def wrong(original, dimension, limit, usage, remedy):
        return original(dimension, limit + 1, usage, remedy)


@breaks({"quota.refusal-explains": "the message does not name the limit of 2"})
def a_refusal_does_not_say_the_limit() -> None:
    @instead_of(refusals, "quota_exceeded")
    def vague(original, dimension, limit, usage, remedy):
        refusal = original(dimension, limit, usage, remedy)
        refusal.message = "Something went wrong."
        return refusal


# -- changing limits ---------------------------------------------------------------------------------------------------


@breaks({"quota.raised-limit": "unexpectedly refused: quota exceeded"}, also={"account.upgrade", "collaboration.role-matrix"})
def a_raised_limit_is_shown_and_not_granted() -> None:
    @instead_of(quotas, "require_room")
    def unmoved(original, tx, workspace_id, dimension, adding):
        original(tx, workspace_id, dimension, adding)
        most, taken = PLANS["free"][dimension], quotas.used(tx, workspace_id, dimension)
        if taken + adding > most:
            raise refusals.quota_exceeded(dimension, most, taken, quotas.REMEDIES[dimension])


@breaks({"quota.raised-limit": "the limit of projects .*never 3"})
def a_raised_limit_is_not_shown() -> None:
    @instead_of(quotas, "usage")
    def unmoved(original, tx, workspace_id):
        shown = original(tx, workspace_id)
        shown["projects"]["limit"] = PLANS[shown["plan"]][Dimension.PROJECTS]
        return shown


@breaks({"quota.raised-limit": "asking for one more than the raised limit must be refused as 'quota exceeded', but was accepted"})
def a_raised_limit_is_none() -> None:
    """F19"""

    @instead_of(quotas, "require_room")
    def boundless(original, tx, workspace_id, dimension, adding):
        if not any(tx.execute("SELECT limit_projects FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()):
            original(tx, workspace_id, dimension, adding)


# -- races -------------------------------------------------------------------------------------------------------------


@breaks({"quota.last-slot-race": "[2-8] of 8 requests at once got the one place that was left"}, quick=True)
def the_limit_is_checked_on_a_count_a_moment_old() -> None:
    """F23"""
    counted: dict[str, tuple[float, int]] = {}

    @instead_of(quotas, "require_room")
    def late(original, tx, workspace_id, dimension, adding):
        if dimension is not Dimension.PROJECTS:
            return original(tx, workspace_id, dimension, adding)
        at, taken = counted.get(workspace_id, (0.0, 0))
        if time.monotonic() - at > 0.15:
            taken = quotas.used(tx, workspace_id, dimension)
            counted[workspace_id] = time.monotonic(), taken
        most = quotas.limit(tx, workspace_id, dimension)
        if most is not None and taken + adding > most:
            raise refusals.quota_exceeded(dimension, most, taken, quotas.REMEDIES[dimension])
        return None


@breaks({"quota.last-slot-race": "answered 500|the others were"})
def rivals_stumble_over_each_other() -> None:
    """The losers of a race get an error in place of a refusal."""

    @instead_of(quotas, "require_room")
    def stumbling(original, tx, workspace_id, dimension, adding):
        try:
            original(tx, workspace_id, dimension, adding)
        except Refusal:
            newest = tx.execute("SELECT max(created_at) FROM projects WHERE workspace_id = ?", (workspace_id,)).fetchone()[0]
            if dimension is Dimension.PROJECTS and clock.now() - newest < 0.3:
                raise sqlite3.OperationalError("database is locked") from None
            raise


# -- what was refused --------------------------------------------------------------------------------------------------


@breaks(
    {
        "quota.invalid-consumes-nothing": "before two refused requests, and is",
        "provisioning.only-what-is-offered": "usage was .* before requests for what is not on offer, and is",
    }
)
def a_request_that_is_invalid_consumes_quota() -> None:
    """F20"""
    leaked: Counter[str] = Counter()

    @instead_of(projects, "create")
    def leaking(original, tx, settings, actor, workspace_id, **asked):
        try:
            return original(tx, settings, actor, workspace_id, **asked)
        except Refusal as refusal:
            leaked[workspace_id] += refusal.code == "invalid_input"
            raise

    @instead_of(quotas, "used")
    def swollen(original, tx, workspace_id, dimension):
        return original(tx, workspace_id, dimension) + (leaked[workspace_id] if dimension is Dimension.PROJECTS else 0)


@breaks({"quota.invalid-consumes-nothing": "asking for a second project of the same name must be refused as 'already taken', but was accepted"})
def two_projects_can_have_one_name() -> None:
    @instead_of(projects, "_require_free_name")
    def nothing(original, *given, **named):
        return None


@breaks({"quota.invalid-consumes-nothing": "asking for a project without a name must be refused as 'invalid input', but was accepted"})
def a_project_needs_no_name() -> None:
    @instead_of(projects, "clean_name")
    def lax(original, text, field="name"):
        return text

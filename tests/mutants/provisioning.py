"""What can be wrong on the way from the wish for a project to one that can be used."""

from __future__ import annotations

import dataclasses
import sys
import time
from contextlib import suppress

from products.cloudsuite.app import clock, refusals, transitions
from products.cloudsuite.app.api import live
from products.cloudsuite.app.domain import billing, catalogue, documents, idempotency, projects, provisioning, quotas, resources, roles, sessions, workspaces
from products.cloudsuite.app.domain.quotas import Dimension
from products.cloudsuite.app.domain.roles import Right, Role
from products.cloudsuite.app.refusals import Refusal
from products.cloudsuite.app.transitions import Action, State
from tests.mutants.mutant import breaks, instead_of

# -- becoming ready ----------------------------------------------------------------------------------------------------


@breaks({"provisioning.ready-and-used": r"stayed requested in 10\.\d s, never active"}, blocks=True)
def provisioning_is_stuck() -> None:
    """F13"""

    @instead_of(provisioning, "step")
    def nothing(original, tx, settings, project_id, now):
        return None


@breaks({"provisioning.ready-and-used": r"went requested > provisioning in 10\.\d s, never active .provisioning limit 10 s"})
def provisioning_takes_longer_than_expected() -> None:
    """F18: within the limit; the scenario of speed alone is red, the others are slow."""

    @instead_of(provisioning, "_begin")
    def slowly(original, tx, settings, project, now, seconds):
        original(tx, settings, project, now, 13.0)


@breaks({"provisioning.ready-and-used": "gives back '' where"}, blocks=True, quick=True)
def documents_are_lost() -> None:
    """F14: ready, and what is written into it is gone."""

    @instead_of(documents, "create")
    def emptied(original, tx, actor, project_id, title, body):
        written = original(tx, actor, project_id, title, body)
        tx.execute("UPDATE documents SET body = '' WHERE id = ?", (written.id,))
        return written


@breaks({"provisioning.ready-and-used": "gives back"})
def documents_lose_what_is_not_ascii() -> None:
    """F14"""

    @instead_of(documents, "create")
    def mangled(original, tx, actor, project_id, title, body):
        return original(tx, actor, project_id, title, body.encode("ascii", "replace").decode())


@breaks({"provisioning.ready-and-used": "unexpectedly refused: not found"}, blocks=True)
def documents_are_taken_and_not_kept() -> None:
    """F14"""

    @instead_of(documents, "create")
    def volatile(original, tx, *given):
        written = original(tx, *given)
        tx.execute("DELETE FROM documents WHERE id = ?", (written.id,))
        return written


@breaks({"provisioning.ready-and-used": "unexpectedly refused: illegal transition"}, blocks=True)
def a_project_is_called_ready_before_it_is() -> None:
    """F14"""

    @instead_of(projects, "describe")
    def hasty(original, tx, project):
        shown = original(tx, project)
        return shown | ({"state": State.ACTIVE} if project.state is State.PROVISIONING else {})


# -- every variant -----------------------------------------------------------------------------------------------------


@breaks(
    {"provisioning.every-variant": "asked for website, standard, us-east, got website, standard, eu-north|asked for .*us-east.*, got .*eu-north"}, quick=True
)
def a_project_is_made_in_another_region() -> None:
    """F16"""

    @instead_of(projects, "create")
    def misplaced(original, *given, region, **others):
        return original(*given, region="eu-north" if region == "us-east" else region, **others)


@breaks({"provisioning.every-variant": "a project of .* is of .*starter.* once it is renamed"})
def a_renamed_project_falls_back_to_the_first_tier() -> None:
    """F16, later on."""

    @instead_of(projects, "rename")
    def reset(original, tx, actor, project_id, name, version):
        original(tx, actor, project_id, name, version)
        tx.execute("UPDATE projects SET tier = 'starter' WHERE id = ?", (project_id,))
        return projects.load(tx, project_id)


@breaks({"provisioning.every-variant": "asked for .*standard.*, got .*starter"})
def a_project_is_made_in_another_tier() -> None:
    """F16"""

    @instead_of(projects, "create")
    def cheaper(original, *given, tier, region, **others):
        return original(*given, tier=tier if region.startswith("zz") else "starter", region=region, **others)


@breaks({"provisioning.every-variant": "never active"})
def one_template_cannot_be_provisioned() -> None:
    @instead_of(provisioning, "step")
    def picky(original, tx, settings, project_id, now):
        project = projects.load(tx, project_id)
        if project.template == "database" and project.state is State.PROVISIONING:
            provisioning._fail(tx, settings, project, "No such template here.")
        else:
            original(tx, settings, project_id, now)


@breaks({"provisioning.every-variant": "unexpectedly refused: invalid input"})
def a_template_on_offer_is_not_taken() -> None:
    @instead_of(catalogue, "require_offered")
    def narrower(original, template, tier, region):
        original("" if template == "database" else template, tier, region)


@breaks({"provisioning.only-what-is-offered": "asking for a project of .*unheard-of.*, which is not on offer must be refused .*, but was accepted"}, quick=True)
def what_nobody_offers_is_sold() -> None:
    """F16"""

    @instead_of(catalogue, "require_offered")
    def anything(original, template, tier, region):
        original("blank", tier, region)


@breaks({"provisioning.only-what-is-offered": "asking for a project of .*unheard-of.*, which is not on offer"})
def a_region_that_is_not_there_is_taken() -> None:
    @instead_of(catalogue, "require_offered")
    def anywhere(original, template, tier, region):
        original(template, tier, region if region.startswith("zz") else "eu-north")


# -- states on the way -------------------------------------------------------------------------------------------------


@breaks({"provisioning.states-forward": "the history leaves something out: requested > active"})
def the_history_skips_a_state() -> None:
    @instead_of(projects, "_remember")
    def patchy(original, tx, project_id, state, now):
        if state is not State.PROVISIONING:
            original(tx, project_id, state, now)


@breaks({"provisioning.states-forward": "requested > provisioning > requested"})
def provisioning_goes_back_once() -> None:
    @instead_of(provisioning, "step")
    def restless(original, tx, settings, project_id, now):
        project = projects.load(tx, project_id)
        if (
            project.state is State.PROVISIONING
            and project.attempt == 1
            and project.due_at
            and now > project.due_at - 0.3
            and not project.region.startswith("zz")
        ):
            tx.execute("UPDATE projects SET state = 'requested' WHERE id = ?", (project_id,))
            resources.release(tx, project_id)
            projects._remember(tx, project_id, State.REQUESTED, now)
        else:
            original(tx, settings, project_id, now)


@breaks({"provisioning.states-forward": "ready, was active and became provisioning after"})
def a_ready_project_goes_back_for_a_moment() -> None:
    @instead_of(projects, "describe")
    def flapping(original, tx, project):
        shown = original(tx, project)
        ready = [at for state, at in projects.history(tx, project.id) if state is State.ACTIVE]
        flaps = project.state is State.ACTIVE and 0.5 < clock.now() - ready[-1] < 1.2
        return shown | ({"state": State.PROVISIONING} if flaps else {})


# -- idempotency keys --------------------------------------------------------------------------------------------------


@breaks({"provisioning.idempotency-key": "unexpectedly refused: already taken"}, quick=True)
def the_key_of_a_project_is_ignored() -> None:
    """F15"""

    @instead_of(idempotency, "once")
    def always(original, tx, scope, key, request, make):
        return make() if scope.startswith("project:") else original(tx, scope, key, request, make)


@breaks({"provisioning.idempotency-key": "unexpectedly refused|another key gave the same project"})
def one_key_stands_for_every_key() -> None:
    @instead_of(idempotency, "once")
    def blunt(original, tx, scope, key, request, make):
        return original(tx, scope, key and "the key", {} if scope.startswith("project:") else request, make)


@breaks({"provisioning.idempotency-key": "the same key of another customer"})
def keys_are_shared_by_all_customers() -> None:
    """Another customer's project is the answer."""

    @instead_of(idempotency, "once")
    def shared(original, tx, scope, key, request, make):
        return original(tx, scope.partition(":")[0], key, request, make)


@breaks({"provisioning.idempotency-key": "after two requests with one key the list holds"})
def a_request_sent_again_makes_a_ghost() -> None:
    """F15: answered alike, made twice."""

    answered: set[str] = set()

    @instead_of(idempotency, "once")
    def haunted(original, tx, scope, key, request, make):
        answer = original(tx, scope, key, request, make)
        if scope.startswith("project:") and key in answered:
            tx.execute(
                "INSERT INTO projects SELECT id || 'g', workspace_id, name || 'g', name_key || 'g', state, state_before, reason, template, tier, region,"
                " version, owner_id, attempt, due_at, deadline_at, created_at, updated_at, deleted_at, restore_until FROM projects WHERE id = ?",
                (answer["id"],),
            )
        answered.add(key)
        return answer


# -- failures ----------------------------------------------------------------------------------------------------------


@breaks({"provisioning.failure-has-reason": "failed without a reason"})
def a_failure_has_no_reason() -> None:
    @instead_of(provisioning, "_fail")
    def mute(original, tx, settings, project, reason):
        original(tx, settings, project, "")


@breaks({"provisioning.failure-has-reason": "failed without a reason"})
def a_failure_has_a_blank_reason() -> None:
    @instead_of(provisioning, "_fail")
    def blank(original, tx, settings, project, reason):
        original(tx, settings, project, " ")


@breaks({"provisioning.failure-has-reason": "writing a document into a project that failed must be refused"})
def a_failed_project_takes_documents() -> None:
    @instead_of(documents, "_ready")
    def any_state(original, tx, actor, project_id):
        return projects.writable(tx, actor, project_id, Right.WRITE_DOCUMENTS)


@breaks({"provisioning.failure-has-reason": "never failed"}, blocks=True)
def a_failure_is_an_endless_wait() -> None:
    @instead_of(provisioning, "_fail")
    def nothing(original, tx, settings, project, reason):
        return None


@breaks({"provisioning.failure-costs-nothing": "projects used .* never 0"})
def a_failure_keeps_its_place_in_the_quota() -> None:
    quotas.USED[Dimension.PROJECTS] = quotas.USED[Dimension.PROJECTS].replace("AND state IN (", "AND state IN ('failed', ")


@breaks({"provisioning.failure-costs-nothing": "unexpectedly refused: already taken"})
def a_failure_keeps_its_name() -> None:
    @instead_of(projects, "_require_free_name")
    def jealous(original, tx, workspace_id, name, besides=""):
        failed = tx.execute("SELECT 1 FROM projects WHERE workspace_id = ? AND name_key = ? AND state = 'failed'", (workspace_id, name.casefold())).fetchone()
        if failed and not besides:
            raise refusals.name_taken(name)
        original(tx, workspace_id, name, besides)


@breaks({"provisioning.failure-costs-nothing": "the failed project is charged"})
def a_failure_is_charged() -> None:
    """F17"""

    @instead_of(billing, "void_charge")
    def greedy(original, tx, project_id):
        billing.capture_charge(tx, project_id)


@breaks({"provisioning.failure-costs-nothing": "the failed project is charged"})
def a_failures_charge_stays_open() -> None:
    """F17"""

    @instead_of(billing, "void_charge")
    def nothing(original, tx, project_id):
        return None


@breaks({"provisioning.retry-after-failure": "unexpectedly refused: illegal transition"})
def a_retry_is_refused() -> None:
    rule = transitions.RULES[Action.RETRY]
    transitions.RULES[Action.RETRY] = dataclasses.replace(rule, moves={})


@breaks({"provisioning.retry-after-failure": "failed.*never active"})
def a_retry_never_works() -> None:
    @instead_of(provisioning, "step")
    def hopeless(original, tx, settings, project_id, now):
        project = projects.load(tx, project_id)
        if project.attempt > 1 and project.state is State.PROVISIONING:
            provisioning._fail(tx, settings, project, "It failed again.")
        else:
            original(tx, settings, project_id, now)


@breaks({"provisioning.retry-after-failure": "unexpectedly refused"})
def a_retried_project_cannot_be_used() -> None:
    """F14"""

    @instead_of(documents, "_ready")
    def broken(original, tx, actor, project_id):
        if projects.load(tx, project_id).attempt > 1:
            raise refusals.not_found("project")
        return original(tx, actor, project_id)


# -- deleted on its way ------------------------------------------------------------------------------------------------


@breaks({"provisioning.delete-while-provisioning": "hidden.* became active|was hidden with 0 projects used and became"}, quick=True)
def the_worker_brings_a_deleted_project_back() -> None:
    @instead_of(provisioning, "_ids")
    def stale(original, tx, condition, *values):
        return original(tx, condition.replace("state IN (", "state IN ('deleted', ") if condition == provisioning.WAITING else condition, *values)

    @instead_of(provisioning, "step")
    def ignorant(original, tx, settings, project_id, now):
        project = projects.load(tx, project_id)
        if project.state is State.DELETED:
            if project.state_before in transitions.UNREADY and now > (project.deleted_at or now) + 2:
                tx.execute("UPDATE projects SET state = 'active' WHERE id = ?", (project_id,))
        else:
            original(tx, settings, project_id, now)


@breaks({"provisioning.delete-while-provisioning": "unexpectedly refused: illegal transition"})
def a_project_on_its_way_cannot_be_deleted() -> None:
    rule = transitions.RULES[Action.DELETE]
    moves = {state: target for state, target in rule.moves.items() if state not in transitions.UNREADY}
    transitions.RULES[Action.DELETE] = dataclasses.replace(rule, moves=moves)


@breaks({"provisioning.delete-while-provisioning": "projects used .* never 0"})
def a_project_deleted_on_its_way_keeps_its_place() -> None:
    """F21"""
    unready = "state = 'deleted' AND state_before IN ('requested', 'provisioning')"
    quotas.USED[Dimension.PROJECTS] = quotas.USED[Dimension.PROJECTS].replace("AND state IN", f"AND ({unready} OR state IN") + ")"


# -- one truth ---------------------------------------------------------------------------------------------------------


@breaks({"provisioning.views-agree": "in the list, stayed missing .*never active"})
def the_list_leaves_the_newest_project_out() -> None:
    """F24"""

    @instead_of(projects, "listed")
    def short(original, *given, **named):
        return original(*given, **named)[:-1]


@breaks({"provisioning.views-agree": "provisioning"})
def the_list_shows_an_older_state() -> None:
    """F31"""

    @instead_of(projects, "listed")
    def old(original, *given, **named):
        return [dataclasses.replace(each, state=State.PROVISIONING) if each.state is State.ACTIVE else each for each in original(*given, **named)]


@breaks({"provisioning.views-agree": "in the list, stayed .*never active|the views of project .* never agree"})
def the_list_lags_by_half_a_minute() -> None:
    """F31"""
    seen: dict[str, tuple[float, list[projects.Project]]] = {}

    @instead_of(projects, "listed")
    def lagging(original, tx, actor, workspace_id, *, deleted=False):
        if deleted:
            return original(tx, actor, workspace_id, deleted=True)
        at, _ = seen.get(workspace_id, (0.0, []))
        if time.monotonic() - at > 30:
            seen[workspace_id] = time.monotonic(), original(tx, actor, workspace_id)
        return seen[workspace_id][1]


# -- other tenants -----------------------------------------------------------------------------------------------------


def stranger(tx, actor, project_id: str) -> bool:
    return roles.role_of(tx, actor.id, projects.load(tx, project_id).workspace_id) is None


@breaks({"provisioning.tenant-isolation": "another tenant's list shows the project"}, quick=True)
def the_list_shows_what_other_tenants_have() -> None:
    """F34"""

    @instead_of(projects, "listed")
    def everything(original, tx, actor, workspace_id, *, deleted=False):
        found = original(tx, actor, workspace_id, deleted=deleted)
        rows = tx.execute("SELECT * FROM projects WHERE workspace_id <> ? AND state = 'active'", (workspace_id,))
        return found if deleted else found + [projects._project(row) for row in rows]


@breaks({"provisioning.tenant-isolation": "unexpectedly refused: already taken"})
def a_name_that_another_tenant_uses_is_taken() -> None:
    @instead_of(projects, "_require_free_name")
    def everywhere(original, tx, workspace_id, name, besides=""):
        if tx.execute("SELECT 1 FROM projects WHERE name_key = ? AND id != ? AND state = 'active'", (name.casefold(), besides)).fetchone():
            raise refusals.name_taken(name)
        original(tx, workspace_id, name, besides)


@breaks({"provisioning.tenant-isolation": "opening another tenant's project by its id must be refused"})
def a_project_is_shown_to_whoever_knows_its_id() -> None:
    """F34"""

    @instead_of(projects, "readable")
    def open_to_all(original, tx, actor, project_id):
        return (projects.load(tx, project_id), Role.VIEWER) if stranger(tx, actor, project_id) else original(tx, actor, project_id)


@breaks({"provisioning.tenant-isolation": "reading another tenant's document must be refused"})
def a_document_is_shown_to_whoever_knows_its_id() -> None:
    """F34"""

    @instead_of(documents, "readable")
    def open_to_all(original, tx, actor, document_id):
        document = documents._load(tx, document_id)
        return document if stranger(tx, actor, document.project_id) else original(tx, actor, document_id)


@breaks({"provisioning.tenant-isolation": "writing into another tenant's project must be refused"})
def whoever_knows_a_project_can_write_into_it() -> None:
    @instead_of(documents, "create")
    def open_to_all(original, tx, actor, project_id, title, body):
        if not stranger(tx, actor, project_id):
            return original(tx, actor, project_id, title, body)
        owner = dataclasses.replace(actor, id=projects.load(tx, project_id).owner_id or "")
        return original(tx, owner, project_id, title, body)


@breaks({"provisioning.tenant-isolation": "changing another tenant's document must be refused"})
def whoever_knows_a_document_can_change_it() -> None:
    @instead_of(documents, "save")
    def open_to_all(original, tx, actor, document_id, body, version):
        project = projects.load(tx, documents._load(tx, document_id).project_id)
        if stranger(tx, actor, project.id):
            actor = dataclasses.replace(actor, id=project.owner_id or "")
        return original(tx, actor, document_id, body, version)


@breaks({"provisioning.tenant-isolation": "opening another tenant's document in the live editor must be refused|was dropped"})
def the_live_editor_is_open_to_whoever_knows_a_document() -> None:
    """F34: by the editor's own way in, beside the one that reads."""

    @instead_of(live.Sitting, "open")
    def open_to_all(original, sitting):
        with suppress(Refusal):
            return original(sitting)
        with sitting.product.database.reading() as tx:
            return sessions.authenticate(tx, sitting.token), documents._load(tx, sitting.document_id)

    @instead_of(live.Sitting, "news")
    def quiet(original, sitting):
        with suppress(Refusal):
            return original(sitting)
        return []


@breaks({"provisioning.tenant-isolation": "deleting another tenant's project must be refused"})
def whoever_knows_a_project_can_delete_it() -> None:
    @instead_of(projects, "act")
    def open_to_all(original, tx, settings, actor, project_id, action):
        project = projects.load(tx, project_id)
        return projects.move(tx, settings, project, action, actor) if stranger(tx, actor, project_id) else original(tx, settings, actor, project_id, action)


@breaks({"provisioning.tenant-isolation": "entering another tenant's workspace must be refused"})
def a_workspace_is_shown_to_whoever_knows_its_id() -> None:
    """F34"""

    @instead_of(roles, "require")
    def open_to_all(original, tx, actor, workspace_id, right):
        return Role.VIEWER if right is Right.READ else original(tx, actor, workspace_id, right)


@breaks({"provisioning.tenant-isolation": "reading another tenant's audit log must be refused"})
def the_audit_log_is_shown_to_whoever_knows_a_project() -> None:
    """F34"""

    @instead_of(projects, "readable")
    def open_to_auditors(original, tx, actor, project_id):
        asked = sys._getframe(2).f_code.co_name
        return (projects.load(tx, project_id), Role.VIEWER) if asked == "show_audit" else original(tx, actor, project_id)


# -- private by default ------------------------------------------------------------------------------------------------


@breaks({"provisioning.private-by-default": "is not private when it is made"})
def new_projects_are_public() -> None:
    @instead_of(projects, "describe")
    def public(original, tx, project):
        return original(tx, project) | {"visibility": "public"}


@breaks({"provisioning.private-by-default": "is owned by staff@cloudsuite.example"})
def new_projects_belong_to_somebody_else() -> None:
    @instead_of(projects, "describe")
    def taken(original, tx, project):
        return original(tx, project) | {"owner": {"id": "acc_staff", "email": "staff@cloudsuite.example"}}


@breaks({"provisioning.private-by-default": "a new workspace has the members"})
def the_account_before_is_a_member_of_every_new_workspace() -> None:
    @instead_of(workspaces, "create")
    def crowded(original, tx, account_id, name):
        made = original(tx, account_id, name)
        before = tx.execute("SELECT id FROM accounts WHERE id <> ? ORDER BY created_at LIMIT 1", (account_id,)).fetchone()
        if before is None:
            before = {"id": "acc_lodger"}
            tx.execute("INSERT INTO accounts (id, email, name, password_hash, created_at) VALUES ('acc_lodger', 'lodger@cloudsuite.example', 'Lodger', '', 0)")
        workspaces.admit(tx, made["id"], before["id"], Role.ADMIN)
        return made


@breaks({"provisioning.ready-and-used": "gives back .* was written"})
def smileys_are_lost_on_writing() -> None:
    """F14"""

    @instead_of(documents, "create")
    def plain(original, tx, actor, project_id, title, body):
        return original(tx, actor, project_id, title, "".join(each for each in body if ord(each) <= 0xFFFF))


@breaks({"provisioning.tenant-isolation": "listing the documents of another tenant's project must be refused"})
def anybody_can_list_documents() -> None:
    """F34"""

    @instead_of(documents, "of_project")
    def open_book(original, tx, actor, project_id):
        rows = tx.execute(f"{documents._SELECT} WHERE project_id = ?", (project_id,))
        return [documents._document(row) for row in rows]


@breaks({"provisioning.tenant-isolation": "deleting another tenant's document must be refused"})
def anybody_can_delete_documents() -> None:
    """F34"""

    @instead_of(documents, "delete")
    def unasked(original, tx, actor, document_id):
        tx.execute("DELETE FROM documents WHERE id = ?", (document_id,))


# -- never mind --------------------------------------------------------------------------------------------------------

CANCEL = "provisioning.cancel"


@breaks({CANCEL: "projects used stayed 1 .*never 0"})
def a_cancelled_project_keeps_its_place() -> None:
    """F21"""
    quotas.USED[Dimension.PROJECTS] = quotas.USED[Dimension.PROJECTS].replace("AND state IN (", "AND state IN ('cancelled', ")


@breaks({CANCEL: "unexpectedly refused: already taken"})
def a_cancelled_project_keeps_its_name() -> None:
    @instead_of(projects, "_require_free_name")
    def jealous(original, tx, workspace_id, name, besides=""):
        query = "SELECT 1 FROM projects WHERE workspace_id = ? AND name_key = ? AND state = 'cancelled'"
        if tx.execute(query, (workspace_id, name.casefold())).fetchone():
            raise refusals.name_taken(name)
        original(tx, workspace_id, name, besides)


@breaks({CANCEL: "cancelled with 1 projects used and became active with 2|projects used .*never 1"})
def a_cancelled_project_is_made_all_the_same() -> None:
    @instead_of(provisioning, "_ids")
    def stale(original, tx, condition, *values):
        return original(tx, condition.replace("state IN (", "state IN ('cancelled', ") if condition == provisioning.WAITING else condition, *values)

    @instead_of(provisioning, "step")
    def ignorant(original, tx, settings, project_id, now):
        project = projects.load(tx, project_id)
        if project.state is not State.CANCELLED:
            original(tx, settings, project_id, now)
        elif now > project.updated_at + 1:
            tx.execute("UPDATE projects SET state = 'active' WHERE id = ?", (project_id,))


@breaks({CANCEL: "unexpectedly refused: illegal transition"})
def a_project_on_its_way_cannot_be_cancelled() -> None:
    """F26"""
    rule = transitions.RULES[Action.CANCEL]
    transitions.RULES[Action.CANCEL] = dataclasses.replace(rule, moves={State.REQUESTED: State.CANCELLED})


@breaks({"provisioning.retry-after-failure": "a project that is ready after all still says why it failed"})
def a_ready_project_says_why_it_failed() -> None:
    @instead_of(projects, "_reason")
    def sticky(original, project, action, given):
        return original(project, action, given) or project.reason


@breaks({"provisioning.idempotency-key": "asking for another project with a key that was used must be refused as 'invalid input', but was accepted"})
def a_key_answers_whatever_is_asked_with_it() -> None:
    """F15, the other way round: who asks for something else is given the first."""

    @instead_of(idempotency, "once")
    def blunt(original, tx, scope, key, request, make):
        return original(tx, scope, key, {} if scope.startswith("project:") else request, make)


def strangers_may(action: Action) -> None:
    """Let anybody who knows a project's id do this to it."""

    @instead_of(projects, "act")
    def lax(original, tx, settings, actor, project_id, asked):
        project = projects.load(tx, project_id)
        if asked is action and stranger(tx, actor, project_id):
            return projects.move(tx, settings, project, asked, actor)
        return original(tx, settings, actor, project_id, asked)


@breaks({"provisioning.tenant-isolation": "'archive' on another tenant's project must be refused as .*, but was accepted"})
def strangers_archive_projects() -> None:
    """F34"""
    strangers_may(Action.ARCHIVE)


@breaks({"provisioning.tenant-isolation": "'restore' on another tenant's project must be refused as .*, but was refused: illegal transition"})
def strangers_get_as_far_as_the_state_of_a_project() -> None:
    """F34: the answer tells them that it is there."""
    strangers_may(Action.RESTORE)


@breaks({"provisioning.tenant-isolation": "renaming another tenant's project must be refused as .*, but was accepted"})
def strangers_rename_projects() -> None:
    """F34"""

    @instead_of(projects, "rename")
    def open_door(original, tx, actor, project_id, name, version):
        if not stranger(tx, actor, project_id):
            return original(tx, actor, project_id, name, version)
        tx.execute("UPDATE projects SET name = ? WHERE id = ?", (name, project_id))
        return projects.load(tx, project_id)


@breaks({"provisioning.tenant-isolation": "reading another tenant's bill must be refused as .*, but was accepted"})
def strangers_read_bills() -> None:
    """F34"""

    @instead_of(billing, "describe")
    def open_books(original, tx, actor, workspace_id):
        return billing.standing(tx, workspace_id)

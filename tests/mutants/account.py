"""What can be wrong with paying, and with shutting every door."""

from __future__ import annotations

from types import SimpleNamespace

from products.cloudsuite.app import refusals, transitions
from products.cloudsuite.app.api import operator
from products.cloudsuite.app.domain import accounts, billing, documents, links, mail, passwords, payments, projects, quotas, roles, sessions, tokens, workspaces
from products.cloudsuite.app.domain.quotas import PLANS
from products.cloudsuite.app.refusals import Refusal
from tests.mutants.mutant import breaks, instead_of

UPGRADE, FAILED, EVERYWHERE = "account.upgrade", "account.failed-payment", "account.sign-out-everywhere"
INVOICES, PRICE, DOWNGRADE, CANCEL = "account.invoices", "account.project-price", "account.downgrade", "account.cancel-plan"
ERASES = "account.operator-erases"

# -- upgrading ---------------------------------------------------------------------------------------------------------


@breaks({UPGRADE: "the limit of projects .*never larger"})
def an_upgrade_gives_nothing() -> None:
    PLANS["team"] = PLANS["free"]


@breaks({UPGRADE: "one workspace was upgraded, and the bill of another became"})
def everybody_is_upgraded() -> None:
    @instead_of(billing, "_paid")
    def everywhere(original, tx, settings, workspace_id, plan):
        tx.execute("UPDATE workspaces SET plan = ?", (plan,))
        original(tx, settings, workspace_id, plan)


@breaks({CANCEL: "one workspace cancelled its plan, and the bill of another became"})
def everybody_falls_to_the_smallest_plan() -> None:
    @instead_of(billing, "_fall_to_free")
    def everywhere(original, tx, workspace_id):
        tx.execute("UPDATE workspaces SET plan = 'free'")
        original(tx, workspace_id)


@breaks({CANCEL: "one workspace took back that its plan is cancelled, and the bill of another became"})
def everybody_takes_back_that_they_cancelled() -> None:
    @instead_of(billing, "choose_plan")
    def everywhere(original, tx, *given):
        original(tx, *given)
        tx.execute("UPDATE workspaces SET status = 'active' WHERE status = 'cancelling'")


@breaks({FAILED: "is active since the plan was chosen again, and paid nothing"})
def who_owes_chooses_the_plan_again_and_owes_nothing() -> None:
    @instead_of(billing, "choose_plan")
    def forgetful(original, tx, settings, actor, workspace_id, plan):
        original(tx, settings, actor, workspace_id, plan)
        tx.execute("UPDATE workspaces SET status = 'active' WHERE id = ?", (workspace_id,))


@breaks({CANCEL: "one workspace cancelled its plan, and the bill of another became"})
def everybody_is_cancelled() -> None:
    @instead_of(billing, "cancel")
    def everywhere(original, tx, actor, workspace_id):
        original(tx, actor, workspace_id)
        tx.execute("UPDATE workspaces SET status = 'cancelling' WHERE plan <> 'free'")


@breaks({UPGRADE: "unexpectedly refused: quota exceeded"})
def an_upgrade_is_shown_and_not_granted() -> None:
    @instead_of(quotas, "require_room")
    def unmoved(original, tx, workspace_id, dimension, adding):
        original(tx, workspace_id, dimension, adding)
        plan, taken = tx.execute("SELECT plan FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()["plan"], quotas.used(tx, workspace_id, dimension)
        if plan != "free" and taken + adding > PLANS["free"][dimension]:
            raise refusals.quota_exceeded(dimension, PLANS["free"][dimension], taken, quotas.REMEDIES[dimension])


@breaks({UPGRADE: "upgrading with a card that is declined must be refused as 'payment declined', but was accepted"}, quick=True)
def a_declined_card_upgrades() -> None:
    @instead_of(payments, "pays")
    def always(original, number, *, renewal):
        return True if not renewal else original(number, renewal=renewal)


@breaks({UPGRADE: "a declined payment changed the plan"})
def a_declined_card_is_refused_and_upgrades() -> None:
    @instead_of(billing, "choose_plan")
    def hasty(original, tx, settings, actor, workspace_id, plan):
        try:
            original(tx, settings, actor, workspace_id, plan)
        except Refusal as refusal:
            if refusal.code == "payment_declined":
                tx.execute("UPDATE workspaces SET plan = ? WHERE id = ?", (plan, workspace_id))
                tx.execute("COMMIT")
            raise


@breaks({UPGRADE: "'free' == 'team'"}, also={FAILED})
def a_card_is_charged_and_the_plan_stays() -> None:
    @instead_of(billing, "_paid")
    def forgetful(original, tx, settings, workspace_id, plan):
        original(tx, settings, workspace_id, "free")

    @instead_of(quotas, "limit")
    def larger(original, tx, workspace_id, dimension):
        paid = tx.execute("SELECT 1 FROM invoices WHERE workspace_id = ? AND state = 'paid'", (workspace_id,)).fetchone()
        return PLANS["team"][dimension] if paid else original(tx, workspace_id, dimension)


@breaks({UPGRADE: "the plan 'team' is sold with 10 seats, and gives 3"})
def an_upgrade_gives_more_projects_and_nothing_else() -> None:
    PLANS["team"] = PLANS["free"] | {quotas.Dimension.PROJECTS: PLANS["team"][quotas.Dimension.PROJECTS]}


# -- what is paid ------------------------------------------------------------------------------------------------------


@breaks({INVOICES: "after an upgrade, 29.00 for the plan 'team', 29.00 for the plan 'team' were paid, where it should be 29.00"})
def a_plan_is_paid_for_twice() -> None:
    @instead_of(billing, "_charge")
    def twice(original, tx, workspace, plan, *, renewal):
        original(tx, workspace, plan, renewal=renewal)
        original(tx, workspace, plan, renewal=renewal)


@breaks({INVOICES: "after an upgrade, 29.00 for the plan 'team', 29.00 for the plan 'team' were paid, where it should be 29.00"})
def choosing_ones_own_plan_again_costs_again() -> None:
    @instead_of(billing, "choose_plan")
    def greedy(original, tx, settings, actor, workspace_id, plan):
        workspace = billing._workspace(tx, workspace_id)
        if plan == workspace["plan"] != "free":
            billing._charge(tx, workspace, plan, renewal=False)
        original(tx, settings, actor, workspace_id, plan)


@breaks({INVOICES: "after an upgrade, 99.00 for the plan 'team' were paid, where it should be 29.00"})
def a_plan_costs_more_than_it_is_offered_for() -> None:
    billing.PRICES = billing.PRICES | {"team": 9900}


@breaks({INVOICES: "after an upgrade that was declined, 29.00 for the plan 'team' were paid, where it should be nothing"})
def a_declined_payment_is_taken() -> None:
    @instead_of(payments, "pays")
    def taken(original, number, *, renewal):
        return original(number, renewal=renewal)

    @instead_of(billing, "_charge")
    def hasty(original, tx, workspace, plan, *, renewal):
        try:
            original(tx, workspace, plan, renewal=renewal)
        except Refusal:
            billing._invoice(tx, workspace["id"], plan, "paid")
            tx.execute("COMMIT")
            raise


@breaks({INVOICES: "after an upgrade and a renewal, 29.00 for the plan 'team' were paid, where it should be 29.00 for the plan 'team', 29.00"})
def a_good_card_does_not_renew() -> None:
    @instead_of(billing, "renew")
    def stingy(original, tx, settings, workspace_id):
        number = billing._workspace(tx, workspace_id)["card_number"]
        tx.execute("UPDATE workspaces SET card_number = '4000000000000002' WHERE id = ?", (workspace_id,))
        original(tx, settings, workspace_id)
        tx.execute("UPDATE workspaces SET card_number = ? WHERE id = ?", (number, workspace_id))


@breaks({INVOICES: "after a renewal that was paid, the plan 'team' is 'team', and grace"})
def a_renewal_is_paid_and_begins_the_grace() -> None:
    @instead_of(billing, "renew")
    def confused(original, tx, settings, workspace_id):
        original(tx, settings, workspace_id)
        tx.execute("UPDATE workspaces SET status = 'grace' WHERE id = ?", (workspace_id,))


@breaks({INVOICES: "more than the last four digits of a card are shown"})
def the_whole_number_of_a_card_is_shown() -> None:
    @instead_of(billing, "standing")
    def open_hearted(original, tx, workspace_id):
        return original(tx, workspace_id) | {"card_last4": billing._workspace(tx, workspace_id)["card_number"]}


@breaks({PRICE: "that was ready at first"})
def a_project_that_is_ready_at_first_costs_nothing() -> None:
    @instead_of(billing, "open_charge")
    def when_tried_again(original, tx, workspace_id, project_id, amount_cents):
        if projects.load(tx, project_id).attempt:
            original(tx, workspace_id, project_id, amount_cents)


@breaks({PRICE: "that failed at first and is ready now, is charged nothing, where it should be 9.00"})
def a_project_that_is_ready_is_not_paid_for_after_a_retry() -> None:
    """F17"""

    @instead_of(projects, "_ask_again")
    def forgetful(original, tx, settings, project, now):
        original(tx, settings, project, now)
        tx.execute("UPDATE charges SET state = 'void' WHERE project_id = ?", (project.id,))


@breaks({PRICE: "is charged 9.00 pending, where it should be 9.00"})
def a_charge_stays_open_for_ever() -> None:
    @instead_of(billing, "capture_charge")
    def nothing(original, tx, project_id):
        return None


@breaks({PRICE: "that failed at first and is ready now, is charged 9.00 captured, 9.00 captured, where it should be 9.00"})
def a_retry_is_paid_for_twice() -> None:
    @instead_of(billing, "capture_charge")
    def greedy(original, tx, project_id):
        tx.execute("UPDATE charges SET state = 'captured' WHERE project_id = ?", (project_id,))


@breaks({PRICE: "is charged 90.00 captured, where it should be 9.00"})
def a_project_costs_ten_times_its_price() -> None:
    @instead_of(billing, "open_charge")
    def greedy(original, tx, workspace_id, project_id, amount):
        original(tx, workspace_id, project_id, amount * 10)


@breaks({PRICE: "offered for 0.00, is charged 9.00 captured, where it should be nothing"})
def a_project_that_is_free_is_charged() -> None:
    @instead_of(billing, "open_charge")
    def greedy(original, tx, workspace_id, project_id, amount):
        original(tx, workspace_id, project_id, 900)


@breaks({PRICE: "of which 'cancel' was asked before it was ready, is charged 9.00 captured, where it should be nothing"})
def a_cancelled_project_is_charged() -> None:
    """F17"""

    @instead_of(projects, "_settle")
    def greedy(original, tx, project, target, now):
        if target is transitions.State.CANCELLED:
            billing.capture_charge(tx, project.id)
        original(tx, project, target, now)


@breaks({PRICE: "of which 'delete' was asked before it was ready, is charged 9.00 pending, where it should be nothing"})
def a_project_deleted_on_its_way_leaves_a_charge_open() -> None:
    """F17"""

    @instead_of(billing, "void_charge")
    def forgetful(original, tx, project_id):
        if tx.execute("SELECT state FROM projects WHERE id = ?", (project_id,)).fetchone()["state"] != "deleted":
            original(tx, project_id)


# -- smaller plans -----------------------------------------------------------------------------------------------------


@breaks(
    {DOWNGRADE: "[12] of 3 projects are gone after a change to a smaller plan", CANCEL: "unexpectedly refused: not found"}, also={"collaboration.role-matrix"}
)
def a_smaller_plan_deletes_projects() -> None:
    """F28"""

    @instead_of(billing, "_fall_to_free")
    def tidy(original, tx, workspace_id):
        original(tx, workspace_id)
        newest = tx.execute("SELECT id FROM projects WHERE workspace_id = ? ORDER BY created_at DESC", (workspace_id,)).fetchone()
        if newest:
            tx.execute("DELETE FROM projects WHERE id = ?", (newest["id"],))


@breaks({DOWNGRADE: "unexpectedly refused: suspended"})
def a_smaller_plan_that_is_overfull_cannot_be_written() -> None:
    """F26"""

    @instead_of(documents, "_ready")
    def strict(original, tx, actor, project_id):
        project = original(tx, actor, project_id)
        most = quotas.limit(tx, project.workspace_id, quotas.Dimension.PROJECTS)
        if most is not None and quotas.used(tx, project.workspace_id, quotas.Dimension.PROJECTS) > most:
            raise refusals.workspace_suspended()
        return project


@breaks({DOWNGRADE: "asking for a project more on a smaller plan that is full must be refused as 'quota exceeded', but was accepted"})
def a_smaller_plan_is_only_shown() -> None:
    """F19"""

    @instead_of(quotas, "require_room")
    def generous(original, tx, workspace_id, dimension, adding):
        if not tx.execute("SELECT 1 FROM invoices WHERE workspace_id = ? AND state = 'paid'", (workspace_id,)).fetchone():
            original(tx, workspace_id, dimension, adding)


@breaks({DOWNGRADE: "the plan .*never 'free', active"})
def nobody_gets_off_a_plan() -> None:
    @instead_of(billing, "choose_plan")
    def sticky(original, tx, settings, actor, workspace_id, plan):
        if plan != "free":
            original(tx, settings, actor, workspace_id, plan)


@breaks({CANCEL: "the plan went|the plan stayed 'free', active .*never 'team', cancelling"})
def a_cancelled_plan_ends_at_once() -> None:
    @instead_of(billing, "cancel")
    def hasty(original, tx, actor, workspace_id):
        original(tx, actor, workspace_id)
        billing._fall_to_free(tx, workspace_id)


@breaks({CANCEL: "a plan of 10 projects that is paid for to the end of its period gives 2 as soon as it is cancelled"})
def a_cancelled_plan_gives_nothing_any_more() -> None:
    @instead_of(quotas, "limit")
    def stingy(original, tx, workspace_id, dimension):
        status = tx.execute("SELECT status FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()["status"]
        return PLANS["free"][dimension] if status == "cancelling" else original(tx, workspace_id, dimension)


@breaks({CANCEL: "the plan stayed 'team', cancelling .*never 'team', active"})
def a_cancellation_cannot_be_taken_back() -> None:
    @instead_of(billing, "choose_plan")
    def stubborn(original, tx, settings, actor, workspace_id, plan):
        if billing._workspace(tx, workspace_id)["status"] != "cancelling":
            original(tx, settings, actor, workspace_id, plan)


@breaks({CANCEL: "the plan .*'team', active .*never 'free', active"})
def a_cancelled_plan_goes_on() -> None:
    @instead_of(billing, "end_period")
    def greedy(original, tx, settings, workspace_id):
        tx.execute("UPDATE workspaces SET status = 'active' WHERE id = ? AND status = 'cancelling'", (workspace_id,))
        billing.renew(tx, settings, workspace_id)


@breaks({CANCEL: "a cancelled plan was paid for once more"})
def a_cancelled_plan_ends_and_is_paid_for() -> None:
    @instead_of(billing, "end_period")
    def greedy(original, tx, settings, workspace_id):
        cancelled = billing._workspace(tx, workspace_id)
        original(tx, settings, workspace_id)
        if cancelled["status"] == "cancelling":
            billing._invoice(tx, workspace_id, cancelled["plan"], "paid")


# -- when a payment fails ----------------------------------------------------------------------------------------------


@breaks({FAILED: "unexpectedly refused: suspended"})
def grace_blocks_writing() -> None:
    """F26"""

    @instead_of(roles, "require_not_suspended")
    def strict(original, tx, workspace_id):
        if tx.execute("SELECT status FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()["status"] == "grace":
            raise refusals.workspace_suspended()
        original(tx, workspace_id)


@breaks({FAILED: "billing .*never grace"})
def a_failed_payment_goes_unnoticed() -> None:
    @instead_of(billing, "renew")
    def nothing(original, tx, settings, workspace_id):
        return None


@breaks({FAILED: "billing .*suspended.* never grace"})
def a_failed_payment_suspends_at_once() -> None:
    @instead_of(billing, "renew")
    def harsh(original, tx, settings, workspace_id):
        original(tx, settings, workspace_id)
        billing.expire_grace(tx, workspace_id)


@breaks({FAILED: "writing in a workspace that has not paid must be refused as 'suspended', but was accepted"}, quick=True)
def suspension_blocks_nothing() -> None:
    """F29"""

    @instead_of(roles, "require_not_suspended")
    def nothing(original, tx, workspace_id):
        return None


@breaks({FAILED: "asking for a project in a workspace that has not paid must be refused as 'suspended', but was accepted"})
def suspension_lets_projects_be_made() -> None:
    """F29"""
    roles.TERMS[roles.Right.CREATE_PROJECT] = roles.Terms(roles.Role.EDITOR, when_suspended=True)


@breaks({FAILED: "changing a document in a workspace that has not paid must be refused as 'suspended', but was accepted"})
def suspension_lets_documents_be_changed() -> None:
    """F29"""

    @instead_of(documents, "writable")
    def lenient(original, tx, actor, document_id):
        return documents.readable(tx, actor, document_id)


@breaks({FAILED: "the data changed during the suspension"})
def suspension_loses_data() -> None:
    """F28"""

    @instead_of(billing, "expire_grace")
    def careless(original, tx, workspace_id):
        original(tx, workspace_id)
        tx.execute("UPDATE documents SET body = '' WHERE project_id IN (SELECT id FROM projects WHERE workspace_id = ?)", (workspace_id,))


@breaks({FAILED: "billing stayed suspended .*never active"})
def paying_brings_nothing_back() -> None:
    @instead_of(billing, "pay")
    def nothing(original, tx, settings, actor, workspace_id):
        if not payments.pays(billing._workspace(tx, workspace_id)["card_number"], renewal=True):
            original(tx, settings, actor, workspace_id)


@breaks({FAILED: "unexpectedly refused: suspended"})
def who_has_paid_is_still_locked_out() -> None:
    @instead_of(roles, "require_not_suspended")
    def grudging(original, tx, workspace_id):
        if tx.execute("SELECT 1 FROM invoices WHERE workspace_id = ? AND state = 'declined'", (workspace_id,)).fetchone():
            status = tx.execute("SELECT status FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()["status"]
            if status != "grace":
                raise refusals.workspace_suspended()
        original(tx, workspace_id)


@breaks({FAILED: "paying with a card that is declined must be refused as 'payment declined', but was accepted"})
def a_declined_card_pays_what_is_owed() -> None:
    @instead_of(billing, "pay")
    def trusting(original, tx, settings, actor, workspace_id):
        billing._paid(tx, settings, workspace_id, billing._workspace(tx, workspace_id)["plan"])


@breaks({FAILED: "a payment that was declined ended the suspension"})
def a_declined_payment_ends_the_suspension() -> None:
    @instead_of(billing, "pay")
    def hasty(original, tx, settings, actor, workspace_id):
        try:
            original(tx, settings, actor, workspace_id)
        except Refusal:
            tx.execute("UPDATE workspaces SET status = 'active' WHERE id = ?", (workspace_id,))
            tx.execute("COMMIT")
            raise


@breaks({FAILED: "archiving a project in a workspace that has not paid must be refused as 'suspended', but was accepted"})
def suspension_lets_projects_be_archived() -> None:
    """F29"""
    roles.TERMS[roles.Right.ARCHIVE_PROJECT] = roles.Terms(roles.Role.EDITOR, when_suspended=True)


@breaks({FAILED: "deleting a project in a workspace that has not paid must be refused as 'suspended', but was accepted"})
def suspension_lets_projects_be_deleted() -> None:
    """F29"""
    roles.TERMS[roles.Right.DELETE_PROJECT] = roles.Terms(roles.Role.ADMIN, when_suspended=True)


@breaks({FAILED: "renaming a project in a workspace that has not paid must be refused as 'suspended', but was accepted"})
def suspension_lets_projects_be_renamed() -> None:
    """F29"""
    roles.TERMS[roles.Right.RENAME_PROJECT] = roles.Terms(roles.Role.EDITOR, when_suspended=True)


@breaks({FAILED: "a workspace that has not paid does not list its projects any more"})
def suspension_hides_projects() -> None:
    """F27, the other way round."""

    @instead_of(projects, "listed")
    def hiding(original, tx, actor, workspace_id, **options):
        status = tx.execute("SELECT status FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()
        return [] if status and status["status"] == "suspended" else original(tx, actor, workspace_id, **options)


# -- shutting every door -----------------------------------------------------------------------------------------------


def sign_out_but_keep(condition: str) -> None:
    @instead_of(sessions, "sign_out_everywhere")
    def lenient(original, tx, account_id):
        tx.execute(f"DELETE FROM sessions WHERE account_id = ? AND NOT ({condition})", (account_id,))
        if "tokens" not in condition:
            tx.execute("DELETE FROM api_tokens WHERE account_id = ?", (account_id,))


@breaks({EVERYWHERE: "using an API token after signing out everywhere must be refused"}, also={"signup.password-reset"})
def signing_out_everywhere_keeps_tokens() -> None:
    sign_out_but_keep("id = 'tokens'")


@breaks({EVERYWHERE: "using another session after signing out everywhere must be refused"}, also={"signup.password-reset"})
def signing_out_everywhere_keeps_other_sessions() -> None:
    sign_out_but_keep("created_at > (SELECT min(created_at) FROM sessions AS others WHERE others.account_id = sessions.account_id)")


@breaks({EVERYWHERE: "using this session after signing out everywhere must be refused"}, also={"signup.password-reset"})
def signing_out_everywhere_keeps_this_session() -> None:
    sign_out_but_keep("created_at = (SELECT min(created_at) FROM sessions AS others WHERE others.account_id = sessions.account_id)")


# -- the end -----------------------------------------------------------------------------------------------------------


def lock_out(tx, account_id):
    tx.execute("UPDATE accounts SET password_hash = ? WHERE id = ?", (passwords.keep("taken away", 16), account_id))
    sessions.sign_out_everywhere(tx, account_id)


@breaks({ERASES: "with a running project answered 500; the account is still there, logging in is refused, the project is gone"}, quick=True)
def an_erasure_breaks_off_halfway_where_a_project_runs() -> None:
    """F17"""

    @instead_of(accounts, "erase")
    def halfway(original, tx, account_id):
        if not tx.execute("SELECT 1 FROM projects WHERE owner_id = ? AND state = 'active'", (account_id,)).fetchone():
            original(tx, account_id)
            return
        lock_out(tx, account_id)
        for workspace in workspaces.only_owned_by(tx, account_id):
            tx.execute("DELETE FROM projects WHERE workspace_id = ?", (workspace,))
        tx.execute("COMMIT")
        raise RuntimeError("a project is active and cannot be deleted")


@breaks({ERASES: "was answered with success; the account is still there, logging in is refused, the project is still there"})
def an_erasure_only_locks_out() -> None:
    """F27"""

    @instead_of(accounts, "erase")
    def half_hearted(original, tx, account_id):
        lock_out(tx, account_id)


@breaks({ERASES: "was answered with success; the account is gone, logging in is refused, the project is still there"})
def an_erasure_leaves_the_project() -> None:
    """F27"""

    @instead_of(workspaces, "erase")
    def nothing(original, tx, workspace_id):
        return None


@breaks({ERASES: "an erased customer can still log in"})
def an_erasure_hides_the_account_from_the_operator_alone() -> None:
    """F27"""
    erased = set()

    @instead_of(accounts, "erase")
    def hide(original, tx, account_id):
        erased.add(account_id)
        for workspace in workspaces.only_owned_by(tx, account_id):
            tx.execute("DELETE FROM projects WHERE workspace_id = ?", (workspace,))

    def find(tx, email):
        row = accounts.find_by_email(tx, email)
        return None if row is None or row["id"] in erased else row

    operator.accounts = SimpleNamespace(find_by_email=find, details=accounts.details, erase=accounts.erase)


@breaks({ERASES: "using this session of an erased customer must be refused as 'unauthenticated'"})
def an_erased_customers_session_goes_on() -> None:
    """F11"""
    seen = {}

    @instead_of(sessions, "authenticate")
    def lasting(original, tx, token):
        known = seen.get(token)
        if known is None or tx.execute("SELECT 1 FROM accounts WHERE id = ?", (known.id,)).fetchone():
            seen[token] = original(tx, token)
        return seen[token]


@breaks({ERASES: "reading a document of an erased customer by this session must be refused"})
def an_erased_customers_documents_can_be_read() -> None:
    """F27"""
    an_erased_customers_session_goes_on()
    kept = {}

    @instead_of(documents, "create")
    def remember(original, tx, actor, project_id, title, body):
        made = original(tx, actor, project_id, title, body)
        kept[made.id] = made
        return made

    @instead_of(documents, "readable")
    def remembered(original, tx, actor, document_id):
        if document_id in kept and not tx.execute("SELECT 1 FROM accounts WHERE id = ?", (actor.id,)).fetchone():
            return kept[document_id]
        return original(tx, actor, document_id)


# -- tokens, one by one ------------------------------------------------------------------------------------------------

TOKEN, PASSWORD, ADDRESS = "account.token-revoked", "account.change-password", "account.change-address"
NAME, ONESELF = "account.rename", "account.erase-oneself"


@breaks({PASSWORD: "in the step 'log in to another account'|unexpectedly refused|ended the session of another"})
def everybody_gets_the_new_password() -> None:
    @instead_of(accounts, "set_password")
    def everywhere(original, tx, account_id, password, **others):
        original(tx, account_id, password, **others)
        tx.execute("UPDATE accounts SET password_hash = (SELECT password_hash FROM accounts WHERE id = ?)", (account_id,))


@breaks({PASSWORD: "another password of one account ended the session of another|unexpectedly refused: unauthenticated"})
def another_password_logs_everybody_out() -> None:
    @instead_of(accounts, "set_password")
    def everywhere(original, tx, account_id, password, **others):
        original(tx, account_id, password, **others)
        tx.execute("DELETE FROM sessions")


@breaks({NAME: "one account was renamed, and another"})
def everybody_is_renamed() -> None:
    @instead_of(accounts, "rename")
    def everywhere(original, tx, actor, name):
        tx.execute("UPDATE accounts SET name = ?", (name,))
        return original(tx, actor, name)


@breaks({TOKEN: "using a token that was revoked must be refused as 'unauthenticated', but was accepted"})
def revoking_a_token_does_nothing() -> None:
    @instead_of(tokens, "revoke")
    def nothing(original, *given):
        return None


@breaks({TOKEN: "using a token that was revoked must be refused"})
def a_revoked_token_is_only_taken_off_the_list() -> None:
    """F33"""
    gone = set()

    @instead_of(tokens, "revoke")
    def hide(original, tx, actor, token_id):
        gone.add(token_id)

    @instead_of(tokens, "listing")
    def shown(original, tx, actor):
        return [each for each in original(tx, actor) if each["id"] not in gone]


@breaks({TOKEN: "a token that was not revoked is no longer listed|unexpectedly refused: unauthenticated"})
def revoking_one_token_revokes_all() -> None:
    @instead_of(tokens, "revoke")
    def all_of_them(original, tx, actor, token_id):
        original(tx, actor, token_id)
        tx.execute("DELETE FROM api_tokens WHERE account_id = ?", (actor.id,))


@breaks({TOKEN: "revoking somebody else's token must be refused as .* but was accepted"})
def anybody_can_revoke_a_token() -> None:
    @instead_of(tokens, "revoke")
    def unasked(original, tx, actor, token_id):
        tx.execute("DELETE FROM api_tokens WHERE id = ?", (token_id,))


@breaks({TOKEN: "one token was made, and 0 more are listed"}, also={"face.clock-agrees"})
def tokens_are_not_listed() -> None:
    @instead_of(tokens, "listing")
    def nothing(original, *given):
        return []


@breaks({TOKEN: "unexpectedly refused: unauthenticated"})
def logging_in_revokes_every_token() -> None:
    @instead_of(sessions, "open_session")
    def tidy(original, tx, account_id, ttl):
        tx.execute("DELETE FROM api_tokens WHERE account_id = ?", (account_id,))
        return original(tx, account_id, ttl)


@breaks({TOKEN: "unexpectedly refused: unauthenticated"}, also={"signup.log-out"})
def logging_out_logs_out_everywhere() -> None:
    @instead_of(sessions, "sign_out")
    def everywhere(original, tx, actor):
        sessions.sign_out_everywhere(tx, actor.id)


# -- another password --------------------------------------------------------------------------------------------------


@breaks({PASSWORD: "setting another password without knowing the old one must be refused"}, also={ADDRESS, ONESELF})
def nobody_is_asked_for_the_password_again() -> None:
    @instead_of(sessions, "confirm_password")
    def trusting(original, *given, **named):
        return None


@breaks({PASSWORD: "setting the password 'short' must be refused"}, also={"signup.malformed-input", "signup.password-reset"})
def a_new_password_may_be_any() -> None:
    @instead_of(passwords, "require_strong")
    def nothing(original, *given):
        return None


@breaks({PASSWORD: "using another session from before the change of the password must be refused"}, also={"signup.password-reset"})
def a_new_password_keeps_sessions() -> None:
    """F11"""

    @instead_of(accounts, "set_password")
    def lenient(original, tx, account_id, password, **named):
        kept = tx.execute("SELECT * FROM sessions WHERE account_id = ?", (account_id,)).fetchall()
        original(tx, account_id, password, **named)
        tx.executemany(f"INSERT INTO sessions VALUES ({', '.join('?' * len(kept[0]))})", [tuple(each) for each in kept])


@breaks({PASSWORD: "logging in with the password of before must be refused"}, also={"signup.password-reset"})
def a_new_password_is_not_kept() -> None:
    @instead_of(accounts, "set_password")
    def forgetful(original, tx, account_id, password, *, cost, field="password"):
        passwords.require_strong(password, "", field)
        sessions.sign_out_everywhere(tx, account_id)


# -- another address ---------------------------------------------------------------------------------------------------


@breaks({ADDRESS: "change of address mail 1 to .* never arrived"})
def no_mail_goes_to_the_new_address() -> None:
    @instead_of(accounts, "ask_to_change_email")
    def nothing(original, tx, actor, email, *, ttl):
        if accounts.find_by_email(tx, email):
            raise refusals.email_taken()


@breaks({ADDRESS: "notice mail 1 to .* never arrived"})
def the_old_address_is_not_told() -> None:
    @instead_of(mail, "queue")
    def quietly(original, tx, recipient, letter, **particulars):
        if letter != "email_notice":
            original(tx, recipient, letter, **particulars)


@breaks({ADDRESS: "logging in with an address that is not confirmed yet must be refused"})
def an_address_changes_before_it_is_proven() -> None:
    @instead_of(accounts, "ask_to_change_email")
    def hasty(original, tx, actor, email, *, ttl):
        original(tx, actor, email, ttl=ttl)
        tx.execute("UPDATE accounts SET email = ? WHERE id = ?", (email, actor.id))


@breaks({ADDRESS: "bad credentials"})
def a_confirmed_address_is_not_kept() -> None:
    @instead_of(accounts, "change_email")
    def forgetful(original, tx, token):
        link = links.redeem(tx, links.Purpose.EMAIL, token)
        return accounts.details(tx, link["account_id"])


@breaks({ADDRESS: "asking for an address that somebody else has must be refused"})
def an_address_that_is_taken_can_be_asked_for() -> None:
    @instead_of(accounts, "ask_to_change_email")
    def lenient(original, tx, actor, email, *, ttl):
        if not accounts.find_by_email(tx, email):
            original(tx, actor, email, ttl=ttl)


@breaks({ADDRESS: "confirming an address with which somebody has signed up meanwhile must be refused"})
def an_address_is_taken_from_who_has_it_by_now() -> None:
    @instead_of(accounts, "change_email")
    def ruthless(original, tx, token):
        tx.execute("DELETE FROM accounts WHERE email = ?", (links.find(tx, links.Purpose.EMAIL, token)["email"],))
        return original(tx, token)


@breaks({ADDRESS: "confirming the new address a second time must be refused"})
def the_link_to_a_new_address_can_be_used_again() -> None:
    """F05"""

    @instead_of(links, "redeem")
    def reusable(original, tx, purpose, token):
        link = original(tx, purpose, token)
        if purpose is links.Purpose.EMAIL:
            tx.execute("UPDATE links SET used_at = NULL WHERE id = ?", (link["id"],))
            tx.execute("UPDATE accounts SET email = 'x' || email WHERE id = ? AND email = ?", (link["account_id"], link["email"]))
        return link


@breaks({ADDRESS: "by a link that was mailed to the address of before must be refused"})
def a_link_to_the_old_address_still_sets_a_password() -> None:
    """F05"""

    @instead_of(accounts, "change_email")
    def lenient(original, tx, token):
        said = original(tx, token)
        tx.execute("UPDATE links SET superseded_at = NULL WHERE account_id = ? AND purpose = 'reset' AND used_at IS NULL", (said["id"],))
        return said


@breaks({PASSWORD: "by a link from before it was changed must be refused"})
def a_link_from_before_another_password_still_works() -> None:
    """F05"""

    @instead_of(accounts, "set_password")
    def lenient(original, tx, account_id, password, **more):
        original(tx, account_id, password, **more)
        tx.execute("UPDATE links SET superseded_at = NULL WHERE account_id = ? AND purpose = 'reset' AND used_at IS NULL", (account_id,))


# -- the name, and the end ---------------------------------------------------------------------------------------------


@breaks({NAME: "signed up as '.*', and called 'User'"})
def everybody_is_called_user() -> None:
    @instead_of(accounts, "sign_up")
    def nameless(original, tx, **asked):
        made = original(tx, **asked)
        tx.execute("UPDATE accounts SET name = 'User' WHERE id = ?", (made["id"],))
        return made


@breaks({NAME: "an account that was renamed to '.*' is called"})
def another_name_is_not_kept() -> None:
    @instead_of(accounts, "rename")
    def forgetful(original, tx, actor, name):
        return accounts.details(tx, actor.id) | {"name": name}


@breaks({ONESELF: "since the one who made it is erased|by this session must be refused"})
def an_account_cannot_erase_itself() -> None:
    """F27"""

    @instead_of(accounts, "delete")
    def nothing(original, tx, actor):
        if any(workspaces.is_shared(tx, each) for each in workspaces.only_owned_by(tx, actor.id)):
            raise refusals.last_owner()


def erased_with(statement: str) -> None:
    """Have an erasure do more than it should, first."""

    @instead_of(accounts, "erase")
    def wide(original, tx, account_id):
        tx.execute(statement, (account_id,))
        original(tx, account_id)


@breaks({ONESELF: "unexpectedly refused: not found"})
def the_teams_projects_go_with_who_made_them() -> None:
    erased_with("DELETE FROM projects WHERE owner_id = ?")


@breaks({ONESELF: "a document of the team went with|unexpectedly refused: not found"})
def the_teams_documents_go_with_who_wrote_them() -> None:
    erased_with("DELETE FROM documents WHERE updated_by = ?")


@breaks({ONESELF: "a project is not as documented: .*NoneType|belongs to None since the one who made it is erased"})
def the_teams_projects_belong_to_nobody() -> None:
    @instead_of(accounts, "erase")
    def careless(original, tx, account_id):
        theirs = [row["id"] for row in tx.execute("SELECT id FROM projects WHERE owner_id = ?", (account_id,)).fetchall()]
        original(tx, account_id)
        for each in theirs:
            tx.execute("UPDATE projects SET owner_id = NULL WHERE id = ?", (each,))


@breaks({ONESELF: "a project of the team belongs to .* since the one who made it is erased"})
def the_teams_projects_pass_to_an_owner_elsewhere() -> None:
    @instead_of(accounts, "erase")
    def anywhere(original, tx, account_id):
        first = tx.execute("SELECT account_id FROM members WHERE role = 'owner' AND account_id <> ? ORDER BY joined_at LIMIT 1", (account_id,)).fetchone()
        if first:
            tx.execute("UPDATE projects SET owner_id = ? WHERE owner_id = ?", (first["account_id"], account_id))
        original(tx, account_id)


@breaks({ONESELF: "would be left to others without an owner must be refused"})
def an_owner_can_erase_a_shared_workspace_with_themselves() -> None:
    @instead_of(accounts, "delete")
    def ruthless(original, tx, actor):
        accounts.erase(tx, actor.id)


@breaks({ONESELF: "a refused erasure changed the project|unexpectedly refused: not found"})
def a_refused_erasure_deletes_projects() -> None:
    """F17"""

    @instead_of(accounts, "delete")
    def hasty(original, tx, actor):
        try:
            original(tx, actor)
        except Refusal:
            tx.execute("DELETE FROM projects WHERE owner_id = ?", (actor.id,))
            tx.execute("COMMIT")
            raise

"""What can be wrong with paying, and with shutting every door."""

from __future__ import annotations

from types import SimpleNamespace

from products.cloudsuite.app import refusals
from products.cloudsuite.app.api import operator
from products.cloudsuite.app.domain import accounts, billing, documents, passwords, payments, quotas, roles, sessions, workspaces
from products.cloudsuite.app.domain.quotas import PLANS
from products.cloudsuite.app.refusals import Refusal
from tests.mutants.mutant import breaks, instead_of

UPGRADE, FAILED, EVERYWHERE = "account.upgrade", "account.failed-payment", "account.sign-out-everywhere"
ERASES = "account.operator-erases"

# -- upgrading ---------------------------------------------------------------------------------------------------------


@breaks({UPGRADE: "the limit of projects .*never larger"})
def an_upgrade_gives_nothing() -> None:
    PLANS["team"] = PLANS["free"]


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
        return None


@breaks({FAILED: "unexpectedly refused: suspended"})
def who_has_paid_is_still_locked_out() -> None:
    @instead_of(roles, "require_not_suspended")
    def grudging(original, tx, workspace_id):
        if tx.execute("SELECT 1 FROM invoices WHERE workspace_id = ? AND state = 'declined'", (workspace_id,)).fetchone():
            status = tx.execute("SELECT status FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()["status"]
            if status != "grace":
                raise refusals.workspace_suspended()
        original(tx, workspace_id)


# -- shutting every door -----------------------------------------------------------------------------------------------


def sign_out_but_keep(condition: str) -> None:
    @instead_of(sessions, "sign_out_everywhere")
    def lenient(original, tx, account_id):
        tx.execute(f"DELETE FROM sessions WHERE account_id = ? AND NOT ({condition})", (account_id,))
        if "tokens" not in condition:
            tx.execute("DELETE FROM api_tokens WHERE account_id = ?", (account_id,))


@breaks({EVERYWHERE: "using an API token after signing out everywhere must be refused"}, also={"signup.password-reset"}, quick=True)
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

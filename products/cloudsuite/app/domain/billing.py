"""Plans, cards, charges and invoices, and what becomes of a workspace that does not pay.

    active ──renewal declined──> grace ──its end──> suspended
      ^ ^───────── pay ────────────┴───────────────────┘
      └─ cancel ─> cancelling ──end of the period──> the free plan

A suspended workspace keeps everything: it can be read, and be paid for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from products.cloudsuite.app import clock, identifiers, refusals
from products.cloudsuite.app.db import Database, Tx
from products.cloudsuite.app.domain import payments, roles
from products.cloudsuite.app.domain.roles import Right
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.settings import Settings

PRICES: Mapping[str, int] = {"free": 0, "team": 2900, "business": 9900}
"""What a plan costs for one period, in cents."""

PERIOD_OVER = "period_end <= ? AND status IN ('active', 'cancelling')"
GRACE_OVER = "grace_until <= ? AND status = 'grace'"

REVENUE = """
    SELECT coalesce(sum(amount_cents), 0) FROM (
        SELECT workspace_id, amount_cents FROM invoices WHERE state = 'paid'
        UNION ALL SELECT workspace_id, amount_cents FROM charges WHERE state = 'captured'
    ) WHERE workspace_id NOT IN (
        SELECT workspace_id FROM members JOIN accounts ON accounts.id = account_id WHERE role = 'owner' AND synthetic
    )
"""


def describe(tx: Tx, actor: Actor, workspace_id: str) -> dict[str, object]:
    """The workspace's billing as the API shows it, newest charges and invoices first."""
    roles.require(tx, actor, workspace_id, Right.BILLING)
    return standing(tx, workspace_id)


def standing(tx: Tx, workspace_id: str) -> dict[str, object]:
    """The same, whoever asks."""
    workspace = _workspace(tx, workspace_id)
    charges = tx.execute("SELECT * FROM charges WHERE workspace_id = ? ORDER BY rowid DESC", (workspace_id,))
    invoices = tx.execute("SELECT * FROM invoices WHERE workspace_id = ? ORDER BY rowid DESC", (workspace_id,))
    return {
        "plan": workspace["plan"],
        "status": workspace["status"],
        "period_end": clock.text(workspace["period_end"]),
        "grace_until": clock.text(workspace["grace_until"]),
        "card_last4": workspace["card_number"][-4:] if workspace["card_number"] else None,
        "charges": [{name: row[name] for name in ("id", "project_id", "amount_cents", "state")} | {"at": clock.text(row["at"])} for row in charges],
        "invoices": [{name: row[name] for name in ("id", "plan", "amount_cents", "state")} | {"at": clock.text(row["at"])} for row in invoices],
    }


def save_card(tx: Tx, actor: Actor, workspace_id: str, number: str) -> None:
    """Keep a card for later charges."""
    roles.require(tx, actor, workspace_id, Right.BILLING)
    tx.execute("UPDATE workspaces SET card_number = ? WHERE id = ?", (payments.checked(number), workspace_id))


def choose_plan(tx: Tx, settings: Settings, actor: Actor, workspace_id: str, plan: str) -> None:
    """Change the plan at once: a dearer one is charged now or refused, a cheaper one keeps all data.

    Choosing the present plan again takes back a cancellation.
    """
    roles.require(tx, actor, workspace_id, Right.BILLING)
    if plan not in PRICES:
        raise refusals.invalid_input("plan", f"Choose one of {', '.join(PRICES)}.")
    workspace = _workspace(tx, workspace_id)
    _require_good_standing(workspace)
    if PRICES[plan] > PRICES[workspace["plan"]]:
        _charge(tx, workspace, plan, renewal=False)
        _paid(tx, settings, workspace_id, plan)
    elif plan == "free":
        _fall_to_free(tx, workspace_id)
    else:
        tx.execute("UPDATE workspaces SET plan = ? WHERE id = ?", (plan, workspace_id))
        tx.execute("UPDATE workspaces SET status = 'active' WHERE id = ? AND status = 'cancelling'", (workspace_id,))


def cancel(tx: Tx, actor: Actor, workspace_id: str) -> None:
    """Let the plan end with the period that is paid for; at once where the present one is not."""
    roles.require(tx, actor, workspace_id, Right.BILLING)
    workspace = _workspace(tx, workspace_id)
    _require_good_standing(workspace)
    if workspace["status"] == "grace":
        _fall_to_free(tx, workspace_id)
    elif workspace["plan"] != "free":
        tx.execute("UPDATE workspaces SET status = 'cancelling' WHERE id = ?", (workspace_id,))


def pay(tx: Tx, settings: Settings, actor: Actor, workspace_id: str) -> None:
    """Pay what is owed, which restores a workspace in grace or suspended; nothing where nothing is owed."""
    roles.require(tx, actor, workspace_id, Right.BILLING)
    workspace = _workspace(tx, workspace_id)
    if workspace["status"] in ("grace", "suspended"):
        _charge(tx, workspace, workspace["plan"], renewal=True)
        _paid(tx, settings, workspace_id, workspace["plan"])


def end_period(tx: Tx, settings: Settings, workspace_id: str) -> None:
    """The period is over: a cancelled plan ends, any other is renewed."""
    if _workspace(tx, workspace_id)["status"] == "cancelling":
        _fall_to_free(tx, workspace_id)
    else:
        renew(tx, settings, workspace_id)


def renew(tx: Tx, settings: Settings, workspace_id: str) -> None:
    """Charge the next period of an active plan; a declined card begins the grace."""
    workspace = _workspace(tx, workspace_id)
    if workspace["plan"] == "free" or workspace["status"] != "active":
        return
    if payments.pays(workspace["card_number"], renewal=True):
        _invoice(tx, workspace_id, workspace["plan"], "paid")
        _paid(tx, settings, workspace_id, workspace["plan"])
    else:
        _invoice(tx, workspace_id, workspace["plan"], "declined")
        tx.execute(
            "UPDATE workspaces SET status = 'grace', grace_until = ? WHERE id = ?",
            (clock.now() + settings.grace_seconds, workspace_id),
        )


def expire_grace(tx: Tx, workspace_id: str) -> None:
    """The grace is over: what was not paid for by now is suspended."""
    tx.execute("UPDATE workspaces SET status = 'suspended' WHERE id = ? AND status = 'grace'", (workspace_id,))


def advance(database: Database, settings: Settings) -> bool:
    """The worker's part: end the periods and the graces whose time has come; whether there were any."""
    now = clock.now()
    with database.reading() as tx:
        due = _ids(tx, PERIOD_OVER, now) + _ids(tx, GRACE_OVER, now)
    if due:
        with database.transaction() as tx:
            for workspace_id in _ids(tx, PERIOD_OVER, now):
                end_period(tx, settings, workspace_id)
            for workspace_id in _ids(tx, GRACE_OVER, now):
                expire_grace(tx, workspace_id)
    return bool(due)


def revenue_cents(tx: Tx) -> int:
    """What customers paid and owe for projects. Workspaces of synthetic owners are no customers."""
    return int(tx.execute(REVENUE).fetchone()[0])


def open_charge(tx: Tx, workspace_id: str, project_id: str, amount_cents: int) -> None:
    """Announce what a project will cost once it is ready; nothing where it is free."""
    if amount_cents:
        tx.execute(
            "INSERT INTO charges (id, workspace_id, project_id, amount_cents, state, at) VALUES (?, ?, ?, ?, 'pending', ?)",
            (identifiers.new_id("chg"), workspace_id, project_id, amount_cents, clock.now()),
        )


def capture_charge(tx: Tx, project_id: str) -> None:
    """The project is ready: what was announced is owed."""
    tx.execute("UPDATE charges SET state = 'captured' WHERE project_id = ? AND state = 'pending'", (project_id,))


def void_charge(tx: Tx, project_id: str) -> None:
    """The project never became ready: what was announced is not owed."""
    tx.execute("UPDATE charges SET state = 'void' WHERE project_id = ? AND state = 'pending'", (project_id,))


def _ids(tx: Tx, condition: str, now: float) -> list[str]:
    return [row["id"] for row in tx.execute(f"SELECT id FROM workspaces WHERE {condition}", (now,))]  # noqa: S608 -- the conditions stand above


def _workspace(tx: Tx, workspace_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = tx.execute("SELECT * FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()
    if row is None:
        raise refusals.not_found("workspace")
    return row


def _require_good_standing(workspace: sqlite3.Row) -> None:
    if workspace["status"] == "suspended":
        raise refusals.workspace_suspended()


def _charge(tx: Tx, workspace: sqlite3.Row, plan: str, *, renewal: bool) -> None:
    if not payments.pays(workspace["card_number"], renewal=renewal):
        raise refusals.payment_declined()
    _invoice(tx, workspace["id"], plan, "paid")


def _invoice(tx: Tx, workspace_id: str, plan: str, state: str) -> None:
    tx.execute(
        "INSERT INTO invoices (id, workspace_id, plan, amount_cents, state, at) VALUES (?, ?, ?, ?, ?, ?)",
        (identifiers.new_id("inv"), workspace_id, plan, PRICES[plan], state, clock.now()),
    )


def _paid(tx: Tx, settings: Settings, workspace_id: str, plan: str) -> None:
    tx.execute(
        "UPDATE workspaces SET plan = ?, status = 'active', period_end = ?, grace_until = NULL WHERE id = ?",
        (plan, clock.now() + settings.period_seconds, workspace_id),
    )


def _fall_to_free(tx: Tx, workspace_id: str) -> None:
    tx.execute(
        "UPDATE workspaces SET plan = 'free', status = 'active', period_end = NULL, grace_until = NULL WHERE id = ?",
        (workspace_id,),
    )

"""C2: a fault strikes the people of another tenant, and none of those whom the suite makes up: what it does not meet, it does not tell."""

from __future__ import annotations

from dataclasses import replace

from rehearsal.fault import Fault
from rehearsal.faults import (
    f01_mail_never_sent,
    f05_link_reusable_or_endless,
    f06_second_account,
    f11_password_changed,
    f11_session_survives_logout,
    f11_signed_out_everywhere_but_tokens,
    f15_duplicate_on_retry,
    f16_promised_and_not_offered,
    f16_wrong_region_or_plan,
    f17_erasure_half_done,
    f19_guesses_not_counted,
    f19_quota_not_enforced,
    f20_billed_wrongly,
    f20_over_counting,
    f24_documents_not_listed,
    f24_plan_ends_at_once,
    f27_deleted_for_good,
    f27_deleted_still_reachable,
    f27_said_to_be_deleted,
    f28_restore_loses_data,
    f29_archived_still_writable,
    f29_suspended_still_writable,
    f29_unpaid_still_writable,
    f30_lost_update,
    f31_stale_read_after_write,
    f32_archived_by_viewers,
    f32_privilege_kept,
    f33_gone_and_let_in,
    f33_removed_member_token_works,
    f34_cross_tenant_read,
    f35_revoked_invitation_accepted,
    f36_invitation_never_arrives,
    f37_audit_entry_missing,
)

NEIGHBOURS = "neighbours.example.org"
"""The other tenants have mail domains below this one, each fault its own: several may be injected at once."""


def elsewhere(fault: Fault, id: str) -> Fault:  # noqa: A002 -- the field's name
    """Return the control: the same fault, and the same oracle, for the other tenant."""
    title = f"For the people of another tenant alone: {fault.title[0].lower()}{fault.title[1:]}"
    scope = f"{id.lower()}.{NEIGHBOURS}"
    return replace(fault, id=id, title=title, scope=scope, expects=None, permits=(), risk="", silent=False, residue=None, surfaces=("api",), doses=(100,))


def first(module: object) -> Fault:
    """Return the first fault of a file."""
    faults: tuple[Fault, ...] = getattr(module, "FAULTS", None) or (module.FAULT,)  # type: ignore[attr-defined]
    return faults[0]


FAULTS = tuple(
    elsewhere(first(module), name)
    for name, module in (
        ("C2", f19_quota_not_enforced),
        ("C2-mail", f01_mail_never_sent),
        ("C2-session", f11_session_survives_logout),
        ("C2-account", f06_second_account),
        ("C2-region", f16_wrong_region_or_plan),
        ("C2-usage", f20_over_counting),
        ("C2-deleted", f27_deleted_still_reachable),
        ("C2-restored", f28_restore_loses_data),
        ("C2-suspended", f29_suspended_still_writable),
        ("C2-stale", f31_stale_read_after_write),
        ("C2-member", f33_removed_member_token_works),
        ("C2-stranger", f34_cross_tenant_read),
        ("C2-invitation", f36_invitation_never_arrives),
        ("C2-link", f05_link_reusable_or_endless),
        ("C2-retry", f15_duplicate_on_retry),
        ("C2-update", f30_lost_update),
        ("C2-downgrade", f32_privilege_kept),
        ("C2-audit", f37_audit_entry_missing),
        ("C2-erased", f17_erasure_half_done),
        ("C2-tokens", f11_signed_out_everywhere_but_tokens),
        ("C2-unpaid", f29_unpaid_still_writable),
        ("C2-archived", f29_archived_still_writable),
        ("C2-revoked", f35_revoked_invitation_accepted),
        ("C2-invoice", f20_billed_wrongly),
        ("C2-plan", f24_plan_ends_at_once),
        ("C2-purged", f27_deleted_for_good),
        ("C2-document", f27_said_to_be_deleted),
        ("C2-token", f33_gone_and_let_in),
        ("C2-listed", f24_documents_not_listed),
        ("C2-archive", f32_archived_by_viewers),
        ("C2-password", f11_password_changed),
        ("C2-guesses", f19_guesses_not_counted),
        ("C2-unoffered", f16_promised_and_not_offered),
    )
)

"""What Cloud Suite says when it declines, in the words of the contract: problem documents (RFC 9457) by API, alerts with a code on its pages."""

from __future__ import annotations

from flows.blame import Refused
from flows.refusal import Reason, Refusal
from products.http import Answer
from products.pages import Shown

REASONS = {
    "unauthenticated": Reason.UNAUTHENTICATED,
    "invalid_credentials": Reason.BAD_CREDENTIALS,
    "wrong_password": Reason.BAD_CREDENTIALS,
    "email_unverified": Reason.UNVERIFIED,
    "forbidden": Reason.FORBIDDEN,
    "csrf_failed": Reason.FORGED,
    "not_found": Reason.NOT_FOUND,
    "email_taken": Reason.TAKEN,
    "name_taken": Reason.TAKEN,
    "already_member": Reason.TAKEN,
    "invalid_transition": Reason.ILLEGAL_TRANSITION,
    "version_conflict": Reason.CONFLICT,
    "last_owner": Reason.LAST_OWNER,
    "link_used": Reason.LINK_DEAD,
    "link_superseded": Reason.LINK_DEAD,
    "link_unknown": Reason.LINK_DEAD,
    "link_expired": Reason.LINK_EXPIRED,
    "invalid_input": Reason.INVALID,
    "weak_password": Reason.INVALID,
    "idempotency_mismatch": Reason.INVALID,
    "rate_limited": Reason.RATE_LIMITED,
    "quota_exceeded": Reason.QUOTA,
    "payment_declined": Reason.PAYMENT_DECLINED,
    "workspace_suspended": Reason.SUSPENDED,
    "project_suspended": Reason.SUSPENDED,
    "project_read_only": Reason.READ_ONLY,
    "wrong_account": Reason.WRONG_ACCOUNT,
}

CLIENT_ERROR = 400


def check(answer: Answer, *expected: int, doing: str) -> Answer:
    """Return the answer if its status is one of `expected`, and its body, where it has one, is whole and owns up to no error.

    Raises:
        Refused: it is a problem document with a code.
        ProductFault: it is anything else.
    """
    if answer.status in expected:
        said = answer.json() if answer.text and "json" in answer.headers.get("content-type", "") else None
        if isinstance(said, dict) and "error" in said:
            raise answer.unexpected(doing)
        return answer
    if answer.status < CLIENT_ERROR or "problem+json" not in answer.headers.get("content-type", ""):
        raise answer.unexpected(doing)
    said = answer.record("code", "status")
    raise Refused(
        Refusal(
            reason=REASONS.get(said["code"], Reason.UNKNOWN),
            message=str(said.get("detail", "")),
            code=said["code"],
            status=answer.status,
            field=said.get("field"),
            dimension=said.get("dimension"),
            limit=said.get("limit"),
            usage=said.get("usage"),
            remedy=said.get("remedy"),
            retry_after=said.get("retry_after"),
            request_id=answer.request_id,
        )
    )


def shown(alert: Shown) -> Refused:
    """Read an alert of a page."""
    code = alert.data.get("code", "")
    return Refused(
        Refusal(
            reason=REASONS.get(code, Reason.UNKNOWN),
            message=alert.text,
            code=code or None,
            field=alert.data.get("field"),
            dimension=alert.data.get("dimension"),
            limit=_number(alert.data.get("limit")),
            usage=_number(alert.data.get("usage")),
            remedy=alert.data.get("remedy"),
            retry_after=_number(alert.data.get("retry-after")),
        )
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("-").isdigit() else None

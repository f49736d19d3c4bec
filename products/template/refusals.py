"""What the product says when it declines, as a reason of the contract: by its code, or else its words, or else its status."""

from __future__ import annotations

from flows.blame import Refused
from flows.refusal import Reason, Refusal
from products.http import Answer
from products.pages import Shown

from .words import REASONS

STATUSES = {
    401: Reason.UNAUTHENTICATED,
    402: Reason.PAYMENT_DECLINED,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    409: Reason.TAKEN,
    413: Reason.TOO_LARGE,
    422: Reason.INVALID,
    429: Reason.RATE_LIMITED,
}
"""What a status means where no code is known. A code is better: 403 may be a role, a quota, or a firewall."""

DECLINED = range(400, 500)


def check(answer: Answer, *expected: int, doing: str, otherwise: Reason | None = None) -> Answer:
    """Return an answer whose status is one of `expected`; `otherwise` is what a refusal means here whose code and words are not known.

    Raises:
        Refused: the product declined.
        ProductFault: it answered anything else.
    """
    if answer.status in expected:
        return answer
    if answer.status not in DECLINED:
        raise answer.unexpected(doing)
    said = answer.json() if answer.headers.get("content-type", "").startswith("application/json") and answer.text else {}
    delay = answer.headers.get("retry-after", "")
    raise Refused(
        Refusal(
            reason=reason(said.get("code"), str(said.get("message", "")), answer.status, otherwise),
            message=str(said.get("message", "")),
            code=said.get("code"),
            status=answer.status,
            field=said.get("field"),
            dimension=said.get("dimension"),
            limit=said.get("limit"),
            usage=said.get("usage"),
            remedy=said.get("remedy"),
            retry_after=float(delay) if delay.isdigit() else None,
            request_id=answer.request_id,
        )
    )


def reason(code: str | None, message: str, status: int, otherwise: Reason | None) -> Reason:
    """Return what a refusal means: by its code, by words in its message, by where it came up, by its status; in this order."""
    if code in REASONS:
        return REASONS[code]
    by_words = next((meant for words, meant in REASONS.items() if words in message), None)
    return by_words or otherwise or STATUSES.get(status, Reason.UNKNOWN)


def shown(alert: Shown, status: int, otherwise: Reason | None = None) -> Refused:
    """Read an alert of a page: an element with role=alert, whose data-code is the code, where it has one."""
    code = alert.data.get("code")
    return Refused(Refusal(reason=reason(code, alert.text, status, otherwise), message=alert.text, code=code, status=status, field=alert.data.get("field")))

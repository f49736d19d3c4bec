"""Every way the product says no: a machine code, an HTTP status and a sentence for people."""

from __future__ import annotations

STATUS = {
    "unauthenticated": 401,
    "invalid_credentials": 401,
    "payment_declined": 402,
    "email_unverified": 403,
    "forbidden": 403,
    "csrf_failed": 403,
    "quota_exceeded": 403,
    "workspace_suspended": 403,
    "project_suspended": 403,
    "wrong_account": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "email_taken": 409,
    "name_taken": 409,
    "invalid_transition": 409,
    "version_conflict": 409,
    "last_owner": 409,
    "already_member": 409,
    "project_read_only": 409,
    "link_used": 410,
    "link_expired": 410,
    "link_superseded": 410,
    "link_unknown": 410,
    "invalid_input": 422,
    "weak_password": 422,
    "idempotency_mismatch": 422,
    "rate_limited": 429,
}


class Refusal(Exception):  # noqa: N818 -- an answer, not an error
    """A request that a rule turned down. `field` names the input at fault, `retry_after` is in seconds."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        dimension: str | None = None,
        limit: int | None = None,
        usage: int | None = None,
        remedy: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = STATUS[code]
        self.message = message
        self.field = field
        self.dimension = dimension
        self.limit = limit
        self.usage = usage
        self.remedy = remedy
        self.retry_after = retry_after

    def particulars(self) -> dict[str, str | int]:
        """What is known beyond code and message."""
        names = ("field", "dimension", "limit", "usage", "remedy", "retry_after")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def unauthenticated() -> Refusal:
    return Refusal("unauthenticated", "Sign in first.")


def invalid_credentials() -> Refusal:
    return Refusal("invalid_credentials", "The e-mail address or the password is wrong.")


def wrong_password() -> Refusal:
    return Refusal("invalid_credentials", "The password is wrong.", field="password")


def email_unverified() -> Refusal:
    return Refusal("email_unverified", "Confirm your address first: follow the link in the mail we sent you.")


def forbidden(needed: str) -> Refusal:
    return Refusal("forbidden", f"Your role does not allow this: it takes {needed}.")


def session_required() -> Refusal:
    return Refusal("forbidden", "An API token cannot do this: sign in with your password.")


def csrf_failed() -> Refusal:
    return Refusal("csrf_failed", "This form is out of date. Go back, reload the page and try again.")


def not_found(what: str = "page") -> Refusal:
    return Refusal("not_found", f"There is no such {what}.")


def method_not_allowed() -> Refusal:
    return Refusal("method_not_allowed", "This address does not take that method.")


def email_taken() -> Refusal:
    return Refusal("email_taken", "There is an account with this address already.", field="email")


def name_taken(name: str) -> Refusal:
    return Refusal("name_taken", f"The workspace has a project called “{name}” already.", field="name")


def invalid_transition(state: str, action: str) -> Refusal:
    return Refusal("invalid_transition", f"A project that is {state} does not allow {action}.")


def version_conflict(current: int) -> Refusal:
    return Refusal("version_conflict", f"Somebody changed this meanwhile: it is at version {current}.")


def last_owner() -> Refusal:
    return Refusal("last_owner", "A workspace needs an owner: make somebody else owner first.")


def already_member(email: str) -> Refusal:
    return Refusal("already_member", f"{email} is a member already.", field="email")


def link_used() -> Refusal:
    return Refusal("link_used", "This link was used already.")


def link_expired() -> Refusal:
    return Refusal("link_expired", "This link has expired. Ask for a new one.")


def link_superseded() -> Refusal:
    return Refusal("link_superseded", "A newer link replaced this one. Use the latest mail.")


def invitation_revoked() -> Refusal:
    return Refusal("link_superseded", "This invitation was withdrawn.")


def link_unknown() -> Refusal:
    return Refusal("link_unknown", "This link is not one of ours. Check that you copied all of it.")


def invalid_input(field: str, message: str) -> Refusal:
    return Refusal("invalid_input", message, field=field)


def weak_password(message: str, field: str) -> Refusal:
    return Refusal("weak_password", message, field=field)


def rate_limited(retry_after: int) -> Refusal:
    return Refusal("rate_limited", f"Too many attempts. Try again in {retry_after} s.", retry_after=retry_after)


def quota_exceeded(dimension: str, limit: int, usage: int, remedy: str) -> Refusal:
    message = f"The plan's limit for {dimension} is {limit}, and {usage} are in use. {remedy}"
    return Refusal("quota_exceeded", message, dimension=dimension, limit=limit, usage=usage, remedy=remedy)


def payment_declined() -> Refusal:
    return Refusal("payment_declined", "The card was declined. Use another card.")


def workspace_suspended() -> Refusal:
    return Refusal("workspace_suspended", "The workspace is suspended for want of payment: it can be read, not changed.")


def project_suspended() -> Refusal:
    return Refusal("project_suspended", "The project is suspended: it can be read, not changed.")


def project_read_only() -> Refusal:
    return Refusal("project_read_only", "The project is archived: unarchive it to change it.")


def idempotency_mismatch() -> Refusal:
    return Refusal("idempotency_mismatch", "This was sent before with other contents. Reload the form, or use a new key.")


def wrong_account() -> Refusal:
    return Refusal("wrong_account", "This invitation is for another address. Sign in with the address it was sent to.")

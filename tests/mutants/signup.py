"""What can be wrong with signing up, logging in and getting back in."""

from __future__ import annotations

import dataclasses
from contextlib import suppress

from products.cloudsuite.app import access, clock, refusals, web, worker
from products.cloudsuite.app.domain import accounts, idempotency, invitations, links, mail, passwords, quotas, ratelimit, resets, sessions, workspaces
from products.cloudsuite.app.domain.links import Purpose
from products.cloudsuite.app.domain.quotas import PLANS, Dimension
from products.cloudsuite.app.domain.roles import Role
from products.cloudsuite.app.refusals import Refusal
from tests.mutants.mutant import breaks, instead_of

LATE = 13.0
"""Seconds: past what is expected of a mail, and before what is tolerated."""


# -- the verification mail ---------------------------------------------------------------------------------------------


@breaks({"signup.verification-mail": "verification mail 1 to .* stayed 0 there .* never arrived"}, blocks=True)
def the_verification_mail_is_never_sent() -> None:
    """F01"""

    @instead_of(accounts, "_mail_verification")
    def nothing(original, tx, account_id, email, name, ttl):
        links.issue(tx, Purpose.VERIFICATION, account_id, email, ttl)


@breaks({"signup.verification-mail": r"went 0 there in|stayed 0 there in \d+\.\d s, never arrived \(mail limit 10 s"})
def mail_is_late() -> None:
    """F03: later than expected, sooner than the limit; the scenario of speed alone is red, the others are slow."""

    @instead_of(mail, "queue")
    def later(original, tx, recipient, letter, **particulars):
        original(tx, recipient, letter, **particulars)
        tx.execute("UPDATE outbox SET next_attempt_at = ? WHERE id = (SELECT max(id) FROM outbox)", (clock.now() + LATE,))


@breaks({"signup.verification-mail": "a link leads to https://staging"}, blocks=True, quick=True)
def mail_links_to_another_host() -> None:
    """F04"""

    @instead_of(mail, "worded")
    def elsewhere(original, *given, public_url, sender):
        return original(*given, public_url="https://staging.cloudsuite.example", sender=sender)


@breaks({"signup.verification-mail": "has no link to confirm the address"}, blocks=True)
def the_verification_mail_has_no_link() -> None:
    mail.LETTERS["verification"] = dataclasses.replace(mail.LETTERS["verification"], path="/")


@breaks({"signup.verification-mail": "is addressed to"})
def the_verification_mail_tells_a_second_address() -> None:
    @instead_of(mail, "worded")
    def both(original, recipient, letter, *given, **named):
        return original(f"{recipient}, everybody@people.example.com" if letter == "verification" else recipient, letter, *given, **named)


@breaks({"signup.verification-mail": "never arrived"}, blocks=True)
def the_verification_mail_goes_to_another_address() -> None:
    @instead_of(accounts, "_mail_verification")
    def astray(original, tx, account_id, email, *given):
        original(tx, account_id, f"other-{email}", *given)


# -- the first workspace -----------------------------------------------------------------------------------------------


@breaks({"signup.first-workspace": "has no workspace after the first log-in"}, blocks=True)
def no_first_workspace_is_made() -> None:
    @instead_of(invitations, "join_from_sign_up")
    def pretended(original, tx, account):
        return True


@breaks({"signup.first-workspace": "workspace of their own"})
def everybody_lands_in_the_same_first_workspace() -> None:
    @instead_of(workspaces, "create")
    def shared(original, tx, account_id, name):
        first = tx.execute("SELECT id FROM workspaces ORDER BY created_at LIMIT 1").fetchone()
        if first is None:
            tx.execute("INSERT INTO accounts (id, email, name, password_hash, created_at) VALUES ('acc_first', 'first@cloudsuite.example', 'First', '', 0)")
            first = original(tx, "acc_first", name)
        workspaces.admit(tx, first["id"], account_id, Role.OWNER)
        return workspaces.view(tx, first["id"], Role.OWNER)


# -- the link ----------------------------------------------------------------------------------------------------------


@breaks({"signup.scanner-fetch": "address not verified"}, quick=True)
def fetching_the_page_of_the_link_uses_it_up() -> None:
    @instead_of(access.Visit, "page")
    def consuming(original, visit, template, **values):
        if template == "verify.html" and visit.request.method == "GET":
            with suppress(Refusal), visit.database.transaction() as tx:
                links.redeem(tx, Purpose.VERIFICATION, str(values["token"]))
        return original(visit, template, **values)


@breaks({"signup.link-twice": "unexpectedly refused: link used"})
def a_second_click_is_refused() -> None:
    @instead_of(accounts, "verify")
    def strict(original, tx, token):
        if links.find(tx, Purpose.VERIFICATION, token)["used_at"] is not None:
            raise refusals.link_used()
        return original(tx, token)


@breaks({"signup.link-twice": "address not verified"})
def a_second_click_takes_the_confirmation_back() -> None:
    @instead_of(accounts, "verify")
    def undoing(original, tx, token):
        seen = original(tx, token)
        if "already_verified" in seen:
            tx.execute("UPDATE accounts SET verified_at = NULL WHERE id = ?", (seen["id"],))
        return seen


@breaks({"signup.expired-link": "confirming by an expired link must be refused as 'link expired', but was accepted"})
def links_never_expire() -> None:
    """F05"""

    @instead_of(links, "redeem")
    def timeless(original, tx, purpose, token):
        tx.execute("UPDATE links SET expires_at = ? WHERE id = ?", (clock.now() + 60, links.find(tx, purpose, token)["id"]))
        return original(tx, purpose, token)


@breaks({"signup.expired-link": "confirming by the expired link after newer ones were sent must be refused"})
def a_new_link_brings_the_old_one_back_to_life() -> None:
    @instead_of(links, "supersede")
    def extended(original, tx, account_id, purpose):
        tx.execute("UPDATE links SET expires_at = ? WHERE account_id = ? AND purpose = ?", (clock.now() + 60, account_id, purpose))


@breaks({"signup.expired-link": "confirming by a link that was replaced after newer ones were sent must be refused"})
def a_new_link_leaves_the_older_ones_valid() -> None:
    @instead_of(links, "supersede")
    def nothing(original, tx, account_id, purpose):
        return None


@breaks({"signup.expired-link": "verification mail 2 to .* never arrived"})
def the_mail_cannot_be_sent_again() -> None:
    @instead_of(accounts, "send_verification_again")
    def nothing(original, tx, email, ttl):
        return None


@breaks({"signup.expired-link": "logging in with an address that was never confirmed must be refused"})
def an_unconfirmed_address_can_log_in() -> None:
    @instead_of(sessions, "sign_in")
    def lenient(original, tx, email, password, *, failures, cost, ttl):
        account = tx.execute("SELECT * FROM accounts WHERE email = ?", (email,)).fetchone()
        if account and passwords.match(password, account["password_hash"], cost):
            return sessions.open_session(tx, account["id"], ttl)
        return original(tx, email, password, failures=failures, cost=cost, ttl=ttl)


# -- one account for each address --------------------------------------------------------------------------------------


@breaks({"signup.duplicate-address": r"signing up as 'SYN-.* must be refused as 'already taken', but was accepted"}, quick=True)
def capitals_make_a_second_account() -> None:
    """F06"""

    @instead_of(accounts, "clean_email")
    def literal(original, text, field="email"):
        original(text, field)
        return text.strip()


@breaks({"signup.duplicate-address": r"signing up as ' syn-.* must be refused as 'already taken' or 'invalid input', but was accepted"})
def spaces_make_a_second_account() -> None:
    """F06"""

    @instead_of(accounts, "clean_email")
    def literal(original, text, field="email"):
        original(text, field)
        return text.lower()


@breaks({"signup.duplicate-address": "after the duplicates|wrong e-mail|bad credentials"})
def a_refused_duplicate_overwrites_the_account() -> None:
    @instead_of(accounts, "sign_up")
    def overwriting(original, tx, *, name, email, **others):
        try:
            return original(tx, name=name, email=email, **others)
        except Refusal as refusal:
            if refusal.code == "email_taken":
                tx.execute("UPDATE accounts SET name = ? WHERE email = ?", (name, email.strip().lower()))
                tx.execute("COMMIT")
            raise


@breaks({"signup.double-submit": "unexpectedly refused: already taken"}, also={"provisioning.idempotency-key"})
def the_form_sent_twice_is_refused_the_second_time() -> None:
    """The key is ignored."""

    @instead_of(idempotency, "once")
    def always(original, tx, scope, key, request, make):
        return make()


@breaks({"signup.double-submit": "2 verification mails came for one sign-up"})
def the_verification_mail_is_sent_twice() -> None:
    """F02"""

    @instead_of(worker, "_strike_off")
    def forgetful(original, database, row):
        if row["letter"] != "verification" or row["attempts"]:
            original(database, row)
            return
        with database.transaction() as tx:
            tx.execute("UPDATE outbox SET attempts = attempts + 1 WHERE id = ?", (row["id"],))


@breaks({"signup.double-submit": "the number of verification mails for one sign-up was 1 and became 2"})
def the_verification_mail_comes_once_more_a_second_later() -> None:
    """F02, out of the sight of who looks once."""

    @instead_of(worker, "_strike_off")
    def forgetful(original, database, row):
        if row["letter"] != "verification" or row["attempts"]:
            original(database, row)
            return
        with database.transaction() as tx:
            tx.execute("UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ? WHERE id = ?", (clock.now() + 1, row["id"]))


# -- the beginning -----------------------------------------------------------------------------------------------------


@breaks({"signup.newborn-tenant": "is owner on business, not as documented"}, blocks=True)
def newcomers_get_the_dearest_plan() -> None:
    @instead_of(workspaces, "create")
    def generous(original, tx, account_id, name):
        made = original(tx, account_id, name)
        tx.execute("UPDATE workspaces SET plan = 'business' WHERE id = ?", (made["id"],))
        return made


@breaks({"signup.newborn-tenant": "is admin on free, not as documented"}, blocks=True)
def newcomers_do_not_own_their_workspace() -> None:
    @instead_of(workspaces, "create")
    def stingy(original, tx, account_id, name):
        made = original(tx, account_id, name)
        tx.execute("UPDATE members SET role = 'admin' WHERE workspace_id = ?", (made["id"],))
        return made


@breaks({"signup.newborn-tenant": r"limits are \[3, 3, 262144\], not as documented"})
def the_plan_gives_one_project_more_than_documented() -> None:
    """F22"""
    PLANS["free"][Dimension.PROJECTS] += 1


@breaks({"signup.newborn-tenant": r"limits are \[2, 2, 262144\], not as documented"})
def the_plan_gives_one_seat_less_than_documented() -> None:
    """F22"""
    PLANS["free"][Dimension.SEATS] -= 1


@breaks({"signup.newborn-tenant": r"limits are \[2, 3, 262000\], not as documented"})
def the_plan_gives_less_storage_than_documented() -> None:
    """F22"""
    PLANS["free"][Dimension.STORAGE] = 262_000


@breaks({"signup.newborn-tenant": "starts with 1 projects used"})
def newcomers_start_with_a_project_counted() -> None:
    """F20"""

    @instead_of(quotas, "used")
    def one_more(original, tx, workspace_id, dimension):
        return max(1, original(tx, workspace_id, dimension)) if dimension is Dimension.PROJECTS else original(tx, workspace_id, dimension)


# -- logging in and out ------------------------------------------------------------------------------------------------


@breaks({"signup.log-out": "using a copy of the session after logging out must be refused as 'unauthenticated', but was accepted"}, quick=True)
def logging_out_leaves_the_session_valid() -> None:
    """F11: only the cookie goes."""

    @instead_of(sessions, "sign_out")
    def nothing(original, tx, actor):
        return None


@breaks({"signup.no-enumeration": "but was refused: not found"})
def an_unknown_address_is_called_unknown() -> None:
    @instead_of(sessions, "sign_in")
    def telling(original, tx, email, *given, **named):
        if not tx.execute("SELECT 1 FROM accounts WHERE email = ?", (email,)).fetchone():
            raise refusals.not_found("account")
        return original(tx, email, *given, **named)


@breaks({"signup.no-enumeration": "a wrong password is answered .*, an unknown address"})
def a_wrong_password_is_worded_differently() -> None:
    @instead_of(sessions, "sign_in")
    def telling(original, tx, email, *given, **named):
        try:
            return original(tx, email, *given, **named)
        except Refusal as refusal:
            if refusal.code == "invalid_credentials" and tx.execute("SELECT 1 FROM accounts WHERE email = ?", (email,)).fetchone():
                raise refusals.wrong_password() from None
            raise


@breaks({"signup.no-enumeration": "unexpectedly refused: rate limited"}, also={"signup.password-reset"})
def one_wrong_password_locks_the_account() -> None:
    @instead_of(web, "Product")
    def strict(original, *, login_failures, **others):
        login_failures._limit = 1
        return original(login_failures=login_failures, **others)


# -- resetting the password --------------------------------------------------------------------------------------------


def set_password_but_keep(*tables: str) -> None:
    """A new password ends what hangs on the old one, but for what these tables hold."""

    @instead_of(accounts, "set_password")
    def lenient(original, tx, account_id, password, *, cost, field="password"):
        passwords.require_strong(password, accounts.find(tx, account_id)["email"], field)
        tx.execute("UPDATE accounts SET password_hash = ? WHERE id = ?", (passwords.keep(password, cost), account_id))
        for table in {"sessions", "api_tokens"} - set(tables):
            tx.execute(f"DELETE FROM {table} WHERE account_id = ?", (account_id,))
        links.supersede(tx, account_id, Purpose.RESET)


@breaks({"signup.password-reset": "using the session from before the reset must be refused as 'unauthenticated', but was accepted"}, quick=True)
def a_reset_keeps_sessions() -> None:
    set_password_but_keep("sessions")


@breaks({"signup.password-reset": "using an API token from before the reset must be refused as 'unauthenticated', but was accepted"})
def a_reset_keeps_api_tokens() -> None:
    set_password_but_keep("api_tokens")


@breaks({"signup.password-reset": "using the reset link a second time must be refused"})
def a_reset_link_can_be_used_again() -> None:
    """F05"""

    @instead_of(resets, "complete")
    def reusable(original, tx, token, password, *, cost):
        link = links.find(tx, Purpose.RESET, token)
        original(tx, token, password, cost=cost)
        tx.execute("UPDATE links SET used_at = NULL, superseded_at = NULL WHERE id = ?", (link["id"],))


@breaks({"signup.password-reset": "logging in with the old password must be refused"})
def a_reset_leaves_the_old_password_valid() -> None:
    old: dict[str, str] = {}

    @instead_of(accounts, "set_password")
    def remembering(original, tx, account_id, password, **others):
        row = accounts.find(tx, account_id)
        original(tx, account_id, password, **others)
        old[accounts.find(tx, account_id)["password_hash"]] = row["password_hash"]

    @instead_of(passwords, "match")
    def either(original, password, kept, cost):
        return original(password, kept, cost) or (kept in old and original(password, old[kept], cost))


# -- input that cannot be right ----------------------------------------------------------------------------------------


@breaks({"signup.malformed-input": "signing up with the password 'short' must be refused as 'invalid input', but was accepted"})
def any_password_will_do() -> None:
    @instead_of(passwords, "require_strong")
    def nothing(original, password, email, field="password"):
        return None


@breaks({"signup.malformed-input": "a bad password is refused at the field 'email'"})
def a_flaw_is_told_at_the_wrong_field() -> None:
    @instead_of(refusals, "weak_password")
    def misplaced(original, message, field):
        return original(message, "email")


@breaks({"signup.malformed-input": "a bad name is refused without a word"})
def a_flaw_is_refused_without_a_word() -> None:
    @instead_of(refusals, "invalid_input")
    def mute(original, field, message):
        return original(field, "" if field == "name" else message)


@breaks({"signup.malformed-input": "a refused sign-up made the account|already taken"})
def a_refused_sign_up_makes_the_account() -> None:
    @instead_of(accounts, "sign_up")
    def hasty(original, tx, *, password, **others):
        try:
            return original(tx, password=password, **others)
        except Refusal as refusal:
            if refusal.code == "weak_password":
                original(tx, password="quite another password", **others)
                tx.execute("COMMIT")
            raise


# -- guessing, and links that lapse ------------------------------------------------------------------------------------

LAPSES, GUESSES = "signup.reset-link-lapses", "signup.guess-limit"


@breaks({LAPSES: "resetting the password by an expired link must be refused as 'link expired', but was accepted"})
def reset_links_never_expire() -> None:
    """F05"""

    @instead_of(links, "redeem")
    def timeless(original, tx, purpose, token):
        if purpose is Purpose.RESET:
            tx.execute("UPDATE links SET expires_at = expires_at + 86400 WHERE purpose = 'reset'")
        return original(tx, purpose, token)


@breaks({LAPSES: "resetting the password by a link that was replaced must be refused"})
def a_newer_reset_link_leaves_the_older_ones_valid() -> None:
    """F05"""

    @instead_of(links, "supersede")
    def lenient(original, tx, account_id, purpose):
        if purpose is not Purpose.RESET:
            original(tx, account_id, purpose)


@breaks({GUESSES: "after 10 wrong ones must be refused as 'rate limited', but was refused: bad credentials"})
def passwords_can_be_guessed_at_without_end() -> None:
    @instead_of(ratelimit.Limiter, "count")
    def nothing(original, limiter, key):
        return None


@breaks({GUESSES: "unexpectedly refused: rate limited"})
def who_guesses_locks_everybody_out() -> None:
    @instead_of(ratelimit.Limiter, "count")
    def for_all(original, limiter, key):
        original(limiter, "anybody")

    @instead_of(ratelimit.Limiter, "require")
    def by_all(original, limiter, key):
        original(limiter, "anybody")


@breaks({"signup.password-reset": "resetting to the password 'short' must be refused as 'invalid input', but was accepted"})
def a_reset_takes_any_password() -> None:
    @instead_of(resets, "complete")
    def lenient(original, tx, token, password, *, cost):
        strict, passwords.require_strong = passwords.require_strong, lambda *_: None
        try:
            original(tx, token, password, cost=cost)
        finally:
            passwords.require_strong = strict


@breaks({"signup.no-enumeration": "logging in with a wrong password must be refused as 'bad credentials', but was accepted"}, also={"account.change-password"})
def of_a_password_the_first_eight_characters_count() -> None:
    @instead_of(passwords, "keep")
    def kept(original, password, cost):
        return original(password[:8], cost)

    @instead_of(passwords, "match")
    def matched(original, password, known, cost):
        return original(password[:8], known, cost)


@breaks({"signup.password-reset": "in other letters, small for large must be refused as 'bad credentials', but was accepted"})
def of_a_password_small_and_large_letters_count_alike() -> None:
    @instead_of(passwords, "keep")
    def kept(original, password, cost):
        return original(password.lower(), cost)

    @instead_of(passwords, "match")
    def matched(original, password, known, cost):
        return original(password.lower(), known, cost)


@breaks({"signup.no-enumeration": "unexpectedly refused: not found"})
def a_reset_tells_who_has_an_account() -> None:
    @instead_of(resets, "ask")
    def telling(original, tx, email, ttl):
        if accounts.find_by_email(tx, email) is None:
            raise refusals.not_found("account")
        original(tx, email, ttl)


@breaks({"signup.no-enumeration": "unexpectedly refused: not found"})
def asking_for_the_mail_again_tells_who_has_an_account() -> None:
    @instead_of(accounts, "send_verification_again")
    def telling(original, tx, email, ttl):
        if accounts.find_by_email(tx, email) is None:
            raise refusals.not_found("account")
        original(tx, email, ttl)


@breaks({"signup.log-out": "unexpectedly refused: unauthenticated"}, also={"account.token-revoked"})
def logging_out_ends_every_session() -> None:
    @instead_of(sessions, "sign_out")
    def everywhere(original, tx, actor):
        tx.execute("DELETE FROM sessions WHERE account_id = ?", (actor.id,))

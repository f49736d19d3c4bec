"""Accounts: signing up, proving an address, coming and going."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flows.naming import Identity


@dataclass(frozen=True)
class Account:
    """An account as the product shows it to its holder. `role` and `plan` are the product's own words, lower case.

    `workspace` is where it works: an id that the operator understands too, None where the product has no workspaces; the account itself stands for one then.
    """

    id: str
    email: str
    name: str = ""
    workspace: str | None = None
    role: str | None = None
    plan: str | None = None


class SignUp(Protocol):
    """A stranger can make an account."""

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Fill in and send the sign-up form; with `times` > 1 send the very same form again, as an impatient finger does.

        Raises:
            Refused: INVALID (naming the field), TAKEN, RATE_LIMITED.
        """


class Verification(Protocol):
    """An account must prove its address by a link in a mail."""

    def confirm(self, link: str) -> None:
        """Follow the link of the mail to its end, as a person does. "Already confirmed, please log in" is a good end too, and no refusal.

        Where a mail holds a code in place of a link, its `Letter.link` is whatever this method needs, for example the address and the code.

        Raises:
            Refused: LINK_EXPIRED, LINK_DEAD.
        """

    def prefetch(self, link: str) -> None:
        """Fetch the link once without a session and without acting on the page, as a mail scanner does."""


class VerificationAgain(Protocol):
    """A lost verification mail can be asked for again."""

    def resend_verification(self, email: str) -> None:
        """Ask for the verification mail again."""


class Sessions(Protocol):
    """An account can log in and out."""

    def log_in(self, email: str, password: str) -> None:
        """Log in.

        Raises:
            Refused: BAD_CREDENTIALS, UNVERIFIED, RATE_LIMITED.
        """

    def log_out(self) -> None:
        """Log out by the product's own means."""

    def whoami(self) -> Account:
        """Return the account of this session.

        Raises:
            Refused: UNAUTHENTICATED.
        """


class PasswordReset(Protocol):
    """A forgotten password can be replaced by a link in a mail."""

    def request_reset(self, email: str) -> None:
        """Ask for the reset mail."""

    def reset(self, link: str, password: str) -> None:
        """Follow the link and set `password`.

        Raises:
            Refused: LINK_EXPIRED, LINK_DEAD, INVALID.
        """


class SignOutEverywhere(Protocol):
    """One action ends every session and token."""

    def sign_out_everywhere(self) -> None:
        """End every session and token of this account."""


class ApiTokens(Protocol):
    """An account can make tokens for programs."""

    def issue_token(self) -> str:
        """Make a token and return it."""


class RevocableTokens(Protocol):
    """An account sees its tokens, and can end one of them alone."""

    def tokens(self) -> list[str]:
        """Return the id of each token that works; not the token itself."""

    def revoke_token(self, token_id: str) -> None:
        """End one token.

        Raises:
            Refused: NOT_FOUND, FORBIDDEN: it is not one of this account's.
        """


class PasswordChange(Protocol):
    """Whoever is logged in can set another password, and has to show the old one. It ends every other session and every token, as a reset does."""

    def change_password(self, current: str, new: str) -> None:
        """Set another password. Whether this session goes on is the product's choice.

        Raises:
            Refused: BAD_CREDENTIALS: `current` is not the password. INVALID: `new` is too weak.
        """


class AddressChange(Protocol):
    """An account can have another address, once a link that is mailed there is followed; whoever reads the old one is told by a notice."""

    def ask_for_address(self, email: str, password: str) -> None:
        """Ask for the mail to the new address.

        Raises:
            Refused: BAD_CREDENTIALS: that is not the password. TAKEN, INVALID.
        """

    def confirm_address(self, link: str) -> None:
        """Follow the link of that mail to its end.

        Raises:
            Refused: LINK_EXPIRED, LINK_DEAD.
        """


class NameChange(Protocol):
    """An account bears the name that it was signed up with (`Account.name`), and can have another."""

    def rename(self, name: str) -> None:
        """Give the account another name.

        Raises:
            Refused: INVALID.
        """


class SelfErasure(Protocol):
    """An account can erase itself, with all that is its alone. Where others would be left without an owner, it must see to that first."""

    def erase(self, password: str) -> None:
        """Erase this account.

        Raises:
            Refused: BAD_CREDENTIALS: that is not the password. LAST_OWNER.
        """


class GuessLimit(Protocol):
    """Whoever guesses at the password of an account is turned away for a while (RATE_LIMITED), and nobody else is."""

    def guesses(self) -> int:
        """Return after how many wrong passwords in a row, as documented (not as seen)."""


class InvitedSignUp(Protocol):
    """Somebody without an account who is invited signs up from the link of the invitation, and confirming the address brings them in."""

    def register_invited(self, identity: Identity, link: str) -> None:
        """Follow an invitation's link to the sign-up, and send that form.

        Raises:
            Refused: INVALID, TAKEN, RATE_LIMITED, LINK_EXPIRED, LINK_DEAD.
        """


class FieldErrors(Protocol):
    """A refused form points at the input that it refuses, and demands a name, an address and a good password.

    `Refusal.field` is one of ``name``, ``email`` and ``password``, whatever the product itself calls it.
    """


class SafeResubmission(Protocol):
    """The same sign-up sent twice is one sign-up, and ends as well as one."""


class DiscreetSignUp(Protocol):
    """Signing up with an address that has an account is answered like any other sign-up, on purpose: nobody learns who has an account."""


class LocalLogOut(Protocol):
    """Logging out is documented to end the session in this browser alone: whoever holds a copy of its cookie stays logged in.

    A weakness that a product owns up to. Whoever does not offer it must keep the stronger promise.
    """


class Newcomers(Protocol):
    """Somebody new can be had. Never offered itself: a product has it where any of its drivers offers `SignUp`.

    A scenario that needs a second person, or an account of its own to spoil, needs this; on a target with nothing but a given customer it does not apply.
    """


class Accounts(
    SignUp,
    Verification,
    VerificationAgain,
    Sessions,
    PasswordReset,
    SignOutEverywhere,
    ApiTokens,
    RevocableTokens,
    PasswordChange,
    AddressChange,
    NameChange,
    SelfErasure,
    GuessLimit,
    InvitedSignUp,
    Protocol,
):
    """All of it."""

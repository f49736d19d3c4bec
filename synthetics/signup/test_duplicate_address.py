"""One address, one account."""

from dataclasses import replace

from flows import signup
from flows.contract.accounts import DiscreetSignUp, Sessions, SignUp
from flows.contract.operator import Erasure
from flows.naming import Identity
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario("signup.duplicate-address", owner="growth", risk="double-accounts", severity="error", failure="integrity", needs=(SignUp, Sessions, Erasure))
def test_an_address_that_is_taken_makes_no_second_account(visitor: Customer) -> None:
    """An address that has an account is refused, also in capitals and with spaces around it; the account stays as it was."""
    first = signup.sign_up(visitor)
    identity = visitor.identity
    local, _, domain = identity.email.partition("@")

    for address in (identity.email, f"{local.upper()}@{domain}", f" {identity.email} "):
        somebody = replace(identity, name="Somebody Else", email=address, password=visitor.site.identity().password)
        if visitor.offers(DiscreetSignUp):
            sign_up_unanswered(visitor, somebody)
            continue
        reasons = (Reason.TAKEN, Reason.INVALID) if " " in address else (Reason.TAKEN,)
        with refused(*reasons, doing=f"signing up as {address!r} beside {identity.email!r}"):
            signup.register(visitor.elsewhere(), somebody)

    again = signup.log_in(visitor.elsewhere())
    assert (again.id, again.name) == (first.id, first.name), f"the account was {first} and is {again} after the duplicates"


def sign_up_unanswered(visitor: Customer, somebody: Identity) -> None:
    """Sign up where nobody is told that an address is taken: what counts is that the new password opens nothing."""
    if " " in somebody.email:
        return
    signup.register(visitor.elsewhere(), somebody)
    with refused(Reason.BAD_CREDENTIALS, doing=f"logging in by the password of a second sign-up as {somebody.email!r}"):
        visitor.elsewhere().accounts.log_in(visitor.email, somebody.password)

"""Input that cannot be right."""

from dataclasses import replace

from flows import signup
from flows.contract.accounts import FieldErrors, Sessions, SignUp
from flows.contract.operator import Erasure
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer

FLAWS = {"email": {"email": "not-an-address"}, "password": {"password": "short"}}
NAMELESS = {"name": {"name": ""}}


@scenario("signup.malformed-input", owner="growth", risk="nobody-can-start", severity="warning", failure="integrity", needs=(SignUp, Sessions, Erasure))
def test_malformed_input_is_refused_at_its_field_and_makes_nothing(visitor: Customer) -> None:
    """Malformed input is refused with a message at its field, and makes no account; mended, the same form works."""
    pointed = visitor.offers(FieldErrors)
    for field, flaw in {**FLAWS, **(NAMELESS if pointed else {})}.items():
        with refused(Reason.INVALID, doing=f"signing up with the {field} {next(iter(flaw.values()))!r}") as refusal:
            signup.register(visitor.elsewhere(), replace(visitor.identity, **flaw))
        assert not pointed or refusal.field == field, f"a bad {field} is refused at the field {refusal.field!r}: {refusal.message}"
        assert refusal.message, f"a bad {field} is refused without a word"

    assert visitor.site.eraser().find_account(visitor.email) is None, f"a refused sign-up made the account {visitor.email}"
    assert signup.sign_up(visitor).email == visitor.email

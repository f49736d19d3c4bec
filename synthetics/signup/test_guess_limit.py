"""Trying one password after the other."""

from flows import signup
from flows.contract.accounts import GuessLimit, Newcomers, Sessions
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario("signup.guess-limit", owner="identity", risk="account-takeover", severity="error", failure="integrity", needs=(Newcomers, Sessions, GuessLimit))
def test_who_guesses_at_a_password_is_turned_away_and_nobody_else(customer: Customer) -> None:
    """Whoever guesses at a password is turned away after as many tries as documented; whoever is logged in goes on, and other accounts can log in."""
    neighbour, guesser, most = signup.newcomer(customer.site), customer.elsewhere(), customer.accounts.guesses()
    wrong = signup.near_miss(customer.identity.password)
    with step(f"try a wrong password {most} times"):
        for number in range(most):
            with refused(Reason.BAD_CREDENTIALS, Reason.RATE_LIMITED, doing=f"logging in with a wrong password, the {number + 1}. time"):
                guesser.accounts.log_in(customer.email, wrong)

    with refused(Reason.RATE_LIMITED, doing=f"logging in with a wrong password after {most} wrong ones"):
        guesser.accounts.log_in(customer.email, wrong)

    assert customer.accounts.whoami().email == customer.email
    assert signup.log_in(neighbour.elsewhere()).email == neighbour.email

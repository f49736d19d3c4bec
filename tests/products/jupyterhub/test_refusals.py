"""The hub says no in sentences, and each means what it means. The sentences are those of JupyterHub 5.5.4 and nativeauthenticator 1.3.0."""

from __future__ import annotations

import httpx
import pytest

from flows.blame import ProductFault, Refused, SuiteFault
from flows.contract.quotas import Beginning
from flows.refusal import Reason
from products.http import Answer
from products.jupyterhub import names, refusals

SAID = [
    (400, "User a@b.c already has the maximum of 2 named servers. One must be deleted before a new server can be created", Reason.QUOTA),
    (429, "Active user limit exceeded. Try again in a few minutes.", Reason.BUSY),
    (429, "Too many users trying to log in right now. Try again in a minute.", Reason.BUSY),
    (400, "a@b.c:one is already running", Reason.ILLEGAL_TRANSITION),
    (400, "a@b.c:one is pending spawn", Reason.BUSY),
    (400, "Invalid server_name (may not contain '/'): a/b", Reason.INVALID),
    (404, "a@b.c has no server named 'one'", Reason.NOT_FOUND),
    (403, "Missing or invalid credentials.", Reason.UNAUTHENTICATED),
    (200, "Something went wrong! Be sure your username does not contain spaces, commas or slashes, your password has at least 8 characters", Reason.INVALID),
    (200, "The username you're trying to create is already in use. Please try another one.", Reason.TAKEN),
    (200, "Your password did not match the confirmation. Please try again.", Reason.INVALID),
    (403, "Invalid username or password", Reason.BAD_CREDENTIALS),
    (403, "User a@b.c has not been authorized by an administrator yet", Reason.UNVERIFIED),
]


@pytest.mark.parametrize(("status", "sentence", "reason"), SAID)
def test_a_sentence_is_a_reason(status: int, sentence: str, reason: Reason) -> None:
    """Each sentence of the hub is one reason, whatever status it comes with."""
    found = refusals.refusal(sentence, status)

    assert found is not None
    assert (found.reason, found.status, found.message) == (reason, status, sentence)


def test_a_full_plan_names_its_limit_and_the_way_out() -> None:
    """The limit, and the sentence behind it, are read from the refusal."""
    found = refusals.refusal(SAID[0][1], 400)

    assert found is not None
    assert (found.dimension, found.limit, found.usage) == ("projects", 2, 2)
    assert found.remedy == "One must be deleted before a new server can be created"


def test_a_time_to_come_back_is_kept() -> None:
    """Retry-After is how long a customer waits."""
    found = refusals.refusal("Try again in a minute.", 429, retry_after="60")

    assert found is not None
    assert found.retry_after == 60.0


@pytest.mark.parametrize(("status", "error"), [(200, ProductFault), (418, ProductFault), (403, Refused)])
def test_what_nobody_knows_is_a_fault_and_no_refusal(status: int, error: type[Exception]) -> None:
    """An answer without a known sentence is a fault, unless its status alone says what it means."""
    answer = Answer(status=status, headers=httpx.Headers({"content-type": "text/html"}), text="<h1>Teapot</h1>", url="GET /hub", request_id=None)

    with pytest.raises(error):
        refusals.check(answer, 201, doing="ask for a server")


def test_what_a_user_is_promised_is_the_targets_option() -> None:
    """The number of servers stands in the target's table; one that is none is told."""
    assert names.beginning({}) == Beginning(role=None, plan=None, projects=2)
    assert names.beginning({"servers_per_user": 5}).projects == 5
    with pytest.raises(SuiteFault, match=r"options\.servers_per_user: saw 'many'; allowed is a number"):
        names.beginning({"servers_per_user": "many"})

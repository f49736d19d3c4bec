"""What an answer says is told in words that an owner can read."""

from __future__ import annotations

import httpx
import pytest

from flows.blame import ProductFault
from flows.contract.projects import Project, State
from products.cloudsuite.refusals import check
from products.http import Answer, documented, own

PAGE = """<!doctype html><html><head><title>Hub</title><script>let x = "<h1>no</h1>";</script></head><body>
<nav>Home Log out</nav><div hidden><h2>Dialog</h2></div><!-- <h1>never</h1> --><h1>503 : Service
Unavailable</h1><p>The mail could not be sent &amp; nothing was made.</p></body></html>"""


def answer(text: str, kind: str) -> Answer:
    """Return an answer with this body."""
    return Answer(status=503, headers=httpx.Headers({"content-type": kind}), text=text, url="POST https://a.example/signup", request_id="r-1")


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (PAGE, "text/html; charset=utf-8", "503 : Service Unavailable The mail could not be sent & nothing was made."),
        (PAGE.replace("h1>", "b>"), "text/html", "Dialog 503 : Service Unavailable The mail could not be sent & nothing was made."),
        ("<p>Gone</p>", "text/html", "Gone"),
        ('{"error": "<b>"}', "application/json", '{"error": "<b>"}'),
        ("x" * 500, "text/plain", "x" * 160),
        ("", "text/html", ""),
    ],
)
def test_a_page_is_told_by_its_words(text: str, kind: str, said: str) -> None:
    """A page is told from its chief heading on, without markup, scripts and comments; anything else as it is; never more than 160 characters."""
    assert answer(text, kind).said() == said


def test_an_unexpected_answer_says_where_it_came_from_and_what_it_said() -> None:
    """The fault names what was tried, the address, the status, the words and the product's own id of the request."""
    told = str(answer(PAGE, "text/html").unexpected("sign up"))

    assert told == (
        "sign up: POST https://a.example/signup answered 503, which is neither success nor a known refusal:"
        " '503 : Service Unavailable The mail could not be sent & nothing was made.' (request r-1)"
    )


@pytest.mark.parametrize("broken", [KeyError("role"), IndexError("no first"), ValueError("'x' is not a valid Role"), TypeError("None"), AttributeError("get")])
def test_what_is_not_as_documented_is_the_products_fault(broken: Exception) -> None:
    """A driver that falls over an answer would send the alert to the suite's maintainers; inside, it is the owner's."""
    told = r"POST https://a.example/signup answered 503 with what is not as documented \((Key|Index|Value|Type|Attribute)Error"

    with pytest.raises(ProductFault, match=told), documented(answer("{}", "application/json")):
        raise broken


def test_another_than_was_asked_for_is_the_products_fault() -> None:
    """Whoever asks for one thing and is shown another has found a leak."""
    found = Project(id="prj_2", name="b", state=State.ACTIVE)

    assert own(found, "prj_2", answer("", "")) is found
    with pytest.raises(ProductFault, match="answered 503 with another than was asked for: prj_2, not prj_1"):
        own(found, "prj_1", answer("", ""))


@pytest.mark.parametrize(
    ("body", "fault"), [('{"error": {"code": "internal"}}', "neither success nor a known refusal"), ('{"id": ', "a body that is not JSON")]
)
def test_a_success_that_holds_an_error_or_half_of_a_body_is_none(body: str, fault: str) -> None:
    """The status alone is not believed, whether or not the driver needs the body."""
    with pytest.raises(ProductFault, match=fault):
        check(answer(body, "application/json"), 503, doing="sign up")

    assert check(answer('{"id": "1"}', "application/json"), 503, doing="sign up").status == 503
    assert check(answer("", ""), 503, doing="sign up").text == ""

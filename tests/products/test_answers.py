"""What an answer says is told in words that an owner can read."""

from __future__ import annotations

import httpx
import pytest

from products.http import Answer

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

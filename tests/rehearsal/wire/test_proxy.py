"""The proxy on the wire: it passes on what nobody breaks, does to the rest what a switch's rules say, tells what it touched, and ends with its starter."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import trustme
from playwright.sync_api import Error, sync_playwright
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import ServerConnection, serve

from fixtures import chromium, trust
from rehearsal.board import Board, Switch
from rehearsal.wire import actions as do
from rehearsal.wire import rules
from rehearsal.wire.proxy import ROOT, WireFailed, loaded, proxy
from rehearsal.wire.rules import Rule, When
from tests.rehearsal.wire.conftest import COOKIES, PAGE, Street, open_newer, open_shop, until

# -- what nobody breaks ---------------------------------------------------------------------------------------------------


def test_what_nobody_breaks_passes_as_it_is(street: Street) -> None:
    """Status, headers, cookies and body are the target's own; a body that is too large to be held back streams through."""
    through, direct = street.get("/page"), street.client(proxy=None).get("/page")

    assert (through.status_code, through.text) == (200, PAGE)
    assert through.headers.get_list("set-cookie") == list(COOKIES)
    assert set(through.headers) == set(direct.headers)
    with street.broken(Rule(do.Body("short"))):
        assert len(street.get("/large").content) == 7_000_000
    assert street.wire.touched("d0") == []


def test_http_2_stays_http_2(street: Street, authority: trustme.CA) -> None:
    """The protocol is the one that the target speaks."""
    with open_newer(authority) as newer, street.client(base_url=newer, http2=True) as client:
        answer = client.get("/")

        assert (answer.text, answer.http_version) == ("two", "HTTP/2")
        with street.broken(Rule(do.Answer(503))):
            assert client.get("/").status_code == 503
    assert street.get("/page").http_version == "HTTP/1.1"


def test_a_target_is_verified_by_its_own_authority_alone(street: Street) -> None:
    """Whoever shows a certificate of somebody else's is not talked to."""
    with open_shop(trustme.CA()) as impostor, street.client(base_url=f"https://127.0.0.1:{impostor.server_port}") as client:
        refused = client.get("/page")

        assert refused.status_code == 502
        assert "Certificate verify failed" in refused.text
        assert impostor.asked == []


# -- when -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        (When(), True),
        (When(path="^/api/items", methods=("GET",), host=r"127\.0\.0\.\d", headers={"X-Synthetic": "^run-1$"}), True),
        (When(headers={"X-Synthetic": ""}), True),
        (When(headers={"X-Other": ""}), False),
        (When(headers={"X-Synthetic": "run-2"}), False),
        (When(path="^/items"), False),
        (When(path=r"\?of=all$"), True),
        (When(methods=("POST", "PUT")), False),
        (When(host=r"127\.0"), False),
        (When(after=50, until=150), True),
        (When(after=150), False),
        (When(until=50), False),
    ],
)
def test_a_rule_concerns_what_it_says(street: Street, when: When, struck: bool) -> None:
    """By host, path, method, header, and seconds since it began."""
    with street.broken(Rule(do.Answer(418), when), begun=time.time() - 100):
        answer = street.get("/api/items?of=all", **{"X-Synthetic": "run-1"})

    assert (answer.status_code == 418) is struck


def test_a_rule_may_wait_for_the_answers_status_and_type(street: Street) -> None:
    """Then it strikes answers of that kind, and no others."""
    with street.broken(Rule(do.Answer(200, "", late=True), When(type="text/html", statuses=(200,)))):
        assert street.get("/page").text == ""
        assert street.get("/echo").text != ""


def test_a_dose_is_a_share_of_the_requests(street: Street) -> None:
    """A rule's own share goes before the switch's dose."""
    with street.broken(Rule(do.Answer(503)), dose=0.5) as drill, street.client() as client:
        struck = [client.get("/echo").status_code for _ in range(60)].count(503)
        assert 15 < struck < 45
        assert len(street.wire.touched(drill)) == struck
    with street.broken(Rule(do.Answer(503), When(share=0.05)), dose=1.0), street.client() as client:
        assert 0 < [client.get("/echo").status_code for _ in range(60)].count(503) < 12


def test_a_rule_ends_when_its_switch_expires_or_is_cleared(street: Street) -> None:
    """Whoever put it may be dead."""
    with street.broken(Rule(do.Answer(503)), seconds=0.5):
        assert street.get("/echo").status_code == 503
        assert until(lambda: street.get("/echo").status_code == 200, 3)
    with street.broken(Rule(do.Answer(503))):
        assert street.get("/echo").status_code == 503
    assert street.get("/echo").status_code == 200


def test_a_rule_that_cannot_be_is_told_once_and_does_nothing(street: Street) -> None:
    """A switch is a file, and may be written by hand."""
    street.board.put(Switch("bad", "F40", time.time() + 60, settings={"rules": [{"do": "explode"}]}))

    assert [street.get("/echo").status_code for _ in range(2)] == [200, 200]
    street.board.clear("bad")
    (told,) = street.wire.touched("bad")
    assert told["trouble"].startswith("rules[0].do: saw 'explode'; allowed is one of answer,")


def test_what_was_touched_is_told_without_queries(street: Street) -> None:
    """They hold the tokens of links."""
    with street.broken(Rule(do.Answer(503), When(path="token="))) as drill:
        street.get("/verify?token=secret", **{"X-Synthetic": "run-7", "traceparent": "00-abc-def-01"})
        street.get("/page")

    (told,) = street.wire.touched(drill)
    assert told.pop("at") == pytest.approx(time.time(), abs=10)
    said = {"drill": drill, "fault": "F40", "rule": 0, "do": "answer", "method": "GET", "host": "127.0.0.1", "path": "/verify", "status": 503}
    assert told == {**said, "run": "run-7", "trace": "00-abc-def-01"}
    assert "secret" not in street.wire.log.read_text()


# -- what is done ---------------------------------------------------------------------------------------------------------


def test_an_answer_in_place_of_the_targets(street: Street) -> None:
    """With body, headers and a time to come back; the target never hears of it, unless the answer is late."""
    before = len(street.shop.asked)
    with street.broken(Rule(do.Answer(429, '{"code": "slow_down"}', {"X-Why": "drill"}, retry_after=7))):
        answer = street.client().post("/api/items", json={})

    assert (answer.status_code, answer.json()) == (429, {"code": "slow_down"})
    assert (answer.headers["retry-after"], answer.headers["x-why"], answer.headers["content-type"]) == ("7", "drill", "application/json")
    assert len(street.shop.asked) == before

    with street.broken(Rule(do.Answer(500, late=True))):
        assert street.client().post("/api/items", json={}).status_code == 500
    assert street.shop.asked[before:] == ["POST /api/items"]


def test_a_delay_holds_back_what_it_concerns_and_nothing_else(street: Street) -> None:
    """Others go on meanwhile."""
    with street.broken(Rule(do.Delay(0.5), When(path="^/page"))):
        began = time.monotonic()
        slow = threading.Thread(target=street.get, args=("/page",))
        slow.start()
        street.get("/echo")
        quick = time.monotonic() - began
        slow.join()
        assert quick < 0.5 <= time.monotonic() - began


def test_a_body_is_cut_and_is_whole_as_http(street: Street) -> None:
    """By bytes or by share."""
    with street.broken(Rule(do.Truncate(at=9))):
        assert street.get("/page").text == "<!doctype"
    with street.broken(Rule(do.Truncate(share=0.5), When(path="^/api"))), pytest.raises(json.JSONDecodeError):
        street.get("/api/items").json()


@pytest.mark.parametrize(
    ("action", "seen"),
    [
        (do.Body('{"error": "no"}'), {"error": "no"}),
        (do.Replace('"ready"', '"lost"'), {"items": [{"id": 1, "state": "lost"}, {"id": 2, "state": "lost"}]}),
        (do.SetField("items.*.state", None), {"items": [{"id": 1, "state": None}, {"id": 2, "state": None}]}),
        (do.SetField("items.1.id", 9), {"items": [{"id": 1, "state": "ready"}, {"id": 9, "state": "ready"}]}),
        (do.DropField("items.*.state"), {"items": [{"id": 1}, {"id": 2}]}),
        (do.DropField("items.0"), {"items": [{"id": 2, "state": "ready"}]}),
        (do.DropField("items"), {}),
    ],
)
def test_a_body_says_something_else(street: Street, action: do.Action, seen: dict[str, object]) -> None:
    """Under 200 and the target's own headers."""
    with street.broken(Rule(action)) as drill:
        answer = street.get("/api/items")

    said = answer.json()
    said.pop("count", None)
    assert (answer.status_code, answer.headers["content-type"], said) == (200, "application/json", seen)
    assert [each["do"] for each in street.wire.touched(drill)] == [do.name(action)]


@pytest.mark.parametrize("action", [do.SetField("nothing.here", 1), do.DropField("nothing"), do.Replace("nothing"), do.DropHeader("x-nothing")])
def test_what_is_not_there_is_not_touched(street: Street, action: do.Action) -> None:
    """Nor told as if it were."""
    with street.broken(Rule(action)) as drill:
        assert street.get("/api/items").json()["items"]
        assert street.get("/page").text == PAGE
    assert street.wire.touched(drill) == []


def test_headers_and_cookies_are_taken_and_changed_on_either_side(street: Street) -> None:
    """As they are sent, and as they are set."""
    policy = "content-security-policy"
    with street.broken(Rule(do.DropHeader(policy))):
        assert policy not in street.get("/page").headers
    with street.broken(Rule(do.SetHeader(policy, "script-src 'none'"))):
        assert street.get("/page").headers[policy] == "script-src 'none'"
    with street.broken(Rule(do.SetHeader(policy, "script-src 'none'", append=True))):
        assert street.get("/page").headers.get_list(policy) == ["default-src 'self'", "script-src 'none'"]
    with street.broken(Rule(do.SetHeader("X-Added", "1", side="request")), Rule(do.DropHeader("X-Gone", side="request"))):
        echoed = street.get("/echo", **{"X-Gone": "1"}).json()
        assert ("x-gone" in echoed, echoed["x-added"]) == (False, "1")
    with street.broken(Rule(do.DropCookie("session", side="request"))):
        assert street.get("/echo", Cookie="session=s1; theme=dark").json()["cookie"] == "theme=dark"
        assert "cookie" not in street.get("/echo", Cookie="session=s1").json()
    with street.broken(Rule(do.DropCookie("session"))):
        assert street.get("/page").headers.get_list("set-cookie") == [COOKIES[1]]
    with street.broken(Rule(do.DropCookie())):
        assert "set-cookie" not in street.get("/page").headers
    for attribute, left in (("Secure", "HttpOnly; SameSite=Lax"), ("httponly", "Secure; SameSite=Lax"), ("SameSite", "Secure; HttpOnly")):
        with street.broken(Rule(do.DropAttribute(attribute, "session"))):
            assert street.get("/page").headers.get_list("set-cookie") == [f"session=s1; Path=/; {left}", COOKIES[1]]


def test_a_redirect_goes_round_or_elsewhere(street: Street) -> None:
    """Without a place, to where it came from."""
    with street.broken(Rule(do.Redirect(), When(path="^/page"))):
        assert street.get("/page?x=1").headers["location"] == f"{street.url}/page?x=1"
        with pytest.raises(httpx.TooManyRedirects):
            street.client(follow_redirects=True).get("/page")
    with street.broken(Rule(do.Redirect("/echo", 307), When(path="^/page"))):
        assert "host" in street.client(follow_redirects=True).get("/page").json()


def test_a_connection_ends_without_an_answer(street: Street) -> None:
    """As if the target had dropped it."""
    with street.broken(Rule(do.Kill())), pytest.raises(httpx.RemoteProtocolError):
        street.get("/page")


def test_a_copy_is_served_again_to_whom_it_was_made_for(street: Street) -> None:
    """For as long as it is said, or to everybody where that is the fault; a switch that goes takes its copies with it."""
    for _ in range(2):
        with street.broken(Rule(do.Stale())):
            mine = street.get("/api/items", Authorization="mine").json()["count"]
            assert street.get("/api/items", Authorization="mine").json()["count"] == mine
            assert street.get("/api/items", Authorization="other").json()["count"] > mine
            assert street.get("/api/items?again", Authorization="mine").json()["count"] > mine
    with street.broken(Rule(do.Stale(shared=True))):
        assert len({street.get("/api/items", Authorization=each).json()["count"] for each in ("mine", "other")}) == 1
    with street.broken(Rule(do.Stale(seconds=0.3))):
        first = street.get("/api/items").json()["count"]
        assert street.get("/api/items").json()["count"] == first
        assert until(lambda: street.get("/api/items").json()["count"] > first, 3)


def test_html_is_put_into_a_page(street: Street) -> None:
    """At the end of its head, or of its body."""
    with street.broken(Rule(do.Inject("<style>button { display: none }</style>")), Rule(do.Inject("<i>1</i>", into="body"))):
        seen = street.get("/page").text

    assert "none }</style></head>" in seen
    assert "<i>1</i></body>" in seen


# -- sockets --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def echo() -> Iterator[str]:
    """Serve a socket that says back what it is told; yields its address."""

    def speak(socket: ServerConnection) -> None:
        for message in socket:
            socket.send(message)

    with serve(speak, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/live"
        server.shutdown()
        thread.join()


def talk(street: Street, echo: str) -> ClientConnection:
    """Open a socket through the proxy."""
    return connect(echo, proxy=street.wire.address, open_timeout=5, close_timeout=1)


def test_a_socket_passes_and_is_dropped_after_so_many_messages(street: Street, echo: str) -> None:
    """Those before it arrive."""
    with talk(street, echo) as socket:
        socket.send("one")
        assert socket.recv(5) == "one"
    with street.broken(Rule(do.Close(after=2), When(path="^/live"))) as drill, talk(street, echo) as socket:
        for each in ("one", "two"):
            socket.send(each)
            assert socket.recv(5) == each
        with pytest.raises(ConnectionClosed):
            socket.recv(5)
    assert [(each["do"], each["path"]) for each in street.wire.touched(drill)] == [("close", "/live")]


def test_a_socket_that_is_open_already_is_struck_too(street: Street, echo: str) -> None:
    """With the next message."""
    with talk(street, echo) as socket:
        socket.send("one")
        assert socket.recv(5) == "one"
        with street.broken(Rule(do.Close())), pytest.raises(ConnectionClosed):  # noqa: PT012 -- whichever comes first
            socket.send("two")
            socket.recv(5)
            socket.recv(5)


def test_a_sockets_messages_are_lost_and_it_stays_open(street: Street, echo: str) -> None:
    """What the pattern is found in, from the side that is meant."""
    with street.broken(Rule(do.Swallow(pattern="event"))), talk(street, echo) as socket:
        for each in ("event 1", "hello"):
            socket.send(each)
        assert socket.recv(5) == "hello"
        with pytest.raises(TimeoutError):
            socket.recv(0.1)
    with street.broken(Rule(do.Swallow("client"))), talk(street, echo) as socket:
        socket.send("heard by nobody")
        with pytest.raises(TimeoutError):
            socket.recv(0.1)


# -- a browser ------------------------------------------------------------------------------------------------------------


def test_a_browser_goes_through_it_on_loopback_too_and_nowhere_else(street: Street, tmp_path: Path) -> None:
    """It trusts the bundle, and what a rule does to a page is seen in it."""
    trust.nssdb(street.wire.ca, tmp_path)
    options = chromium.launch_options(home=tmp_path)
    options["args"] += chromium.through(street.wire.address, frozenset({street.url.removeprefix("https://")}))
    options["args"] += ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]
    with sync_playwright() as playwright, playwright.chromium.launch(**options) as browser:
        page = browser.new_page()
        page.goto(f"{street.url}/page")
        page.get_by_role("button").click()
        assert page.title() == "Bought"
        with street.broken(Rule(do.Answer(404), When(path=r"\.js$"))) as drill:
            page.goto(f"{street.url}/page?again")
            page.get_by_role("button").click()
            assert page.title() == "Shop"
        with street.broken(Rule(do.Replace(r"\Z", "button { display: none }"), When(path=r"\.css$"))):
            page.goto(f"{street.url}/page?and-again")
            assert page.get_by_role("button", include_hidden=True).is_hidden()
        with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
            page.goto("http://elsewhere.example.com/")
    assert [each["path"] for each in street.wire.touched(drill)] == ["/shop.js"]


# -- its end --------------------------------------------------------------------------------------------------------------

STARTER = """
import sys, threading
from pathlib import Path
from rehearsal.wire.proxy import proxy
with proxy(Path(sys.argv[1]), Path(sys.argv[1]) / "board") as wire:
    print(wire.pid, wire.address, flush=True)
    threading.Event().wait()
"""


def test_it_ends_with_whoever_started_it_however_that_one_ends(tmp_path: Path) -> None:
    """A rehearsal that is killed outright leaves no proxy, and no key of its authority."""
    mine = {**os.environ, "TMPDIR": str(tmp_path / "private")}
    (tmp_path / "private").mkdir()
    with subprocess.Popen([sys.executable, "-c", STARTER, str(tmp_path)], cwd=ROOT, env=mine, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid, address = starter.stdout.readline().split()
        ending = os.pidfd_open(int(pid))
        assert list((tmp_path / "private").glob("wire-*/mitmproxy-ca.pem"))

        os.kill(starter.pid, signal.SIGKILL)

        assert select.select([ending], [], [], 10)[0]
        os.close(ending)
    assert list((tmp_path / "private").iterdir()) == []
    with pytest.raises(httpx.ConnectError):
        httpx.get("http://127.0.0.1:1/", proxy=address, trust_env=False)
    assert not re.search("PRIVATE KEY", "".join(each.read_text() for each in tmp_path.iterdir() if each.is_file()))


def test_proxies_of_one_process_have_boards_authorities_and_ends_of_their_own(street: Street, tmp_path: Path) -> None:
    """Nothing that is loaded once is shared: neither rules nor keys, and one may end before the other, or after what it was forked from."""
    boards = [Board(tmp_path / name / "board") for name in ("one", "two")]
    boards[0].put(Switch("d", "F40", time.time() + 60, settings=rules.settings(Rule(do.Answer(503)))))
    upstream = street.wire.ca.with_name("shop.pem")
    with ExitStack() as stack:
        with loaded() as process:
            wires = [stack.enter_context(proxy(each.folder.parent, each.folder, upstream, process)) for each in boards]
        assert [Street(street.shop, wire, board).get("/page").status_code for wire, board in zip(wires, boards, strict=True)] == [503, 200]
        assert [len(wire.touched("d")) for wire in wires] == [1, 0]
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            Street(street.shop, replace(wires[0], ca=wires[1].ca), boards[0]).get("/page")
        ending = [os.pidfd_open(each.pid) for each in wires]
    assert all(select.select([each], [], [], 10)[0] for each in ending)


def test_a_proxy_that_cannot_be_says_why(tmp_path: Path) -> None:
    """What it complained of is in the message."""
    (tmp_path / "ca.pem").mkdir()
    with pytest.raises(WireFailed, match="IsADirectoryError"), proxy(tmp_path, tmp_path / "board"):
        pass

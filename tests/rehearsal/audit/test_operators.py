"""What may be wrong with an answer, and what changes nothing."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.audit.operators import OPERATORS, Known, Wrong, plan
from rehearsal.audit.tape import Tape, load

READ = ["id", "state", "owner", "owner.email", "items", "items[].id", "code"]


def heard(status: int, body: Any) -> dict[str, Any]:
    """Return an answer."""
    return {"status": status, "headers": [["content-type", "application/json"]], "text": json.dumps(body) if body is not None else ""}


def asked(method: str, path: str, status: int, body: Any, **more: Any) -> dict[str, Any]:
    """Return the event of a request."""
    url = f"http://here{path}"
    said = {"kind": "http", "key": f"{method} {url}", "phase": "call", "arranging": "", "method": method, "url": url, "heard": heard(status, body)}
    return said | more


def mails(*names: str) -> dict[str, Any]:
    """Return a look into a mailbox."""
    there = [{"id": name, "subject": name, "links": [f"http://here/{name}?token=x"]} for name in names]
    return {"kind": "mail", "key": "mail a", "phase": "call", "arranging": "", "method": "", "url": "", "heard": {"mails": there}}


def tape(*events: dict[str, Any]) -> Tape:
    """Return a tape of which everything in READ is read."""
    about = dict.fromkeys(("scenario", "surface", "title", "owner", "severity", "journey"), "x")
    raw = {"nodeid": "n", "about": about, "status": "passed", "error": "", "events": list(events)}
    return load(raw, {str(number): READ for number in range(len(events))})


def wrongs(operator: str, *events: dict[str, Any], also: tuple[dict[str, Any], ...] = ()) -> list[Wrong]:
    """Return what one operator makes of a tape; `also` was recorded elsewhere."""
    one = tape(*events)
    return plan(one, Known.of([one, tape(*also)]), frozenset({operator}))


def body(wrong: Wrong, number: int) -> Any:
    """Return the JSON that is heard instead."""
    return json.loads(wrong.other[number]["text"])


def test_each_field_that_is_read_is_dropped_and_no_other() -> None:
    """A field within an object and within a list has its place too."""
    found = wrongs("dropped-field", asked("GET", "/a", 200, {"id": "1", "owner": {"email": "e"}, "items": [{"id": "2"}, {"id": "3"}], "unread": 1}))

    assert [wrong.field for wrong in found] == ["id", "owner", "owner.email", "items", "items[].id"]
    assert body(found[-1], 0)["items"] == [{}, {}]


def test_another_value_is_one_that_was_seen_elsewhere() -> None:
    """A value that the product itself has given is harder to tell from the right one."""
    [state] = wrongs("other-value", asked("GET", "/a", 200, {"state": "active"}), also=(asked("GET", "/a", 200, {"state": "failed"}),))
    [email] = wrongs("other-value", asked("GET", "/a", 200, {"owner": {"email": "e"}}))
    [number] = wrongs("swapped-id", asked("GET", "/a", 200, {"id": 7}))

    assert (state.seen, state.instead) == ('"active"', '"failed"')
    assert body(email, 0) == {"owner": {"email": "another e"}}
    assert body(number, 0) == {"id": 8}


def test_looks_before_anything_is_done_are_one_question() -> None:
    """Whoever looks again meets the same thing; an act in between ends it."""
    look = asked("GET", "/a", 200, {"state": "active"})

    assert [set(wrong.other) for wrong in wrongs("server-error", look, look, asked("POST", "/b", 204, None), look)] == [{0, 1}, {2}, {3}]


def test_what_is_arranged_or_set_up_is_left_alone() -> None:
    """It is the promise of another scenario."""
    assert wrongs("server-error", asked("GET", "/a", 200, {}, phase="setup"), asked("GET", "/b", 200, {}, arranging="a colleague")) == []


def test_a_stale_answer_and_a_stuck_state_hold_for_ever() -> None:
    """The last answer before the change is heard from then on, whatever is done in between."""
    first, second = asked("GET", "/a", 200, {"id": "1", "state": "pending"}), asked("GET", "/a", 200, {"id": "1", "state": "active"})

    [stale] = wrongs("stale-answer", first, second, asked("POST", "/b", 204, None), second)
    [stuck] = wrongs("stuck-state", first, second, asked("POST", "/b", 204, None), second)

    assert set(stale.other) == set(stuck.other) == {1, 3}
    assert body(stale, 3) == body(stuck, 3) == {"id": "1", "state": "pending"}
    assert wrongs("stale-answer", first, first) == [], "nothing changed"


def test_a_refusal_is_given_for_another_reason_or_not_at_all() -> None:
    """The other reason is one that the product gave elsewhere; the success too."""
    quota, shut = asked("POST", "/a", 409, {"code": "quota"}), asked("GET", "/b", 403, {"code": "forbidden"})
    made = asked("POST", "/a", 201, {"id": "1"})

    assert [wrong.instead for wrong in wrongs("other-refusal", quota, also=(shut, made))] == ["403 forbidden"]
    assert [wrong.instead for wrong in wrongs("other-refusal", shut, also=(quota,))] == ["409 quota"], "another closed door is often as good"
    [accepted] = wrongs("accepted-refusal", quota, also=(made,))
    assert (accepted.other[0]["status"], body(accepted, 0)) == (201, {"id": "1"})


def test_a_success_holds_an_error_or_half_of_it_or_an_empty_list() -> None:
    """The status stays what the driver expects; 204 has no body, so it becomes 200."""
    [made] = wrongs("error-body", asked("POST", "/a", 201, {"id": "1"}))
    [done] = wrongs("error-body", asked("DELETE", "/a", 204, None))
    [half] = wrongs("truncated-json", asked("GET", "/a", 200, {"id": "1"}))
    [none] = wrongs("emptied-list", asked("GET", "/a", 200, {"items": [{"id": "1"}]}))

    assert (made.other[0]["status"], list(body(made, 0))) == (201, ["error"])
    assert done.other[0]["status"] == 200
    assert half.other[0]["text"] == '{"id"'[: len('{"id": "1"}') // 2]
    assert body(none, 0) == {"items": []}


def test_mail_is_lost_or_comes_twice_or_leads_elsewhere() -> None:
    """What was there before the question stays."""
    looks = (mails("old", "new"),)

    [lost], [twice], [elsewhere] = (
        wrongs(name, mails("old"), asked("POST", "/b", 204, None), *looks)[-1:] for name in ("lost-mail", "mail-twice", "mail-elsewhere")
    )

    assert [mail["id"] for mail in lost.other[2]["mails"]] == ["old"]
    assert [mail["id"] for mail in twice.other[2]["mails"]] == ["old", "new", "new"]
    assert elsewhere.other[2]["mails"][1]["links"] == ["http://elsewhere.invalid/new?token=x"]


def test_a_message_on_a_socket_is_lost() -> None:
    """Each one by itself."""
    hear = {"kind": "hear", "key": "hear s", "phase": "call", "arranging": "", "method": "", "url": "ws://here/a", "heard": {"message": '{"type": "ack"}'}}

    [lost] = wrongs("lost-message", hear)

    assert (lost.seen, lost.other) == ("ack", {0: {}})


def test_every_operator_says_what_it_is() -> None:
    """Its docstring is for people."""
    assert all(act.__doc__ for act in OPERATORS.values())

"""A rule is checked where it is made, survives being written, and says what is wrong with it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from rehearsal.wire import actions as do
from rehearsal.wire import rules
from rehearsal.wire.actions import Wrong
from rehearsal.wire.rules import Rule, When

ONE_OF_EACH = (
    Rule(do.Answer(429, "{}", {"X-A": "1"}, retry_after=3), When(share=0.5)),
    Rule(do.Answer(200, late=True), When(type="application/json", statuses=(200, 201))),
    Rule(do.Redirect("/x", 307)),
    Rule(do.Delay(2), When(after=1, until=9.5)),
    Rule(do.Kill(), When(path="^/a", methods=("GET", "HEAD"), headers={"X-Synthetic": ""})),
    Rule(do.Stale(5, shared=True)),
    Rule(do.Truncate(share=0.5)),
    Rule(do.Truncate(at=0)),
    Rule(do.Body("")),
    Rule(do.Replace("a", "b")),
    Rule(do.SetField("a.b", {"c": [1, None]})),
    Rule(do.DropField("a")),
    Rule(do.Inject("<i>", into="body")),
    Rule(do.SetHeader("A", "b", append=True, side="request")),
    Rule(do.DropHeader("A")),
    Rule(do.DropCookie(side="request")),
    Rule(do.DropAttribute("Secure")),
    Rule(do.Close(3)),
    Rule(do.Swallow("client", "x"), When(host="app.example.com")),
)


def test_a_rule_survives_being_written() -> None:
    """As JSON, whatever it does; every action is among them."""
    written = json.loads(json.dumps(rules.settings(*ONE_OF_EACH, begun=5.0)))

    assert rules.read(written[rules.RULES]) == ONE_OF_EACH
    assert written[rules.BEGUN] == 5.0
    assert {type(each.do) for each in ONE_OF_EACH} == set(do.KINDS.values())


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({}, "rules: saw {}; allowed is a list of rules"),
        ([7], "rules[0]: saw 7; allowed is an object"),
        ([{"do": "kill", "if": {}}], "rules[0]: saw ['do', 'if']; allowed is the keys"),
        ([{"do": "kill"}, {"do": "explode"}], "rules[1].do: saw 'explode'; allowed is one of answer, redirect,"),
        ([{"do": "kill", "with": {"status": 1}}], "rules[0].with: saw 'status'; allowed is a key of none"),
        ([{"do": "delay"}], "rules[0].with.seconds: saw None; allowed is a value (a number); it may not be left out"),
        ([{"do": "delay", "with": {"seconds": "2"}}], "rules[0].with.seconds: saw '2'; allowed is a number"),
        ([{"do": "delay", "with": {"seconds": True}}], "rules[0].with.seconds: saw True; allowed is a number"),
        ([{"do": "delay", "with": {"seconds": 0}}], "rules[0].seconds: saw 0; allowed is above 0, up to 600"),
        ([{"do": "answer", "with": {"status": 99}}], "rules[0].status: saw 99; allowed is 100 to 599"),
        ([{"do": "answer", "with": {"headers": {"a": 1}}}], "rules[0].with.headers: saw {'a': 1}; allowed is an object of texts"),
        ([{"do": "answer", "with": {"retry_after": 1.5}}], "rules[0].with.retry_after: saw 1.5; allowed is a whole number or null"),
        ([{"do": "redirect", "with": {"status": 200}}], "rules[0].status: saw 200; allowed is 301,"),
        ([{"do": "truncate"}], "rules[0].at, share: saw (None, None); allowed is one of the two"),
        ([{"do": "truncate", "with": {"share": 1}}], "rules[0].share: saw 1; allowed is 0 up to, not including, 1"),
        ([{"do": "truncate", "with": {"at": -1}}], "rules[0].at: saw -1; allowed is 0 or more"),
        ([{"do": "replace", "with": {"pattern": "("}}], "rules[0].pattern: saw '('; allowed is a regular expression"),
        ([{"do": "inject", "with": {"html": "", "into": "tail"}}], "rules[0].into: saw 'tail'; allowed is head or body"),
        ([{"do": "drop-cookie", "with": {"side": "left"}}], "rules[0].side: saw 'left'; allowed is request or response"),
        ([{"do": "drop-cookie", "with": {"name": "["}}], "rules[0].name: saw '['; allowed is a regular expression"),
        ([{"do": "drop-attribute", "with": {"attribute": "Secure", "name": "["}}], "rules[0].name: saw '['"),
        ([{"do": "close", "with": {"after": -1}}], "rules[0].after: saw -1; allowed is 0 or more"),
        ([{"do": "swallow", "with": {"sender": "me"}}], "rules[0].sender: saw 'me'; allowed is server or client"),
        ([{"do": "stale", "with": {"seconds": 0}}], "rules[0].seconds: saw 0; allowed is above 0"),
        ([{"do": "kill", "when": {"path": "("}}], "rules[0].path: saw '('; allowed is a regular expression"),
        ([{"do": "kill", "when": {"headers": {"A": "("}}}], "rules[0].headers.A: saw '('"),
        ([{"do": "kill", "when": {"methods": ["get"]}}], "rules[0].methods: saw ('get',); allowed is methods in capitals"),
        ([{"do": "kill", "when": {"methods": "GET"}}], "rules[0].when.methods: saw 'GET'; allowed is a list, each a text"),
        ([{"do": "kill", "when": {"share": 0}}], "rules[0].share: saw 0; allowed is above 0, up to 1"),
        ([{"do": "kill", "when": {"after": -1}}], "rules[0].after: saw -1; allowed is 0 or more"),
        ([{"do": "kill", "when": {"after": 2, "until": 2}}], "rules[0].until: saw 2; allowed is more than `after`"),
        ([{"do": "kill", "when": {"type": "text/html"}}], "rules[0].when: saw {'type': 'text/html', 'statuses': ()}; allowed is neither with `kill`"),
    ],
)
def test_a_rule_that_cannot_be_says_where_and_what_is_allowed(said: Any, complaint: str) -> None:
    """The number of the rule, the key, what was seen, what is allowed."""
    with pytest.raises(Wrong, match="^" + re.escape(complaint)):
        rules.read(said)

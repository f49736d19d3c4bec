"""Messages for the tests: an ordinary one, and the worst that a target can put into one."""

from __future__ import annotations

from dataclasses import replace

from reports.message import Kind, Message

AT = 1773307800.0  # 12 March 2026, 09:30:00 UTC

ORDINARY = Message(
    kind=Kind.TRIGGER,
    key="4f1c0a2b4f1c0a2b4f1c0a2b4f1c0a2b",
    incident="4f1c0a2b4f1c0a2b4f1c0a2b4f1c0a2b-1",
    title="A full plan refuses one more project, names its limit, and yields once one is deleted.",
    target="staging",
    scenario="quota.limit-plus-one",
    failure="integrity",
    severity="critical",
    owner="billing",
    owner_name="Billing: plans, quotas, payments",
    at=AT,
    since=AT - 732.0,
    runs=3,
    why="confirmed by a second attempt on fresh data",
    error="project syn-4f1c was accepted, expected QuotaExceeded",
    states=("pending", "active"),
    surfaces=("api", "browser"),
    locations=("eu-west", "us-east"),
    risk="quota-bypassed",
    runbook="https://runbooks.example.com/quota?from=alert&x=1",
    evidence="https://evidence.example.com/runs/20260312T093000Z-4f1c/",
    dashboard="https://status.example.com/staging",
    trace_id="0af7651916cd43dd8448eb211c80319c",
    run="20260312T093000Z-4f1c",
    version="2026.03.11",
)

READ = (
    ORDINARY.title,
    "confirmed by a second attempt on fresh data",
    "project syn-4f1c was accepted, expected QuotaExceeded",
    "pending > active",
    "12 Mar 2026, 09:17:48 UTC, for 12 min 12 s",
    "seen in 3 runs",
    "staging",
    "eu-west, us-east",
    "api, browser",
    "critical",
    "Billing: plans, quotas, payments (billing)",
    ORDINARY.runbook,
    ORDINARY.evidence,
    ORDINARY.trace_id,
    "quota.limit-plus-one",
)
"""What a person reads of the ordinary one."""

OURS = (ORDINARY.runbook, ORDINARY.evidence, ORDINARY.dashboard)
"""The addresses that may be links."""

ODD = (
    "<!channel> <!here> @channel @here @everyone <@U0VICTIM> @octo/team #1 <https://evil.example/a|click> [click](https://evil.example/b) "
    "![pic](https://evil.example/c.png) <img src=x onerror=alert(1)><script>alert(2)</script>&lt;b&gt; `code` ``` **bold** _it_ www.evil.example "
    "\r\nBcc: victim@evil.example\r\n\r\n<h1>body</h1>\n::error::owned\n##[error]owned \x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \x08\x08 \x00 "
    "\u202egnp.exe \u200b \ud800 \udfff \U000e0041 {{ 7*7 }} ${7*7} %s %n {0} \\u0000 --><!-- ]]>"
)
"""Mentions, links, markup, headers, CI commands, control characters, text that runs backwards, lone surrogates, templates."""

HOSTILE = replace(
    ORDINARY,
    title=ODD,
    why=ODD,
    error=ODD,
    states=(ODD, ODD),
    surfaces=(ODD,),
    locations=(ODD,),
    owner_name=ODD,
    risk=ODD,
    target=ODD,
    scenario=ODD,
    failure=ODD,
    severity=ODD,
    owner=ODD,
    runbook=f"https://evil.example/{ODD}",
    evidence="javascript:alert(3)",
    dashboard='https://evil.example/"><script>alert(4)</script>',
    trace_id=ODD,
    run=ODD,
    version=ODD,
)

_HUGE = "A very long word of the target. " * 33_000
HUGE = replace(
    ORDINARY, title=_HUGE, why=_HUGE, error=_HUGE, states=(_HUGE,) * 3, surfaces=("x",) * 100_000, locations=(_HUGE, _HUGE), version=_HUGE, runbook=_HUGE
)
"""Ten megabytes in all."""

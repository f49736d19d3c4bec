"""``synthetics page OWNER``: a marked test page on every channel by which an owner is woken, and a record that it was received.

That a channel took it is recorded by itself; that it reached a person, by that person: with the code that the page shows.
"""

from __future__ import annotations

import argparse
import secrets
import time

from rich.console import Console

from cli import chain
from launch.package import URGENCIES
from launch.reading import BadInput
from reports import routing
from reports.message import Kind, Message
from verdicts.history import outbox, pages

HELP = "send a marked test page to an owner, and record that it was received"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("owner", help="an owner of launch/owners.toml")
    parser.add_argument("--urgency", choices=URGENCIES, default="page", help="by which of the owner's routes (default: page)")
    parser.add_argument("--received", metavar="CODE", help="record that a person has the page with this code")
    parser.add_argument("--by", metavar="NAME", default="somebody", help="who has it")


def run(options: argparse.Namespace) -> int:
    """Page, or record; 3 where a channel did not take it."""
    console = Console(highlight=False)
    steps = chain.opened(console)
    owner = steps.launch.owners.get(options.owner)
    if owner is None:
        raise BadInput(f"saw the owner '{options.owner}'; allowed is one of {', '.join(steps.launch.owners)}")
    now = time.time()
    if options.received:
        with steps.history.begin() as tx:
            if options.received not in {each.code for each in pages.pages(tx, owner.id)}:
                raise BadInput(f"--received: saw '{options.received}'; allowed is the code of a test page that was sent to {owner.id}")
            pages.received(tx, code=options.received, by=options.by, now=now)
        console.print(f"the test page {options.received} reached {options.by} ({owner.id})", markup=False)
        return 0
    legs = routing.legs(steps.launch, owner.routes[options.urgency])
    if not legs:
        raise BadInput(
            f"launch/owners.toml: {owner.id}.{options.urgency}: saw no channel; allowed is at least one of {', '.join(steps.launch.alerting.channels)}"
        )
    code = secrets.token_hex(4)
    message = Message(
        kind=Kind.TEST,
        key=f"test-{code}",
        incident=f"test-{code}",
        title=f"This is a test page for {owner.name}. Nothing is broken. Its code is {code}.",
        target="none",
        scenario="monitor.test-page",
        failure="availability",
        severity="info",
        owner=owner.id,
        owner_name=owner.name,
        at=now,
        since=now,
        why=f"somebody ran `synthetics page {owner.id}`; answer with `synthetics page {owner.id} --received {code} --by NAME`",
    )
    with steps.history.begin() as tx:
        pages.sent(tx, code=code, owner=owner.id, now=now)
        letters = {
            outbox.put(
                tx,
                alert=None,
                incident=message.incident,
                key=message.key,
                channel=leg["channel"],
                settings=leg["settings"],
                kind=message.kind.value,
                message=message.to_json(),
                now=now,
            ): leg["channel"]
            for leg in legs
        }
    steps.tell()
    with steps.history.reading() as tx:
        found = outbox.named(tx, letters)
    for letter in found:
        console.print(f"{letter.channel}: {letter.state} {letter.said}".rstrip(), markup=False)
    console.print(f"code {code}; whoever gets the page answers with: synthetics page {owner.id} --received {code} --by NAME", markup=False, soft_wrap=True)
    return 0 if all(letter.state == outbox.SENT for letter in found) else 3

"""``synthetics demo``: break the embedded product once on purpose, see the alert arrive at its owner, heal it, and see the resolve.

Everything is real, and apart from everything else: the product, its mail server, runs by `synthetics run`, a history and an inbox of its own. Whatever
channels the launch package names, nobody is paged: each becomes the inbox.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from fixtures import runs
from fixtures import target as targets
from fixtures.target import ROOT
from flows.blame import SuiteFault
from launch import package
from launch.package import Launch
from products.wiring import Running
from rehearsal.ground import GroundTrouble, Post
from reports.message import Kind, Message
from reports.site import inbox

HELP = "break the embedded product once on purpose: see the alert arrive, heal it, and see the resolve"

SCENARIO = "test_the_verification_mail_arrives_within_its_budget"
PRODUCT = "embedded"
TOKEN = "SYNTHETICS_DEMO_OPERATOR_TOKEN"  # noqa: S105 -- the name of a variable

TARGETS = """
[demo]
product = "{product}"
url = "{url}"
{ca}
owner = "operators"
mailbox = "folder:mail"
mail_domain = "people.example.com"
cadence = 300
allow = ["read", "create", "destroy", "operate"]
budgets.mail = {{ expected = 3, limit = 5 }}
budgets.provisioning = {{ expected = 10, limit = 40 }}
budgets.agreement = {{ expected = 3, limit = 15 }}
budgets.live = {{ expected = 5, limit = 15 }}
secrets.operator_token.env = "{token}"
"""
CHANNEL = '[channels.{name}]\nkind = "folder"\npath = "{inbox}"\n'


def add(_: argparse.ArgumentParser) -> None:
    """Add no options."""


def run(_: argparse.Namespace) -> int:
    """Show it; 0 where the alert and its resolve arrived at the right owner, else 1."""
    console = Console(highlight=False)
    folder = runs.artifacts() / f"demo-{runs.new_id()}"
    (folder / "mail").mkdir(parents=True)
    try:
        with ExitStack() as stack:
            post = Post(folder / "mail")
            stack.callback(post.stop)
            post.start()
            running = stack.enter_context(served(folder, post))
            return play(Stage(folder, package.load(), running), post, console)
    except GroundTrouble as trouble:
        raise SuiteFault(str(trouble)) from trouble


def play(stage: Stage, post: Post, console: Console) -> int:
    """Play the four acts, and say what the inbox shows after each."""
    console.print("\n[bold]The alarm, proven once[/]: a healthy product, broken on purpose, and healed")
    console.print("  1. the product is healthy")
    healthy = stage.sweep()
    console.print(f"     exit {healthy}, {len(stage.inbox())} alerts in the inbox")
    console.print("  2. [bold red]its mail server is stopped[/]; every page and the API still answer")
    post.stop()
    broken = stage.sweep()
    told = stage.inbox()
    for each in told:
        console.print(f"     exit {broken}, the inbox has: {each.headline}", markup=False, soft_wrap=True)
        console.print(f"     owner {each.owner}, {each.severity}; {each.why}; runbook {each.runbook}", markup=False, soft_wrap=True)
    console.print("  3. [bold green]the mail server is started again[/]")
    post.start()
    for _ in range(2):
        stage.sweep()
        told = stage.inbox()
        console.print(f"     a run; the inbox has: {told[-1].headline if told else 'nothing'}", markup=False, soft_wrap=True)
    console.print(f"inbox    {stage.folder / 'inbox' / 'index.html'}", markup=False, soft_wrap=True)
    kinds = [(each.kind, each.owner) for each in told]
    owner = next((each.owner for each in told), "")
    proven = healthy == 0 and broken == 1 and kinds == [(Kind.TRIGGER, owner), (Kind.RESOLVE, owner)]
    console.print(
        f"proven: the break was told to '{owner}' once, with its runbook, and so was its end"
        if proven
        else "not proven: see above, and the folders of the runs",
        style="green" if proven else "bold red",
    )
    return 0 if proven else 1


@contextmanager
def served(folder: Path, post: Post) -> Iterator[Running]:
    """Serve the product of the embedded target, its mail going to `post`."""
    with targets.product(targets.load(PRODUCT)).serve(folder, ("127.0.0.1", post.port)) as running:
        yield running


@dataclass
class Stage:
    """A target, a launch package and a history of the demo's own, in its folder."""

    folder: Path
    launch: Launch
    running: Running

    def __post_init__(self) -> None:
        """Write what the runs read."""
        ca = f'ca = "{self.running.ca}"' if self.running.ca else ""
        said = TARGETS.format(product=targets.load(PRODUCT).product, url=self.running.url, ca=ca, token=TOKEN)
        (self.folder / "targets.toml").write_text(said, encoding="utf-8")
        own = self.folder / "launch"
        shutil.copytree(package.place(), own, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        names = self.launch.alerting.channels
        usual = f"[routes]\npage = {[*names][:1]}\nticket = {[*names][:1]}\nlog = []\nescalate_after = 0\n"
        channels = "".join(CHANNEL.format(name=name, inbox=self.folder / "inbox") for name in names)
        (own / "alerting.toml").write_text(f'maintainers = "{self.launch.alerting.maintainers}"\nfallback = []\n{usual}{channels}', encoding="utf-8")

    def sweep(self) -> int:
        """Run the scenario once, by `synthetics run`, and return its exit code."""
        command = [sys.executable, "-m", "cli.main", "run", "--target", "demo", "--surface", "api", "--", "-k", SCENARIO]
        environment = {
            **os.environ,
            targets.SETTING: str(self.folder / "targets.toml"),
            package.SETTING: str(self.folder / "launch"),
            "SYNTHETICS_HISTORY": str(self.folder / "history.sqlite"),
            TOKEN: self.running.secrets["operator_token"],
        }
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, check=False)
            if done.returncode not in {0, 1}:
                said.seek(0)
                print(said.read(), file=sys.stderr)
        return done.returncode

    def inbox(self) -> list[Message]:
        """Return what has arrived, in order."""
        return inbox.arrived(self.folder / "inbox")

"""Every channel with a receiver of its own. A channel's file without an entry here fails the contract; a new one is one more entry."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack, redirect_stderr
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from launch.reading import Table
from rehearsal import pager as pagerduty
from rehearsal.receiver import Receiver, Request, Rules
from reports import channels
from reports.channels import Channel, Receipt
from reports.channels.console import Console
from reports.message import Message
from tests.receivers import github, recorder, slack
from tests.receivers.post import Post, PostOffice
from tests.reports.channels.made import OURS

SECRETS = {
    "PAGERDUTY_KEY": "0123456789abcdef0123456789abcdef",
    "SLACK_TOKEN": slack.TOKEN,
    "GITHUB_TOKEN": github.TOKEN,
    "SIGNING_KEY": "a key that both sides know",
    "SERVICES": "json://127.0.0.1:9/very-secret",
    "HOOK_TOKEN": "t0ken-of-the-hook",
}
MENTION = re.compile(r"@\w|<[!@/a-zA-Z]|::\w|##\[|#\d|\]\(|\bwww\.\w|`")
ADDRESS = re.compile(r"https?://[^\s\"<>\u200b]+")


@dataclass
class Stand:
    """A channel and its receiver. `told` returns what a person reads, one text for each message; `live` what in that is a mention, a link or markup of others;
    `sizes` how many bytes each message took."""

    channel: Channel
    told: Callable[[], list[str]]
    live: Callable[[], list[str]]
    sizes: Callable[[], list[int]]


def table(kind: str, text: str) -> Table:
    """Return a channel's table as a person writes it."""
    import tomllib

    return Table(Path("alerting.toml"), kind, {"kind": kind, **tomllib.loads(text)})


def read(kind: str, text: str, more: Mapping[str, str] | None = None) -> Channel:
    """Return a channel of that kind."""
    return channels.read(table(kind, text), {**SECRETS, **(more or {})}.__getitem__)


def unknown_addresses(text: str) -> list[str]:
    """Return the web addresses in text that are not our own."""
    return [each for each in ADDRESS.findall(text) if each not in OURS]


def live_anywhere(text: str) -> list[str]:
    """Return what some renderer may make something of."""
    return [*unknown_addresses(text), *MENTION.findall(ADDRESS.sub("", text))]


@dataclass(frozen=True)
class Way:
    """A channel that speaks HTTP: its settings, and rules for its receiver. `looks` is how many of its first requests change nothing;
    `reads` tells that it needs the body of an acceptance."""

    kind: str
    settings: str
    rules: Callable[[], Rules]
    looks: int = 0
    reads: bool = False

    def channel(self, url: str, more: str = "") -> Channel:
        """Return the channel that leads to an address."""
        return read(self.kind, f"{self.settings.replace('URL', url)}\n{more}", {"HOOK": f"{url}{slack.WEBHOOK}"})


HTTP = {
    "pagerduty": Way("pagerduty", 'url = "URL"\nrouting_key = { env = "PAGERDUTY_KEY" }', pagerduty.Rules),
    "alertmanager": Way("alertmanager", 'url = "URL"\nlabels = { page = "yes" }', lambda: recorder.alertmanager),
    "slack": Way("slack", 'url = "URL/api"\ntoken = { env = "SLACK_TOKEN" }\nchannel = "C0PAGES"', slack.Rules, reads=True),
    "slack by webhook": Way("slack", 'webhook = { env = "HOOK" }', slack.Rules),
    "webhook": Way("webhook", 'url = "URL/hook"\nsigning_key = { env = "SIGNING_KEY" }\ntoken = { env = "HOOK_TOKEN" }', lambda: recorder.takes_everything),
    "github": Way("github", 'url = "URL"\ntoken = { env = "GITHUB_TOKEN" }\nrepository = "example/product"', github.Rules, looks=1, reads=True),
}
"""Every channel whose stand has a `line`."""


def http(name: str, rules: Rules, stack: ExitStack) -> tuple[Channel, Receiver]:
    """Start a receiver, and return the channel that leads to it."""
    receiver = stack.enter_context(Receiver(rules))
    return HTTP[name].channel(receiver.url), receiver


def sizes(receiver: Receiver) -> Callable[[], list[int]]:
    """Return a way to ask how much came."""
    return lambda: [len(each.body) for each in receiver.requests if each.method == "POST"]


def a_pagerduty(_: Path, stack: ExitStack) -> Stand:
    """Texts are plain there; links are objects."""
    rules = pagerduty.Rules()
    channel, receiver = http("pagerduty", rules, stack)

    def told() -> list[str]:
        def shown(event: dict[str, Any]) -> str:
            payload = event.get("payload", {})
            return "\n".join([payload.get("summary", ""), *payload.get("custom_details", {}).values(), *(each["href"] for each in event.get("links", []))])

        return [shown(event) for event in rules.events]

    def live() -> list[str]:
        return [
            href
            for event in rules.events
            for href in [*(each["href"] for each in event.get("links", [])), event.get("client_url", OURS[0])]
            if href not in OURS
        ]

    return Stand(channel, told, live, sizes(receiver))


def in_prometheus_words(alerts: Callable[[Request], list[dict[str, Any]]], receiver: Receiver, channel: Channel) -> Stand:
    """Alertmanager's shape: who shows it is not known."""

    def told() -> list[str]:
        return ["\n".join(each["annotations"].values()) for request in receiver.requests for each in alerts(request)]

    def live() -> list[str]:
        return [found for text in told() for found in live_anywhere(text)]

    return Stand(channel, told, live, sizes(receiver))


def an_alertmanager(_: Path, stack: ExitStack) -> Stand:
    """By its API."""
    channel, receiver = http("alertmanager", recorder.alertmanager, stack)
    return in_prometheus_words(Request.json, receiver, channel)


def a_webhook(_: Path, stack: ExitStack) -> Stand:
    """Its webhook's shape."""
    channel, receiver = http("webhook", recorder.takes_everything, stack)
    return in_prometheus_words(lambda request: list(request.json()["alerts"]), receiver, channel)


def a_slack(name: str) -> Callable[[Path, ExitStack], Stand]:
    """By bot or webhook: Slack says what is live."""

    def start(_: Path, stack: ExitStack) -> Stand:
        rules = slack.Rules()
        channel, receiver = http(name, rules, stack)

        def live() -> list[str]:
            found = [each for post in rules.posts for each in post.live]
            return [each for each in found if each.removeprefix("<").partition("|")[0].replace("&amp;", "&") not in OURS]

        return Stand(channel, lambda: [post.shown for post in rules.posts], live, sizes(receiver))

    return start


def a_github(_: Path, stack: ExitStack) -> Stand:
    """What stands outside of code spans is live; our own markup is lists, one comment and our own addresses."""
    rules = github.Rules()
    channel, receiver = http("github", rules, stack)

    def bodies() -> list[str]:
        return [text for issue in rules.issues for text in (issue.body, *issue.comments)]

    def live() -> list[str]:
        outside = "\n".join([*map(github.outside_code, bodies()), *(issue.title for issue in rules.issues)])
        return live_anywhere(re.sub(r"<!-- synthetics incident [\w.-]+ -->|<https://\S+?>", lambda found: found[0].strip("<>!-"), outside))

    return Stand(
        channel,
        lambda: [f"{issue.title}\n{issue.body}" for issue in rules.issues] + [text for issue in rules.issues for text in issue.comments],
        live,
        sizes(receiver),
    )


@dataclass
class Tags(HTMLParser):
    """The elements and addresses of a page."""

    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == "href" and value not in OURS]
        self.found += [] if tag in {"h2", "table", "tr", "th", "td", "a", "p"} else [tag]
        self.found += [name for name, _ in attrs if name not in {"href", "align", "valign"}]


def an_email(_: Path, stack: ExitStack) -> Stand:
    """Headers and elements are live; a mail has the headers that we wrote and no others."""
    post = Post()
    office = stack.enter_context(PostOffice(post))
    settings = f'server = "127.0.0.1"\nport = {office.port}\ntls = "none"\nsender = "alerts@example.com"\nto = ["oncall@example.com"]'
    expected = {
        "from",
        "to",
        "subject",
        "message-id",
        "auto-submitted",
        "x-auto-response-suppress",
        "date",
        "in-reply-to",
        "references",
        "mime-version",
        "content-type",
    }

    def live() -> list[str]:
        found = []
        for letter in post.letters:
            tags = Tags()
            tags.feed(letter.part("html"))
            found += unknown_addresses(letter.part("plain") + letter.part("html").replace("&amp;", "&"))
            found += [*tags.found, *({name.lower() for name in letter.mail} - expected)]
            found += [] if letter.to == ("oncall@example.com",) else list(letter.to)
        return found

    def told() -> list[str]:
        return [f"{letter.mail['subject']}\n{letter.part('plain')}".replace("\r\n", "\n") for letter in post.letters]

    return Stand(read("email", settings), told, live, lambda: [len(letter.raw) for letter in post.letters])


def an_apprise(_: Path, stack: ExitStack) -> Stand:
    """Its plainest service, which posts what it was given."""
    receiver = stack.enter_context(Receiver(recorder.takes_everything))
    channel = read("apprise", 'urls = { env = "SERVICES" }', {"SERVICES": f"json://127.0.0.1:{receiver.server_port}/"})

    def told() -> list[str]:
        return [f"{each.json()['title']}\n{each.json()['message']}" for each in receiver.requests]

    return Stand(channel, told, lambda: [found for text in told() for found in live_anywhere(text)], sizes(receiver))


class Redirected(Console):
    """A console whose stderr is elsewhere while it speaks: pytest exchanges the real one between set-up and test."""

    terminal = io.TextIOWrapper(io.BytesIO())

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:
        with redirect_stderr(self.terminal):
            return super().send(message, thread)


def a_console(_: Path, __: ExitStack) -> Stand:
    """A terminal and a CI log."""
    raw = io.BytesIO()
    Redirected.terminal = io.TextIOWrapper(raw, encoding="utf-8")
    assert read("console", "") == Console("stderr")

    def told() -> list[str]:
        return re.split(r"\n(?! )", raw.getvalue().decode().rstrip("\n")) if raw.getvalue() else []

    return Stand(Redirected(), told, lambda: [found for text in told() for found in live_anywhere(text)], lambda: [len(each) for each in told()])


def a_folder(tmp_path: Path, _: ExitStack) -> Stand:
    """JSON in ASCII: nothing is live in it."""
    place = tmp_path / "inbox"

    def files() -> list[bytes]:
        return [each.read_bytes() for each in sorted(place.glob("*.json"))]

    def told() -> list[str]:
        return ["\n".join([said["headline"], *(f"{each['label']}: {each['value']}" for each in said["facts"])]) for said in map(json.loads, files())]

    def live() -> list[str]:
        return [each.decode("latin-1") for each in files() if not each.isascii() or b"\x1b" in each or b"\x00" in each]

    return Stand(read("folder", f'path = "{place}"'), told, live, lambda: [0 for _ in files()])


STANDS: dict[str, Callable[[Path, ExitStack], Stand]] = {
    "pagerduty": a_pagerduty,
    "alertmanager": an_alertmanager,
    "slack": a_slack("slack"),
    "slack by webhook": a_slack("slack by webhook"),
    "email": an_email,
    "webhook": a_webhook,
    "github": a_github,
    "apprise": an_apprise,
    "console": a_console,
    "folder": a_folder,
}
"""By the channel's name, and what tells several ways of one channel apart."""

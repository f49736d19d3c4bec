"""A Slack that records: chat.postMessage, chat.update and incoming webhooks, with the limits of Block Kit, on loopback."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rehearsal.receiver import Reply, Request

TOKEN = "xoxb-1234-made-up"
CHANNEL = "C0PAGES"
WEBHOOK = "/services/T0/B0/made-up-secret"
LIVE = re.compile(r"<[^>]*>|https?://\S+|<!|@(?:here|channel|everyone)\b")


@dataclass
class Post:
    """One message in the channel, as it stands now. `thread` is the `ts` of the message that it answers."""

    ts: str
    text: str
    blocks: list[dict[str, Any]]
    thread: str = ""
    broadcast: bool = False
    edits: int = 0

    @property
    def shown(self) -> str:
        """What a person reads: Slack undoes its three escapes."""
        said = "\n".join(each["text"] for each in texts(self.blocks))
        return re.sub(r"<(https?://[^|>]*)\|([^>]*)>", r"\2: \1", said).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    @property
    def live(self) -> list[str]:
        """What Slack makes a mention or a link of. In plain text, angle brackets; in Markdown also addresses, unless it is `verbatim`."""
        found = re.findall(r"<[^>]*>", self.text)
        for each in texts(self.blocks):
            found += (re.findall(r"<[^>]*>", each["text"])) if each["type"] == "plain_text" or each.get("verbatim") else LIVE.findall(each["text"])
        return found


@dataclass
class Rules:
    """What Slack makes of calls; `gone` are the `ts` of messages that somebody removed."""

    posts: list[Post] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        if request.path == WEBHOOK:
            return self._webhook(request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply(200, {"ok": False, "error": "invalid_auth"})
        body = request.json()
        wrong = _wrong(body)
        if wrong:
            return Reply(200, {"ok": False, "error": wrong})
        if body.get("channel") != CHANNEL:
            return Reply(200, {"ok": False, "error": "channel_not_found"})
        if request.path == "/api/chat.postMessage":
            return self._post(body)
        if request.path == "/api/chat.update":
            return self._update(body)
        return Reply(200, {"ok": False, "error": "unknown_method"})

    def _webhook(self, request: Request) -> Reply:
        body = request.json()
        if wrong := _wrong(body):
            return Reply(400, wrong.encode(), {"Content-Type": "text/plain"})
        self.posts.append(Post(f"{len(self.posts) + 1}.0", body["text"], body["blocks"]))
        return Reply(200, b"ok", {"Content-Type": "text/plain"})

    def _post(self, body: dict[str, Any]) -> Reply:
        thread = body.get("thread_ts", "")
        if thread and (thread in self.gone or thread not in {each.ts for each in self.posts}):
            return Reply(200, {"ok": False, "error": "thread_not_found"})
        post = Post(f"{len(self.posts) + 1}.0", body["text"], body["blocks"], thread, body.get("reply_broadcast", False))
        self.posts.append(post)
        return Reply(200, {"ok": True, "channel": CHANNEL, "ts": post.ts})

    def _update(self, body: dict[str, Any]) -> Reply:
        found = [each for each in self.posts if each.ts == body["ts"] and each.ts not in self.gone]
        if not found:
            return Reply(200, {"ok": False, "error": "message_not_found"})
        found[0].text, found[0].blocks, found[0].edits = body["text"], body["blocks"], found[0].edits + 1
        return Reply(200, {"ok": True, "channel": CHANNEL, "ts": body["ts"]})


def texts(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the text objects of blocks, in order."""
    return [each for block in blocks for each in (*([block["text"]] if "text" in block else []), *block.get("fields", []))]


def _wrong(body: dict[str, Any]) -> str:
    """Return Slack's error for a message, or nothing."""
    blocks = body.get("blocks", [])
    if len(body.get("text", "")) > 40000:
        return "msg_too_long"
    if len(blocks) > 50:
        return "invalid_blocks"
    for block in blocks:
        fields = block.get("fields", [])
        limit = 150 if block["type"] == "header" else 3000
        if len(fields) > 10 or any(not 0 < len(each["text"]) <= 2000 for each in fields) or len(block.get("text", {}).get("text", "")) > limit:
            return "invalid_blocks"
    return ""

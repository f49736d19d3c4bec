"""A rule of the wire: which exchanges it concerns, and what is done to them. Checked where it is made, so that a switch holds no rule that cannot act.

In a switch, ``settings["rules"]`` is a list of::

    {"do": "answer", "with": {"status": 503}, "when": {"path": "^/api/", "methods": ["POST"], "share": 0.5}}

Standard library only: the proxy reads it in an environment of its own.
"""

from __future__ import annotations

import re
import time
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, Union, get_args, get_origin, get_type_hints

from rehearsal.wire import actions
from rehearsal.wire.actions import Action, Phase, Wrong, check, pattern

RULES, BEGUN = "rules", "begun"
"""The keys of a switch's settings: its rules, and when they began (seconds since the epoch)."""


@dataclass(frozen=True)
class Exchange:
    """What a rule looks at. Header names are in lower case; `status` and `type` (of the content) are None until the target has answered."""

    host: str
    path: str
    method: str
    headers: Mapping[str, str]
    status: int | None = None
    type: str | None = None


@dataclass(frozen=True)
class When:
    """Which exchanges a rule concerns; what is empty concerns all.

    `host` is a pattern of the whole name; `path` one that is found in the path with its query; `headers` holds patterns that are found in the request's
    headers, an empty one asking only that it is there (``X-Synthetic``). `type` begins the content type of the answer, `statuses` are those of the answer.
    `share` is taken in place of the switch's dose. `after` and `until` are seconds since the switch began.
    """

    host: str = ""
    path: str = ""
    methods: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str = ""
    statuses: tuple[int, ...] = ()
    share: float | None = None
    after: float = 0.0
    until: float | None = None

    def __post_init__(self) -> None:
        """Check patterns and numbers."""
        pattern(self.host, "host")
        pattern(self.path, "path")
        for name, value in self.headers.items():
            pattern(value, f"headers.{name}")
        check(self.methods, good=all(each.isupper() for each in self.methods), key="methods", allowed="methods in capitals")
        check(self.share, good=self.share is None or 0 < self.share <= 1, key="share", allowed="above 0, up to 1")
        check(self.after, good=self.after >= 0, key="after", allowed="0 or more")
        check(self.until, good=self.until is None or self.until > self.after, key="until", allowed="more than `after`")

    def concerns(self, exchange: Exchange, elapsed: float) -> bool:
        """Tell whether it concerns an exchange, `elapsed` seconds after the switch began."""
        return (
            self.after <= elapsed < (self.until or float("inf"))
            and (not self.host or re.fullmatch(self.host, exchange.host, re.IGNORECASE) is not None)
            and (not self.path or re.search(self.path, exchange.path) is not None)
            and (not self.methods or exchange.method in self.methods)
            and all(name.lower() in exchange.headers and re.search(value, exchange.headers[name.lower()]) for name, value in self.headers.items())
            and (not self.type or (exchange.type or "").startswith(self.type))
            and (not self.statuses or exchange.status in self.statuses)
        )


@dataclass(frozen=True)
class Rule:
    """What is done to which exchanges."""

    do: Action
    when: When = field(default_factory=When)

    def __post_init__(self) -> None:
        """Check that what it waits for is known when it acts."""
        early = self.do.phase is Phase.REQUEST and bool(self.when.type or self.when.statuses)
        check(
            {"type": self.when.type, "statuses": self.when.statuses},
            good=not early,
            key="when",
            allowed=f"neither with `{actions.name(self.do)}`, which acts before there is an answer (an answer may be late: true)",
        )

    def dump(self) -> dict[str, Any]:
        """Return it as it stands in a switch."""
        return {"do": actions.name(self.do), "with": _plain(self.do), "when": _plain(self.when)}


def settings(*rules: Rule, begun: float | None = None) -> dict[str, Any]:
    """Return the settings of a switch; `begun` (seconds since the epoch) is now where nobody says."""
    return {RULES: [rule.dump() for rule in rules], BEGUN: time.time() if begun is None else begun}


def read(said: Any) -> tuple[Rule, ...]:
    """Read the rules of a switch's settings.

    Raises:
        Wrong: one cannot be; the message says which, the key, what was seen and what is allowed.
    """
    check(said, good=isinstance(said, list), key=RULES, allowed="a list of rules")
    return tuple(_rule(each, f"{RULES}[{number}]") for number, each in enumerate(said))


def _rule(said: Any, place: str) -> Rule:
    check(said, good=isinstance(said, dict), key=place, allowed="an object with `do`, `with` and `when`")
    check(sorted(said), good=set(said) <= {"do", "with", "when"}, key=place, allowed="the keys `do`, `with` and `when`")
    kind = actions.KINDS.get(said.get("do"))
    if kind is None:
        raise Wrong(f"{place}.do: saw {said.get('do')!r}; allowed is one of {', '.join(actions.KINDS)}")
    try:
        return Rule(do=_made(kind, said.get("with", {}), f"{place}.with"), when=_made(When, said.get("when", {}), f"{place}.when"))
    except Wrong as cause:
        raise cause if str(cause).startswith(place) else Wrong(f"{place}.{cause}") from None


T = Any


def _made(kind: type[T], said: Any, place: str) -> T:
    check(said, good=isinstance(said, dict), key=place, allowed="an object")
    known, hints = {each.name: each for each in fields(kind)}, get_type_hints(kind)
    for key, value in said.items():
        check(key, good=key in known, key=place, allowed=f"a key of {', '.join(known) or 'none'}")
        check(value, good=_fits(value, hints[key]), key=f"{place}.{key}", allowed=_told(hints[key]))
    for key, each in known.items():
        given = key in said or each.default is not MISSING or each.default_factory is not MISSING
        check(None, good=given, key=f"{place}.{key}", allowed=f"a value ({_told(hints[key])}); it may not be left out")
    return kind(**{key: tuple(value) if get_origin(hints[key]) is tuple else value for key, value in said.items()})


def _fits(value: Any, hint: Any) -> bool:
    if hint is Any:
        return True
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return any(_fits(value, each) for each in inner)
    if origin is tuple:
        return isinstance(value, list | tuple) and all(_fits(each, inner[0]) for each in value)
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(_fits(key, inner[0]) and _fits(each, inner[1]) for key, each in value.items())
    if isinstance(value, bool) and hint is not bool:
        return False
    return isinstance(value, int | float) if hint is float else isinstance(value, hint)


def _told(hint: Any) -> str:
    names = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", type(None): "null"}
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return " or ".join(_told(each) for each in inner)
    if origin is tuple:
        return f"a list, each {_told(inner[0])}"
    return names.get(hint, "an object of texts" if origin is not None else "any JSON")


def _plain(record: Any) -> dict[str, Any]:
    """Return what differs from the defaults, as JSON has it."""
    said = asdict(record)
    kept = {}
    for each in fields(record):
        usual = each.default_factory() if each.default_factory is not MISSING else each.default
        if getattr(record, each.name) != usual:
            kept[each.name] = list(said[each.name]) if isinstance(said[each.name], Sequence) and not isinstance(said[each.name], str) else said[each.name]
    return kept

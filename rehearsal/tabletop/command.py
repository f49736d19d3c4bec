"""What the facilitator types, one line at a time: a word, a text, and options at its end."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from launch.reading import BadInput


@dataclass(frozen=True)
class Form:
    """The form of a command. `takes` names what stands in front of the text; `options` what may stand behind it."""

    usage: str
    does: str
    takes: str = ""
    text: str = "none"
    """``none``, ``may`` or ``must``."""
    options: tuple[str, ...] = ()


FORMS: Mapping[str, Form] = {
    "next": Form("next", "open the next follow-up, or card"),
    "skip": Form("skip [WHY]", "open the next card right away", text="may"),
    "card": Form("card", "show again what lies open"),
    "facts": Form("facts", "what the launch package says of it"),
    "answer": Form("answer N TEXT", "the room answered question N", takes="number", text="must"),
    "ask": Form("ask TEXT [--question N --who NAME]", "we would have to ask someone", text="must", options=("question", "who")),
    "said": Form("said WHO TEXT", "who said what", takes="who", text="must"),
    "note": Form("note TEXT", "what you saw", text="must"),
    "decide": Form("decide TEXT [--by WHO]", "what was decided", text="must", options=("by",)),
    "change": Form("change TEXT --owner O [--risk R --due D]", "what the plan has to change", text="must", options=("owner", "risk", "due")),
    "well": Form("well TEXT", "what went well", text="must"),
    "rate": Form("rate P|S|M|U [TEXT]", "no, some, major challenges; unable", takes="grade", text="may"),
    "strike": Form("strike N [WHY]", "withdraw an entry; it stays, struck", takes="number", text="may"),
    "timeline": Form("timeline", "the last entries and their numbers"),
    "items": Form("items", "what is to be done after this"),
    "clock": Form("clock", "the session's time, and the card's"),
    "pause": Form("pause [WHY]", "stop the clock", text="may"),
    "go": Form("go", "let the clock run again"),
    "end": Form("end", "file the items, write the report"),
    "quit": Form("quit", "leave; `tabletop resume` goes on"),
    "help": Form("help", "this list"),
}


@dataclass(frozen=True)
class Typed:
    """A line that has the form of its command."""

    name: str
    text: str = ""
    first: str = ""
    """What stood in front of the text: a number, a name, a grade."""
    options: Mapping[str, str] = field(default_factory=dict)


def parse(line: str) -> Typed:
    """Take a line apart. Quotes and apostrophes are text; only a name of several words stands in double quotes.

    Raises:
        BadInput: it is no command, lacks something, or has an option that the command does not know.
    """
    name, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    form = FORMS.get(name.lower())
    if form is None:
        near = difflib.get_close_matches(name.lower(), FORMS, 1)
        hint = f"did you mean `{near[0]}`?" if near else "`help` lists the commands; what you saw is `note TEXT`"
        raise BadInput(f"saw '{name[:40]}', which is no command: {hint}")
    rest, options = _options(rest, name.lower(), form)
    first = ""
    if form.takes:
        first, rest = _first(rest, form)
    if form.text == "none" and rest:
        raise BadInput(f"{name.lower()}: saw '{rest[:40]}' behind it; allowed is nothing; what you saw is `note TEXT`")
    if form.text == "must" and not rest:
        raise BadInput(f"{name.lower()}: saw no text; allowed is {form.usage}")
    return Typed(name.lower(), rest, first, options)


def _first(rest: str, form: Form) -> tuple[str, str]:
    if form.takes == "who":
        found = re.match(r'"([^"]+)":?\s*|([^\s:]+):?\s*', rest)
        first = (found[1] or found[2]) if found else ""
        rest = rest[found.end() :] if found else rest
    else:
        first, _, rest = rest.partition(" ")
    wanted = {"number": r"\d{1,6}", "grade": r"[PSMUpsmu]", "who": r".+"}[form.takes]
    if not re.fullmatch(wanted, first):
        raise BadInput(f"{form.usage.partition(' ')[0]}: saw {first[:40]!r}; allowed is {form.usage}")
    return first, rest.strip()


def _options(rest: str, name: str, form: Form) -> tuple[str, dict[str, str]]:
    if not form.options:
        return rest, {}
    text, found = rest, {}
    marks = list(re.finditer(rf"(?:^|(?<=\s))--({'|'.join(form.options)})(?:=|\s+|$)", rest))
    for mark, after in zip(marks, [*marks[1:], None], strict=False):
        value = rest[mark.end() : after.start() if after else len(rest)].strip().strip('"')
        if mark[1] in found or not value:
            raise BadInput(f"{name}: --{mark[1]}: saw {'it twice' if mark[1] in found else 'nothing behind it'}; allowed is {form.usage}")
        found[mark[1]] = value
    if marks:
        text = rest[: marks[0].start()].strip()
    for whole in [text, *found.values()]:
        for word in re.findall(r"(?:^|\s)--([a-z]+)", whole):
            if difflib.get_close_matches(word, form.options, 1, 0.7):
                raise BadInput(f"{name}: saw --{word}; allowed is {form.usage}")
    return text, found

"""The command: its verbs by name, and exit codes that never blame the product for a fault of ours."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from cli import main
from cli.main import EXITS
from flows.blame import SuiteFault, TargetUnreachable
from launch.reading import BadInput


def raising(fault: BaseException) -> Callable[[argparse.Namespace], int]:
    """Return a verb's `run` that raises."""

    def run(_: argparse.Namespace) -> int:
        raise fault

    return run


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (BadInput("targets.toml: shop: saw nothing"), 2, "synthetics try: targets.toml: shop: saw nothing\n"),
        (SuiteFault("no browser"), 3, "synthetics try: no browser\n"),
        (TargetUnreachable("nobody answers"), 3, "synthetics try: nobody answers\n"),
        (KeyError("a slip"), 3, "KeyError: 'a slip'\n"),
    ],
)
def test_what_a_verb_raises_is_an_exit_code_that_blames_nobody_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: Exception, code: int, said: str
) -> None:
    """Bad input is 2 in one line; what the monitor cannot tell is 3; a slip of ours is 3 with its traceback, never 1."""
    monkeypatch.setattr(main, "verbs", lambda *_: {"try": SimpleNamespace(HELP="try", add=lambda _: None, run=raising(fault))})

    assert main.main(["try"]) == code
    assert capsys.readouterr().err.endswith(said)


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["list", "--help"]])
def test_the_exit_codes_are_documented(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    """Each --help tells what 0, 1, 2 and 3 mean."""
    with pytest.raises(SystemExit) as ended:
        main.main(words)

    assert ended.value.code == 0
    assert EXITS in capsys.readouterr().out
    assert [line.split()[0] for line in EXITS.splitlines()[1:]] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["imaginary"],
        ["list", "--", "-k", "x"],
        ["run"],
        ["run", "--target", "embedded", "--surface", "paper"],
        ["run", "--target", "embedded", "--lanes", "many"],
        ["run", "--target", "embedded", "--nonsense"],
    ],
)
def test_what_is_no_command_is_bad_usage(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    """Without a verb or a target, with a word that the command does not know, or with options for nobody, the exit code is 2 and the usage is shown."""
    with pytest.raises(SystemExit) as ended:
        main.main(words)

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: synthetics")


def test_a_verb_is_a_file() -> None:
    """Every file of the folder that has a HELP is a verb, and the supervisor is none."""
    assert {"run", "list"} <= set(main.verbs())
    assert not {"main", "supervisor"} & set(main.verbs())

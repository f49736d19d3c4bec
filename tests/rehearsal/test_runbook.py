"""The commands of a runbook are read as people read them, and run as they would paste them."""

from __future__ import annotations

from pathlib import Path

import pytest

from launch import package
from rehearsal import runbook
from rehearsal.runbook import Command

BOOK = """# Lost

```sh diagnose
echo "$URL"
test -n "$URL"
```

```sh
echo for people alone
```

```sh rollback
$ROLLBACK now
```

```sh verify
synthetics run
```
"""


def test_blocks_that_are_marked_are_commands_and_others_are_not(tmp_path: Path):
    (tmp_path / "lost.md").write_text(BOOK)

    assert runbook.blocks(tmp_path / "lost.md") == [
        Command("diagnose", 'echo "$URL"\ntest -n "$URL"'),
        Command("rollback", "$ROLLBACK now"),
        Command("verify", "synthetics run"),
    ]
    assert [each.phase for each in runbook.commands(tmp_path / "lost.md", "shop")] == ["diagnose", "rollback"]


def test_a_block_that_names_a_product_is_for_that_product_alone(tmp_path: Path):
    (tmp_path / "lost.md").write_text(BOOK.replace("sh diagnose", "sh diagnose shop"))

    assert [each.phase for each in runbook.commands(tmp_path / "lost.md", "shop")] == ["diagnose", "rollback"]
    assert [each.phase for each in runbook.commands(tmp_path / "lost.md", "other")] == ["rollback"]


def test_a_phase_that_nobody_knows_is_refused(tmp_path: Path):
    (tmp_path / "lost.md").write_text(BOOK.replace("sh verify", "sh undo"))

    with pytest.raises(ValueError, match="marked 'sh undo'; allowed is one of diagnose, rollback, verify"):
        runbook.blocks(tmp_path / "lost.md")


@pytest.mark.parametrize(
    ("text", "environment", "exit_code", "said"),
    [
        ('echo "$URL"', {"URL": "https://x"}, 0, "https://x\n"),
        ("false\necho on", {}, 1, ""),
        ('echo "$NOBODY_SET_IT"', {}, 2, "NOBODY_SET_IT"),
        ("echo to both >&2", {}, 0, "to both\n"),
    ],
)
def test_a_block_ends_at_its_first_failure_and_at_a_name_that_nobody_set(text: str, environment: dict[str, str], exit_code: int, said: str):
    done = runbook.run(Command("diagnose", text), {"PATH": "/usr/bin:/bin", **environment})

    assert done.exit == exit_code
    assert said in done.said


@pytest.mark.parametrize("risk", package.load().risks.values(), ids=lambda each: each.id)
def test_every_runbook_has_a_command_to_look_to_roll_back_and_to_verify(risk: package.Risk):
    assert {each.phase for each in runbook.blocks(package.FOLDER / risk.runbook)} == set(runbook.PHASES)

"""The launch package hangs together: every owner has a backup, every risk a severity and a runbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures import target
from launch import package
from launch.reading import BadInput
from launch.vocabulary import SEVERITIES

OWNERS = """
[a]
name = "A"
contact = "a@example.com"
backup = "b"
[b]
name = "B"
contact = "b@example.com"
backup = "a"
"""
RISKS = """
[lost]
symptom = "It is lost."
severity = "critical"
runbook = "runbooks/lost.md"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a package that is right."""
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "lost.md").touch()
    (tmp_path / "owners.toml").write_text(OWNERS)
    (tmp_path / "risks.toml").write_text(RISKS)
    return tmp_path


def test_a_package_that_is_right_is_read(folder: Path) -> None:
    """Owners and risks are read with all that their entries say."""
    read = package.load(folder)

    assert read.owners["a"] == package.Owner(id="a", name="A", contact="a@example.com", backup="b")
    assert read.risks["lost"] == package.Risk(id="lost", symptom="It is lost.", severity="critical", runbook="runbooks/lost.md")


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("owners.toml", 'backup = "b"', 'backup = "nobody"', "a.backup: saw 'nobody'; allowed is another owner of this file: a, b"),
        ("owners.toml", 'backup = "b"', 'backup = "a"', "a.backup: saw 'a'; allowed is another owner of this file: a, b"),
        ("owners.toml", 'contact = "a@example.com"\n', "", "a.contact: saw nothing; allowed is a string that is not empty"),
        ("owners.toml", 'backup = "b"', 'backup = "b"\nphone = "1"', "a.phone: saw '1'; allowed is only the keys backup, contact, name; remove it"),
        ("owners.toml", "[a]", "a = 1\n[c]", "a: saw 1; allowed is a table"),
        ("risks.toml", '"critical"', '"dreadful"', "lost.severity: saw 'dreadful'; allowed is one of " + ", ".join(SEVERITIES)),
        ("risks.toml", "lost.md", "found.md", "lost.runbook: saw 'runbooks/found.md'; allowed is a file below "),
        ("risks.toml", "symptom", "sympton", "lost.symptom: saw nothing; allowed is a string that is not empty"),
        (
            "risks.toml",
            'severity = "critical"',
            'severity = "critical"\nowner = "a"',
            "lost.owner: saw 'a'; allowed is only the keys runbook, severity, symptom",
        ),
    ],
)
def test_a_package_that_is_wrong_is_one_message(folder: Path, file: str, before: str, after: str, said: str) -> None:
    """An entry that is wrong is named by file and key, with what is allowed there."""
    text = (folder / file).read_text()
    (folder / file).write_text(text.replace(before, after, 1))

    with pytest.raises(BadInput) as bad:
        package.load(folder)

    assert str(bad.value).startswith(f"{folder / file}: {said}")


def test_a_missing_file_of_the_package_is_named(folder: Path) -> None:
    """A package without risks is no package."""
    (folder / "risks.toml").unlink()

    with pytest.raises(BadInput, match=r"risks\.toml: no such file"):
        package.load(folder)


def test_the_repositorys_own_package_is_right() -> None:
    """The owners and risks that stand in the repository load, and every severity is a known one."""
    read = package.load()

    assert read.owners
    assert {risk.severity for risk in read.risks.values()} <= set(SEVERITIES)


def test_every_runbook_is_of_some_risk() -> None:
    """No runbook lies about that no risk leads to."""
    there = {f"runbooks/{file.name}" for file in (package.FOLDER / "runbooks").glob("*.md")}

    assert there == {risk.runbook for risk in package.load().risks.values()}


def test_the_repositorys_own_targets_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every target that stands in the repository loads, and its product is one."""
    monkeypatch.delenv(target.SETTING, raising=False)

    for name in target.names():
        assert target.product(target.load(name)).drivers

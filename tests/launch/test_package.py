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
ALERTING = """
maintainers = "a"
fallback = ["log"]
[routes]
page = ["pager"]
escalate_after = 900
[links]
runbook = "https://docs.example.com/{runbook}"
[channels.pager]
kind = "console"
[channels.log]
kind = "console"
"""
RISKS = """
[lost]
symptom = "It is lost."
severity = "critical"
runbook = "runbooks/lost.md"
detect_within = 900
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a package that is right."""
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "lost.md").touch()
    (tmp_path / "owners.toml").write_text(OWNERS)
    (tmp_path / "alerting.toml").write_text(ALERTING)
    (tmp_path / "risks.toml").write_text(RISKS)
    return tmp_path


def test_a_package_that_is_right_is_read(folder: Path) -> None:
    """Owners and risks are read with all that their entries say."""
    read = package.load(folder)

    routes = {"page": ("pager",), "ticket": (), "log": ()}
    assert read.owners["a"] == package.Owner(id="a", name="A", contact="a@example.com", backup="b", routes=routes, escalate_after=900)
    assert read.risks["lost"] == package.Risk(id="lost", symptom="It is lost.", severity="critical", runbook="runbooks/lost.md", detect_within=900)


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("owners.toml", 'backup = "b"', 'backup = "nobody"', "a.backup: saw 'nobody'; allowed is another owner of this file: a, b"),
        ("owners.toml", 'backup = "b"', 'backup = "a"', "a.backup: saw 'a'; allowed is another owner of this file: a, b"),
        ("owners.toml", 'contact = "a@example.com"\n', "", "a.contact: saw nothing; allowed is a string that is not empty"),
        (
            "owners.toml",
            'backup = "b"',
            'backup = "b"\nphone = "1"',
            "a.phone: saw '1'; allowed is only the keys backup, contact, escalate_after, log, name, page, ticket",
        ),
        ("owners.toml", 'backup = "b"', 'backup = "b"\npage = ["smoke"]', "a.page: saw ['smoke']; allowed is a list of strings out of pager, log"),
        ("alerting.toml", '"a"', '"c"', "maintainers: saw 'c'; allowed is an owner of owners.toml: a, b"),
        ("alerting.toml", '["log"]', '["smoke"]', "fallback: saw ['smoke']; allowed is a list of strings out of pager, log"),
        ("alerting.toml", "{runbook}", "{book}", "links.runbook: saw 'https://docs.example.com/{book}'; allowed is an address with no other places than"),
        ("alerting.toml", "{runbook}", "{runbook", "links.runbook: saw 'https://docs.example.com/{runbook'; allowed is an address with no other places than"),
        ("alerting.toml", "page =", "pages =", "routes.pages: saw ['pager']; allowed is only the keys"),
        ("owners.toml", "[a]", "a = 1\n[c]", "a: saw 1; allowed is a table"),
        ("risks.toml", '"critical"', '"dreadful"', "lost.severity: saw 'dreadful'; allowed is one of " + ", ".join(SEVERITIES)),
        ("risks.toml", "lost.md", "found.md", "lost.runbook: saw 'runbooks/found.md'; allowed is a file below "),
        ("risks.toml", "detect_within = 900", "", "lost.detect_within: saw nothing; allowed is a number, 1 or more"),
        ("risks.toml", "= 900", '= "15 min"', "lost.detect_within: saw '15 min'; allowed is a number, 1 or more"),
        ("risks.toml", "symptom", "sympton", "lost.symptom: saw nothing; allowed is a string that is not empty"),
        (
            "risks.toml",
            'severity = "critical"',
            'severity = "critical"\nowners = "a"',
            "lost.owners: saw 'a'; allowed is only the keys backup, detect_within, faults, owner, runbook, scenarios, severity, symptom",
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


def test_links_are_filled_in(folder: Path) -> None:
    """A link has its places filled in; those that nobody knows stay empty."""
    alerting = package.load(folder).alerting

    assert alerting.link("runbook", runbook="runbooks/lost.md") == "https://docs.example.com/runbooks/lost.md"
    assert alerting.link("evidence", run="r1") == "artifacts/r1/report/index.html#--"


def test_a_package_of_ones_own_takes_the_place_of_the_repositorys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An update of the suite does not touch what its users keep in a folder of their own."""
    monkeypatch.setenv(package.SETTING, str(folder))

    assert set(package.load().owners) == {"a", "b"}


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

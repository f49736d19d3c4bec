"""A message about bad input names file, key, what was seen and what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from launch.reading import BadInput, Table

TEXT = """
name = "a"
empty = ""
count = 3
negative = -1
nan = nan
endless = inf
yes = true
day = 2027-03-01
time = 2027-03-01T12:00:00Z
local = 2027-03-01T12:00:00
words = ["a", "b"]
mixed = ["a", 1]
[sub]
key = "v"
odd = 1
"""


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Read the text above."""
    (tmp_path / "some.toml").write_text(TEXT)
    return Table.load(tmp_path / "some.toml")


def test_a_file_is_read_as_it_is_now(tmp_path: Path) -> None:
    """Text that was parsed before is not parsed again; a file with other text is, and what a reader does to a value is nobody else's."""
    file = tmp_path / "some.toml"
    file.write_text('words = ["a"]')
    Table.load(file).raw("words").append("b")
    assert Table.load(file).texts("words") == ("a",)

    file.write_text('words = ["c"]')

    assert Table.load(file).texts("words") == ("c",)


def test_what_is_written_right_is_returned(table: Table) -> None:
    """Each kind of value is taken as what it is, and a default where nothing is written."""
    assert table.text("name") == "a"
    assert table.text("missing", "") == ""
    assert table.choice("name", ["a", "b"]) == "a"
    assert table.texts("words", allowed=["a", "b"]) == ("a", "b")
    assert table.texts("missing", ["x"]) == ("x",)
    assert table.number("count", least=3) == 3.0
    assert table.flag("yes")
    assert not table.flag("missing")
    assert table.moment("day") == 1803859200.0
    assert table.moment("time") == 1803859200.0 + 43200
    assert table.moment("missing") is None
    assert table.table("sub").everything() == {"key": "v", "odd": 1}
    assert table.table("missing").everything() == {}
    assert "sub" in table


@pytest.mark.parametrize(
    ("take", "key", "seen", "allowed"),
    [
        (lambda table: table.text("count"), "count", "3", "a string that is not empty"),
        (lambda table: table.text("empty"), "empty", "''", "a string that is not empty"),
        (lambda table: table.text("missing"), "missing", "nothing", "a string that is not empty"),
        (lambda table: table.choice("name", ("x", "y")), "name", "'a'", "one of x, y"),
        (lambda table: table.choice("words", {"x": 1}), "words", "['a', 'b']", "one of x"),
        (lambda table: table.choice("missing", ["x"]), "missing", "nothing", "one of x"),
        (lambda table: table.texts("mixed"), "mixed", "['a', 1]", "a list of strings"),
        (lambda table: table.texts("words", allowed=["a"]), "words", "['a', 'b']", "a list of strings out of a"),
        (lambda table: table.texts("name"), "name", "'a'", "a list of strings"),
        (lambda table: table.number("name"), "name", "'a'", "a number, 0 or more"),
        (lambda table: table.number("negative"), "negative", "-1", "a number, 0 or more"),
        (lambda table: table.number("yes"), "yes", "True", "a number, 0 or more"),
        (lambda table: table.number("nan", least=1), "nan", "nan", "a number, 1 or more"),
        (lambda table: table.number("endless"), "endless", "inf", "a number, 0 or more"),
        (
            lambda table: table.moment("local"),
            "local",
            "datetime.datetime(2027, 3, 1, 12, 0)",
            "a date such as 2027-03-01, or a time with its zone such as 2027-03-01T12:00:00Z",
        ),
        (lambda table: table.moment("name"), "name", "'a'", "a date such as 2027-03-01, or a time with its zone such as 2027-03-01T12:00:00Z"),
        (lambda table: table.flag("count"), "count", "3", "true or false"),
        (lambda table: table.table("name"), "name", "'a'", "a table"),
        (lambda table: list(table.tables()), "name", "'a'", "a table"),
        (lambda table: table.table("sub").number("key"), "sub.key", "'v'", "a number, 0 or more"),
    ],
)
def test_what_is_written_wrong_is_named(table: Table, take: Callable[[Table], object], key: str, seen: str, allowed: str) -> None:
    """The message names file and key, what was seen there, and what is allowed."""
    with pytest.raises(BadInput) as bad:
        take(table)

    assert str(bad.value) == f"{table.path}: {key}: saw {seen}; allowed is {allowed}"


def test_a_key_that_nobody_takes_is_refused(table: Table) -> None:
    """A misspelt key is named beside those that are known."""
    sub = table.table("sub")
    sub.text("key")

    with pytest.raises(BadInput) as bad:
        sub.done()

    assert str(bad.value) == f"{table.path}: sub.odd: saw 1; allowed is only the keys key; remove it, or mend its spelling"


def test_what_is_all_taken_is_done(table: Table) -> None:
    """Nothing is refused where every key was taken."""
    sub = table.table("sub")
    sub.everything()

    sub.done()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[a\n", "not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 3)"),
        (b"a = 1\na = 2\n", "not valid TOML: Cannot overwrite a value"),
        (b'a = "\xff"\n', "not valid TOML: 'utf-8' codec can't decode byte 0xff"),
    ],
)
def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    """A file that cannot be parsed is named, with the place where it goes wrong."""
    (tmp_path / "bad.toml").write_bytes(content)

    with pytest.raises(BadInput) as bad:
        Table.load(tmp_path / "bad.toml")

    assert str(bad.value).startswith(f"{tmp_path / 'bad.toml'}: {said}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing file is said to be missing."""
    with pytest.raises(BadInput, match=r"none\.toml: no such file$"):
        Table.load(tmp_path / "none.toml")


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    """What cannot be read as a file says why."""
    with pytest.raises(BadInput, match=r": cannot be read: Is a directory$"):
        Table.load(tmp_path)

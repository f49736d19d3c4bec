"""Processes that start warm: what a command does is the same, and it is a process of its own."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import warm
from fixtures.target import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how a process of somebody else's ended")

WITHIN = 30.0
"""Seconds that anything here may take."""

TELL = """
import os, random, sys, tempfile
print(sys.argv[1:], os.getcwd(), tempfile.gettempdir(), sorted(os.environ), os.getsid(0) == os.getpid(), sys.stdin.read())
print(random.random(), file=sys.stderr)
sys.exit(7)
"""
END = """
import atexit, sys, threading, time
atexit.register(print, "at its exit")
threading.Thread(target=lambda: (time.sleep(0.2), print("of its thread"))).start()
ends = {"none": None, "words": "why"}
sys.exit(ends[sys.argv[1]] if sys.argv[1] in ends else int(sys.argv[1]))
"""
INSTALLED = """
from importlib import metadata
print(sorted((each.name, each.version, len(each.entry_points)) for each in metadata.distributions()))
print(metadata.version("pytest"), [each.version for each in metadata.distributions(name="pytest")], len(metadata.entry_points(group="pytest11")))
"""
WAIT = "import signal; print('here', flush=True); signal.pause()"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of modules to start."""
    folder = tmp_path_factory.mktemp("modules")
    (folder / "tell.py").write_text(TELL)
    (folder / "wait.py").write_text(WAIT)
    (folder / "end.py").write_text(END)
    (folder / "installed.py").write_text(INSTALLED)
    return folder


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    """Where processes start warm that know the modules of `place`."""
    before = os.environ.get("PYTHONPATH", "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{place}{os.pathsep}{before}")
        with warm.serving(place) as found:
            yield found


def both(address: str, words: list[str], environment: dict[str, str], folder: Path) -> tuple[tuple[int, str], tuple[int, str]]:
    """Start a command cold, then warm; returns exit code and output of each."""
    cold = subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    with (folder / "said").open("w+b") as output:
        code = warm.start(address, words, environment, output).wait(WITHIN)
        output.seek(0)
        return (cold.returncode, cold.stdout + cold.stderr), (code, output.read().decode())


def test_a_command_says_and_ends_as_it_would_cold(address: str, tmp_path: Path) -> None:
    """Output and exit code are the same, for what goes well and for what does not."""
    environment = {**os.environ, "SYNTHETICS_ARTIFACTS": str(tmp_path), "COLUMNS": "120"}
    for words in (["-m", "cli.main", "run", "--target", "nowhere"], ["-m", "cli.main", "policy"], ["-m", "pytest", "--version"]):
        cold, hot = both(address, words, environment, tmp_path)
        assert hot == cold
        assert cold[1]


def test_it_has_its_own_arguments_environment_folder_and_chance(address: str, place: Path, tmp_path: Path) -> None:
    """Nothing is left of the process that it was forked from, and two draw other numbers."""
    (tmp_path / "tmp").mkdir()
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": str(place)}
    words = ["-m", "tell", "one", "--two"]
    cold, hot = both(address, words, environment, tmp_path)
    _, again = both(address, words, environment, tmp_path)
    assert hot[0] == cold[0] == 7
    assert hot[1].splitlines()[0] == cold[1].splitlines()[0]
    assert hot[1].splitlines()[1] != again[1].splitlines()[1]


def test_what_is_installed_is_there(address: str, place: Path, tmp_path: Path) -> None:
    """It was read once, before anything was forked, and is the same."""
    cold, hot = both(address, ["-m", "installed"], {**os.environ, "PYTHONPATH": str(place)}, tmp_path)

    assert hot == cold
    assert hot[0] == 0


@pytest.mark.parametrize("code", ["0", "3", "300", "none", "words", "odd"])
def test_it_does_at_its_end_what_it_would_cold(address: str, place: Path, tmp_path: Path, code: str) -> None:
    """Its threads end, what is registered for its exit is called, all that it printed is there; also where it dies of an error."""
    cold, hot = both(address, ["-m", "end", code], {**os.environ, "PYTHONPATH": str(place)}, tmp_path)

    assert hot[0] == cold[0]
    said, would = (set(each[1].splitlines()) for each in (hot, cold))
    assert {"of its thread", "at its exit"} <= said
    assert said == would or (code == "odd" and "ValueError: invalid literal for int() with base 10: 'odd'" in said)


def test_a_shell_finds_the_same_command(address: str, tmp_path: Path) -> None:
    """A runbook's `synthetics` says the same and ends the same, also in a pipe."""
    environment = {**os.environ, "SYNTHETICS_ARTIFACTS": str(tmp_path), "PATH": f"{warm.command(tmp_path / 'bin', address)}{os.pathsep}{os.environ['PATH']}"}
    for line in ("synthetics run --target nowhere", "synthetics policy 2>&1 | head -3"):
        hot = subprocess.run(["sh", "-c", line], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        cold_line = line.replace("synthetics", f"{sys.executable} -m cli.main", 1)
        cold = subprocess.run(["sh", "-c", cold_line], env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert (hot.returncode, hot.stdout) == (cold.returncode, cold.stdout)
        assert cold.stdout


def test_one_that_was_killed_says_by_what(address: str, tmp_path: Path) -> None:
    """As `subprocess` does: the signal's number, negative; and waiting has an end."""
    with (tmp_path / "said").open("wb") as output:
        process = warm.start(address, ["-m", "wait"], dict(os.environ), output, session=True)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(WITHIN) == -signal.SIGKILL
    assert process.wait() == -signal.SIGKILL
    process.kill()


@pytest.mark.parametrize("session", [True, False])
def test_it_ends_with_whoever_asked_for_it(address: str, tmp_path: Path, *, session: bool) -> None:
    """A supervisor that is killed takes its runner along."""
    with (tmp_path / "said").open("wb") as output:
        process = warm.start(address, ["-m", "wait"], dict(os.environ), output, session=session)
    ended = os.pidfd_open(process.pid)
    process.asked.close()
    ready, _, _ = select.select([ended], [], [], WITHIN)
    os.close(ended)
    assert ready


def test_what_could_not_begin_is_an_error_and_no_number(address: str, tmp_path: Path) -> None:
    """A process that fails before it is what was asked for gives nobody's number, that somebody might kill."""
    with (tmp_path / "said").open("wb") as output, pytest.raises(ConnectionError, match="nothing was started"):
        warm.start(address, ["-m", "wait"], {"a name = with an equals sign": ""}, output)


def test_nobody_to_start_it_is_an_error(tmp_path: Path) -> None:
    """An address at which nobody answers is told at once."""
    with (tmp_path / "said").open("wb") as output, pytest.raises(OSError, match="No such file"):
        warm.start(str(tmp_path / "nobody"), ["-m", "wait"], {}, output)


def test_it_ends_with_the_rehearsal(tmp_path: Path) -> None:
    """When the block is left, nothing is there that could start anything."""
    with warm.serving(tmp_path) as found:
        assert Path(found).exists()
    assert not Path(found).exists()
    began = time.monotonic()
    with (tmp_path / "said").open("wb") as output, pytest.raises(OSError, match="No such file"):
        warm.start(found, ["-m", "wait"], {}, output)
    assert time.monotonic() - began < WITHIN


def test_what_is_compiled_is_shared_and_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting that switches it off is as before, and so is its absence."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    with warm.compiled():
        folder = Path(os.environ["PYTHONPYCACHEPREFIX"])
        subprocess.run([sys.executable, "-c", "import verdicts.outcome"], cwd=ROOT, check=True)
        assert list(folder.rglob("outcome*.pyc"))
    assert not folder.exists()
    assert (os.environ["PYTHONDONTWRITEBYTECODE"], os.environ.get("PYTHONPYCACHEPREFIX")) == ("1", None)

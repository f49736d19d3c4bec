"""The map in ARCHITECTURE.md is true."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def mapped() -> set[str]:
    """Return the paths of the map: those of the first code block, indented ones below their room."""
    block = (ROOT / "ARCHITECTURE.md").read_text().split("```")[1]
    paths, room = set(), ""
    for line in block.splitlines():
        if found := re.match(r"( *)(\S+)", line):
            name = found[2].rstrip("/")
            room = room if found[1] else name
            paths.add(f"{room}/{name}" if found[1] else name)
    return paths


def tracked() -> list[Path]:
    """Return the files of the repository."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(line) for line in listed.splitlines()]


def test_every_path_of_the_map_exists():
    """Every path of the map exists."""
    missing = [path for path in mapped() if not (ROOT / path).exists()]

    assert not missing


def test_every_room_and_its_parts_are_on_the_map():
    """Every room of the tree is on the map, and every part of a room whose parts are listed."""
    paths = mapped()
    listed = {path.split("/")[0] for path in paths if "/" in path}
    inner = {f"{path.parts[0]}/{path.parts[1]}" for path in tracked() if len(path.parts) > 1 and path.parts[0] in listed and path.name != "__init__.py"}
    inner |= {f"{path.parts[0]}/{path.parts[1]}" for path in tracked() if len(path.parts) > 2 and path.parts[0] in listed}

    missing = ({path.parts[0] for path in tracked()} | inner) - paths

    assert not missing

"""Small real projects for the tests of checks, and the values around them."""

import hashlib
import os
from pathlib import Path

from pointsman.files.workspace import Workspace
from pointsman.terms import FileChange, FileSet

CALC = {
    "pyproject.toml": "[project]\nname = 'calc'\nversion = '1'\n\n[tool.pytest.ini_options]\npythonpath = ['.']\n\n"
    "[tool.ruff.lint]\nselect = ['F']\n",
    "calc.py": "def add(a, b):\n    return a - b\n\n\ndef mul(a, b):\n    return a * b\n",
    "tests/test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(2, 3) == 5\n\n\n"
    "def test_mul():\n    assert calc.mul(2, 3) == 6\n\n\ndef test_old():\n    assert calc.mul(2, 3) == 7\n",
}


def write(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
    return root


def candidate(workspace: Workspace, changes: dict[str, str | None]) -> FileSet:
    """A patch's outcome: the new text of each path, None for a deleted one."""
    return FileSet(
        tuple(
            FileChange(path, workspace.read(path) if workspace.exists(path) else None, after)
            for path, after in changes.items()
        )
    )


def fingerprint(root: Path) -> dict[str, tuple[object, ...]]:
    """Content, mode and time of everything below a folder."""
    found: dict[str, tuple[object, ...]] = {}
    for folder, names, files in os.walk(root):
        for name in (*names, *files):
            place = Path(folder, name)
            status = place.lstat()
            content = hashlib.sha256(place.read_bytes()).hexdigest() if place.is_file() else ""
            found[str(place.relative_to(root))] = (content, status.st_mode, status.st_mtime_ns, status.st_ino)
    return found


def running(*words: str) -> list[str]:
    """The processes of a program that were given one of the words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        texts = {part.decode(errors="replace") for part in line}
        if words[0] in {Path(text).name for text in texts} and texts & set(words[1:]):
            found.append(folder.name)
    return found

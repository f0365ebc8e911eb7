"""Which checks a project has, from its own files, and what exactly would run."""

import hashlib
import json
import posixpath
import shlex
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pointsman.checks.tool import Check, Project
from pointsman.checks.toolchain import Found, Toolchain
from pointsman.checks.tools import TOOLS
from pointsman.errors import WorkspaceError
from pointsman.terms import Files

__all__ = ["Check", "Plan", "plan"]

_MARKERS = ("pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "pytest.ini", "ruff.toml", ".ruff.toml")
_OTHER_MARKERS = ("package.json", "tsconfig.json", "Cargo.toml", "go.mod")
PROJECT_LIMIT = 4
"""Projects of one workspace that are checked at once."""


class Settings(Protocol):
    """What the user can set."""

    @property
    def python(self) -> str: ...

    @property
    def timeout(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What would run for `paths`. `fingerprint` stands for all that decides it; consent is given to it.

    `commands` are the command lines, word for word, for people. `python` is the interpreter found, for `doctor`.
    """

    root: str
    checks: tuple[Check, ...]
    fingerprint: str
    commands: tuple[str, ...]
    paths: tuple[str, ...] = ()
    python: Found | None = None


def plan(files: Files, paths: Sequence[str], settings: Settings, editor_python: str = "") -> Plan:
    """The checks of the projects that `paths` belong to; of the root's without any. Blocking, starts nothing."""
    folders = list(dict.fromkeys(_project_of(files, path) for path in paths)) or [""]
    found: list[Check] = []
    python: Found | None = None
    for folder in folders[:PROJECT_LIMIT]:
        place = str(Path(files.root, folder))
        toolchain = Toolchain(files.root, place, settings.python, editor_python)
        python = python or toolchain.python
        own = tuple(path for path in paths if _project_of(files, path) == folder)
        project = Project(files, folder, toolchain, own)
        checks = [check for tool in TOOLS.values() if (check := tool.detect(project))]
        found += [replace(_named(check), timeout=settings.timeout) for check in checks]
    found.sort(key=lambda check: check.stage)
    commands = tuple(_words(check) for check in found)
    return Plan(files.root, tuple(found), _fingerprint(files, found), commands, tuple(paths), python)


def _project_of(files: Files, path: str) -> str:
    """The nearest folder above a path that has a project's files; the root where there is none."""
    folder = posixpath.dirname(path)
    markers = _MARKERS if path.endswith((".py", ".pyi")) else (*_MARKERS, *_OTHER_MARKERS)
    while folder:
        if any(_exists(files, f"{folder}/{marker}") for marker in markers):
            return folder
        folder = posixpath.dirname(folder)
    return ""


def _exists(files: Files, path: str) -> bool:
    try:
        return files.exists(path)
    except WorkspaceError:
        return False


def _named(check: Check) -> Check:
    return replace(check, name=f"{check.name} in {check.folder}") if check.folder else check


def _words(check: Check) -> str:
    line = shlex.join(check.argv) + (" <changed files>" if check.suffixes else "")
    return f"{line}  (in {check.folder})" if check.folder else line


def _fingerprint(files: Files, checks: Sequence[Check]) -> str:
    """A hash of what decides what runs: arguments, programs, and the checks' part of their configuration."""
    parts = [
        {
            "argv": check.argv,
            "folder": check.folder,
            "env": dict(check.env),
            "config": {path: _relevant(path, _text(files, path)) for path in check.config},
        }
        for check in checks
    ]
    return hashlib.sha256(json.dumps([files.root, parts], sort_keys=True, default=str).encode()).hexdigest()


def _text(files: Files, path: str) -> str:
    try:
        return files.read(path).text
    except WorkspaceError:
        return ""


def _relevant(path: str, text: str) -> object:
    """Of pyproject.toml only the tools' tables: a new version number is no reason to ask again."""
    if posixpath.basename(path) != "pyproject.toml":
        return text
    try:
        tools = tomllib.loads(text).get("tool", {})
        return {name: tools[name] for name in ("pytest", "ruff", "mypy") if name in tools}
    except (ValueError, AttributeError, TypeError):
        return text

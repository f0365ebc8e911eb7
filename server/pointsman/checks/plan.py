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

from pointsman.checks.tool import Absent, Check, Project, Stage
from pointsman.checks.toolchain import Found, Toolchain
from pointsman.checks.tools import TOOLS
from pointsman.config.matchers import Pasted
from pointsman.errors import WorkspaceError
from pointsman.terms import Files

__all__ = ["Check", "Plan", "plan"]

_MARKERS = ("pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "pytest.ini", "ruff.toml", ".ruff.toml", "manage.py")
_OTHER_MARKERS = (
    "package.json", "tsconfig.json", "Cargo.toml", "go.mod", "pom.xml", "build.gradle", "build.gradle.kts", "Gemfile",
    "composer.json",
)  # fmt: skip
_OF_PACKAGE = ("scripts", "type", "jest", "mocha", "prettier", "eslintConfig", "babel", "imports")
PROJECT_LIMIT = 4
"""Projects of one workspace that are checked at once."""
TURNED_OFF = "Pointsman runs no checks here, by `checks.enabled` or since the editor does not trust this workspace"


class Own(Protocol):
    """A check of the user's own: see the configuration."""

    @property
    def name(self) -> str: ...

    @property
    def command(self) -> Sequence[str]: ...

    @property
    def where(self) -> Sequence[str]: ...

    @property
    def files(self) -> Sequence[str]: ...

    @property
    def tool(self) -> str: ...

    @property
    def format(self) -> str: ...

    @property
    def problemMatcher(self) -> Pasted | Sequence[Pasted] | None: ...  # noqa: N802 - as in VS Code

    @property
    def stage(self) -> str: ...


class Settings(Protocol):
    """What the user can set."""

    @property
    def enabled(self) -> bool: ...

    @property
    def python(self) -> str: ...

    @property
    def timeout(self) -> float: ...

    @property
    def memory(self) -> int: ...

    @property
    def skip(self) -> Sequence[str]: ...

    @property
    def commands(self) -> Sequence[Own]: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What would run for `paths`. `fingerprint` stands for all that decides it; consent is given to it.

    `commands` are the command lines, word for word, for people. `python` is the interpreter found, for `doctor`;
    `absent` are the tools that would check too, if they were installed. `off` says that the settings want none.
    """

    root: str
    checks: tuple[Check, ...]
    fingerprint: str
    commands: tuple[str, ...]
    paths: tuple[str, ...] = ()
    python: Found | None = None
    absent: tuple[Absent, ...] = ()
    off: bool = False

    @property
    def why_none(self) -> str:
        """Why nothing would run, for people."""
        return TURNED_OFF if self.off else "Pointsman found no checks in this project"


def plan(files: Files, paths: Sequence[str], settings: Settings, editor_python: str = "") -> Plan:
    """The checks of the projects that `paths` belong to; of the root's without any. Blocking, starts nothing."""
    folders = list(dict.fromkeys(_project_of(files, path) for path in paths)) or [""]
    found: dict[tuple[str, str], Check] = {}
    absent: dict[str, Absent] = {}
    python: Found | None = None
    for folder in folders[:PROJECT_LIMIT]:
        own = tuple(path for path in paths if _project_of(files, path) == folder)
        projects = [
            Project(
                files, each, Toolchain(files.root, str(Path(files.root, each)), settings.python, editor_python), own
            )
            for each in (folder, *_above(files, folder))
        ]
        python = python or projects[0].toolchain.python
        checks, missing = _nearest(projects)
        found |= {(check.name, check.folder): check for check in checks}
        absent |= {each.tool: each for each in missing}
    own_ = _own(files, settings.commands)
    unwanted = {*settings.skip, *(check.tool for check in own_)}
    all_ = [*(check for check in found.values() if check.tool not in unwanted), *own_]
    memory = settings.memory << 20
    checks = [
        replace(_named(check), apart=_apart(check, all_), timeout=settings.timeout, memory=memory) for check in all_
    ]
    checks.sort(key=lambda check: check.stage)
    commands = tuple(_words(check) for check in checks)
    settled = {*unwanted, *(check.tool for check in checks)}
    not_here = tuple(each for tool, each in absent.items() if tool not in settled)
    return Plan(files.root, tuple(checks), _fingerprint(files, checks), commands, tuple(paths), python, not_here)


def _nearest(projects: Sequence[Project]) -> tuple[list[Check], list[Absent]]:
    """Of a project and those around it: what builds and tests, of the first that has any; each linter of the nearest.

    Linters are set up for a whole repository more often than not.
    """
    found: list[Check] = []
    absent: list[Absent] = []
    for project in projects:
        looked_at = [tool.detect(project) for tool in TOOLS.values()]
        absent += [each for each in looked_at if isinstance(each, Absent)]
        all_ = [each for each in looked_at if isinstance(each, Check)]
        stages = {check.stage for check in all_ if not check.instead}
        checks = [check for check in all_ if not check.instead or check.stage not in stages]
        built, known = any(not check.suffixes for check in found), {check.tool for check in found}
        found += [check for check in checks if (check.tool not in known if check.suffixes else not built)]
    return found, absent


def _apart(check: Check, checks: Sequence[Check]) -> tuple[str, ...]:
    """The projects within that of a check of changed files which the same tool checks by their own settings."""
    start = f"{check.folder}/" if check.folder else ""
    same = (each.folder for each in checks if check.suffixes and each.tool == check.tool)
    return tuple(folder for folder in same if folder != check.folder and folder.startswith(start))


def _own(files: Files, commands: Sequence[Own]) -> list[Check]:
    """The user's own checks that are for this workspace."""
    found = []
    for each in commands:
        signs = [name for name in each.where if _exists(files, name)]
        if signs or not each.where:
            why = f"there is {signs[0]}, and your configuration" if signs else "your configuration"
            check = Check(
                name=each.name,
                tool=each.tool or each.name,
                stage=Stage[each.stage.upper()],
                argv=tuple(each.command),
                folder="",
                why=f"{why} names it",
                format=each.format,
                config=tuple(signs),
                suffixes=tuple(each.files),
                pasted=each.problemMatcher,
            )
            found.append(check)
    return found


def _above(files: Files, folder: str) -> tuple[str, ...]:
    """The projects that a project's folder lies in, the nearest first; last the workspace's root."""
    above = []
    while folder:
        folder = _project_of(files, folder)
        above.append(folder)
    return tuple(above)


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
    """Of pyproject.toml and package.json only the tools' parts: a new version number is no reason to ask again."""
    name = posixpath.basename(path)
    if name not in {"pyproject.toml", "package.json"}:
        return text
    try:
        if name == "package.json":
            package = json.loads(text)
            return {key: package[key] for key in _OF_PACKAGE if key in package}
        tools = tomllib.loads(text).get("tool", {})
        return {name: tools[name] for name in ("pytest", *TOOLS) if name in tools}
    except (ValueError, AttributeError, TypeError):
        return text

"""Which Python, and which programs, are the project's own, and how that is known.

Only files are looked at: nothing of the project is started, for it has not been allowed yet. The order is: the
setting, the editor's choice, the nearest virtual environment, the environments that uv, poetry, pdm and hatch keep
elsewhere, an activated one, the search path, that of a login shell, and last Pointsman's own.
"""

import base64
import functools
import hashlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_WRAPPERS = {"gradle": "gradlew", "mvn": "mvnw"}
_VENVS = (".venv", "venv")
_SHELL_LIMIT = 5.0
_MARK = "pointsman-path:"


@dataclass(frozen=True, slots=True)
class Found:
    """A program and why it is the one."""

    path: str
    why: str


@dataclass(frozen=True)
class Toolchain:
    """`folder` is the project's directory, `root` the workspace's; nothing above the root is the project's own."""

    root: str
    folder: str
    setting: str = ""
    editor: str = ""

    @functools.cached_property
    def python(self) -> Found | None:
        return next((Found(path, why) for path, why in (*self._bound(), *self._loose()) if _runs(path)), None)

    def python_with(self, module: str) -> Found | None:
        """The project's Python; where nothing says which that is, the first that has the module."""
        found = [Found(path, why) for path, why in self._bound() if _runs(path)]
        found += [Found(path, why) for path, why in self._loose() if _runs(path) and _has(path, module)]
        return found[0] if found else self.python

    def lacks(self, module: str) -> bool:
        """Whether the environment that is bound to this project is surely without a module."""
        found = next((path for path, _ in self._bound() if _runs(path)), None)
        try:
            told = Path(found).parents[1].joinpath("pyvenv.cfg").read_text("utf-8", "replace") if found else ""
        except OSError:  # what is no virtual environment may have its modules anywhere
            return False
        return (
            found is not None
            and not re.search(r"include-system-site-packages\s*=\s*true", told)
            and not _has(found, module)
        )

    def program(self, name: str) -> Found | None:
        """A program by name: beside the project's Python, its own wrapper, of its node modules, or on a path."""
        return next((Found(path, why) for path, why in self._programs(name) if _runs(path)), None)

    def beside_python(self, name: str) -> Found | None:
        """A program of the project's own environment, and of no other."""
        python = self.python
        if python is None or Path(python.path).parent == Path(sys.executable).parent:
            return None
        place = Path(python.path).parent / name
        return Found(str(place), f"beside the project's Python: {python.why}") if _runs(str(place)) else None

    def _bound(self) -> Iterator[tuple[str, str]]:
        """What somebody chose for this project."""
        if self.setting:
            yield _expanded(self.setting, self.root), "the setting says so"
        if self.editor:
            yield _expanded(self.editor, self.root), "the editor uses it"
        for folder in self._up():
            for name in _VENVS:
                yield _python_in(folder / name), f"the nearest virtual environment, {folder / name}"
        yield from _kept_elsewhere(Path(self.folder))

    def _loose(self) -> Iterator[tuple[str, str]]:
        for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
            if os.environ.get(variable):
                yield _python_in(Path(os.environ[variable])), f"{variable} is set"
        for name in ("python3", "python"):
            yield from _on_paths(name)
        yield sys.executable, "Pointsman's own"

    def _programs(self, name: str) -> Iterator[tuple[str, str]]:
        if beside := self.beside_python(name):
            yield beside.path, beside.why
        for folder in self._up():
            if name in _WRAPPERS:
                yield str(folder / _WRAPPERS[name]), f"the project's own, in {folder}"
            for place in ("node_modules", "vendor"):
                bin_ = ".bin" if place == "node_modules" else "bin"
                yield str(folder / place / bin_ / name), f"installed in {folder / place}"
        yield from _on_paths(name)
        yield str(Path(sys.executable).parent / name), "Pointsman's own"

    def _up(self) -> Iterator[Path]:
        """The project's folder and those above it, up to the workspace's root."""
        root, folder = Path(self.root), Path(self.folder)
        while folder.is_relative_to(root):
            yield folder
            if folder == root:
                return
            folder = folder.parent


def _runs(path: str) -> bool:
    return os.access(path, os.X_OK)


def _has(python: str, module: str) -> bool:
    """Whether a Python has a module, judged by its files alone."""
    prefix = Path(python).parent.parent
    patterns = (f"lib/python3*/site-packages/{module}", f"lib/python3*/dist-packages/{module}", f"bin/{module}")
    return any(next(prefix.glob(pattern), None) for pattern in patterns) or _runs(str(Path(python).parent / module))


def _expanded(setting: str, root: str) -> str:
    """A setting may name an interpreter or its environment, from the home directory or the workspace's root."""
    place = Path(root, Path(setting).expanduser())
    return _python_in(place) if place.is_dir() else str(place)


def _python_in(environment: Path) -> str:
    return str(environment / "bin" / "python")


def _on_paths(name: str) -> Iterator[tuple[str, str]]:
    """On PATH, then on the PATH of a login shell: an editor started from a desktop lacks what shell files add."""
    for variable, why in ((os.environ.get("PATH", ""), "on PATH"), (_MARK, "on the PATH of a login shell")):
        paths = login_path() if variable == _MARK else variable
        # A relative entry would find programs of whatever repository this is.
        for folder in paths.split(os.pathsep):
            if Path(folder).is_absolute():
                yield str(Path(folder, name)), why


@functools.cache
def login_path() -> str:
    """The search path a login shell of the user has; empty if it does not tell. Blocking, once in a process."""
    shell = os.environ.get("SHELL", "")
    if not Path(shell).is_absolute() or not os.access(shell, os.X_OK):
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - the user's own shell, as the user's terminal starts it
            [shell, "-lc", f'printf "\\n%s%s\\n" {_MARK} "$PATH"'],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SHELL_LIMIT,
            check=False,
            cwd=Path.home(),
            start_new_session=True,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return next((line.removeprefix(_MARK) for line in lines if line.startswith(_MARK)), "")


def _kept_elsewhere(folder: Path) -> Iterator[tuple[str, str]]:
    """Environments that project tools keep outside of the project, by the rules they name them with."""
    if named := os.environ.get("UV_PROJECT_ENVIRONMENT"):
        yield _python_in(folder / named), "UV_PROJECT_ENVIRONMENT names it"
    try:
        pdm = (folder / ".pdm-python").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        pdm = ""
    if Path(pdm).is_absolute():
        yield pdm, "pdm uses it (.pdm-python)"
    name = _project_name(folder)
    if name:
        yield from _poetry(folder, name)
        data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
        for place in sorted((data / "hatch/env/virtual" / name).glob(f"*/{name}")):
            yield _python_in(place), f"hatch keeps it in {place}"


def _poetry(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    digest = hashlib.sha256(os.path.realpath(folder).encode()).digest()
    stem = re.sub(r'[ $`!*@"\\\r\n\t]', "_", name.lower())[:42] + "-" + base64.urlsafe_b64encode(digest).decode()[:8]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for place in sorted((cache / "pypoetry/virtualenvs").glob(f"{stem}-py*"), reverse=True):
        yield _python_in(place), f"poetry keeps it in {place}"


def _project_name(folder: Path) -> str:
    try:
        document = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
        name = document.get("project", {}).get("name") or document["tool"]["poetry"]["name"]
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return ""
    # It becomes part of a glob and of a path.
    return name if isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._ -]*", name) else ""

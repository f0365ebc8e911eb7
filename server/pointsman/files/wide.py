"""The files that a user attaches to a task, to be read whole: named one by one, or by the folder they are in."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pointsman.errors import WorkspaceError
from pointsman.files.paths import from_uri, relative, safe
from pointsman.files.workspace import Workspace

MOST_FILES = 2_000
MOST_BYTES = 16 << 20
"""More than any model reads."""
_MADE = ("package-lock.json", "pnpm-lock.yaml", "go.sum")
"""Files that nobody wrote, and everything that ends in `.lock` or `.min.js`: left out of a folder."""


def attached(workspace: Workspace, names: Iterable[str]) -> tuple[str, ...]:
    """The paths that names (paths below the root, or URIs) stand for, each once, in a stable order. Blocking.

    A folder stands for every text file below it that is not ignored. Raises WorkspaceError.
    """
    found: dict[str, None] = {}
    size = 0
    for name in names:
        for path in _paths(workspace, name):
            if path in found:
                continue
            found[path] = None
            size += len(workspace.read(path).text)
            if len(found) > MOST_FILES or size > MOST_BYTES:
                limits = f"{MOST_FILES} files or {MOST_BYTES >> 20} MB"
                raise WorkspaceError(f"{name} holds more than {limits}.", "Attach a smaller folder.")
    return tuple(found)


def _paths(workspace: Workspace, name: str) -> tuple[str, ...]:
    path = _below(workspace, name)
    if path and not safe(workspace.root, path).is_dir():
        return (path,)
    files = tuple(_text_files(workspace, f"{path}/" if path else ""))
    if not files:
        raise WorkspaceError(f"There are no text files in {name}.", "Files that git ignores are left out.")
    return files


def _below(workspace: Workspace, name: str) -> str:
    """A name as a path below the root; empty for the root itself."""
    file = from_uri(name)
    if file is None:
        return "/".join(part for part in name.replace("\\", "/").split("/") if part not in {"", "."})
    if Path(workspace.root) in {file, file.resolve()}:
        return ""
    path = relative(workspace.root, file) or relative(workspace.root, file.resolve())
    if path is None:
        raise WorkspaceError(f"{name} is not in {workspace.root}.", "Attach files of the same project.")
    return path


def _text_files(workspace: Workspace, prefix: str) -> Iterator[str]:
    for path in workspace.paths():
        name = path.rpartition("/")[2]
        if not path.startswith(prefix) or name in _MADE or name.endswith((".lock", ".min.js")):
            continue
        try:
            workspace.read(path)
        except WorkspaceError:  # binary, a link that leads out, or gone since it was listed
            continue
        yield path

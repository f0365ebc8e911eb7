"""From values to files: what lies over the project when a candidate is tried."""

from collections.abc import Sequence

from pointsman.checks.shadow.world import Layer
from pointsman.errors import Unsafe, WorkspaceError
from pointsman.files.paths import refusal
from pointsman.terms import Files, FileSet


def buffers(files: Files) -> dict[str, bytes | None]:
    """The unsaved buffers, byte for byte as saving would write them."""
    return {path: snapshot.encode() for path, snapshot in files.dirty.items()}


def over(files: Files, candidate: FileSet | None) -> Layer:
    """The unsaved buffers, and the candidate over them. Raises Unsafe for a path that may not be touched."""
    layer = buffers(files)
    for change in candidate.changes if candidate else ():
        if change.after is None or change.new_path:
            layer[change.path] = None
        if change.after is not None:
            mark = b"\xef\xbb\xbf" if change.before is not None and change.before.bom else b""
            layer[change.new_path or change.path] = mark + change.after.encode()
    for path in layer:
        if why := refusal(path):
            raise Unsafe(f"The path {path!r} is refused: {why}.")
    return layer


class Texts:
    """The texts a tool saw, by workspace path: the layer's, else the workspace's."""

    def __init__(self, files: Files, layer: Layer) -> None:
        self._files = files
        self._layer = layer

    def __call__(self, path: str) -> str | None:
        if path in self._layer:
            data = self._layer[path]
            return None if data is None else data.decode("utf-8", "replace").removeprefix("\ufeff")
        try:
            return self._files.read(path).text
        except WorkspaceError:
            return None


def changed(candidate: FileSet | None, paths: Sequence[str]) -> tuple[str, ...]:
    """The files a check of changed files looks at: those asked for, and those of the candidate."""
    touched = [change.new_path or change.path for change in candidate.changes] if candidate else []
    return tuple(dict.fromkeys((*paths, *touched)))

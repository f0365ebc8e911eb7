"""A folder of source files, indexed."""

from pathlib import Path

from pointsman.files.workspace import Workspace
from pointsman.index.store import Index


def scanned(root: Path, cache: Path | None = None) -> Index:
    """The index of a folder as it is on the disk."""
    index = Index(root, cache)
    index.scan_now(Workspace(root))
    return index

"""Long files to type in."""

from pathlib import Path

from pointsman.files.workspace import Workspace
from pointsman.index import languages


def largest(root: Path, count: int) -> list[Path]:
    """The largest file of a repository in each of the languages it has the largest files of."""
    sizes = {path: (root / path).stat().st_size for path in Workspace(root).paths() if (root / path).is_file()}
    found: dict[str, Path] = {}
    for path in sorted(sizes, key=lambda path: -sizes[path]):
        if (language := languages.of(path)) and language.code:
            found.setdefault(language.name, root / path)
    return [*found.values()][:count]


def repeated(file: Path, lines: int) -> str:
    """The text of a file, as often as it makes so many lines."""
    source = file.read_text("utf-8").split("\n")
    return "\n".join((source * (lines // len(source) + 1))[:lines])

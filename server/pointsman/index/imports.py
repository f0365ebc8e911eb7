"""From what an import names to the files of the workspace it may mean, by the shape of paths alone.

No build file is read: an import is split into its parts, and the file or folder whose path ends with most of them is
taken. That is wrong for none of the layouts people use (`src/`, monorepos, vendored copies) as long as ties go to the
file nearest to the one that imports.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from pointsman.index import languages

_SPLIT = re.compile(r"::|[./\\]")
_INDEX = frozenset({"__init__", "index", "mod", "lib", "main"})
_FOLDER_LIMIT = 12
"""Files of a package that count as imported when the import names the folder."""
_TIES = 60
_AFFIXES = re.compile(r"^tests?[._-]|([._-](tests?|spec|e2e)|(?<=[a-z])Tests?|Spec)$")
_RELATIVE = re.compile(r"\.{1,2}/")
_GROUPED = re.compile(r"\{.*|\s+as\s+\w+|;.*", re.DOTALL)
_HEADS = frozenset({"crate", "self", "super", "std", "core", "alloc", "@", "~"})


class Layout:
    """The files by their stem, and by their folder's name."""

    def __init__(self) -> None:
        self._stems: dict[str, set[str]] = {}
        self._folders: dict[str, set[str]] = {}
        self._inside: dict[str, set[str]] = {}

    def add(self, path: str) -> None:
        for index, key in self._keys(path):
            index.setdefault(key, set()).add(path)

    def discard(self, path: str) -> None:
        for index, key in self._keys(path):
            index.get(key, set()).discard(path)

    def beside(self, path: str) -> tuple[str, ...]:
        return tuple(sorted(self._inside.get(path.rpartition("/")[0], ())))

    def _keys(self, path: str) -> Iterable[tuple[dict[str, set[str]], str]]:
        folder = path.rpartition("/")[0]
        above, _, last = folder.rpartition("/")
        own = stem(path)
        yield self._stems, own
        yield self._folders, last
        yield self._inside, folder
        if own in _INDEX:
            yield self._stems, last
            if last == "src":
                yield self._stems, above.rpartition("/")[2]

    def resolve_all(self, path: str, imports: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found for name in imports for found in self.resolve(path, name) if found != path))

    def resolve(self, path: str, name: str) -> tuple[str, ...]:
        """The files `name` may mean in `path`: most often one, those of a package where the language has such."""
        language = languages.of(path)
        kin = family(path)
        if _RELATIVE.match(name):
            return self._relative(path, name, kin)
        up = len(name) - len(name.lstrip("."))
        parts = [part for part in _SPLIT.split(_GROUPED.sub("", name).strip()) if part and part not in _HEADS]
        if language is not None and language.name == "go":
            return self._package(path, name)
        if up:
            parts = [*path.split("/")[:-up], *parts]
        for length in range(len(parts), 0, -1):
            found = self._ends(path, parts[:length], kin)
            if found:
                return found
        return ()

    def _relative(self, path: str, name: str, kin: str) -> tuple[str, ...]:
        parts = path.split("/")[:-1]
        for part in name.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in {".", ""}:
                parts.append(part)
        wanted = "/".join(parts)
        key = stem(parts[-1]) if parts else ""
        for candidate in sorted(self._stems.get(key, ())):
            bare = candidate.rsplit(".", 1)[0]
            if family(candidate) == kin and wanted in {candidate, bare, bare.removesuffix("/index")}:
                return (candidate,)
        return ()

    def _ends(self, path: str, parts: list[str], kin: str) -> tuple[str, ...]:
        """The nearest file whose path ends with all of `parts`."""
        candidates = self._stems.get(parts[-1], ())
        if not candidates or len(candidates) > _TIES * len(parts):
            return ()
        fitting = [candidate for candidate in candidates if family(candidate) == kin and _matches(candidate, parts)]
        return (min(fitting, key=lambda candidate: (distance(path, candidate), candidate)),) if fitting else ()

    def _package(self, path: str, name: str) -> tuple[str, ...]:
        """The files of the folder a Go import ends in."""
        parts = name.split("/")
        files: dict[str, list[str]] = {}
        for candidate in self._folders.get(parts[-1], ()):
            if candidate.endswith(".go") and not candidate.endswith("_test.go"):
                files.setdefault(candidate.rpartition("/")[0], []).append(candidate)
        fitting = [folder for folder in files if _common_end(folder.split("/"), parts) >= min(2, folder.count("/") + 1)]
        if not fitting:
            return ()
        best = max(
            fitting, key=lambda folder: (_common_end(folder.split("/"), parts), -distance(path, f"{folder}/x"), folder)
        )
        return tuple(sorted(files[best])[:_FOLDER_LIMIT])


def stem(path: str) -> str:
    return path.rpartition("/")[2].split(".", 1)[0]


def subject(path: str) -> str:
    """The name of what a test file is about: `test_web.py`, `web_test.go` and `web.spec.ts` are about `web`."""
    name = path.rpartition("/")[2].rsplit(".", 1)[0]
    return _AFFIXES.sub("", _AFFIXES.sub("", name))


@lru_cache(1 << 16)
def family(path: str) -> str:
    """Languages that import each other's files."""
    language = languages.of(path)
    name = language.name if language else ""
    return {"tsx": "javascript", "typescript": "javascript", "cpp": "c"}.get(name, name)


def _matches(candidate: str, parts: list[str]) -> bool:
    own = [*candidate.split("/")[:-1], stem(candidate)]
    if own[-1] in _INDEX and own[-1] != parts[-1]:
        own = own[:-1]
        if own and own[-1] == "src" and parts[-1] != "src":
            own = own[:-1]
    return _common_end(own, parts) == min(len(own), len(parts))


def _common_end(left: list[str], right: list[str]) -> int:
    count = 0
    for one, other in zip(reversed(left), reversed(right), strict=False):
        if one != other:
            break
        count += 1
    return count


def distance(one: str, other: str) -> int:
    """Steps up and down from one file's folder to the other's."""
    return _distance(one.rpartition("/")[0], other.rpartition("/")[0])


@lru_cache(1 << 16)
def _distance(one: str, other: str) -> int:
    left, right = one.split("/") if one else [], other.split("/") if other else []
    same = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        same += 1
    return len(left) + len(right) - 2 * same

"""From what an import names to the files of the workspace it may mean, by the shape of paths alone.

No build file is read: an import is split into its parts, and the file or folder whose path ends with most of them is
taken. That is wrong for none of the layouts people use (`src/`, monorepos, vendored copies) as long as ties go to the
file nearest to the one that imports. What an import has and no path (a scope, the standard library, a module's version)
is left out, and so is what a path has and no import (`src`, a file that stands for its folder).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pointsman.index import languages

_SPLIT = re.compile(r"::|[./\\]")
_INDEX = frozenset({"__init__", "index", "mod", "lib", "main"})
_FOLDER_LIMIT = 60
"""Files of a package that count as imported when the import names the folder."""
_TIES = 60
_AFFIXES = re.compile(r"^tests?[._-]|([._-](tests?|spec|e2e)|(?<=[a-z])Tests?|Spec)$")
_RELATIVE = re.compile(r"\.{1,2}(/|$)")
_COMPILED = re.compile(r"\.[cm]?jsx?$")
"""What TypeScript's source is called once it is compiled: imports may say so."""
_ALIAS = re.compile(r"\s+as\s+\w+|;.*", re.DOTALL)
_GROUP = re.compile(r"([{},])|([^{},]+)")
_GROUPED = 100
"""Marks and words of a grouped import that are read."""
_STANDARD = re.compile(r"(std|core|alloc)(::|$)")
_HEADS = frozenset({"crate", "self", "super", "src", "@", "~", "#"})
"""What names no folder of its own, or one that other imports leave out."""
_MAJOR = re.compile(r"v\d+")
"""What the path of a Go module ends with, for whichever folder it lies in."""


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
        yield self._stems, plain(stem(path))
        yield self._stems, _way(path)[-1]
        yield self._folders, _unversioned(folder.split("/"))[-1]
        yield self._inside, folder

    def resolve_all(self, path: str, imports: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found for name in imports for found in self.resolve(path, name) if found != path))

    def resolve(self, path: str, name: str) -> tuple[str, ...]:
        """The files `name` may mean in `path`: most often one, those of a package where the language has such."""
        kin = family(path)
        if _RELATIVE.match(name):
            return self._relative(path, name, kin)
        if kin == "go":
            return self._package(path, name)
        if kin == "rust" and _STANDARD.match(name):
            return ()
        return tuple(dict.fromkeys(found for one in _spread(name) for found in self._absolute(path, one, kin)))

    def _absolute(self, path: str, name: str, kin: str) -> tuple[str, ...]:
        up = len(name) - len(name.lstrip("."))
        given = [part for part in _SPLIT.split(_ALIAS.sub("", name).strip()) if part]
        parts = [plain(part) for part in given if part not in _HEADS and not part.startswith("@")]
        if up:
            parts = [*(plain(folder) for folder in path.split("/")[:-up] if folder not in _HEADS), *parts]
        package = kin == "javascript" and bool(given) and given[0] not in _HEADS
        found = self._longest(path, parts, kin, root=package)
        if not found and kin == "rust" and parts and "_" in parts[0]:  # crates are often called after the project
            found = self._longest(path, [parts[0].partition("_")[2], *parts[1:]], kin, root=True)
        return found

    def _longest(self, path: str, parts: list[str], kin: str, *, root: bool) -> tuple[str, ...]:
        """What the most of `parts` lead to; the first alone, if it is to be a `root`, to the begin of a package."""
        for length in range(len(parts), 0, -1):
            found = self._ends(path, parts[:length], kin, root=root and length == 1)
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
        above, _, last = wanted.rpartition("/")
        for folder, stems in ((above, {last, _COMPILED.sub("", last)}), (wanted, {"index"})):
            for file in sorted(self._inside.get(folder, ()), key=lambda file: (file != wanted, file)):
                if family(file) == kin and (file == wanted or stem(file) in stems):
                    return (file,)
        return ()

    def _ends(self, path: str, parts: list[str], kin: str, *, root: bool) -> tuple[str, ...]:
        """The nearest file whose path ends with all of `parts`; only one that stands for its folder as a `root`."""
        candidates = self._stems.get(parts[-1], ())
        if not candidates or len(candidates) > _TIES * len(parts):
            return ()
        fitting = [
            candidate
            for candidate in candidates
            if family(candidate) == kin
            and _fits(_way(candidate), parts)
            and (stem(candidate) in _INDEX or not root)
            and not (kin == "python" and self._has_longer_name(candidate, len(parts)))
        ]
        if not fitting:
            return ()
        best = min(fitting, key=lambda candidate: (distance(path, candidate), candidate))
        if kin != "c":
            return (best,)
        folder = best.rpartition("/")[0]  # a header, and what it is the header of
        return tuple(sorted(candidate for candidate in fitting if candidate.rpartition("/")[0] == folder))

    def _has_longer_name(self, path: str, named: int) -> bool:
        """Whether a Python module lies in a package beyond what was named of it: `json` is not `app.json`."""
        way = path.removesuffix("/__init__.py").split("/")
        above = "/".join(way[:-named])
        return f"{above}/__init__.py" in self._inside.get(above, ())

    def _package(self, path: str, name: str) -> tuple[str, ...]:
        """The files of the folder a Go import ends in."""
        given = name.split("/")
        parts = _unversioned(given)
        files: dict[str, list[str]] = {}
        for candidate in self._folders.get(parts[-1], ()):
            if candidate.endswith(".go") and not candidate.endswith("_test.go"):
                files.setdefault(candidate.rpartition("/")[0], []).append(candidate)
        fits: dict[str, tuple[int, int, int]] = {}
        for folder in files:
            own = folder.split("/")
            same = _common_end(_unversioned(own), parts)
            if same >= min(2, len(_unversioned(own))):
                fits[folder] = same, _common_end(own, given), -distance(path, f"{folder}/x")
        if not fits:
            return ()
        best = max(fits, key=lambda folder: (fits[folder], folder))
        return tuple(sorted(files[best])[:_FOLDER_LIMIT])


def _spread(name: str) -> Iterator[str]:
    """What a grouped import names: `a::b` and `a::c::d` for `a::{b, c::d}`."""
    heads, text = [""], ""
    for mark, word in _GROUP.findall(name)[:_GROUPED]:
        if mark == "{":
            heads.append(heads[-1] + text)
        elif mark and text:
            yield heads[-1] + text
        if mark == "}" and heads[1:]:
            heads.pop()
        text = word.strip()
    if text:
        yield heads[-1] + text


def called(path: str) -> frozenset[str]:
    """An import of the file has one of these in it, once it is `plain`."""
    folders = path.split("/")[:-1]
    return frozenset((plain(stem(path)), _way(path)[-1], plain(_unversioned(folders or [""])[-1])))


def stem(path: str) -> str:
    return path.rpartition("/")[2].rsplit(".", 1)[0].removesuffix(".d")


def plain(part: str) -> str:
    """A package with a hyphen in its name is imported with an underscore where a hyphen is a minus."""
    return part.replace("-", "_")


@lru_cache(1 << 14)
def _way(path: str) -> tuple[str, ...]:
    """The names that lead to a file: its folders but `src`, and its own where the folder's does not stand for it."""
    way = [plain(part) for part in (*path.split("/")[:-1], stem(path)) if part != "src"]
    return tuple(way[:-1] if way[-1] in _INDEX and way[1:] else way)


def _fits(way: tuple[str, ...], parts: list[str]) -> bool:
    return _common_end(way, parts) == min(len(way), len(parts))


def _unversioned(parts: list[str]) -> list[str]:
    return [part for part in parts if not _MAJOR.fullmatch(part)] or parts


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


def _common_end(left: Sequence[str], right: Sequence[str]) -> int:
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

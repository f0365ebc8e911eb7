"""What git says of the commits: which files change together, and what is in the last one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pointsman.files import git
from pointsman.index import languages
from pointsman.index.cache import Cache

COMMITS = 2_000
_LARGEST = 30
"""Files of a commit above which it says nothing of any pair: renames, reformatting, vendoring."""
_HALF_LIFE = 300
"""Commits after which one counts half."""
_ENOUGH = 1.5
_KEPT = "history"


@dataclass(frozen=True, slots=True)
class History:
    """`head` is the commit it was read at; `commits` its commits' files, newest first, small ones only.

    `blobs` are git's ids of what it holds, by the paths of files that can be indexed.
    """

    head: str = ""
    commits: Sequence[tuple[int, Sequence[str]]] = ()
    blobs: Mapping[str, str] = field(default_factory=dict)
    by_path: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def together(self, path: str) -> Mapping[str, float]:
        """How closely other files go with this one."""
        weights: dict[str, float] = {}
        whole = _ENOUGH
        for position in self.by_path.get(path, ()):
            age, files = self.commits[position]
            weight = 0.5 ** (age / _HALF_LIFE) / len(files) ** 0.5
            whole += weight
            for other in files:
                if other != path:
                    weights[other] = weights.get(other, 0.0) + weight
        return {other: weight / whole for other, weight in weights.items()}


def history(root: str | Path, head: str, cache: Cache | None = None) -> History:
    """The history before the commit `head`. Blocking.

    git takes longer to tell it than a start may take, so it is kept until there is another commit.
    """
    kept = cache.recall(_KEPT) if cache else None
    if isinstance(kept, dict) and kept.get("head") == head:
        return _history(head, kept["commits"], kept["blobs"])
    listed = git.history(root, COMMITS) if head else ()
    commits = [(age, files) for age, files in enumerate(listed) if 1 < len(files) <= _LARGEST]
    blobs = git.blobs(root, head) if head else {}
    blobs = {path: blob for path, blob in blobs.items() if languages.of(path)}
    if cache and head:
        cache.keep(_KEPT, {"head": head, "commits": commits, "blobs": blobs})
    return _history(head, commits, blobs)


def _history(head: str, commits: Sequence[tuple[int, Sequence[str]]], blobs: Mapping[str, str]) -> History:
    by_path: dict[str, list[int]] = {}
    for position, (_, files) in enumerate(commits):
        for path in files:
            by_path.setdefault(path, []).append(position)
    return History(head, commits, blobs, by_path)

"""Which files change together, from the latest commits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pointsman.files import git

COMMITS = 2_000
_LARGEST = 30
"""Files of a commit above which it says nothing of any pair: renames, reformatting, vendoring."""
_HALF_LIFE = 300
"""Commits after which one counts half."""
_ENOUGH = 1.5


@dataclass(frozen=True, slots=True)
class History:
    """`head` is the commit it was read at; `commits` its commits' files, newest first, small ones only."""

    head: str = ""
    commits: tuple[tuple[int, tuple[str, ...]], ...] = ()
    by_path: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

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


def history(root: str | Path, known: History) -> History:
    """The history at the commit that is checked out now; `known` itself if it is that of this commit. Blocking."""
    head = git.head(root)
    if head == known.head:
        return known
    listed = git.history(root, COMMITS) if head else ()
    commits = tuple((age, files) for age, files in enumerate(listed) if 1 < len(files) <= _LARGEST)
    by_path: dict[str, list[int]] = {}
    for position, (_, files) in enumerate(commits):
        for path in files:
            by_path.setdefault(path, []).append(position)
    return History(head, commits, {path: tuple(positions) for path, positions in by_path.items()})

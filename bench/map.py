"""What a map is worth: how much of what a real commit needed was in the map made just before it.

    python bench/map.py [REPOSITORY ...] [--commits 20] [--seed 1] [--budget 1000] [--exact] [--no-history]

Each repository is a local clone with history (this one, if none is named); it is cloned again (shared) into a temporary
folder and its commits are checked out one by one. For a commit that changed several files one of them is the focus,
at its first changed line. The
map made from the commit's parent is scored by the share of

    files    the other files the commit changed
    names    what the code it added to the focus file refers to and other files define, with the definition line shown

The floor is a list of all definitions, nearest folder first. Figures are means over commits with a 95 % bootstrap
interval; the same seed gives the same commits. `--exact` counts tokens by o200k instead of believing the estimate; that
takes the tiktoken package and, in TIKTOKEN_CACHE_DIR, its vocabulary. `--no-history` leaves out what changed together.
Exits with 1 if a budget is exceeded, or the map is worth less than the floor.
"""

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import accumulate
from pathlib import Path

from pointsman.files.workspace import Workspace
from pointsman.index import history, languages
from pointsman.index.imports import distance
from pointsman.index.parsing import parse
from pointsman.index.repomap import Map, repo_map
from pointsman.index.store import Index
from pointsman.index.tags import harvest, references
from pointsman.index.tokens import weigh

FILES = range(2, 9)
AMBIGUOUS = 5
SHORT = 2
"""Letters of a name that is no sign of anything."""
HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,(\d+))? ", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    parent: str
    focus: str
    line: int
    files: tuple[str, ...]
    added: frozenset[str]


@dataclass
class Score:
    files: float | None
    names: float | None
    over: bool
    seconds: float


def git(root: Path, *args: str) -> str:
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", *args]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, errors="replace", check=True).stdout


def cases(root: Path, wanted: int, seed: int) -> Iterator[Case]:
    """Commits that changed a few files of known languages, with the focus drawn by chance."""
    draw = random.Random(seed)
    commits = git(root, "log", "--no-merges", "--format=%H", "-n", "1500").split()
    draw.shuffle(commits)
    for commit in commits:
        changed = git(root, "diff-tree", "-r", "--no-renames", "--diff-filter=M", "--name-only", f"{commit}~", commit)
        paths = [path for path in changed.split("\n") if (known := languages.of(path)) and known.code]
        if len(paths) not in FILES:
            continue
        focus = draw.choice(paths)
        diff = git(root, "diff", "-U0", "--no-ext-diff", "--no-textconv", f"{commit}~", commit, "--", focus)
        hunk = HUNK.search(diff)
        if not hunk:
            continue
        others = tuple(path for path in paths if path != focus)
        text = git(root, "show", f"{commit}:{focus}")
        yield Case(f"{commit}~", focus, max(1, int(hunk[1])), others, referred(focus, text, HUNK.findall(diff)))
        wanted -= 1
        if wanted == 0:
            return


def referred(path: str, text: str, hunks: list[tuple[str, str, str]]) -> frozenset[str]:
    """The names in the code of the lines that hunks added: no words of comments and strings, and none reserved."""
    language = languages.of(path)
    data = text.encode("utf-8", "surrogatepass")
    lines = data.splitlines(keepends=True)
    added = {int(first) + more for _, first, count in hunks for more in range(int(count or 1))}
    ends = list(accumulate(map(len, lines), initial=0))
    grammar = languages.grammar(language) if language else None
    tree = parse(grammar.parser(), data) if grammar else None
    if not language or not grammar or not tree:
        return frozenset()
    found = harvest(language, grammar, tree, data)
    found.tags = []
    found.ignored += [(ends[at - 1], ends[at]) for at in range(1, len(ends)) if at not in added]
    return frozenset(name for name in references(language, data, found) if len(name) > SHORT)


def nearest(index: Index, focus: str, budget: int) -> Map:
    """The floor: every definition, by the nearness of its folder."""
    lines: list[str] = []
    items: list[tuple[str, str | None]] = []
    left = float(budget)
    for path in sorted((e.path for e in index.catalogue.entries()), key=lambda path: (distance(focus, path), path)):
        for text, symbol in [(path, None), *((f"  {s.signature}", s.qualified) for s in index.symbols(path))]:
            left -= weigh(text + "\n")
            if left < 0:
                return Map("\n".join(lines), budget, tuple(items))
            lines.append(text)
            items.append((path, symbol))
    return Map("\n".join(lines), budget, tuple(items))


Count = Callable[[Map], int]


def counter(*, exact: bool) -> Count:
    if not exact:
        return lambda made: made.tokens
    if not os.environ.get("TIKTOKEN_CACHE_DIR"):
        sys.exit("--exact: name the folder of the o200k vocabulary in TIKTOKEN_CACHE_DIR; nothing is downloaded.")
    try:
        tiktoken = import_module("tiktoken")
    except ImportError:
        sys.exit("--exact: install tiktoken first.")
    encoding = tiktoken.get_encoding("o200k_base")
    return lambda made: len(encoding.encode(made.text, disallowed_special=()))


def score(index: Index, case: Case, made: Map, tokens: int, budget: int, seconds: float) -> Score:
    listed = {path for path, _ in made.items}
    targets = [path for path in case.files if path in index.catalogue]
    shown, wanted = 0, 0
    own = {symbol.name for symbol in index.symbols(case.focus)}
    for word in case.added - own:
        found = [symbol for symbol in index.definitions(word) if symbol.kind not in {"field", "test"}]
        if found and len({symbol.path for symbol in found}) <= AMBIGUOUS and all(s.path != case.focus for s in found):
            wanted += 1
            shown += any(symbol.signature.strip()[:120] in made.text for symbol in found)
    return Score(
        sum(path in listed for path in targets) / len(targets) if targets else None,
        shown / wanted if wanted else None,
        tokens > budget,
        seconds,
    )


def mean(values: list[float]) -> str:
    if not values:
        return "  -"
    draw = random.Random(0)
    means = sorted(statistics.fmean(draw.choices(values, k=len(values))) for _ in range(500))
    return f"{statistics.fmean(values):.2f} [{means[12]:.2f},{means[487]:.2f}]"


def run(repository: Path, arguments: argparse.Namespace, scores: dict[tuple[str, int], list[Score]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "clone"
        git(repository, "clone", "--quiet", "--shared", "--no-checkout", str(repository), str(root))
        index = Index(root)
        count = counter(exact=arguments.exact)
        for case in list(cases(root, arguments.commits, arguments.seed)):
            git(root, "checkout", "--quiet", "--force", case.parent)
            index.scan_now(Workspace(root))
            for budget in arguments.budget:
                start = time.process_time()
                made = repo_map(index, case.focus, case.line, budget)
                seconds = time.process_time() - start
                scores.setdefault(("map", budget), []).append(score(index, case, made, count(made), budget, seconds))
                floor = nearest(index, case.focus, budget)
                scores.setdefault(("nearest folder", budget), []).append(score(index, case, floor, 0, budget, 0.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", nargs="*", type=Path)
    parser.add_argument("--commits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=int, action="append")
    parser.add_argument("--exact", action="store_true")
    parser.add_argument("--no-history", action="store_true")
    arguments = parser.parse_args()
    if arguments.no_history:
        history.COMMITS = 0
    arguments.repository = arguments.repository or [Path(__file__).parents[1]]
    arguments.budget = arguments.budget or [1000, 2000, 4000]
    everything: dict[tuple[str, int], list[Score]] = {}
    for repository in arguments.repository:
        scores: dict[tuple[str, int], list[Score]] = {}
        run(repository.resolve(), arguments, scores)
        report(repository.name, scores)
        for key, values in scores.items():
            everything.setdefault(key, []).extend(values)
    if len(arguments.repository) > 1:
        report("all", everything)
    sys.exit(verdict(everything, arguments.budget))


def verdict(scores: dict[tuple[str, int], list[Score]], budgets: list[int]) -> str | None:
    """What is wrong with the figures; None if nothing is."""
    for budget in budgets:
        ours, floor = scores.get(("map", budget), []), scores.get(("nearest folder", budget), [])
        if not ours:
            return "no commit of these repositories can be measured"
        if any(one.over for one in ours):
            return f"a map of {budget} tokens is larger"
        for what in ("files", "names"):
            got, least = (
                [value for one in side if (value := getattr(one, what)) is not None] for side in (ours, floor)
            )
            if got and least and statistics.fmean(got) < statistics.fmean(least):
                return f"{what} at {budget} tokens: the nearest folders are worth more than the map"
    return None


def report(title: str, scores: dict[tuple[str, int], list[Score]]) -> None:
    for (engine, budget), values in sorted(scores.items(), key=lambda item: (item[0][0], item[0][1])):
        files = mean([value.files for value in values if value.files is not None])
        names = mean([value.names for value in values if value.names is not None])
        slow = max(value.seconds for value in values) * 1000
        over = sum(value.over for value in values)
        print(f"{title:12} {engine:15} {budget:5}  files {files}  names {names}  over {over}  slowest {slow:.0f} ms")


if __name__ == "__main__":
    main()

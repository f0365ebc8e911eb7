"""How often a patch is applied rightly, wrongly, or missed, on cases made from real commits: ours beside other tools.

    python bench/patch.py [REPOSITORY...] [--commits N] [--seed S] [--kind PREFIX] [--alone] [--show KIND]

Without a repository it takes this project's own. A wrong result is one that differs from what the change means, or any
result where only a refusal is right; missed is a refusal of what had one right answer. The rest are refusals that are
right although a bold tool might have been lucky. Other tools get no snapshot and no structured form. Ends with status 1
if a promise is not kept.
"""

import argparse
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from patchcases import bodies, forms, habits, headers, large, moved, peers, structured, traps, unsafe, weakness
from patchcases.cases import Case
from patchcases.commits import commits

HERE = Path(__file__).resolve().parents[1]
MAKERS = (forms, weakness, moved, unsafe, structured, bodies, headers, traps, habits)
WAYS = ("correct", "refused", "missed", "wrong")
OURS, NAIVE = "pointsman", "unidiff + splice"
STRUCTURED = ("json/", "envelope/", "structured/")
SNAPSHOT = ("base/", "buffer/")
NEVER = (
    *("copies/", "headings/", "untrue/", "lies/", "cut/", "unsafe/", "wrong_name/", "twice/", "none/"),
    *("json/", "envelope/", "structured/", "base/", "buffer/"),
)
"""Kinds of ambiguity, near copy, conflict, invention, cut and path, in which one wrong result is too many."""


@dataclass
class Tally:
    """What one tool did with all cases."""

    name: str
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    def total(self, prefixes: tuple[str, ...] = ("",)) -> Counter[str]:
        return sum((counts for kind, counts in self.kinds.items() if kind.startswith(prefixes)), Counter())

    @property
    def mean(self) -> float:
        return sum(self.times) / max(1, len(self.times))

    @property
    def p99(self) -> float:
        return sorted(self.times)[int(0.99 * len(self.times))] if self.times else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="*", type=Path, default=[HERE])
    parser.add_argument("--commits", type=int, default=10, help="from each repository")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", default="", help="only kinds that begin so")
    parser.add_argument("--alone", action="store_true", help="leave out the tools that are programs, which take longer")
    parser.add_argument("--show", default="none at all", help="print the wrong and missed cases of kinds that begin so")
    options = parser.parse_args()
    cases = [case for case in generate(options) if case.expect != "skip" and case.kind.startswith(options.kind)]
    tools = {OURS: peers.pointsman, NAIVE: peers.naive}
    if not options.alone:
        tools |= {"git apply": peers.git, "git --recount": peers.git_recount, "patch": peers.gnu}
    tallies = [tallied(name, tool, cases, options.show) for name, tool in tools.items()]
    print_table(tallies)
    large.report()
    sys.exit(not kept(tallies[0], tallies[1], large.grown(cases)))


def generate(options: argparse.Namespace) -> Iterator[Case]:
    for repository in options.repositories:
        random = Random(f"{options.seed} {repository.resolve().parent.name}/{repository.name}")
        for commit in commits(repository, options.commits, random):
            for maker in MAKERS:
                yield from maker.cases(
                    commit, Random(zlib.crc32(f"{options.seed} {commit.name} {maker.__name__}".encode()))
                )


def tallied(name: str, tool: peers.Tool, cases: list[Case], show: str) -> Tally:
    tally = Tally(name)
    for case in cases:
        if name != OURS and (case.format or case.kind.startswith(STRUCTURED)):
            continue
        given = tool.prepare(case)
        start = time.process_time()
        answered = tool.run(given)
        tally.times.append(time.process_time() - start)
        result = tool.read(case, answered)
        way = judged(case, result)
        tally.kinds.setdefault(case.kind, Counter())[way] += 1
        if name == OURS and way in {"wrong", "missed"} and case.kind.startswith(show):
            print_case(case, result, way)
    return tally


def judged(case: Case, result: peers.Result) -> str:
    if isinstance(result, str):
        return "missed" if case.expect == "apply" else "correct" if case.expect == "reject" else "refused"
    return "correct" if case.after is not None and result == case.after and case.expect != "reject" else "wrong"


def print_table(tallies: list[Tally]) -> None:
    ours, *others = tallies
    print(f"\n{'':<35}{OURS:<36}" + "".join(f"{tally.name:<18}" for tally in others))
    ways = "".join(f"{way:>9}" for way in WAYS)
    print(f"{'kind':<28}{'cases':>7}{ways}" + f"{'correct':>9}{'wrong':>9}" * len(others))
    for kind in sorted(ours.kinds):
        print(line(kind, ours.kinds[kind], [tally.kinds.get(kind, Counter()) for tally in others]))
    print(line("all", ours.total(), [tally.total() for tally in others]))
    for tally in (ours, others[0]):  # of the other tools this process does not spend the time
        print(f"{tally.name}: mean {1000 * tally.mean:.2f} ms, p99 {1000 * tally.p99:.2f} ms")
    print()


def line(kind: str, counts: Counter[str], others: list[Counter[str]]) -> str:
    cells = [sum(counts.values()), *(counts[way] or "" for way in WAYS)]
    for other in others:
        cells += [other["correct"] or "", other["wrong"] or ""]
    return f"{kind:<28}{cells[0]:>7}" + "".join(f"{cell:>9}" for cell in cells[1:])


def kept(ours: Tally, naive: Tally, memory: int) -> bool:
    """Print each promise with what was measured; whether all are kept."""
    total, parts = ours.total(), {"structured": ours.total(STRUCTURED), "with a snapshot": ours.total(SNAPSHOT)}
    rows = [
        ("wrong where it must never be", ours.total(NEVER)["wrong"], 0, ""),
        ("wrong", share(total, "wrong"), 0.05, " %"),
        ("missed", share(total, "missed"), 0.2, " %"),
        ("not correct", 100 - share(total, "correct"), 10, " %"),
        *((f"{name}: missed or wrong", share(part, "missed", "wrong"), 2, " %") for name, part in parts.items()),
        ("mean, in means of unidiff's parse and a splice", ours.mean / naive.mean, 5, ""),
        ("p99, in means", ours.p99 / ours.mean, 20, ""),
        ("memory grown when all is done again", memory / 1024, 8, " MiB"),
    ]
    print()
    for name, measured, limit, unit in rows:
        print(f"{name:<48}{measured:>8.3f}  (promised: at most {limit}{unit}){'' if measured <= limit else '  BROKEN'}")
    return all(measured <= limit for _, measured, limit, _ in rows)


def share(counts: Counter[str], *ways: str) -> float:
    return 100 * sum(counts[way] for way in ways) / max(1, sum(counts.values()))


def print_case(case: Case, result: peers.Result, way: str) -> None:
    print(f"\n=== {way}: {case.kind} of {case.name}, expected {case.expect}\n{case.reply[:3000]}")
    if isinstance(result, str):
        print(f"--- {result[:1500]}")
    elif case.after is not None:
        for path in {*case.after, *result}:
            if case.after.get(path, "absent") != result.get(path, "absent"):
                print(f"--- {path} differs: {first_difference(case.after.get(path), result.get(path))}")


def first_difference(one: str | None, other: str | None) -> str:
    if one is None or other is None:
        return f"{one is None} {other is None}"
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"wanted {one[max(0, at - 60) : at + 80]!r}\n     got {other[max(0, at - 60) : at + 80]!r}"


if __name__ == "__main__":
    main()

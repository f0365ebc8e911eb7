"""How often a patch is applied rightly, wrongly, or missed, on cases made from real commits: ours beside other tools.

    python bench/patch.py [REPOSITORY...] [--commits N] [--seed S] [--kind PREFIX] [--peers] [--show KIND]

Without a repository it takes this project's own. A wrong result is one that differs from what the change means, or any
result where only a refusal is right; missed is a refusal of what had one right answer.
"""

import argparse
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from patchcases import forms, moved, peers, structured, unsafe, weakness
from patchcases.cases import Case
from patchcases.commits import commits

HERE = Path(__file__).resolve().parents[1]
MAKERS = (forms, weakness, moved, unsafe, structured)
WAYS = ("correct", "refused", "missed", "wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="*", type=Path, default=[HERE])
    parser.add_argument("--commits", type=int, default=15, help="from each repository")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", default="", help="only kinds that begin so")
    parser.add_argument("--peers", action="store_true", help="run the other tools as well, which takes much longer")
    parser.add_argument("--show", default="", help="print the wrong and missed cases of kinds that begin so")
    options = parser.parse_args()
    cases = [case for case in generate(options) if case.expect != "skip" and case.kind.startswith(options.kind)]
    tools = {"pointsman": peers.pointsman, "unidiff + splice": peers.naive}
    if options.peers:
        tools |= {"git apply": peers.git, "git apply --recount": peers.git_recount, "patch": peers.gnu}
    for name, tool in tools.items():
        report(name, tool, cases, options.show if tool is peers.pointsman else None)


def generate(options: argparse.Namespace) -> Iterator[Case]:
    for repository in options.repositories:
        random = Random(f"{options.seed} {repository.name}")
        for commit in commits(repository, options.commits, random):
            for maker in MAKERS:
                yield from maker.cases(
                    commit, Random(zlib.crc32(f"{options.seed} {commit.name} {maker.__name__}".encode()))
                )


def report(name: str, tool: peers.Tool, cases: list[Case], show: str | None) -> None:
    table: dict[str, Counter[str]] = {}
    times: list[float] = []
    for case in cases:
        start = time.process_time()
        result = tool(case)
        times.append(time.process_time() - start)
        way = judged(case, result)
        table.setdefault(case.kind, Counter())[way] += 1
        if show is not None and way in {"wrong", "missed"} and case.kind.startswith(show):
            print_case(case, result, way)
    total: Counter[str] = Counter()
    print(f"\n{name}\n{'kind':<28}{'cases':>7}" + "".join(f"{way:>9}" for way in WAYS))
    for kind, counts in sorted(table.items()):
        total += counts
        if show is not None:
            print(line(kind, counts))
    times.sort()
    print(line("all", total))
    mean = sum(times) / max(1, len(times))
    print(
        f"mean {1000 * mean:.2f} ms, p99 {1000 * times[int(0.99 * len(times))]:.2f} ms, worst {1000 * times[-1]:.1f} ms"
    )
    sys.stdout.flush()


def line(kind: str, counts: Counter[str]) -> str:
    return f"{kind:<28}{sum(counts.values()):>7}" + "".join(f"{counts[way] or '':>9}" for way in WAYS)


def judged(case: Case, result: peers.Result) -> str:
    if isinstance(result, str):
        return "missed" if case.expect == "apply" else "correct" if case.expect == "reject" else "refused"
    return "correct" if case.after is not None and result == case.after and case.expect != "reject" else "wrong"


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

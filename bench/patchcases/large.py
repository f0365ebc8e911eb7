"""Sizes that a patch seldom has: they must not take long, and applying many must not take memory."""

import json
import resource
import time
from collections.abc import Iterator

from patchcases.cases import Case
from patchcases.peers import Tool, pointsman

LINES = 30_000
HUNKS = 2_000


def cases() -> Iterator[Case]:
    """One change in a long file, one that stands nowhere, and a patch of very many hunks."""
    lines = [f"line {n % 977} of {n}" for n in range(LINES)]
    text = "\n".join([*lines, ""])
    middle = LINES // 2
    changed = "\n".join([*lines[:middle], "changed", *lines[middle + 1 :], ""])
    hunk = f" {lines[middle - 1]}\n-{lines[middle]}\n+changed\n {lines[middle + 1]}\n"
    head = "--- a/f.txt\n+++ b/f.txt\n"
    yield Case("large/one_hunk", {"f.txt": text}, f"{head}@@\n{hunk}", {"f.txt": changed})
    lie = hunk.replace(lines[middle + 1], "no such line")
    yield Case("large/no_place", {"f.txt": text}, f"{head}@@\n{lie}", None, "reject")
    step = LINES // HUNKS
    at = range(1, LINES - 1, step)
    many = "".join(f"@@\n {lines[n - 1]}\n-{lines[n]}\n+changed {n}\n {lines[n + 1]}\n" for n in at)
    hit = set(at)
    after = "\n".join([*(f"changed {n}" if n in hit else line for n, line in enumerate(lines)), ""])
    yield Case("large/many_hunks", {"f.txt": text}, head + many, {"f.txt": after})
    typed = [f"typed in {line}" if n in {9, 9_999, LINES - 9} else line for n, line in enumerate(lines)]
    now, then = "\n".join([*typed, ""]), "\n".join([*typed[:middle], "changed", *typed[middle + 1 :], ""])
    yield Case("large/typed_far_apart", {"f.txt": now}, f"{head}@@\n{hunk}", {"f.txt": then}, base={"f.txt": text})
    alike = "\n".join(["same", "lines"] * (LINES // 2) + [""])
    small = "@@\n same\n-lines\n+other\n same\n"
    yield Case("large/alike", {"f.txt": alike}, head + small, None, "reject")
    yield Case("large/alike_many_hunks", {"f.txt": alike}, head + small * HUNKS, None, "reject")


def report(tool: Tool = pointsman) -> None:
    for case in cases():
        start = time.process_time()
        result = tool(case)
        spent = time.process_time() - start
        right = isinstance(result, str) if case.after is None else result == case.after
        print(f"{case.kind:<28}{1000 * spent:>9.1f} ms   {'right' if right else 'NOT RIGHT'}")


def grown(all_cases: list[Case]) -> int:
    """By how many KiB the largest size of this process grows while the same cases are answered once more."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for case in all_cases:
        json.dumps(pointsman(case))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

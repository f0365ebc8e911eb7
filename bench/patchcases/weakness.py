"""Replies that say too little, or what is not so: the right answer is a place that can be proved, or a refusal."""

import copy
from collections.abc import Iterator
from random import Random

from patchcases.cases import Case
from patchcases.commits import Commit, File, Hunk
from patchcases.forms import WRAPS, fence
from patchcases.truth import ordered_ways, places, split
from patchcases.writing import Style, render


def modified(commit: Commit) -> list[File]:
    return [file for file in commit.files if file.old and file.old == file.new and file.hunks]


def trimmed(hunk: Hunk, size: int) -> Hunk:
    """The hunk with at most `size` lines of context on either side."""
    rows = [row for row in hunk.rows if row[0] != "\\"]
    signs = [sign for sign, _ in rows]
    lead = next(n for n, sign in enumerate(signs) if sign != " ")
    tail = next(n for n, sign in enumerate(reversed(signs)) if sign != " ")
    cut, end = max(0, lead - size), len(rows) - max(0, tail - size)
    marks = [row for row in hunk.rows if row[0] == "\\"]
    rows = hunk.rows if marks and end == len(rows) and not cut else rows[cut:end]
    return Hunk(hunk.start + cut, hunk.new_start + cut, hunk.heading, rows)


def with_hunks(files: list[File], change) -> list[File]:  # noqa: ANN001 - a function of hunk
    made = copy.deepcopy(files)
    for file in made:
        if file.old and file.new:
            file.hunks = [change(hunk) for hunk in file.hunks]
    return made


def cases(commit: Commit, random: Random) -> Iterator[Case]:
    if any(sign == "\\" for file in commit.files for hunk in file.hunks for sign, _ in hunk.rows):
        return
    for size in (1, 2):
        small = with_hunks(commit.files, lambda hunk, size=size: trimmed(hunk, size))
        if any(not hunk.block() for file in small for hunk in file.hunks if file.old):
            continue
        sure = all(ordered_ways(file.hunks, commit.before[file.old]) == 1 for file in small if file.old and file.hunks)
        yield case(commit, f"weak/context_{size}_numbered", render(small), "apply" if sure else "either")
        style = Style(head=lambda _: "@@")
        yield case(
            commit,
            f"weak/context_{size}_bare",
            WRAPS[random.randrange(3)](render(small, style), random),
            "apply" if sure else "reject",
        )
        off = Style(head=lambda hunk: f"@@ -{hunk.start + 5},9 +{hunk.start + 5},9 @@")
        yield case(commit, f"weak/context_{size}_off", fence(render(small, off)), "apply" if sure else "either")
    for file in modified(commit)[:1]:
        yield from copies(commit, file, random)
        yield from untrue(commit, file, random)


def case(commit: Commit, kind: str, reply: str, expect: str) -> Case:
    return Case(kind, commit.before, reply, commit.after, expect, name=commit.name)


def copies(commit: Commit, file: File, random: Random) -> Iterator[Case]:
    """The block stands in the file twice, word for word, and the reply says which, or nearly, or not at all."""
    hunk = random.choice(file.hunks)
    before = commit.before[file.old]
    lines = before.split("\n")
    block = hunk.block()
    if len(block) < 2 or lines[-1] or len(places(block, split(before))) != 1 or any(s == "\\" for s, _ in hunk.rows):
        return
    at = hunk.start - 1
    copy_ = lines[at : at + len(block)]
    new = hunk.block("-")
    filler = [f"filler {random.random()}" for _ in range(random.randint(1, 9))]
    double = [*lines[:-1], *filler, *copy_, ""]
    first = [*lines[:at], *new, *lines[at + len(block) :][:-1], *filler, *copy_, ""]
    second = [*lines[:-1], *filler, *new, ""]
    place = len(lines) - 1 + len(filler)
    if len(places(block, split("\n".join(double)))) != 2:
        return
    texts = {"first": "\n".join(first), "second": "\n".join(second)}
    numbers = {
        "first": (at + 1, "apply", "first"),
        "second": (place + 1, "apply", "second"),
        "near_first": (at + random.choice((2, 3, 0)), "reject", None),
        "between": ((at + place) // 2 + 1, "reject", None),
        "none": (None, "reject", None),
    }
    for kind, (number, expect, which) in numbers.items():
        if which is None and number in {at + 1, place + 1}:
            continue
        size = len(block)
        head = "@@" if number is None else f"@@ -{number},{size} +{number},{len(new)} @@"
        style = Style(head=lambda _, head=head: head)
        reply = render([File(file.old, file.new, [], [hunk])], style)
        after = {file.old: texts[which]} if which else None
        yield Case(f"copies/{kind}", {file.old: "\n".join(double)}, fence(reply), after, expect, name=commit.name)


def untrue(commit: Commit, file: File, random: Random) -> Iterator[Case]:
    """A line of the old block is not what the file has; perhaps a near copy has it all but one word."""
    hunk = random.choice(file.hunks)
    old_rows = [n for n, (sign, text) in enumerate(hunk.rows) if sign in " -" and any(c.isalpha() for c in text)]
    if not old_rows:
        return
    for kind in ("context", "removed"):
        rows = [n for n in old_rows if (hunk.rows[n][0] == "-") == (kind == "removed")]
        if not rows:
            continue
        bad = copy.deepcopy(hunk)
        n = random.choice(rows)
        sign, text = bad.rows[n]
        word = next(k for k, char in enumerate(text) if char.isalpha())
        bad.rows[n] = (sign, text[:word] + random.choice(("x", "not_", "Z")) + text[word:])
        reply = render([File(file.old, file.new, [], [bad if one is hunk else one for one in file.hunks])])
        yield Case(f"untrue/{kind}", commit.before, fence(reply), None, "reject", name=commit.name)
    decoy = near_copy(commit, file, hunk, random)
    if decoy:
        yield decoy
    yield from lines_added_or_left_out(commit, file, hunk, random)


def near_copy(commit: Commit, file: File, hunk: Hunk, random: Random) -> Case | None:
    """The place itself was edited since; elsewhere stands almost the same block."""
    before = commit.before[file.old]
    lines = before.split("\n")
    block = hunk.block()
    if len(places(block, split(before))) != 1 or len(block) < 3:
        return None
    at = hunk.start - 1
    near = lines[at : at + len(block)]
    k = random.randrange(len(near))
    near[k] = near[k] + "x"
    lines[at + random.randrange(len(block))] += " // edited"
    text = "\n".join([*near, *lines])
    if places(block, split(text)):
        return None
    reply = render([File(file.old, file.new, [], [hunk])])
    return Case("untrue/near_copy", {file.old: text}, fence(reply), None, "reject", name=commit.name)


def lines_added_or_left_out(commit: Commit, file: File, hunk: Hunk, random: Random) -> Iterator[Case]:
    for kind in ("left_out", "invented"):
        bad = copy.deepcopy(hunk)
        inner = [
            n for n, (sign, text) in enumerate(bad.rows) if sign == " " and text.strip() and 0 < n < len(bad.rows) - 1
        ]
        if not inner:
            return
        n = random.choice(inner)
        if kind == "left_out":
            del bad.rows[n]
        else:
            bad.rows.insert(n, (" ", "    invented_line()"))
        found = places(bad.block(), split(commit.before[file.old]))
        if found:
            continue
        reply = render([File(file.old, file.new, [], [bad])])
        yield Case(f"untrue/{kind}", commit.before, fence(reply), None, "reject", name=commit.name)

"""Lies that a tolerant tool believes, places that only one rule can tell, and buffers that moved under the patch."""

import copy
from collections.abc import Callable, Iterator
from random import Random

from patchcases.bodies import sure
from patchcases.cases import Case
from patchcases.commits import Commit, File, Hunk
from patchcases.forms import WRAPS, fence
from patchcases.truth import ordered_ways, places, split
from patchcases.weakness import modified
from patchcases.writing import Style, render

Rows = list[tuple[str, str]]


def cases(commit: Commit, random: Random) -> Iterator[Case]:
    marks = any(sign == "\\" for file in commit.files for hunk in file.hunks for sign, _ in hunk.rows)
    files = modified(commit)
    if marks or not files:
        return
    yield from lies(commit, files[0], random)
    yield from split_hunks(commit, files, random)
    yield from headings(files[0], commit, random)
    yield from no_context(commit, files, random)
    yield from twice(commit, files[0], random)
    yield from buffers(commit, files[0], random)


def changed_rows(file: File, change: Callable[[Rows, Random], bool], random: Random) -> File | None:
    made = copy.deepcopy(file)
    hunk = random.choice(made.hunks)
    return made if change(hunk.rows, random) else None


def pick(rows: Rows, fits: Callable[[str, str], bool], random: Random) -> int | None:
    found = [n for n, (sign, text) in enumerate(rows) if fits(sign, text)]
    return random.choice(found) if found else None


def replaced(
    fits: Callable[[str, str], bool], make: Callable[[str, str], tuple[str, str] | None]
) -> Callable[[Rows, Random], bool]:
    def change(rows: Rows, random: Random) -> bool:
        n = pick(rows, fits, random)
        if n is None:
            return False
        new = make(*rows[n])
        rows[n : n + 1] = [new] if new else []
        return True

    return change


def swapped(rows: Rows, random: Random) -> bool:
    fit = [n for n in range(len(rows) - 1) if rows[n][0] == rows[n + 1][0] == " " and rows[n][1] != rows[n + 1][1]]
    if not fit:
        return False
    n = random.choice(fit)
    rows[n], rows[n + 1] = rows[n + 1], rows[n]
    return True


def elided(rows: Rows, random: Random) -> bool:
    n = pick(rows, lambda sign, text: sign == " " and bool(text.strip()), random)
    if n is None:
        return False
    rows[n] = (" ", random.choice(("    ...", "// ... existing code ...", "# rest unchanged")))
    return True


OLD = " -"
NEXT = str.maketrans("0123456789", "1234567890")


def widened(text: str) -> str:
    words = text.strip()
    return text[: len(text) - len(text.lstrip())] + words.replace(" ", "  ", 1)


LIES: dict[str, Callable[[Rows, Random], bool]] = {
    "letter_case": replaced(lambda s, t: s in OLD and t.upper() != t, lambda s, t: (s, t.upper())),
    "inner_blanks": replaced(lambda s, t: s in OLD and " " in t.strip(), lambda s, t: (s, widened(t))),
    "blank_left_out": replaced(lambda s, t: s == " " and not t.strip(), lambda _s, _t: None),
    "digit": replaced(lambda s, t: s in OLD and any(c in "0123456789" for c in t), lambda s, t: (s, t.translate(NEXT))),
    "punctuation": replaced(lambda s, t: s in OLD and ";" in t, lambda s, t: (s, t.replace(";", "", 1))),
    "swapped": swapped,
    "elided": elided,
    "one_line_indented": replaced(lambda s, t: s in OLD and bool(t.strip()), lambda s, t: (s, "    " + t)),
    "comment_added": replaced(lambda s, t: s in OLD and bool(t.strip()), lambda s, t: (s, t + "  # changed")),
    "cut_line": replaced(lambda s, t: s in OLD and len(t.strip()) > 20, lambda s, t: (s, t[: len(t) // 2].rstrip())),
    "removed_not_there": replaced(lambda s, t: s == "-" and bool(t.strip()), lambda s, t: (s, t + " x")),
}  # fmt: skip


def lies(commit: Commit, file: File, random: Random) -> Iterator[Case]:
    lines = split(commit.before[file.old])
    for kind, change in LIES.items():
        made = changed_rows(file, change, random)
        if made is None or all(places(hunk.block(), lines) for hunk in made.hunks):
            continue
        lone = kind == "one_line_indented" and any(len([t for t in h.block() if t.strip()]) < 2 for h in made.hunks)
        reply = random.choice(WRAPS)(render([made]), random)
        yield Case(
            f"lies/{kind}",
            {file.old: commit.before[file.old]},
            reply,
            None,
            "skip" if lone else "reject",
            name=commit.name,
        )


def pieces(hunk: Hunk) -> list[Hunk]:
    """One hunk for each run of changes, with all context around it, so that contexts overlap."""
    runs: list[list[int]] = []
    for n, (sign, _) in enumerate(hunk.rows):
        if sign == " ":
            continue
        if runs and runs[-1][-1] == n - 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    made = []
    for number in range(len(runs)):
        first = runs[number - 1][-1] + 1 if number else 0
        last = runs[number + 1][0] if number + 1 < len(runs) else len(hunk.rows)
        above = sum(sign != "+" for sign, _ in hunk.rows[:first])
        above_new = sum(sign != "-" for sign, _ in hunk.rows[:first])
        made.append(Hunk(hunk.start + above, hunk.new_start + above_new, hunk.heading, hunk.rows[first:last]))
    return made


def split_hunks(commit: Commit, files: list[File], random: Random) -> Iterator[Case]:
    if len(files) != len(commit.files):
        return
    small = copy.deepcopy(files)
    for file in small:
        file.hunks = [piece for hunk in file.hunks for piece in pieces(hunk)]
    before = {file.old: commit.before[file.old] for file in files}
    if all(len(one.hunks) == len(other.hunks) for one, other in zip(small, files, strict=True)):
        return
    if not all(hunk.block() for file in small for hunk in file.hunks):
        return
    known = sure(small, before)
    yield Case(
        "hunks/overlapping_contexts",
        before,
        fence(render(small)),
        commit.after,
        "apply" if known else "either",
        name=commit.name,
    )
    bare = Style(head=lambda _: "@@")
    yield Case(
        "hunks/overlapping_bare",
        before,
        fence(render(small, bare)),
        commit.after,
        "apply" if known else "either",
        name=commit.name,
    )
    mixed = copy.deepcopy(small)
    for file in mixed:
        random.shuffle(file.hunks)
    yield Case(
        "hunks/shuffled",
        before,
        fence(render(mixed)),
        commit.after,
        "apply"
        if known and all(len(places(h.block(), split(before[f.old]))) == 1 for f in mixed for h in f.hunks)
        else "either",
        name=commit.name,
    )
    doubled = copy.deepcopy(small)
    doubled[0].hunks.append(doubled[0].hunks[0])
    yield Case("hunks/one_twice", before, fence(render(doubled, bare)), None, "reject", name=commit.name)


def headings(file: File, commit: Commit, random: Random) -> Iterator[Case]:
    """The same body in three functions; the heading says which, or lies, or does not say."""
    body = ["    start()", "    run()", "    stop()"]
    names = random.sample(["alpha", "beta", "gamma", "delta", "omega"], 3)
    text = [line for name in names for line in (f"def {name}():", *body, "", "")]
    which = random.randrange(3)
    at = 6 * which + 2
    after = [*text]
    after[at] = "    walk()"
    rows = "     start()\n-    run()\n+    walk()\n     stop()\n"
    path = file.old
    heads = {
        "number": (f"@@ -{at},3 +{at},3 @@", "apply"),
        "heading": (f"@@ def {names[which]}():", "either"),
        "both": (f"@@ -{at},3 +{at},3 @@ def {names[which]}():", "apply"),
        "number_off_heading": (f"@@ -{at + 100},3 +{at + 100},3 @@ def {names[which]}():", "either"),
        "number_off": (f"@@ -{at + 1},3 +{at + 1},3 @@", "reject"),
        "unknown_heading": ("@@ def other():", "reject"),
        "nothing": ("@@", "reject"),
        "cut_heading": (f"@@ def {names[which][:-1]}", "reject"),
    }
    for kind, (head, expect) in heads.items():
        reply = random.choice(WRAPS)(f"--- a/{path}\n+++ b/{path}\n{head}\n{rows}", random)
        yield Case(
            f"headings/{kind}",
            {path: "\n".join(text)},
            reply,
            {path: "\n".join(after)} if expect != "reject" else None,
            expect,
            name=commit.name,
        )
    envelope = "*** Begin Patch\n*** Update File: {path}\n{head}\n{rows}*** End Patch\n"
    for kind, head, expect in (
        ("envelope", f"@@ def {names[which]}():", "either"),
        ("envelope_none", "@@", "reject"),
        ("envelope_unknown", "@@ def other():", "reject"),
    ):
        reply = envelope.format(path=path, head=head, rows=rows)
        yield Case(
            f"headings/{kind}",
            {path: "\n".join(text)},
            reply,
            {path: "\n".join(after)} if expect != "reject" else None,
            expect,
            format="applypatch",
            name=commit.name,
        )


def no_context(commit: Commit, files: list[File], random: Random) -> Iterator[Case]:
    """As `diff -U0` writes: insertions have only a number."""
    if len(files) != len(commit.files):
        return
    bare_files = copy.deepcopy(files)
    for file in bare_files:
        hunks = []
        for piece in (piece for hunk in file.hunks for piece in pieces(hunk)):
            lead = next(n for n, (sign, _) in enumerate(piece.rows) if sign != " ")
            rows = [row for row in piece.rows if row[0] != " "]
            alone = all(sign == "+" for sign, _ in rows)
            start = piece.start + lead - alone
            hunks.append(Hunk(start, piece.new_start + lead, "", rows))
        file.hunks = hunks
    before = {file.old: commit.before[file.old] for file in files}
    yield Case("zero/numbered", before, fence(render(bare_files)), commit.after, "either", name=commit.name)
    adds = any(not hunk.block() for file in bare_files for hunk in file.hunks)
    bare = Style(head=lambda _: "@@")
    unsure = adds or any(ordered_ways(file.hunks, before[file.old]) != 1 for file in bare_files)
    yield Case(
        "zero/bare",
        before,
        fence(render(bare_files, bare)),
        None if unsure else commit.after,
        "reject" if unsure else "either",
        name=commit.name,
    )
    off = random.choice((1, 2, -1, 7))
    style = Style(
        head=lambda h: (
            f"@@ -{max(1, h.start + off)},{len(h.block())} +{max(1, h.new_start + off)},{len(h.block('-'))} @@"
        )
    )
    mixed = adds and any(hunk.block() for file in bare_files for hunk in file.hunks) and len(bare_files) == 1
    yield Case(
        "zero/off",
        before,
        fence(render(bare_files, style)),
        commit.after,
        "either" if mixed else "skip",
        name=commit.name,
    )


def twice(commit: Commit, file: File, random: Random) -> Iterator[Case]:
    """The reply says it twice, or in two versions."""
    before, after = {file.old: commit.before[file.old]}, {file.new: commit.after[file.new]}
    text = render([file])
    yield Case("twice/same", before, f"{fence(text)}\nOnce more:\n\n{fence(text)}", after, "either", name=commit.name)
    other = changed_rows(file, replaced(lambda s, _: s == "+", lambda s, t: (s, t + " v2")), random)
    if other:
        reply = f"{fence(render([other]))}\nWait, better:\n\n{fence(text)}"
        yield Case("twice/versions", before, reply, None, "reject", name=commit.name)
        yield Case("twice/in_and_out", before, f"{render([other])}\n{fence(text)}", None, "reject", name=commit.name)
    yield Case("twice/question", before, f"QUESTION: is this right?\n\n{fence(text)}", None, "reject", name=commit.name)


def buffers(commit: Commit, file: File, random: Random) -> Iterator[Case]:
    """The user typed since: somewhere else, in the context, beside the change, or in it."""
    base = commit.before[file.old]
    lines = base.split("\n")
    hunk = random.choice(file.hunks)
    if "\r" in base or not sure([file], {file.old: base}) or lines[-1]:
        return
    reply = fence(render([file]))
    target = (commit.after[file.new] or "").split("\n")
    ranges = [(h.start - 1, h.start - 1 + len(h.block())) for h in file.hunks]
    away = [n for n in range(len(lines) - 1) if not any(first - 1 <= n <= last for first, last in ranges)]

    def made(kind: str, now: list[str], after: list[str] | None, expect: str = "apply") -> Case:
        wanted = {file.new: "\n".join(after)} if after else None
        return Case(
            f"buffer/{kind}", {file.old: "\n".join(now)}, reply, wanted, expect, {file.old: base}, name=commit.name
        )

    if away:
        now, after = [*lines], [*target]
        for n in sorted(random.sample(away, min(4, len(away))), reverse=True):
            grown = sum(len(h.block("-")) - len(h.block()) for h in file.hunks if h.start - 1 < n)
            typed = [f"typed {random.random()}"]
            now[n : n + 1] = after[n + grown : n + grown + 1] = typed
        yield made("lines_replaced", now, after)
    removed = [hunk.start - 1 + n for n, (sign, _) in enumerate([r for r in hunk.rows if r[0] != "+"]) if sign == "-"]
    if removed:
        at = random.choice(removed)
        yield made("changed_line", [*lines[:at], lines[at] + "x", *lines[at + 1 :]], None, "reject")
        if len(removed) > 2 and removed[1] == removed[0] + 1:
            yield made("typed_between", [*lines[: removed[1]], "typed", *lines[removed[1] :]], None, "reject")
    adds = [n for n, (sign, _) in enumerate(hunk.rows) if sign == "+"]
    if adds and not removed and adds[0]:
        at = hunk.start - 1 + sum(sign != "+" for sign, _ in hunk.rows[: adds[0]])
        yield made("typed_at_insertion", [*lines[:at], "typed", *lines[at:]], None, "reject")
    yield made("all_else_gone", [f"new {n}" for n in range(len(lines))], None, "reject")
    yield Case("buffer/file_gone", {}, reply, None, "reject", {file.old: base}, name=commit.name)
    create = "--- /dev/null\n+++ b/made\n@@ -0,0 +1 @@\n+x\n"
    yield Case(
        "buffer/made_since",
        {file.old: base, "made": "mine\n"},
        create,
        None,
        "reject",
        {file.old: base},
        name=commit.name,
    )

"""Files whose lines are traps: other line ends, marks and characters, and lines that look like a diff or a fence."""

import copy
import difflib
from collections.abc import Callable, Iterator
from random import Random

from patchcases.cases import Case
from patchcases.commits import Commit, File, Hunk, parse
from patchcases.forms import WRAPS, fence
from patchcases.truth import ordered_ways
from patchcases.weakness import modified
from patchcases.writing import Style, render

ODD = ("\x0c", "\x0b", "a\u2028b", "\x1c", "\x85", "e\u0301é", "日本語", "\U0001d4b3 = 1", "\u200bx", "tab\tin")
LOOKALIKES = (
    "-- a comment", "++ more", "--- a/x", "+++ b/x", "@@ -1,2 +1,2 @@", "@@", "diff --git a/x b/x", "```", "```diff",
    "*** End Patch", "\\ No newline at end of file", "QUESTION: why?", "GIT binary patch", "index 1..2", "-- ", "{",
)  # fmt: skip


def cases(commit: Commit, random: Random) -> Iterator[Case]:
    files = modified(commit)
    marks = any(sign == "\\" for file in files for hunk in file.hunks for sign, _ in hunk.rows)
    if not files or len(files) != len(commit.files) or marks:
        return
    yield from line_ends(commit, random)
    yield from mark(commit)
    for kind, words in (("odd", ODD), ("lookalikes", LOOKALIKES)):
        yield from inserted(commit, files[0], kind, words, random)
    yield from last_lines(commit, files[0])


def diffed(path: str, before: str, after: str, context: int = 3) -> list[File]:
    """A plain, independent diff of two texts."""
    old, new = ([*(f"{line}\n" for line in text.split("\n")[:-1]), text.split("\n")[-1]] for text in (before, after))
    sides = [[line for line in side if line] for side in (old, new)]
    rows = difflib.unified_diff(*sides, f"a/{path}", f"b/{path}", n=context)
    text = "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)
    return parse(f"diff --git a/{path} b/{path}\n{text}")


def sure(files: list[File], before: dict[str, str]) -> bool:
    return all(ordered_ways(file.hunks, before[file.old]) == 1 for file in files if file.old and file.hunks)


def line_ends(commit: Commit, random: Random) -> Iterator[Case]:
    """The file has CR LF; the reply has it too, or not, or in some lines."""
    if any("\r" in text for text in [*commit.before.values(), *filter(None, commit.after.values())]):
        return
    before = {path: text.replace("\n", "\r\n") for path, text in commit.before.items()}
    after = {path: text and text.replace("\n", "\r\n") for path, text in commit.after.items()}
    text = render(commit.files)
    expect = "apply" if sure(commit.files, commit.before) else "either"
    inside = Style(row=lambda sign, text: f"{sign}{text}\r")
    replies = {
        "lf_reply": text,
        "crlf_reply": text.replace("\n", "\r\n"),
        "crs_inside": render(commit.files, inside),
        "fenced_crlf": fence(text).replace("\n", "\r\n"),
        "bare": render(commit.files, Style(head=lambda _: "@@")),
    }
    for kind, reply in replies.items():
        yield Case(f"crlf_file/{kind}", before, reply, after, expect, name=commit.name)
    some = {
        p: "".join(random.choice((x, x[:-1] + "\r\n")) for x in t.splitlines(keepends=True)) for p, t in before.items()
    }
    yield Case("crlf_file/nonsense", some, "no patch at all", None, "reject", name=commit.name)


def mark(commit: Commit) -> Iterator[Case]:
    before = {path: f"\ufeff{text}" for path, text in commit.before.items()}
    after = {path: text and f"\ufeff{text}" for path, text in commit.after.items()}
    if any(text.startswith("\ufeff") for text in commit.before.values()):
        return
    expect = "apply" if sure(commit.files, commit.before) else "either"
    yield Case("bom_file/unseen", before, fence(render(commit.files)), after, expect, name=commit.name)


def inserted(commit: Commit, file: File, kind: str, words: tuple[str, ...], random: Random) -> Iterator[Case]:
    """Special lines in a file, a change that removes one, keeps one and adds one, written in several ways."""
    lines = commit.before[file.old].split("\n")
    if len(lines) < 12:
        return
    chosen = random.sample(words, 3)
    at = random.randrange(3, len(lines) - 6)
    old = [*lines[:at], chosen[0], "kept here", chosen[1], *lines[at:]]
    new = [*lines[:at], "kept here", chosen[1], chosen[2], *lines[at:]]
    before, after = "\n".join(old), "\n".join(new)
    files = diffed(file.old, before, after)
    if not files or not files[0].hunks:
        return
    for name, make in WAYS.items():
        expect = "apply" if kind == "odd" else "either"
        case = Case(
            f"{kind}/{name}", {file.old: before}, make(files, random), {file.old: after}, expect, name=commit.name
        )
        yield case


WAYS: dict[str, Callable[[list[File], Random], str]] = {
    "plain": lambda files, _: render(files),
    "wrapped": lambda files, random: random.choice(WRAPS)(render(files), random),
    "bare_at": lambda files, random: random.choice(WRAPS)(render(files, Style(head=lambda _: "@@")), random),
    "short_fence": lambda files, _: f"```diff\n{render(files)}```\n",
    "no_git": lambda files, _: render(files, Style(git=False)),
    "bad_counts": lambda files, _: fence(render(files, Style(head=lambda h: f"@@ -{h.start},2 +{h.new_start},2 @@"))),
}


def last_lines(commit: Commit, file: File) -> Iterator[Case]:
    """All ways in which the last line gets, keeps, loses or lacks its end."""
    text = commit.before[file.old]
    if not text.endswith("\n") or text.count("\n") < 5 or text.endswith(("\n\n", "\r\n")):
        return
    stem, _, last = text[:-1].rpartition("\n")
    pairs = {
        "gains": (f"{stem}\n{last}", f"{stem}\n{last}\n"),
        "loses": (f"{stem}\n{last}\n", f"{stem}\n{last}"),
        "keeps_none": (f"{stem}\n{last}", f"{stem}\n{last} changed"),
        "appends": (f"{stem}\n{last}\n", f"{stem}\n{last}\nmore\n"),
        "appends_open": (f"{stem}\n{last}", f"{stem}\n{last}\nmore"),
        "cuts_last": (f"{stem}\n{last}\n", f"{stem}\n"),
        "prepends": (text, f"first\n{text}"),
    }
    for kind, (before, after) in pairs.items():
        files = diffed(file.old, before, after)
        if not files or not sure(files, {file.old: before}):
            continue
        for name, wrap in {"": render, "_fenced": lambda each: fence(render(each))}.items():
            yield Case(f"ends/{kind}{name}", {file.old: before}, wrap(files), {file.old: after}, name=commit.name)
        if kind in {"keeps_none", "appends_open"}:
            unmarked = render(unmarked_files(files))
            yield Case(f"ends/{kind}_unmarked", {file.old: before}, unmarked, {file.old: after}, name=commit.name)


def unmarked_files(files: list[File]) -> list[File]:
    made = copy.deepcopy(files)
    for file in made:
        file.hunks = [
            Hunk(h.start, h.new_start, h.heading, [row for row in h.rows if row[0] != "\\"]) for h in file.hunks
        ]
    return made

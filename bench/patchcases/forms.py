"""Faults of form: the change is said rightly, and written down in a way that no strict tool reads."""

import copy
import re
from collections.abc import Callable, Iterator
from random import Random

from patchcases.cases import Case
from patchcases.commits import Commit, File, Hunk
from patchcases.writing import Style, exact, plain_row, render

PROSE = ("Sure! Here is the patch:", "I looked at the code. The fix:", "### Changes\n\n- one\n- two\n")
AFTER = ("This should fix it.", "Let me know!\n\n- it is tested\n- it is small", "Note: run `make`.\n")
Wrap = Callable[[str, Random], str]


def fence(text: str, tag: str = "diff") -> str:
    ticks = "`" * max([3, *(len(run) + 1 for run in re.findall(r"^`{3,}", text, re.MULTILINE))])
    return f"{ticks}{tag}\n{text}{ticks}\n"


def bare(text: str, _random: Random) -> str:
    return text


def fenced(text: str, random: Random) -> str:
    return fence(text, random.choice(("diff", "diff", "patch", "")))


def talked(text: str, random: Random) -> str:
    return f"{random.choice(PROSE)}\n\n{fence(text)}\n{random.choice(AFTER)}"


WRAPS: tuple[Wrap, ...] = (bare, fenced, talked)


def weak(commit: Commit) -> bool:
    """Whether some file has hunks that their words alone do not place."""
    from patchcases.truth import ordered_ways

    return any(
        ordered_ways(file.hunks, commit.before[file.old]) != 1 for file in commit.files if file.old and file.hunks
    )


def cases(commit: Commit, random: Random) -> Iterator[Case]:
    def made(kind: str, reply: str, expect: str = "apply") -> Case:
        return Case(kind, commit.before, reply, commit.after, expect, name=commit.name)

    files = commit.files
    yield made("form/plain", render(files))
    for wrap in WRAPS:
        yield made(f"form/{wrap.__name__}", wrap(render(files), random))
    # without its numbers a diff with weak words may be refused
    numberless = "either" if weak(commit) else "apply"
    for kind, style in styles(random).items():
        expect = numberless if kind in NUMBERLESS else "apply"
        yield made(f"form/{kind}", random.choice(WRAPS)(render(files, style), random), expect)
    both = combined(random)
    yield made("form/combo", talked(render(files, both), random), numberless)
    for kind, change in TEXT.items():
        yield made(f"form/{kind}", change(render(files), random))
    yield made("form/block_per_file", per_file(files, random))
    if all(file.hunks for file in files):
        yield made("form/block_per_hunk", per_hunk(files, random))
        yield made("form/header_per_hunk", "".join(render([single]) for single in one_by_one(files)), numberless)
    yield made("form/reversed_hunks", render([upside_down(file) for file in files]))


NUMBERLESS = {"bare_at", "dotted_at", "wrong_numbers", "zero_numbers", "heading_only", "short_at"}


def styles(random: Random) -> dict[str, Style]:
    return {
        "bare_at": Style(head=lambda _: "@@"),
        "dotted_at": Style(head=lambda _: "@@ ... @@"),
        "heading_only": Style(head=lambda hunk: f"@@ {hunk.heading} @@".replace("  ", " ")),
        "wrong_numbers": Style(head=lambda hunk: exact(moved(hunk, random.choice((-40, -7, -1, 1, 3, 12, 200))))),
        "zero_numbers": Style(head=lambda hunk: re.sub(r"\d+", "0", exact(hunk).rpartition("@@")[0]) + "@@"),
        "wrong_counts": Style(head=lambda hunk: counted(hunk, random)),
        "large_counts": Style(head=lambda hunk: counted(hunk, random, (1, 5))),
        "small_counts": Style(head=lambda hunk: counted(hunk, random, (-5, -1))),
        "no_counts": Style(head=lambda hunk: f"@@ -{hunk.start} +{hunk.new_start} @@"),
        "short_at": Style(head=lambda hunk: f"@@ -{hunk.start},3 +{hunk.new_start},3"),
        "no_heading": Style(head=lambda hunk: exact(hunk).rpartition("@@")[0] + "@@"),
        "no_git": Style(git=False),
        "no_prefix": Style(git=False, prefixes=("", "")),
        "same_prefix": Style(git=False, prefixes=("a/", "a/")),
        "mnemonic": Style(prefixes=("i/", "w/")),
        "stamps": Style(git=False, stamp="\t2026-01-02 03:04:05.000000000 +0000"),
        "blank_context": Style(row=lambda sign, text: "" if (sign, text) == (" ", "") else sign + text),
        "crs_gone": Style(row=lambda sign, text: sign + text.removesuffix("\r")),
    }


def moved(hunk: Hunk, by: int) -> Hunk:
    return Hunk(max(1, hunk.start + by), max(1, hunk.new_start + by), hunk.heading, hunk.rows)


def counted(hunk: Hunk, random: Random, by: tuple[int, int] = (-3, 3)) -> str:
    old, new = hunk.sizes()
    if old == 0 or new == 0:
        return exact(hunk)
    off = random.randint(*by)
    return f"@@ -{hunk.start},{max(1, old + off)} +{hunk.new_start},{max(1, new + random.choice((off, off, 0)))} @@"


def combined(random: Random) -> Style:
    blank = styles(random)["blank_context"].row
    head = random.choice([styles(random)[kind].head for kind in ("bare_at", "wrong_numbers", "small_counts")])
    return Style(head=head, row=random.choice((blank, plain_row)), git=random.random() < 0.5)


def mail(text: str, _random: Random) -> str:
    head = "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\n"
    return f"{head}Subject: [PATCH] x\n\nText.\n---\n a.c | 2 +-\n 1 file changed\n\n{text}-- \n2.39.5\n\n"


def crlf(text: str, random: Random) -> str:
    return random.choice((text, fence(text))).replace("\r\n", "\n").replace("\n", "\r\n")


def reply_trimmed(text: str, _random: Random) -> str:
    return text.rstrip("\n") if not text.endswith(" \n") else text


TEXT: dict[str, Callable[[str, Random], str]] = {
    "mail": mail,
    "bom": lambda text, _: "\ufeff" + text,
    "no_last_line_end": reply_trimmed,
    "prose_behind": lambda text, random: f"{text}\n{random.choice(AFTER)}\n",
    "prose_before": lambda text, random: f"{random.choice(PROSE)}\n\n{text}",
    "code_before": lambda text, _: f"Look at this:\n\n```python\nx = 1\n```\n\n{fence(text)}",
    "shell": lambda text, _: f"```bash\ngit apply <<'X'\n```\n\n{fence(text)}",
    "tilde": lambda text, _: f"~~~diff\n{text}~~~\n",
    "crlf_reply": crlf,
}


def per_file(files: list[File], random: Random) -> str:
    return "\n".join(f"{random.choice(PROSE)}\n\n{fence(render([file]))}" for file in files)


def per_hunk(files: list[File], random: Random) -> str:
    parts = []
    for file in files:
        for number, single in enumerate(one_by_one([file])):
            text = render([single]) if not number else render([File(None, None, [], single.hunks)], Style(git=False))
            lines = text.split("\n")
            body = text if not number else "\n".join(lines[next(n for n, x in enumerate(lines) if x[:2] == "@@") :])
            parts.append(fence(body))
    return f"{random.choice(PROSE)}\n\n" + "\nThen:\n\n".join(parts)


def one_by_one(files: list[File]) -> Iterator[File]:
    for file in files:
        for number, hunk in enumerate(file.hunks):
            yield File(file.old, file.new, file.extended if not number else [], [hunk])


def upside_down(file: File) -> File:
    turned = copy.copy(file)
    turned.hunks = file.hunks[::-1]
    return turned

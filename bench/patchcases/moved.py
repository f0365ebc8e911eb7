"""The file is not quite what the diff was made for: blanks, characters, lines above, edits, a snapshot to tell."""

import unicodedata
from collections.abc import Callable, Iterator
from random import Random

from patchcases.cases import Case
from patchcases.commits import Commit, File
from patchcases.forms import WRAPS, fence
from patchcases.truth import ordered_ways, places, split
from patchcases.weakness import modified
from patchcases.writing import Style, render

FANCY = {"'": "\u2019", '"': "\u201c", "-": "\u2013"}


def cases(commit: Commit, random: Random) -> Iterator[Case]:
    yield from blanks(commit, random)
    files = modified(commit)
    if len(files) == len(commit.files):
        yield from drift(commit, random)
    for file in files[:1]:
        yield from snapshots(commit, file, random)


def blanks(commit: Commit, random: Random) -> Iterator[Case]:
    def old_only(change: Callable[[str], str]) -> Style:
        return Style(row=lambda sign, text: sign + (change(text) if sign in " -" else text))

    def trail(text: str) -> str:
        return text + random.choice(("", " ", "  ", "\t")) if not text.endswith("\r") else text

    def fancy(text: str) -> str:
        return "".join(FANCY.get(char, char) if random.random() < 0.5 else char for char in text)

    for kind, change in {
        "trailing_added": trail,
        "trailing_cut": lambda text: text.rstrip(" \t"),
        "quotes": fancy,
        "nfd": lambda text: unicodedata.normalize("NFD", text),
        "nbsp": lambda text: text.replace(" ", "\u00a0", 1) if text.strip() else text,
    }.items():
        reply = random.choice(WRAPS)(render(commit.files, old_only(change)), random)
        deletes = any(file.new is None for file in commit.files)
        plain = [file for file in commit.files if file.old and file.hunks]
        sure = all(ordered_ways(file.hunks, commit.before[file.old]) == 1 for file in plain)
        yield Case(
            f"blanks/{kind}",
            commit.before,
            reply,
            commit.after,
            "apply" if sure and not deletes else "either",
            name=commit.name,
        )
    if all(file.old and file.new for file in commit.files):
        yield from indents(commit)


def indents(commit: Commit) -> Iterator[Case]:
    """The whole hunk indented otherwise: right is the file's own indentation, or a refusal."""

    def made(
        kind: str, style: Style, expect: str = "either", after: dict[str, str | None] | None = commit.after
    ) -> Case:
        return Case(kind, commit.before, fence(render(commit.files, style)), after, expect, name=commit.name)

    for width in (2, 4, 8):
        shifted = Style(row=lambda sign, text, width=width: sign + (" " * width + text if text.strip() else text))
        yield made(f"blanks/indent_{width}", shifted)
    for spaces in (4, 2):
        rows = [text for file in commit.files for hunk in file.hunks for _, text in hunk.rows if text.strip()]
        if all(text.startswith(" " * spaces) for text in rows):
            less = Style(row=lambda sign, text, spaces=spaces: sign + text.removeprefix(" " * spaces))
            yield made("blanks/dedent", less)
    one = Style(row=lambda sign, text: sign + (" " + text if text.strip() else text))
    yield made("blanks/one_column", one, after=None if has_words(commit) else commit.after)
    if any("\n\t" in text for text in commit.before.values()):
        yield made("blanks/tabs_to_spaces", Style(row=lambda sign, text: sign + tabbed(text)))
    lost = Style(row=lambda sign, text: text if sign == " " else sign + text)
    context = [text for file in commit.files for hunk in file.hunks for sign, text in hunk.rows if sign == " "]
    if context and all(text and text[0] not in " -+\\@" for text in context):
        yield made("untrue/unsigned_context", lost, "reject", None)


def has_words(commit: Commit) -> bool:
    return all(any(text.strip() for text in hunk.block()) for file in commit.files for hunk in file.hunks)


def tabbed(text: str) -> str:
    words = text.lstrip("\t")
    return "    " * (len(text) - len(words)) + words


def drift(commit: Commit, random: Random) -> Iterator[Case]:
    """Lines were typed above the first hunk, or into a hunk, and there is no snapshot."""
    count = random.randint(1, 12)
    new = [f"typed {random.random()}" for _ in range(count)]
    before = {path: "\n".join([*new, text]) for path, text in commit.before.items()}
    after = {path: "\n".join([*new, text]) for path, text in commit.after.items() if text is not None}
    if any(text.startswith("\ufeff") for text in commit.before.values()):
        return
    sure = all(ordered_ways(file.hunks, before[file.old]) == 1 for file in commit.files if file.old)
    for kind, style in {"above": Style(), "above_bare": Style(head=lambda _: "@@")}.items():
        yield Case(
            f"drift/{kind}",
            before,
            fence(render(commit.files, style)),
            after,
            "apply" if sure else "either",
            name=commit.name,
        )
    file = commit.files[0]
    hunk = random.choice(file.hunks)
    lines = commit.before[file.old].split("\n")
    size = len(hunk.block())
    if size < 2:
        return
    at = hunk.start - 1 + random.randrange(size - 1) + 1
    lines.insert(at, "typed in the middle of the hunk")
    text = "\n".join(lines)
    if not places(hunk.block(), split(text)):
        yield Case(
            "drift/inside",
            {**commit.before, file.old: text},
            fence(render(commit.files)),
            None,
            "reject",
            name=commit.name,
        )


def snapshots(commit: Commit, file: File, random: Random) -> Iterator[Case]:
    base = commit.before[file.old]
    lines, target = base.split("\n"), (commit.after[file.new] or "").split("\n")
    hunk = file.hunks[0]
    if hunk.start < 5 or any(sign == "\\" for one in file.hunks for sign, _ in one.rows):
        return
    reply = fence(render([file]))
    new = [f"typed {random.random()}" for _ in range(random.randint(1, 6))]
    at = random.randrange(hunk.start - 3)

    def made(kind: str, now: list[str], after: list[str] | None, expect: str = "apply") -> Case:
        wanted = {file.new: "\n".join(after)} if after is not None else None
        return Case(
            f"base/{kind}", {file.old: "\n".join(now)}, reply, wanted, expect, {file.old: base}, name=commit.name
        )

    yield made("above", [*lines[:at], *new, *lines[at:]], [*target[:at], *new, *target[at:]])
    yield made(
        "below",
        [*lines[:-1], *new, lines[-1]],
        [*target[:-1], *new, target[-1]],
        "apply" if file.hunks[-1].rows[-1][0] == " " else "either",
    )
    # a copy of the block, pasted so that the number points exactly at it
    start = hunk.start - 1
    block = lines[start : start + len(hunk.block())]
    at = random.randrange(1, start - 1)
    pad = [f"pad {random.random()}" for _ in range(start - at)]
    paste = [*pad, *block, "// pasted"]
    yield made("pasted_at_number", [*lines[:at], *paste, *lines[at:]], [*target[:at], *paste, *target[at:]])
    yield made(
        "pasted_beside", [*lines[:start], *block, *lines[start:]], [*target[:start], *block, *target[start:]], "either"
    )
    removed = [n for n, row in enumerate([r for r in hunk.rows if r[0] != "+"]) if row[0] == "-"]
    if removed:
        edited = list(lines)
        edited[start + random.choice(removed)] += " edited"
        yield made("conflict", edited, None, "reject")
        gone = list(lines)
        del gone[start + random.choice(removed)]
        yield made("conflict_deleted", gone, None, "either" if len(removed) != 1 else "reject")

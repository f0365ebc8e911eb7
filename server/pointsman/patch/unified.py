"""Unified diffs as models write them.

Line numbers and counts are hints, and the header lines of git are optional; but every line of a hunk must have its
sign, and a line that has none ends the reading with an error instead of being guessed at.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from pointsman.patch import body, names
from pointsman.patch.codes import Broken, Code
from pointsman.patch.fences import Block, is_header
from pointsman.patch.sections import Section, merged
from pointsman.terms import FilePatch, Hunk, Patch

_NUMBERS = re.compile(r"^@@[ \t]*-(\d+)(?:,(\d+))?[ \t]+\+(\d+)(?:,(\d+))?[ \t]*(?:@@+)?(?P<rest>.*)$")
_OLD_NUMBER = re.compile(r"^@@[ \t]*-(\d+)(?:,\d+)?[ \t]*(?:@@+)?(?P<rest>.*)$")
_WORDS = re.compile(r"^@@+(?P<rest>.*)$")
_BINARY = re.compile(r"^(?:GIT binary patch|Binary files .* differ|(?:literal|delta) \d+)\s*$")
_FILE_WORD = re.compile(r"[\w.-]*\w\.\w+")
_DIGITS = 9
CONTEXT = 3


@dataclass(slots=True)
class _Count:
    """What is known of how well the reply's counts fit: of the last hunk alone a cut reply's would not."""

    right: int = 0
    wrong: int = 0
    contested: bool = False
    last_short: bool = False
    old_short: bool = False
    missing: int = 0
    """How many lines the last hunk is short of, on the side that lacks fewer."""
    last: Hunk | None = None


@dataclass(slots=True)
class _Reader:
    sections: list[Section] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    count: _Count = field(default_factory=_Count)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


@dataclass(frozen=True, slots=True)
class Told:
    """The patch, its hunks as they come, and whether a reader that trusts counts could read them as they are."""

    patch: Patch
    hunks: tuple[Hunk, ...]
    strict: bool


def read(blocks: Sequence[Block], *, ended: bool) -> Told:
    """The patch in some blocks; raises Broken. `ended` tells that the reply's last line has its line end."""
    reader = _Reader()
    for block in blocks:
        _read_block(reader, block)
    if not reader.sections:
        raise Broken(Code.NO_PATCH, "There is no patch in this reply.")
    if not blocks[-1].fenced and _cut(reader.count, ended=ended) and not _may_end_its_file(reader, ended=ended):
        raise Broken(
            Code.TRUNCATED, "The last hunk has fewer lines than it says: the reply was cut off. Send it whole."
        )
    files: list[FilePatch] = [section.file_patch() for section in reader.sections]
    hunks = tuple(hunk for section in reader.sections for hunk in section.hunks)
    count = reader.count
    return Told(Patch(merged(files), tuple(reader.notes)), hunks, count.right == len(hunks) or count.contested)


def _read_block(reader: _Reader, block: Block) -> None:
    lines = _without_returns(block.lines)
    if reader.sections and reader.sections[-1].hunks and not _starts_file(lines):
        _same_file(reader.sections[-1], block)
    at = 0
    while at < len(lines):
        try:
            at = _step(reader, lines, at, block.start)
        except body.BadLine as bad:
            raise Broken(bad.code, bad.message.replace("{line}", str(block.start + bad.at), 1)) from bad


def _without_returns(lines: Sequence[str]) -> Sequence[str]:
    """If the headers end in CR, the reply was written with CR LF; otherwise a CR is a line's own."""
    marks = ("--- ", "+++ ", "diff --git ")
    heads = (line for line in lines if line.startswith(marks))
    first = [*islice(heads, 2)] or [*islice((line for line in lines if line.startswith("@@")), 2)]
    if any(line.endswith("\r") for line in first):
        return [line.removesuffix("\r") for line in lines]
    return lines


def _starts_file(lines: Sequence[str]) -> bool:
    """Whether a file header comes before the first hunk."""
    first = next((at for at, line in enumerate(lines) if line.startswith("@@")), len(lines))
    return any(lines[at].startswith("diff --git ") or is_header(lines, at) for at in range(first))


def _same_file(section: Section, block: Block) -> None:
    """A further block without a header goes on with the same file, unless the text before it speaks of another."""
    path = section.paths()[0]
    for word in _FILE_WORD.findall(block.lead):
        if "." in path and word.rpartition(".")[2] == path.rpartition(".")[2] and not path.endswith(word):
            raise Broken(
                Code.NO_FILE_HEADER,
                f'The block on line {block.start} has no "--- a/path" and "+++ b/path" lines, and the text before it '
                f"speaks of {word}. Put the header of its file before each hunk.",
            )


def _step(reader: _Reader, lines: Sequence[str], at: int, start: int) -> int:
    """Read one header, one hunk, or one line of prose; the index behind it."""
    line = lines[at]
    if line.startswith(("@@@", "diff --cc ", "diff --combined ")):
        raise Broken(Code.UNSUPPORTED, f"Line {start + at} is a combined diff. Send a diff against the file as shown.")
    if _BINARY.match(line):
        raise Broken(Code.BINARY, f"Line {start + at} is a binary patch. Only text can be changed.")
    if line.startswith("diff --git "):
        reader.sections.append(Section(start + at, git=names.git_pair(line[len("diff --git ") :])))
    elif is_header(lines, at):
        _take_names(reader, lines, at, start)
        return at + 2
    elif line.startswith("@@"):
        return _hunk(reader, lines, at, start)
    elif line.startswith(("--- ", "+++ ")) and at + 1 < len(lines) and lines[at + 1].startswith("@@"):
        raise Broken(
            Code.NO_FILE_HEADER, f'Line {start + at} is half of a file header: both "--- " and "+++ " are needed.'
        )
    elif reader.sections and not reader.sections[-1].hunks:
        reader.sections[-1].extended(line)
    return at + 1


def _take_names(reader: _Reader, lines: Sequence[str], at: int, start: int) -> None:
    last = reader.sections[-1] if reader.sections else None
    old, new = lines[at][4:], lines[at + 1][4:]
    named = names.without_copy(names.plain(old), names.plain(new))
    if last is None or last.hunks or last.named or last.done(named):
        last = Section(start + at)
        reader.sections.append(last)
    last.named, last.epochs = named, (names.is_epoch(old), names.is_epoch(new))


def _hunk(reader: _Reader, lines: Sequence[str], at: int, start: int) -> int:
    line = lines[at]
    if not reader.sections:
        raise Broken(
            Code.NO_FILE_HEADER, f'The hunk on line {start + at} has no "--- a/path" and "+++ b/path" before it.'
        )
    full = _NUMBERS.match(line)
    found = full or _OLD_NUMBER.match(line) or _WORDS.match(line)
    rest = found["rest"] if found else ""
    counts = (_number(full[2]), _number(full[4])) if full else None
    told = body.read(lines, at + 1, counts)
    if told.sizes == (len(told.rows), len(told.rows)):
        raise Broken(Code.EMPTY_HUNK, f"The hunk on line {start + at} changes nothing.")
    anchor = rest.strip().removesuffix("@@").strip()
    number = _old_start(found[1], full, told) if found and found.re is not _WORDS else None
    _weigh(reader, told, counts, full=bool(full and full[2] and full[4]))
    hunk = Hunk(
        told.rows,
        number,
        anchor if anchor.strip(". …") else "",
        start + at,
        told.old_no_newline,
        told.new_no_newline,
        longer=told.longer,
    )
    reader.count.last = hunk
    reader.sections[-1].add(hunk, zero=bool(full and _number(full[1]) == 0 and told.counted))
    return told.end


def _number(digits: str | None) -> int:
    return int(digits[:_DIGITS]) if digits is not None else 1


def _old_start(digits: str, full: re.Match[str] | None, told: body.Body) -> int | None:
    """The line a hunk says it starts at. Without old lines git names the line before, and only exact counts count."""
    number = _number(digits)
    if told.sizes[0]:
        return number or None
    return number + 1 if full and told.counted and _number(full[2]) == 0 else None


def _weigh(reader: _Reader, told: body.Body, counts: tuple[int, int] | None, *, full: bool) -> None:
    """Take note of how well the counts fit; `full` tells that none was left out, which would mean one line."""
    count = reader.count
    count.last_short = count.old_short = False
    count.missing = 0
    count.contested = count.contested or told.contested
    if counts is None or not full:
        return
    if told.counted:
        count.right += 1
        return
    reader.note("counts that do not fit")
    count.wrong += 1
    if all(size <= claimed for size, claimed in zip(told.sizes, counts, strict=True)):
        count.last_short = True
        count.old_short = told.sizes[0] < counts[0]
        count.missing = min(claimed - size for size, claimed in zip(told.sizes, counts, strict=True))


def _may_end_its_file(reader: _Reader, *, ended: bool) -> bool:
    """Whether a hunk may still be whole, because its file ends with it: then its header claims lines that are not.

    Placement will see. Without a shortage of old lines, or in the middle of a line, it would prove nothing.
    """
    last, hunks = reader.count.last, reader.sections[-1].hunks
    if last is None or not reader.count.old_short or not (ended or last.lines[-1][0] == " "):
        return False
    if not any(sign != "+" for sign, _ in last.lines):
        return False
    hunks[-1] = replace(last, at_end=True)
    return True


def _cut(count: _Count, *, ended: bool) -> bool:
    """Whether a reply without fences looks cut off: its last hunk, and no other, is shorter than it says.

    A model that miscounts is known by its other hunks. A lone hunk is taken for whole if it has as much context below
    as above, or as much as diffs have, unless so much is missing that a further change may have stood there.
    """
    if not count.last_short or count.last is None or count.wrong > 1:
        return False
    if count.right or count.missing > CONTEXT:
        return True
    signs = [sign for sign, _ in count.last.lines]
    above = next(n for n, sign in enumerate(signs) if sign != " ")
    below = next(n for n, sign in enumerate(reversed(signs)) if sign != " ")
    return not below or below not in {above, CONTEXT} or (not ended and signs[-1] != " ")

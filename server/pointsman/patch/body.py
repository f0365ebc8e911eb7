"""Where the body of a hunk ends, which models seldom count rightly.

There are two readings. By its counts, if they are there and what follows can only stand behind a hunk; this alone can
tell a removed line `-- x` from a file header. Otherwise greedily, up to the next line that can only be a header. A line
without a sign ends neither: it is an error, since a context line that lost its sign and a sentence look alike.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pointsman.patch import names
from pointsman.patch.codes import Broken, Code
from pointsman.patch.fences import is_header

NO_NEWLINE = "\\ "
_LOG = re.compile(r"^(?:commit|From) [0-9a-f]{7,64}\b")
_BULLET = re.compile(r"^-(?:-+\s*$| \S)")
_ITEM = re.compile(r"^[+-] \S")
_VERSION = re.compile(r"^\d+\.\d+\S*(?: \(.*\))?\s*$")
_PLAIN = frozenset({"", " ", "+"})
_SIGNS = frozenset({"", " ", "-", "+"})
_STRUCTURE = ("@@", "diff -", "Index: ", "GIT binary patch")

Row = tuple[str, str]


class Body(NamedTuple):
    """The lines of a hunk, and the index of the line behind them."""

    rows: tuple[Row, ...]
    end: int
    sizes: tuple[int, int]
    """How many old and new lines it has."""
    old_no_newline: bool
    new_no_newline: bool
    counted: bool
    """Whether the header's counts say the same."""
    contested: bool
    """Whether a reader that trusts counts would read it otherwise."""
    longer: tuple[Row, ...] = ()
    """The lines it had if a list behind it were no list."""


def read(lines: Sequence[str], at: int, counts: tuple[int, int] | None) -> Body:
    """The body that starts at a line. `counts` are the header's numbers of old and new lines, if it gave both."""
    told = _by_counts(lines, at, counts) if counts else None
    if told is None:
        return _greedy(lines, at, counts)
    return _greedy(lines, at, counts)._replace(contested=True) if told.contested else told


class _Rows:
    """The rows read so far, and which sides were said to lack the last line end."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.unended = ""

    def take(self, line: str) -> str:
        """Take in a line of a body; the sign it has, empty if it is no line of one."""
        sign = line[:1]
        if sign in _SIGNS:
            self.rows.append((sign, line[1:]) if line else (" ", ""))
            return sign or " "
        if line.startswith(NO_NEWLINE) and self.rows:
            self.unended += {" ": "-+"}.get(self.rows[-1][0], self.rows[-1][0])
            return sign
        return ""

    def sizes(self) -> tuple[int, int]:
        signs = [sign for sign, _ in self.rows]
        return len(signs) - signs.count("+"), len(signs) - signs.count("-")

    def body(self, end: int, counts: tuple[int, int] | None, *, contested: bool = False) -> Body:
        sizes = self.sizes()
        return Body(tuple(self.rows), end, sizes, "-" in self.unended, "+" in self.unended, sizes == counts, contested)


def _by_counts(lines: Sequence[str], at: int, counts: tuple[int, int]) -> Body | None:
    """The body that the counts give; contested if it swallows a file header, or if what follows looks like more."""
    old, new = counts
    rows = _Rows()
    contested = False
    while at < len(lines) and (old > 0 or new > 0):
        sign = rows.take(lines[at])
        if not sign:
            return None
        contested = contested or (sign == "-" and lines[at].startswith("--- ") and _names_a_file(lines, at))
        old -= sign in " -"
        new -= sign in " +"
        at += 1
    if old or new:
        return None
    if at < len(lines) and lines[at].startswith(NO_NEWLINE) and rows.take(lines[at]):
        at += 1
    follows = _may_follow(lines, at)
    told = rows.body(at, counts, contested=contested or not (follows or _may_be_list(lines, at)))
    return told if follows else told._replace(longer=_longer(rows, lines, at))


def _longer(rows: _Rows, lines: Sequence[str], at: int) -> tuple[Row, ...]:
    """All rows from the start of a body to the first line that cannot be one."""
    while at < len(lines) and not structural(lines, at) and rows.take(lines[at]):
        at += 1
    return tuple(rows.rows)


def _greedy(lines: Sequence[str], at: int, counts: tuple[int, int] | None) -> Body:
    rows = _Rows()
    while at < len(lines) and not structural(lines, at):
        if not rows.take(lines[at]):
            message = f'Line {{line}} of the reply starts with neither " ", "-" nor "+": {lines[at][:120]!r}'
            raise BadLine(at, message)
        at += 1
    blank = 0
    while blank < len(rows.rows) and not lines[at - 1 - blank]:
        blank += 1
    # Blank lines at the end part the hunk from what follows, unless the counts claim them as context.
    whole = rows.sizes()
    kept = next((n for n in range(blank, -1, -1) if counts == (whole[0] - blank + n, whole[1] - blank + n)), 0)
    del rows.rows[len(rows.rows) - blank + kept :]
    return rows.body(at, counts)


class BadLine(Broken):
    """An unsigned line inside of a body; who knows where the lines came from puts in its number."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(Code.BAD_LINE, message)
        self.at = at


def structural(lines: Sequence[str], at: int) -> bool:
    """Whether a line can only be the beginning of something new, inside of a hunk's body."""
    line = lines[at]
    if line[:1] in _PLAIN:
        return False
    return line.startswith(_STRUCTURE) or bool(_LOG.match(line)) or _ends_mail(lines, at) or _triple(lines, at)


def _triple(lines: Sequence[str], at: int) -> bool:
    return is_header(lines, at) and at + 2 < len(lines) and lines[at + 2].startswith("@@")


def _names_a_file(lines: Sequence[str], at: int) -> bool:
    """Whether this is a file header that counts would take for a removed and an added line."""
    if not _triple(lines, at):
        return False
    old, new = names.plain(lines[at][4:]), names.plain(lines[at + 1][4:])
    return names.NULL in {old, new} or names.common(old, new) is not None


def _ends_mail(lines: Sequence[str], at: int) -> bool:
    """Whether this is the signature line below a mailed patch: "-- ", then git's version, then nothing or a mail."""
    if lines[at] not in {"-- ", "--"}:
        return False
    if at + 1 == len(lines):
        return True
    behind = [line for line in lines[at + 2 : at + 6] if line.strip()]
    return bool(_VERSION.match(lines[at + 1])) and (not behind or bool(_LOG.match(behind[0])))


def _may_be_list(lines: Sequence[str], at: int) -> bool:
    """Whether what stands behind a whole hunk, parted from it by a blank line, is a list of what was changed."""
    if at < len(lines) and not lines[at]:
        return next((bool(_ITEM.match(line)) for line in lines[at:] if line.strip()), False)
    return False


def _may_follow(lines: Sequence[str], at: int) -> bool:
    """Whether what stands here can stand behind a whole hunk, with nothing below that looks like more of it."""
    prose = False
    while at < len(lines) and not structural(lines, at):
        line = lines[at]
        if line[:1] in {"+", "\\"} or (line[:1] == " " and line.strip()):
            return False
        if line[:1] == "-" and not (prose and _BULLET.match(line)):
            return False
        prose = prose or bool(line.strip() and line[0] != "-")
        at += 1
    return True

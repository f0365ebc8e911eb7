"""Where the old lines of a hunk are in a file: four levels of likeness, the strictest that matches decides.

All levels compare every line, removed lines included. What may differ is form: trailing blanks, the look of quotes and
dashes, one indentation that all lines share. Words never may, so there is no similarity and no "nearest".
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pointsman.terms import Hunk

_LOOKS = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2026": "...",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A place: the index of its first line, and how the hunk's indentation is to be changed there."""

    at: int
    shift: "Shift"


@dataclass(frozen=True, slots=True)
class Shift:
    """One uniform change of indentation: `remove` what the hunk has more, `add` what the file has more."""

    remove: str = ""
    add: str = ""

    def apply(self, line: str) -> str:
        if not line.strip():
            return line
        return self.add + line.removeprefix(self.remove)


NONE = Shift()
LEVELS = ("exact", "trailing blanks", "punctuation", "indentation")


def old_block(hunk: Hunk) -> list[str]:
    return [text for sign, text in hunk.lines if sign != "+"]


def new_block(hunk: Hunk) -> list[str]:
    return [text for sign, text in hunk.lines if sign != "-"]


def candidates(block: Sequence[str], lines: Sequence[str]) -> tuple[int, list[Found]]:
    """The level that decides, and every place that matches on it."""
    for level, form in enumerate(_FORMS):
        places = _places([form(line) for line in block], [form(line) for line in lines])
        if places:
            return level, [Found(at, NONE) for at in places]
    return 3, _shifted(block, lines)


def _same(line: str) -> str:
    return line


def _look(line: str) -> str:
    return unicodedata.normalize("NFC", line.rstrip()).translate(_LOOKS)


_FORMS: tuple[Callable[[str], str], ...] = (_same, str.rstrip, _look)


def _places(block: Sequence[str], lines: Sequence[str]) -> list[int]:
    if not block:
        return []
    first, size = block[0], len(block)
    return [
        at for at in range(len(lines) - size + 1) if lines[at] == first and list(lines[at : at + size]) == list(block)
    ]


def _shifted(block: Sequence[str], lines: Sequence[str]) -> list[Found]:
    """Places that match after one change of indentation, told by the first line that has words."""
    lead = next((number for number, line in enumerate(block) if line.strip()), None)
    if lead is None:
        return []
    bare = _bare(block[lead])
    found = []
    for at in range(len(lines) - len(block) + 1):
        if _bare(lines[at + lead]) != bare:
            continue
        shift = _shift(_indent(block[lead]), _indent(lines[at + lead]))
        if shift and all(_fits(shift, ours, theirs) for ours, theirs in zip(block, lines[at:], strict=False)):
            found.append(Found(at, shift))
    return found


def _shift(ours: str, theirs: str) -> Shift | None:
    """The change from one indentation to another; None if there is none, or if it is one column.

    A single column is what a context line loses when its sign is forgotten, and says nothing about indentation.
    """
    if theirs.endswith(ours):
        shift = Shift("", theirs[: len(theirs) - len(ours)])
    elif ours.endswith(theirs):
        shift = Shift(ours[: len(ours) - len(theirs)], "")
    else:
        shift = Shift(ours, theirs)
    changed = shift.remove + shift.add
    return None if not changed or changed == " " else shift


def _fits(shift: Shift, ours: str, theirs: str) -> bool:
    if not ours.strip() or not theirs.strip():
        return not ours.strip() and not theirs.strip()
    if not ours.startswith(shift.remove):
        return False
    return shift.apply(ours).rstrip() == theirs.rstrip()


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _bare(line: str) -> str:
    return line.strip()

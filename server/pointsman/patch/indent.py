"""One change of indentation for a whole hunk: what the file has more or less than the model wrote.

Either all lines are shifted by the same blanks, or tabs stand for a number of spaces, the same everywhere. Anything
else is not a matter of form. A shift by a single column is refused: it is what a context line loses when its sign is
forgotten, and says nothing about indentation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pointsman.patch.lines import BLANKS, look

WIDTHS = (2, 3, 4, 8)


@dataclass(frozen=True, slots=True)
class Shift:
    """How to indent a line of the hunk as the file does: take `remove` off, put `add` on; or exchange tabs.

    `width` is how many spaces a tab stands for: positive if the file has tabs, negative if it has spaces.
    """

    remove: str = ""
    add: str = ""
    width: int = 0

    def apply(self, line: str) -> str | None:
        """The line as it is to stand in the file; None if its own indentation does not allow it."""
        blanks = indentation(line)
        words = line[len(blanks) :]
        if self.width:
            exchanged = _exchanged(blanks, self.width)
            return None if exchanged is None else exchanged + words
        if not words.strip(BLANKS) and (not blanks or not blanks.startswith(self.remove)):
            return line
        if blanks and self.add and blanks[0] != self.add[-1]:
            return None  # tabs behind spaces, or the reverse: not how either of the two is written
        if not blanks.startswith(self.remove):
            return None
        return self.add + blanks[len(self.remove) :] + words


NONE = Shift()


def indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def shift(block: Sequence[str], lines: Sequence[str]) -> Shift | None:
    """The one shift that turns the block's indentation into that of the file's lines; None if there is none."""
    pairs = [
        (indentation(look(ours)), indentation(look(theirs)))
        for ours, theirs in zip(block, lines, strict=True)
        if ours.strip(BLANKS)
    ]
    if not pairs:
        return None
    ours, theirs = pairs[0]
    uniform = Shift(remove=ours.removesuffix(theirs)) if ours.endswith(theirs) else None
    if theirs.endswith(ours):
        uniform = Shift(add=theirs.removesuffix(ours))
    if uniform and all(_moved(uniform, one) == other for one, other in pairs):
        return None if uniform.remove + uniform.add in {"", " "} else uniform
    for width in (*WIDTHS, *(-width for width in WIDTHS)):
        if all(_exchanged(one, width) == other for one, other in pairs):
            return Shift(width=width)
    return None


def _moved(uniform: Shift, blanks: str) -> str | None:
    if not blanks.startswith(uniform.remove):
        return None
    return uniform.add + blanks[len(uniform.remove) :]


def _exchanged(blanks: str, width: int) -> str | None:
    """Spaces as tabs, or tabs as spaces for a negative width; None if there is anything else already."""
    if width > 0:
        return None if "\t" in blanks else "\t" * (len(blanks) // width) + " " * (len(blanks) % width)
    return blanks.replace("\t", " " * -width)

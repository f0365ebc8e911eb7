"""The hunks of one file, each at its one place, or why not: for every hunk that fails, not only for the first."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pointsman.patch import diagnose
from pointsman.patch.assign import Taken, assign
from pointsman.patch.diagnose import Failure
from pointsman.patch.indent import Shift
from pointsman.patch.lines import Level, Lines
from pointsman.patch.match import Candidates, Found, candidates, new_block, old_block
from pointsman.patch.scope import above
from pointsman.terms import Hunk, Placed

MANY = 16
"""Hunks from which on a table of a file's lines costs less than searching it."""


class Fitted(NamedTuple):
    """A hunk at its place. `number` counts the hunks of its file from one."""

    path: str
    number: int
    hunk: Hunk
    block: tuple[str, ...]
    taken: Taken
    lines: Lines

    @property
    def found(self) -> Found:
        return self.taken.found

    def placed(self) -> Placed:
        how = f"{self.found.level.words}, {self.taken.told}" if self.block else _without_context(self.hunk, self.lines)
        return Placed(self.path, self.number, self.found.at + 1, how)


def _without_context(hunk: Hunk, lines: Lines) -> str:
    return "empty file" if not len(lines) else "end of file" if hunk.at_end else "line number"


def fit(hunks: Sequence[Hunk], path: str, lines: Lines) -> tuple[list[Fitted], list[Failure]]:
    """Every hunk at its place; or all failures, and then nothing is placed."""
    if len(hunks) > MANY:
        lines.index()
    blocks = [tuple(old_block(hunk)) for hunk in hunks]
    memo: dict[tuple[str, ...], Candidates] = {}
    places: list[tuple[Found, ...]] = []
    failed: list[Failure] = []
    for number, (hunk, block) in enumerate(zip(hunks, blocks, strict=True), 1):
        if block not in memo:
            memo[block] = candidates(block, lines)
        found = _possible(hunk, block, memo[block].places, lines)
        if hunk.longer and candidates(old_block(replace(hunk, lines=hunk.longer)), lines).places:
            failed.append(diagnose.longer(path, number, hunk))
        elif not found:
            more = len(failed) >= diagnose.SHOWN
            failed.append(
                diagnose.unshown(path, number) if more else diagnose.nowhere(path, number, hunk, memo[block], lines)
            )
        places.append(found)
    if failed:
        return [], failed
    fitted: list[Fitted] = []
    for number, taken in enumerate(assign(hunks, places, lines)):
        hunk = hunks[number]
        if taken is None:
            more = len(failed) >= diagnose.SHOWN
            failed.append(
                diagnose.unshown(path, number + 1)
                if more
                else diagnose.ambiguous(path, number + 1, hunk, places[number], lines)
            )
        else:
            fitted.append(Fitted(path, number + 1, hunk, blocks[number], taken, lines))
    failed += _doubts(fitted)
    return (fitted, []) if not failed else ([], failed)


def _possible(hunk: Hunk, block: Sequence[str], found: tuple[Found, ...], lines: Lines) -> tuple[Found, ...]:
    """The candidates that what else the hunk says allows."""
    if not block:
        return _insertion(hunk, lines)
    if hunk.at_end:
        found = tuple(one for one in found if one.at + len(block) == len(lines))
    if hunk.anchored:
        start = above(hunk.anchor, lines)
        found = tuple(one for one in found if start is not None and one.at >= start)
    return found


def _insertion(hunk: Hunk, lines: Lines) -> tuple[Found, ...]:
    """Without old lines only a number says where: exact for the text the model saw, which is the one placed on."""
    if not len(lines):
        return (Found(0),)
    if hunk.at_end and not hunk.anchored:
        return (Found(len(lines)),)
    if hunk.line is not None and 1 <= hunk.line - 1 <= len(lines):
        return (Found(hunk.line - 1),)
    return ()


def _doubts(fitted: Sequence[Fitted]) -> Iterator[Failure]:
    """Places that fit, and still cannot be what was meant."""
    numbered = all(one.hunk.line is None or one.found.at + 1 == one.hunk.line for one in fitted)
    for one in fitted:
        if not one.block:
            # A number that cannot be verified is believed if all others of the file are right.
            if not numbered and not one.hunk.at_end and len(one.lines):
                yield diagnose.numberless(one.path, one.number, one.hunk)
        elif _is_there_already(one):
            yield diagnose.already(one.path, one.number, one.hunk)


def _is_there_already(one: Fitted) -> bool:
    """Whether what a hunk inserts stands at its place already: unchanged lines alone cannot tell before from after."""
    after = new_block(one.hunk)
    if not _only_adds(one.block, after):
        return False
    grown, at, words = len(after) - len(one.block), one.found.at, one.lines.words
    return any(words[start : start + len(after)] == after for start in range(max(0, at - grown), at + 1))


def _only_adds(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether all old lines are new ones too: a line may be removed and added again, to give it its line end."""
    rest = iter(after)
    return len(after) > len(before) and all(line in rest for line in before)


def unsure_indentation(fitted: Sequence[Fitted]) -> Iterator[Failure]:
    """Hunks that show nothing of the file's indentation, where something speaks against how they indent.

    Either other hunks of the same reply are indented otherwise than their files, so that these may be too; or they add
    lines with tabs to a file that has only spaces, or the reverse. A hunk that does show it is in doubt as well if it
    stands elsewhere with the indentation of those others.
    """
    shifts = {one.found.shift for one in fitted if one.found.level is Level.INDENTATION}
    telling = "\t" if any(shift.width > 0 for shift in shifts) else ("\t", "  ")
    for one in fitted:
        added = [text for sign, text in one.hunk.lines if sign == "+" and text.strip()]
        if not added or one.found.level is Level.INDENTATION:
            continue
        if any(_stands(one, shift) for shift in shifts):
            yield diagnose.two_indents(one.path, one.number, one.hunk)
            continue
        known = one.lines.words[one.found.at : one.found.at + len(one.block)]
        if any(line.strip() and line.startswith(telling) for line in known):
            continue
        foreign = added[0] if shifts else next((text for text in added if _foreign(text, one.lines.text)), None)
        if foreign is not None:
            yield diagnose.misfit(one.path, one.number, one.hunk, foreign)


def _stands(one: Fitted, shift: Shift) -> bool:
    """Whether a hunk stands somewhere in its file, indented as another hunk is."""
    shifted = [moved for line in one.block if (moved := shift.apply(line)) is not None]
    return len(shifted) == len(one.block) and bool(one.lines.find(shifted, Level.TRAILING_BLANKS))


def _foreign(line: str, text: str) -> bool:
    """Whether a line is indented with tabs where a text has only spaces for that, or the reverse."""
    if line.startswith("\t"):
        return "\n\t" not in text and "\n  " in text
    return line.startswith("  ") and "\n  " not in text and "\n\t" in text

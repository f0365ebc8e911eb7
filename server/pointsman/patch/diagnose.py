"""What the model is told of a patch that does not fit: the first line that differs, and the text around it.

Here alone likeness counts for something: to find the place that was probably meant, so that it can be shown. Nothing is
ever changed because of it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pointsman.patch.codes import Code
from pointsman.patch.lines import Level, Lines
from pointsman.patch.match import Candidates, Found, candidates, new_block, old_block
from pointsman.patch.scope import above
from pointsman.terms import Hunk, Patch, Reject

SHOWN = 5
"""Failures that are explained in one answer."""
SIZE = 2_000
"""Characters of one explanation."""
AROUND = 4
LINE_LIMIT = 160
NAMED = 5
_COMMON = 200
"""A line that is in the file this often tells nothing of a place."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a part of a patch does not apply; `number` is the hunk's in its file, from one, 0 for the file itself."""

    code: Code
    message: str
    path: str = ""
    number: int = 0


def reject(patch: Patch, failed: Sequence[Failure]) -> Reject:
    """One answer for all failures, which says too what need not be touched."""
    parts = sum(max(1, len(file.hunks)) for file in patch.files)
    what = "hunk" if any(file.hunks for file in patch.files) else "file"
    shown = "\n\n".join(failure.message[:SIZE] for failure in failed[:SHOWN])
    more = f"\n\n… and {len(failed) - SHOWN} more." if len(failed) > SHOWN else ""
    head = f"Nothing was applied. {len(failed)} of {parts} {what}s failed."
    copy = " Copy context and removed lines exactly from the file." if any(each.number for each in failed) else ""
    tail = f"Send the whole patch again in the same format.{copy}"
    return Reject(failed[0].code, f"{head}\n\n{shown}{more}\n\n{tail}{_fine(patch, failed)}")


def _fine(patch: Patch, failed: Sequence[Failure]) -> str:
    """Which hunks to keep, in files where some failed."""
    told = []
    bad = {(failure.path, failure.number) for failure in failed}
    for file in patch.files:
        good = [str(n) for n in range(1, len(file.hunks) + 1) if (file.path, n) not in bad]
        if good and len(good) < len(file.hunks):
            several = f"hunks {', '.join(good[:-1])} and {good[-1]}" if len(good) > 1 else f"hunk {good[0]}"
            told.append(f" Keep {several} of {file.path}.")
    return "".join(told)[:SIZE]


def no_such_file(path: str, known: Iterable[str]) -> Failure:
    name = path.rpartition("/")[2]
    alike = sorted(other for other in known if other.rpartition("/")[2] == name)[:NAMED]
    hint = f" Did you mean {' or '.join(alike)}?" if alike else ""
    message = f"There is no file {path}.{hint} Use paths as they are shown, relative to the workspace's root."
    return Failure(Code.NO_SUCH_FILE, message, path)


def overlap(path: str, line: int) -> Failure:
    return Failure(Code.OVERLAP, f"Two hunks of {path} change line {line + 1}. Make them one hunk.", path)


def misfit(path: str, number: int, hunk: Hunk, line: str) -> Failure:
    message = (
        f"{_head(path, number, hunk, Code.INDENT)} Its context is indented otherwise than the file, and this added line"
        f'\n  "{_cut(line)}"\ncannot be indented in the same way. Copy the indentation exactly from the file.'
    )
    return Failure(Code.INDENT, message, path, number)


def two_indents(path: str, number: int, hunk: Hunk) -> Failure:
    message = (
        f"{_head(path, number, hunk, Code.INDENT)} It stands in the file as it is written, and also as other hunks of "
        "this reply are indented. Copy the indentation of all hunks exactly from the file."
    )
    return Failure(Code.INDENT, message, path, number)


def already(path: str, number: int, hunk: Hunk) -> Failure:
    message = f"{_head(path, number, hunk, Code.ALREADY_APPLIED)} Its new lines are in the file already."
    return Failure(Code.ALREADY_APPLIED, message, path, number)


def numberless(path: str, number: int, hunk: Hunk) -> Failure:
    head = _head(path, number, hunk, Code.INSERT_WITHOUT_CONTEXT)
    message = f"{head} It has no context and no removed line, so it does not say where it belongs. Add unchanged lines."
    return Failure(Code.INSERT_WITHOUT_CONTEXT, message, path, number)


def longer(path: str, number: int, hunk: Hunk) -> Failure:
    head = _head(path, number, hunk, Code.TWO_READINGS)
    message = f"{head} The list behind it may be more of its lines. Write no list there."
    return Failure(Code.TWO_READINGS, message, path, number)


def unshown(path: str, number: int) -> Failure:
    """One more of so many failures that it is only counted."""
    return Failure(Code.NO_MATCH, "", path, number)


def nowhere(path: str, number: int, hunk: Hunk, found: Candidates, lines: Lines) -> Failure:
    """Why a hunk has no place at all."""
    block = old_block(hunk)
    if not block:
        return numberless(path, number, hunk)
    if found.places:
        cut = hunk.at_end and hunk.line is not None  # its counts claim more lines, and the file has more
        code = Code.TRUNCATED if cut else Code.NO_MATCH
        return Failure(code, _misplaced(path, number, hunk, found, lines, code), path, number)
    after = new_block(hunk)
    if any(line.strip() for line in after) and candidates(after, lines).places:
        return already(path, number, hunk)
    code = Code.INDENT if found.skewed else Code.NO_MATCH
    return Failure(code, _differs(path, number, hunk, lines, code), path, number)


def _misplaced(path: str, number: int, hunk: Hunk, found: Candidates, lines: Lines, code: Code) -> str:
    head = _head(path, number, hunk, code)
    if code is Code.TRUNCATED:
        return f"{head} It has fewer lines than its header says, and the file goes on behind it: it was cut off."
    at = ", ".join(str(one.at + 1) for one in found.places[:NAMED])
    if hunk.anchored and above(hunk.anchor, lines) is None:
        shown = _cut(hunk.anchor.replace("\n", " / "))
        return f'{head} The lines after "@@" are not in the file in this order: "{shown}". Copy them exactly.'
    why = "is not the end of the file" if hunk.at_end else 'is not below the line after "@@"'
    return f"{head} Its lines are at line {at}, which {why}."


def _differs(path: str, number: int, hunk: Hunk, lines: Lines, code: Code) -> str:
    """The place that fits best, judged by how many lines are the same, and the first line that is not."""
    head = _head(path, number, hunk, code)
    block = old_block(hunk)
    best = _best(block, lines)
    if best is None:
        return f"{head} None of its context and removed lines is in the file. Copy them from the file as shown."
    wrong = next((n for n, line in enumerate(block) if _at(lines, best + n) != line), 0)
    nth = [n for n, (sign, _) in enumerate(hunk.lines, 1) if sign != "+"][wrong]
    theirs = _at(lines, best + wrong)
    shown = f'file {best + wrong + 1}: "{_cut(theirs)}"' if theirs is not None else "the file ends before it"
    return (
        f"{head} Your line {nth} of the hunk differs from the file:\n"
        f'  patch: "{_cut(block[wrong])}"\n  {shown}\n'
        f"The file around line {best + wrong + 1} is now:\n{_numbered(lines, best + wrong)}"
    )


def _best(block: Sequence[str], lines: Lines) -> int | None:
    votes: Counter[int] = Counter()
    for number, line in enumerate(block):
        places = lines.find([line], Level.INDENTATION) if line.strip() else []
        if len(places) <= _COMMON:
            votes.update(at - number for at in places)
    return max(votes, key=lambda at: (votes[at], -at)) if votes else None


def ambiguous(path: str, number: int, hunk: Hunk, found: Sequence[Found], lines: Lines) -> Failure:
    at = [one.at for one in found]
    named = ", ".join(str(n + 1) for n in at[:NAMED]) + (f" and {len(at) - NAMED} more" if len(at) > NAMED else "")
    hints = [
        f"for line {n + 1}, line {line + 1} `{_cut(lines.words[line].strip())}`"
        for n in at[:NAMED]
        if (line := _telling(n, len(old_block(hunk)), at, lines)) is not None
    ]
    hint = f" Lines that tell them apart: {'; '.join(hints)}." if hints else ""
    message = (
        f"{_head(path, number, hunk, Code.AMBIGUOUS)} It matches at lines {named}. "
        f"Add unchanged lines around it until only one place fits.{hint}"
    )
    return Failure(Code.AMBIGUOUS, message, path, number)


def _telling(at: int, size: int, places: Sequence[int], lines: Lines) -> int | None:
    """The nearest line which, with all between, makes the block at one place unlike that at all others."""
    for sign, edge in ((-1, 0), (1, size - 1)):
        others = [other for other in places[:_COMMON] if other != at]
        for distance in range(1, 2 * AROUND + 30):
            step = edge + sign * distance
            words = _at(lines, at + step)
            if words is None:
                break
            others = [other for other in others if _at(lines, other + step) == words]
            if not others:
                return at + step
    return None


def _at(lines: Lines, number: int) -> str | None:
    return lines.words[number] if 0 <= number < len(lines) else None


def _head(path: str, number: int, hunk: Hunk, code: Code) -> str:
    where = f" (line {hunk.source_line} of the reply)" if hunk.source_line else ""
    return f"hunk {number} of {path}{where}: {code.upper()}."


def _numbered(lines: Lines, at: int) -> str:
    around = range(max(0, at - AROUND), min(len(lines), at + AROUND + 1))
    return "\n".join(f"{n + 1:>5}|{_cut(lines.words[n])}" for n in around)


def _cut(line: str) -> str:
    return line if len(line) <= LINE_LIMIT else line[:LINE_LIMIT] + "…"

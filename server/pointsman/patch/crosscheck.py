"""A second opinion on what was read: unidiff, which is strict, must read the same lines.

It cannot be the reader of model output, since it drops hunks of malformed diffs without a word. But of a reply that it
takes and gives back letter by letter its reading is as good as ours, and if the two differ, the reply has two meanings.
Of any other reply, our reading written down canonically must be one that it takes exactly.
"""

import re
from collections.abc import Iterable, Sequence

from pointsman.patch.codes import Code
from pointsman.patch.fences import Block
from pointsman.terms import Hunk, Reject

_HEAD = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
Rows = list[list[tuple[str, str]]]


def contradiction(blocks: Sequence[Block], hunks: Sequence[Hunk], *, strict: bool) -> Reject | None:
    """A Reject if unidiff does not read the same hunks; None if the two agree.

    `strict` tells that a reader that trusts counts may take the reply as it is.
    """
    ours: Rows = [list(hunk.lines) for hunk in hunks]
    if strict:
        text = "\n".join([*(line for block in blocks for line in block.lines), ""])
        theirs, files = _strict(text)
        if theirs == ours:
            return None
        if theirs is not None and str(files) == _counted(text):
            why = "a line looks like a header"
            return Reject(Code.TWO_READINGS, f"The patch can be read in two ways: {why}. Write it in another way.")
    if _strict(_canonical(hunks))[0] != ours:
        return Reject(Code.INTERNAL, "The patch could not be read reliably. Send it again with plain lines.")
    return None


def _counted(text: str) -> str:
    """The text with the counts of one that may be left out of a hunk's header."""
    return _HEAD.sub(lambda head: f"@@ -{head[1]},{head[2] or 1} +{head[3]},{head[4] or 1} @@", text)


def _strict(text: str) -> tuple[Rows | None, object]:
    """The hunks as unidiff reads them, None if it does not; and its own patch, which can be written down again."""
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    try:
        files = PatchSet(text)
    except (UnidiffParseError, ValueError, IndexError):
        return None, None
    read = [[(line.line_type, line.value) for line in hunk] for file in files for hunk in file]
    rows = [[(sign, words.removesuffix("\n")) for sign, words in hunk if sign != "\\"] for hunk in read]
    return rows, files


def _canonical(hunks: Iterable[Hunk]) -> str:
    parts = ["--- a/file\n+++ b/file\n"]
    at = 1
    for hunk in hunks:
        old = sum(sign != "+" for sign, _ in hunk.lines)
        new = sum(sign != "-" for sign, _ in hunk.lines)
        parts.append(f"@@ -{at},{old} +{at},{new} @@\n")
        parts += (f"{sign}{words}\n" for sign, words in hunk.lines)
        at += max(old, new) + 1
    return "".join(parts)

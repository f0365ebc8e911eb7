"""A second opinion on what was read: unidiff, which is strict, must read the same hunks.

It cannot be the reader of model output, since it drops hunks of malformed diffs without a word. But of a reply that it
takes and gives back letter by letter its reading is as good as ours, and if the two differ, the reply has two meanings.
Of any other reply, our reading written down canonically must be one that it takes exactly.

It is asked how many lines each hunk has, and how many of them are removed and added. That is enough, and a third of the
work: a line that starts with @@ begins a hunk for both readers, and a hunk is the lines that follow, without a gap.
"""

import re
from collections.abc import Iterable, Sequence

from pointsman.patch.codes import Code
from pointsman.patch.fences import Block
from pointsman.terms import Hunk, Reject

_HEAD = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
Sizes = list[tuple[int, int, int]]
"""Of each hunk the lines that are unchanged, removed and added."""


def contradiction(blocks: Sequence[Block], hunks: Sequence[Hunk], *, strict: bool) -> Reject | None:
    """A Reject if unidiff does not read the same hunks; None if the two agree.

    `strict` tells that a reader that trusts counts may take the reply as it is.
    """
    ours = [_size(hunk) for hunk in hunks]
    if strict:
        lines = [f"{line}\n" for block in blocks for line in block.lines]
        theirs = _sizes(lines)
        if theirs == ours:
            return None
        if theirs is not None and _given_back(lines):
            why = "a line looks like a header"
            return Reject(Code.TWO_READINGS, f"The patch can be read in two ways: {why}. Write it in another way.")
    if _sizes(_canonical(hunks, ours)) != ours:
        return Reject(Code.INTERNAL, "The patch could not be read reliably. Send it again with plain lines.")
    return None


def _size(hunk: Hunk) -> tuple[int, int, int]:
    signs = [sign for sign, _ in hunk.lines]
    removed, added = signs.count("-"), signs.count("+")
    return len(signs) - removed - added, removed, added


def _sizes(lines: Iterable[str]) -> Sizes | None:
    """The hunks as unidiff reads them; None if it does not."""
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    try:
        files = PatchSet(lines, metadata_only=True)
    except (UnidiffParseError, ValueError, IndexError):
        return None
    return [(hunk.source_length - hunk.removed, hunk.removed, hunk.added) for file in files for hunk in file]


def _given_back(lines: Sequence[str]) -> bool:
    """Whether unidiff, which then has lost nothing, writes down what it read, but for a count that may be left out."""
    from unidiff.patch import PatchSet

    text = "".join(lines)
    return str(PatchSet(text)) == _HEAD.sub(lambda h: f"@@ -{h[1]},{h[2] or 1} +{h[3]},{h[4] or 1} @@", text)


def _canonical(hunks: Sequence[Hunk], sizes: Sizes) -> Iterable[str]:
    yield "--- a/file\n"
    yield "+++ b/file\n"
    at = 1
    for hunk, (kept, removed, added) in zip(hunks, sizes, strict=True):
        yield f"@@ -{at},{kept + removed} +{at},{kept + added} @@\n"
        yield from (f"{sign}{words}\n" for sign, words in hunk.lines)
        at += kept + max(removed, added) + 1

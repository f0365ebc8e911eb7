"""What a patch of a task may not do although it applies: rewrite a whole file, or take a license away."""

import re

from pointsman.terms import FileSet, Reject
from pointsman.text import Snapshot

WHOLE_LINES = 40
WHOLE_SHARE = 0.6
_LICENSE = re.compile(r"copyright|licen[sc]e|spdx|all rights reserved", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*(#|//|/\*|\*|<!--|--|;|%|\"\"\"|'''|$)")


def broken_rule(candidate: FileSet, *, whole_file: bool = False) -> Reject | None:
    """The first rule a candidate breaks. `whole_file` allows most of a file to be rewritten."""
    for change in candidate.changes:
        if change.before is None or change.after is None:
            continue
        if not whole_file and (share := rewritten(change.before, change.after, sum(len(e.span) for e in change.edits))):
            message = f"The patch rewrites {share:.0%} of {change.path}. Change only what the task needs."
            return Reject("whole_file", message)
        if lost := license_lost(change.before.text, change.after):
            return Reject("license_header", f"The patch drops the license header of {change.path}: {lost!r}. Keep it.")
    return None


def rewritten(before: Snapshot, after: str, replaced: int) -> float:
    """The share of a longer file that is replaced, where it is more than a patch should; 0 otherwise."""
    if before.line_count <= WHOLE_LINES or not before.text:
        return 0.0
    share = replaced / len(before.text)
    return share if share > WHOLE_SHARE and after != before.text else 0.0


def license_lost(before: str, after: str) -> str:
    """A line of the leading comment that speaks of a license and is gone; empty if there is none."""
    for line in before.split("\n"):
        if not _COMMENT.match(line):
            break
        if _LICENSE.search(line) and line.strip() not in after:
            return line.strip()
    return ""

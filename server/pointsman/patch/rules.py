"""What a patch of a task may not do although it applies: rewrite a whole file, or take a license away."""

import re
from dataclasses import replace

from pointsman.patch.codes import Code
from pointsman.terms import FileChange, FileSet, Reject

WHOLE_LINES = 40
"""A file of up to this many lines may be rewritten."""
WHOLE_SHARE = 0.6
_LICENSE = ("copyright", "license", "licence", "spdx", "all rights reserved")
_COMMENT = re.compile(r"^\s*(#|//|/\*|\*|<!--|--|;|%|\"\"\"|'''|$)")
_BLOCK = re.compile(r"^\s*(?P<open>/\*|<!--|\"\"\"|''')")
_CLOSING = {"/*": "*/", "<!--": "-->", '"""': '"""', "'''": "'''"}
_HEADER = 8_000
"""Characters that are looked at for a license."""


def broken_rule(candidate: FileSet, *, whole_file: bool = False) -> Reject | None:
    """The first rule a candidate breaks. `whole_file` allows most of a file to be rewritten."""
    for change in candidate.changes:
        share = rewritten(change)
        if share > WHOLE_SHARE and not whole_file:
            message = f"The patch rewrites {share:.0%} of {change.path}. Change only the lines that the task needs."
            return Reject(Code.WHOLE_FILE, message)
        if lost := license_lost(change):
            return Reject(
                Code.LICENSE_HEADER, f"The patch drops the license header of {change.path}: {lost!r}. Keep it."
            )
    return None


def rewritten(change: FileChange) -> float:
    """The share of a longer file's lines that are replaced or removed; 0 where it cannot be too large."""
    if change.before is None or change.after is None:
        return 0.0
    text = change.before.text
    touched = sum(max(1, text.count("\n", edit.span.start, edit.span.end)) for edit in change.edits if len(edit.span))
    lines = text.count("\n") if touched > WHOLE_LINES * WHOLE_SHARE else 0
    return touched / lines if lines > WHOLE_LINES else 0.0


def license_lost(change: FileChange) -> str:
    """A line of the leading comment that speaks of a license, if there are fewer of them afterwards; else empty."""
    before = change.before
    if not change.edits or change.edits[0].span.start > _HEADER:
        return ""
    if before is None or change.after is None:
        return ""
    old = _license(before.text)
    new = _license(change.after) if old else []
    if len(new) >= len(old):
        return ""
    return next((line for line in old if line not in new), old[0])


def _speaks(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _LICENSE)


def _license(text: str) -> list[str]:
    """The lines of the leading comment that speak of a license."""
    found: list[str] = []
    closing = ""
    head = text.removeprefix("\ufeff")[:_HEADER]
    for line in head.split("\n") if _COMMENT.match(head) or head.startswith("<?") else ():
        if not closing and not _COMMENT.match(line) and not line.startswith("<?"):
            break
        if _speaks(line):
            found.append(line.strip())
        opened = _BLOCK.match(line) if not closing else None
        if opened:
            closing = _CLOSING[opened["open"]]
        if closing and closing in (line[opened.end() :] if opened else line):
            closing = ""
    return found


def warned(candidate: FileSet) -> FileSet:
    """The candidate with a warning for a rule it breaks, where no task says what is allowed."""
    broken = broken_rule(candidate)
    return (
        replace(candidate, warnings=(*candidate.warnings, f"{broken.code}: {broken.message}")) if broken else candidate
    )

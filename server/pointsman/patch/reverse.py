"""A patch turned round: what takes it back."""

from dataclasses import replace

from pointsman.patch.codes import Code
from pointsman.patch.lines import Lines
from pointsman.patch.match import new_block
from pointsman.terms import FilePatch, Hunk, Operation, Patch, Reject

_TURNED = {" ": " ", "-": "+", "+": "-"}


def reverse(patch: Patch) -> Patch | Reject:
    """The patch that undoes one; a Reject if it does not say what it took away."""
    files = []
    for file in patch.files:
        turned = _file(file)
        if isinstance(turned, Reject):
            return turned
        files.append(turned)
    return Patch(tuple(files), patch.notes)


def _file(file: FilePatch) -> FilePatch | Reject:
    if file.operation is Operation.CREATE:
        return _deletion(file)
    if file.operation is Operation.DELETE:
        return _creation(file)
    hunks = _hunks(file.hunks)
    if file.operation is Operation.RENAME:
        return replace(file, path=file.new_path, new_path=file.path, hunks=hunks, also=())
    return replace(file, hunks=hunks, content=None)


def _deletion(file: FilePatch) -> FilePatch:
    lines = Lines(file.content or "")
    rows = tuple(("-", words) for words in lines.words)
    hunks = (Hunk(rows, 1, old_no_newline=not lines.ended),) if rows else ()
    return FilePatch(file.path, Operation.DELETE, hunks, content=None if rows else "", also=file.also)


def _creation(file: FilePatch) -> FilePatch | Reject:
    if not file.hunks and file.content is None:
        return Reject(Code.UNSUPPORTED, f"The patch does not say what was in {file.path}, so it cannot be taken back.")
    words = [line for hunk in file.hunks for line in new_block(replace(hunk, lines=_turned(hunk.lines)))]
    ended = bool(words) and not file.hunks[-1].old_no_newline
    return FilePatch(file.path, Operation.CREATE, content="\n".join(words) + "\n" * ended)


def _hunks(hunks: tuple[Hunk, ...]) -> tuple[Hunk, ...]:
    """The hunks turned round; their numbers count the lines that those above them add and remove."""
    turned = []
    for hunk in hunks:
        above = [other for other in hunks if other.line and hunk.line and other.line < hunk.line]
        grown = sum((sign == "+") - (sign == "-") for other in above for sign, _ in other.lines)
        turned.append(
            replace(
                hunk,
                lines=_turned(hunk.lines),
                longer=_turned(hunk.longer),
                line=None if hunk.line is None else hunk.line + grown,
                old_no_newline=hunk.new_no_newline,
                new_no_newline=hunk.old_no_newline,
            )
        )
    return tuple(turned)


def _turned(lines: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Removed lines first in each group, as a diff has them."""
    rows: list[tuple[str, str]] = []
    added: list[tuple[str, str]] = []
    for sign, text in (*lines, (" ", "")):
        if sign == " ":
            rows += added
            added = []
        (added if sign == "-" else rows).append((_TURNED[sign], text))
    return tuple(rows[:-1])

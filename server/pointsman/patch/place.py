"""A patch onto the files it was written for: all of it, or nothing.

It is placed on the snapshots the model saw. A hunk applies only where it fits uniquely (see `match` and `assign`); one
that fits nowhere, or in two places, rejects the whole patch with the real lines, for every hunk that failed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pointsman.errors import Missing, NotText, Unsafe
from pointsman.patch import diagnose
from pointsman.patch.assign import Taken, assign
from pointsman.patch.codes import Broken, Code
from pointsman.patch.diagnose import Failure
from pointsman.patch.lines import Lines
from pointsman.patch.match import Candidates, Found, candidates, old_block
from pointsman.patch.names import checked
from pointsman.patch.scope import above
from pointsman.patch.selfcheck import flaw
from pointsman.patch.splice import Change, Misfit, changes, joined, overlapping
from pointsman.terms import FileChange, FilePatch, Files, FileSet, Hunk, Operation, Patch, Placed, Reject
from pointsman.text import Snapshot, apply

MANY = 16
"""Hunks from which on a table of a file's lines costs less than searching it."""


@dataclass(slots=True)
class _Placement:
    """What came of the files so far."""

    files: Files
    changes: list[FileChange] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)

    def fail(self, code: Code, message: str) -> None:
        self.failed.append(Failure(code, message))


def place(patch: Patch, files: Files, *, known: Iterable[str] = ()) -> FileSet | Reject:
    """The patch as edits of `files`. Nothing is read before every path is judged by its letters.

    `known` are paths of the workspace, for the hint that a wrong path gets.
    """
    try:
        for file in patch.files:
            for path in (file.path, file.new_path, *file.also):
                if path or path is file.path:
                    checked(path)
    except Broken as broken:
        return Reject(broken.code, broken.message)
    placement = _Placement(files)
    for file in patch.files:
        _file(file, placement, known)
    if placement.failed:
        return diagnose.reject(patch, placement.failed)
    if not any(_differs(change) for change in placement.changes):
        return Reject(Code.NO_CHANGE, "The patch changes nothing: every file is as it would be afterwards.")
    return FileSet(tuple(placement.changes), tuple(placement.placed), patch.notes)


def _differs(change: FileChange) -> bool:
    return bool(change.before is None or change.new_path or change.after != change.before.text)


def _file(file: FilePatch, placement: _Placement, known: Iterable[str]) -> None:
    try:
        _operate(file, placement, known)
    except Unsafe as error:
        placement.fail(Code.PATH, error.user_message)
    except NotText as error:
        placement.fail(Code.BINARY, error.user_message)
    except Missing:
        placement.failed.append(diagnose.no_such_file(file.path, known))


def _operate(file: FilePatch, placement: _Placement, known: Iterable[str]) -> None:
    files = placement.files
    if file.operation is Operation.CREATE:
        _create(file, placement)
        return
    there = [path for path in (file.path, *file.also) if files.exists(path)]
    if len(there) > 1:
        placement.fail(Code.PATH, f"{' and '.join(there)} both exist. Write the path with git's a/ and b/ before it.")
    elif not there and file.operation is Operation.MODIFY and file.content is not None:
        _create(file, placement)
    elif not there:
        placement.failed.append(diagnose.no_such_file(file.path, known))
    elif file.operation is Operation.DELETE:
        _delete(file, there[0], placement)
    elif file.new_path and files.exists(file.new_path):
        placement.fail(Code.EXISTS, f"{file.new_path} exists; a rename cannot replace it.")
    else:
        _modify(file, there[0], placement)


def _create(file: FilePatch, placement: _Placement) -> None:
    if placement.files.exists(file.path):
        placement.fail(Code.EXISTS, f"{file.path} exists. Change it with hunks instead of creating it.")
        return
    placement.changes.append(FileChange(file.path, None, file.content or ""))
    placement.placed.append(Placed(file.path, 0, 1, "created"))


def _delete(file: FilePatch, path: str, placement: _Placement) -> None:
    """A diff that deletes a file must say all of its lines: the model saw what it takes away."""
    before = placement.files.read(path)
    if file.hunks or file.content is not None:
        said = [line.rstrip() for hunk in file.hunks for line in old_block(hunk)]
        if said != [line.rstrip() for line in Lines(before.text).words]:
            placement.fail(Code.DELETE_MISMATCH, f"The lines removed from {path} are not exactly all of its lines.")
            return
    placement.changes.append(FileChange(path, before, None))
    placement.placed.append(Placed(path, 0, 1, "deleted"))


def _modify(file: FilePatch, path: str, placement: _Placement) -> None:
    before = placement.files.read(path)
    lines = Lines(before.text)
    if len(file.hunks) > MANY:
        lines.index()
    taken = _places(file, path, lines, placement)
    if taken is None:
        return
    made: list[Change] = []
    for number, (hunk, one) in enumerate(zip(file.hunks, taken, strict=True), 1):
        try:
            made += changes(hunk, one.found, lines, marked=before.bom)
        except Misfit as misfit:
            placement.failed.append(diagnose.misfit(path, number, hunk, misfit.line))
            return
        how = f"{one.found.level.words}, {one.told}" if old_block(hunk) else "the end" if hunk.at_end else "line number"
        placement.placed.append(Placed(path, number, one.found.at + 1, how))
    if not file.hunks:
        placement.placed.append(Placed(path, 0, 1, "renamed"))
    made.sort(key=lambda change: (change.first, change.last))
    if touching := overlapping(made):
        placement.failed.append(diagnose.overlap(path, touching.first))
        return
    change = _change(file, path, before, made)
    if wrong := flaw(change, lines, made):
        placement.fail(Code.INTERNAL, f"The result for {path} was refused by the check of our own work: {wrong}.")
    placement.changes.append(change)


def _change(file: FilePatch, path: str, before: Snapshot, made: Sequence[Change]) -> FileChange:
    edits = joined(before.text, made)
    try:
        after = apply(before.text, edits)
    except ValueError:
        after = ""  # the self-check will not let it pass
    return FileChange(path, before, after, edits, file.new_path)


def _places(file: FilePatch, path: str, lines: Lines, placement: _Placement) -> list[Taken] | None:
    """The place of every hunk; None if one has none, and all that have none are told."""
    memo: dict[tuple[str, ...], Candidates] = {}
    places: list[tuple[Found, ...]] = []
    failed = len(placement.failed)
    for number, hunk in enumerate(file.hunks, 1):
        block = tuple(old_block(hunk))
        if block not in memo:
            memo[block] = candidates(block, lines)
        found = _possible(hunk, block, memo[block].places, lines)
        if not found:
            placement.failed.append(diagnose.nowhere(path, number, hunk, memo[block], lines))
        places.append(found)
    if len(placement.failed) > failed:
        return None
    taken = assign(file.hunks, places, lines)
    for number, (hunk, one) in enumerate(zip(file.hunks, taken, strict=True), 1):
        if one is None:
            placement.failed.append(diagnose.ambiguous(path, number, hunk, places[number - 1], lines))
    numbered = _exactly_numbered(file.hunks, taken)
    for number, hunk in enumerate(file.hunks, 1):
        if len(lines) and not old_block(hunk) and not hunk.at_end and not numbered:
            placement.failed.append(diagnose.numberless(path, number, hunk))
    return [one for one in taken if one] if len(placement.failed) == failed else None


def _exactly_numbered(hunks: Sequence[Hunk], taken: Sequence[Taken | None]) -> bool:
    """Whether every number of the patch is right, so that one that cannot be verified may be believed."""
    return all(
        one is None or hunk.line is None or one.found.at + 1 == hunk.line
        for hunk, one in zip(hunks, taken, strict=True)
    )


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

"""A patch onto the files it was written for: all of it, or nothing.

It is placed on the snapshots the model saw. A hunk applies only where it fits uniquely (see `match` and `assign`); one
that fits nowhere, or in two places, rejects the whole patch with the real lines, for every hunk that failed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pointsman.errors import Missing, NotText, Unsafe
from pointsman.patch import diagnose
from pointsman.patch.codes import Broken, Code
from pointsman.patch.diagnose import Failure
from pointsman.patch.fit import Fitted, fit, unsure_indentation
from pointsman.patch.lines import Lines
from pointsman.patch.match import old_block
from pointsman.patch.names import checked
from pointsman.patch.selfcheck import flaw
from pointsman.patch.splice import Change, Misfit, changes, joined, overlapping
from pointsman.terms import FileChange, FilePatch, Files, FileSet, Operation, Patch, Placed, Reject
from pointsman.text import Snapshot, apply


@dataclass(slots=True)
class _Placement:
    """What came of the files so far."""

    files: Files
    changes: list[FileChange] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    fitted: list[Fitted] = field(default_factory=list)
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
    placement.failed += unsure_indentation(placement.fitted)
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
    fitted, failed = fit(file.hunks, path, lines)
    placement.failed += failed
    if failed:
        return
    made: list[Change] = []
    for one in fitted:
        try:
            made += changes(one.hunk, one.found, lines, marked=before.bom)
        except Misfit as misfit:
            placement.failed.append(diagnose.misfit(path, one.number, one.hunk, misfit.line))
            return
    placement.fitted += fitted
    placement.placed += [one.placed() for one in fitted] or [Placed(path, 0, 1, "renamed")]
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
    replaced = tuple(each.edit.span for each in made if len(each.edit.span))
    return FileChange(path, before, after, edits, file.new_path, replaced)

"""A patch onto the files it was written for: all of it, or nothing.

It is placed on the snapshots the model saw. A hunk applies only where it fits uniquely (see `match` and `assign`); one
that fits nowhere, or in two places, rejects the whole patch with the real lines, for every hunk that failed.
"""

from collections.abc import Sequence
from itertools import pairwise

from pointsman.errors import Missing, NotText, Unsafe
from pointsman.files.paths import refusal
from pointsman.patch import diagnose
from pointsman.patch.assign import assign
from pointsman.patch.groups import Group, edit, file_lines, groups
from pointsman.patch.match import LEVELS, NONE, Found, candidates, new_block, old_block
from pointsman.terms import FileChange, FilePatch, Files, FileSet, Hunk, Operation, Patch, Placed, Reject
from pointsman.text import Edit, Snapshot, Span, apply

SHOWN = 5
"""Failing hunks that are explained in one answer."""


def place(patch: Patch, files: Files) -> FileSet | Reject:
    """The patch as edits of `files`. Nothing is read before every path is judged by its letters."""
    for file in patch.files:
        for path in (file.path, file.new_path):
            if path and (why := refusal(path)):
                return Reject(
                    "path", f"The path {path!r} is refused: {why}. Name files relative to the workspace's root."
                )
    changes: list[FileChange] = []
    placed: list[Placed] = []
    failed: list[tuple[str, str]] = []
    for file in patch.files:
        try:
            result = _file(file, files, placed)
        except (Unsafe, NotText, Missing) as error:
            code = {Unsafe: "path", NotText: "binary", Missing: "no_such_file"}[type(error)]
            result = [(code, error.user_message)]
        if isinstance(result, FileChange):
            changes.append(result)
        else:
            failed += result
    if failed:
        return _reject(failed, sum(max(1, len(file.hunks)) for file in patch.files))
    touched = [path for change in changes for path in (change.path, change.new_path) if path]
    if len(touched) != len(set(touched)):
        return Reject("overlap", "The patch changes one file in two ways. Put all of a file's hunks under one header.")
    return FileSet(tuple(changes), tuple(placed), patch.notes)


Failures = list[tuple[str, str]]


def _file(file: FilePatch, files: Files, placed: list[Placed]) -> FileChange | Failures:
    if file.operation is Operation.CREATE:
        return _create(file, files)
    if not files.exists(file.path):
        return [("no_such_file", f"There is no file {file.path}. Use the paths as they are shown, from the root.")]
    before = files.read(file.path)
    if file.operation is Operation.DELETE:
        return _delete(file, before)
    if file.new_path and files.exists(file.new_path):
        return [("exists", f"{file.new_path} exists; a rename cannot replace it.")]
    if file.operation is Operation.RENAME and not file.hunks:
        return FileChange(file.path, before, before.text, (), file.new_path)
    edits = _modify(file, before, placed)
    if isinstance(edits, list):
        return edits
    after = apply(before.text, edits)
    if after == before.text and not file.new_path:
        return [("no_change", f"The patch leaves {file.path} as it is.")]
    return FileChange(file.path, before, after, edits, file.new_path)


def _create(file: FilePatch, files: Files) -> FileChange | Failures:
    if files.exists(file.path):
        return [("exists", f"{file.path} exists. Change it with hunks instead of creating it.")]
    return FileChange(file.path, None, file.content or "")


def _delete(file: FilePatch, before: Snapshot) -> FileChange | Failures:
    """A diff that deletes a file must say all of its lines: the model saw what it takes away."""
    said = [text for hunk in file.hunks for text in old_block(hunk)]
    if file.hunks and [line.rstrip() for line in said] != [line.rstrip() for line in file_lines(before)]:
        return [("delete_mismatch", f"The lines removed from {file.path} are not all of its lines.")]
    return FileChange(file.path, before, None)


def _modify(file: FilePatch, before: Snapshot, placed: list[Placed]) -> tuple[Edit, ...] | Failures:
    lines = file_lines(before)
    found: list[list[Found]] = []
    levels: list[int] = []
    failed: Failures = []
    for number, hunk in enumerate(file.hunks):
        level, places = _candidates(hunk, lines, before)
        levels.append(level)
        found.append(places)
        if not places:
            failed.append(_missing(file.path, number, hunk, lines))
    if failed:
        return failed
    taken = assign(file.hunks, found, lines)
    for number, (hunk, place_) in enumerate(zip(file.hunks, taken, strict=True)):
        if place_ is None:
            failed.append(("ambiguous", diagnose.ambiguous(file.path, number, hunk, found[number], lines)))
        else:
            how = f"{LEVELS[levels[number]]}, {place_[1]}"
            placed.append(Placed(file.path, number + 1, place_[0].at + 1, how))
    if failed:
        return failed
    return _edits(file, before, [place_[0] for place_ in taken if place_], lines)


def _candidates(hunk: Hunk, lines: Sequence[str], before: Snapshot) -> tuple[int, list[Found]]:
    block = old_block(hunk)
    if block:
        return candidates(block, lines)
    # Pure insertions say nothing about where they belong, but for an empty file and its one place.
    return 0, [Found(0, NONE)] if not before.text else []


def _missing(path: str, number: int, hunk: Hunk, lines: Sequence[str]) -> tuple[str, str]:
    if not old_block(hunk):
        message = f"hunk {number + 1} of {path} has no context: it does not say where it belongs. Add unchanged lines."
        return "insert_without_context", message
    if candidates(new_block(hunk), lines)[1]:
        return "already_applied", f"hunk {number + 1} of {path}: its new lines are in the file already."
    return "no_match", diagnose.no_match(path, number, hunk, lines)


def _edits(
    file: FilePatch, before: Snapshot, places: Sequence[Found], lines: Sequence[str]
) -> tuple[Edit, ...] | Failures:
    """The edits of all hunks; none may touch what another changes."""
    made: list[tuple[Group, Edit]] = []
    for hunk, found in zip(file.hunks, places, strict=True):
        made += [(group, edit(before, group, lines, hunk)) for group in groups(hunk, found)]
    made.sort(key=lambda pair: (pair[0].first, pair[0].last))
    for (one, _), (other, _) in pairwise(made):
        if other.first < one.last or (other.first, other.last) == (one.first, one.last):
            return [("overlap", f"Two hunks of {file.path} change line {other.first + 1}. Make them one hunk.")]
    return tuple(trimmed for _, change in made if (trimmed := _trim(before.text, change)))


def _trim(text: str, change: Edit) -> Edit | None:
    """The edit without the lines at its ends that stay the same; None if nothing is left."""
    old = _with_ends(text[change.span.start : change.span.end])
    new = _with_ends(change.new)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    start = change.span.start + sum(map(len, old[:head]))
    end = change.span.end - sum(map(len, old[len(old) - tail :]))
    words = "".join(new[head : len(new) - tail])
    return Edit(Span(start, end), words) if words or end > start else None


def _with_ends(text: str) -> list[str]:
    snapshot = Snapshot("", None, text)
    return [text[a:b] for a, b in pairwise((*snapshot.starts, len(text))) if b > a]


def _reject(failed: Failures, hunks: int) -> Reject:
    shown = "\n\n".join(message for _, message in failed[:SHOWN])
    more = f"\n\n… and {len(failed) - SHOWN} more." if len(failed) > SHOWN else ""
    head = f"Nothing was applied: {len(failed)} of {hunks} parts of the patch failed."
    tail = "Send the whole patch again in the same form. Copy context and removed lines from the file exactly."
    return Reject(failed[0][0], f"{head}\n\n{shown}{more}\n\n{tail}")

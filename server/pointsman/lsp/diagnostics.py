"""The findings we show: each problem with where it comes from, published in full for each document.

They come from two sides. A task that leaves failures shows those of its candidate, as information only, for the text on
the screen does not have them yet; once the edit is in, they are what the tool says they are. A run of the checks shows
what it finds in the buffers. Either is about a text that was, not about what is typed next: findings on edited lines go
as soon as the document changes there, the others move along.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lsprotocol import types as lsp

from pointsman.files.buffers import Buffers
from pointsman.files.paths import from_uri, relative
from pointsman.lsp.problems import to_diagnostic
from pointsman.terms import Problem, Severity
from pointsman.text import Edit, Encoding, Snapshot, Span, carry

PER_FILE = 100
Publish = Callable[[lsp.PublishDiagnosticsParams], None]
Read = Callable[[str], Snapshot]
"""The text of a document that may not be open."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem on show, and the task whose dialogue knows of it ("" for a plain run of the checks).

    `root` is the folder that its paths are in. `candidate` tells that it is about an edit that is not applied.
    """

    problem: Problem
    task: str = ""
    root: str = ""
    candidate: bool = False


class Board:
    """What is published, by URI. `related` tells that the client shows related places by itself."""

    def __init__(self, buffers: Buffers, encoding: Encoding, publish: Publish, *, related: bool = False) -> None:
        self._buffers = buffers
        self._encoding = encoding
        self._publish = publish
        self._related = related
        self._shown: dict[str, list[Finding]] = {}

    def show(self, task: str, findings: Mapping[str, Sequence[Finding]], read: Read) -> None:
        """Show what a task left, instead of what it left before."""
        self._exchange(lambda finding: finding.task == task, findings, read)

    def replace(self, root: str, findings: Mapping[str, Sequence[Finding]], read: Read) -> None:
        """Show what a run found in a folder, instead of what was known of its buffers; candidates stay as they are."""
        self._exchange(lambda finding: finding.root == root and not finding.candidate, findings, read)

    def forget(self, root: str) -> None:
        """A folder was closed."""
        self._exchange(lambda finding: finding.root == root, {}, lambda uri: Snapshot(uri, None, ""))

    def renamed(self, old: str, new: str) -> None:
        """A document, or all those of a folder, have another address."""
        for uri in [uri for uri in self._shown if uri == old or uri.startswith(f"{old.rstrip('/')}/")]:
            target, found = new.rstrip("/") + uri[len(old.rstrip("/")) :], self._shown.pop(uri)
            self._publish(lsp.PublishDiagnosticsParams(uri, []))
            paths = (_below(target, finding.root) for finding in found)
            moved = [
                replace(finding, problem=replace(finding.problem, path=path))
                for finding, path in zip(found, paths, strict=True)
                if path
            ]
            if moved:
                self._shown[target] = moved
                self._send(target, self._buffers.get(target) or Snapshot(target, None, ""))

    def clear_task(self, task: str) -> None:
        self._exchange(lambda finding: finding.task == task, {}, lambda uri: Snapshot(uri, None, ""))

    def moved(self, uri: str, before: Snapshot, edits: Sequence[Edit]) -> None:
        """The document was edited: drop what was touched, shift what lies below. Mostly that is nothing."""
        found = self._shown.get(uri, [])
        moved = carried(found, before, edits) if found else found
        if moved != found:
            self._shown[uri] = moved
            self._send(uri, self._buffers.get(uri) or before)

    def on_lines(self, uri: str, snapshot: Snapshot, span: Span) -> list[Problem]:
        """The problems on the lines that a span touches; one without a line is shown on the first."""
        first, last = snapshot.line_at(span.start) + 1, snapshot.line_at(span.end) + 1
        return [f.problem for f in self._shown.get(uri, ()) if first <= (f.problem.line or 1) <= last]

    def shows(self, problem: Problem) -> bool:
        return any(f.problem == problem for found in self._shown.values() for f in found)

    def task_of(self, problem: Problem) -> str:
        return next((f.task for found in self._shown.values() for f in found if f.problem == problem), "")

    def _exchange(self, goes: Callable[[Finding], bool], comes: Mapping[str, Sequence[Finding]], read: Read) -> None:
        """Each document is published once, so that what stays is never taken away in between."""
        for uri in [*comes, *(uri for uri in self._shown if uri not in comes)]:
            old = self._shown.get(uri, [])
            new = [*(finding for finding in old if not goes(finding)), *comes.get(uri, ())][:PER_FILE]
            if new == old:
                continue
            self._shown[uri] = new
            self._send(uri, self._buffers.get(uri) or read(uri))
        self._shown = {uri: found for uri, found in self._shown.items() if found}

    def _send(self, uri: str, snapshot: Snapshot) -> None:
        shown = [self._diagnostic(finding, snapshot) for finding in self._shown.get(uri, ())]
        self._publish(lsp.PublishDiagnosticsParams(uri, shown, snapshot.version))

    def _diagnostic(self, finding: Finding, snapshot: Snapshot) -> lsp.Diagnostic:
        problem = finding.problem
        data = {"task": finding.task, "candidate": finding.candidate, "tool": problem.tool}
        seen = replace(problem, severity=Severity.INFO) if finding.candidate else problem
        return to_diagnostic(seen, snapshot, self._encoding, data, finding.root if self._related else "")


def _below(uri: str, root: str) -> str | None:
    file = from_uri(uri)
    return relative(root, file) if file else None


def carried(findings: Iterable[Finding], before: Snapshot, edits: Sequence[Edit]) -> list[Finding]:
    """Findings about a text, after edits of it made one after another; those on edited lines are gone."""
    found = list(findings)
    for edit in edits:
        after = before.edited(edit, None)
        found = [kept for finding in found if (kept := _shift(finding, before, edit, after))]
        before = after
    return found


def _shift(finding: Finding, before: Snapshot, edit: Edit, after: Snapshot) -> Finding | None:
    """The finding after an edit; None if the edit touched its line."""
    problem = finding.problem
    line = (problem.line or 1) - 1
    span = carry(before.line_span(line), [edit])
    if span is None:
        return None
    by = after.line_at(span.start) - line
    end = problem.end_line + by if problem.end_line else None
    return replace(finding, problem=replace(problem, line=line + by + 1, end_line=end))

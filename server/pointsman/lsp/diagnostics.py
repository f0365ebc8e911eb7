"""The findings we show: each problem with the task that left it, published in full for each document.

Findings are about a candidate or a run, not about what is typed next: those on edited lines go as soon as the
document changes there, the others move along.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lsprotocol import types as lsp

from pointsman.files.buffers import Buffers
from pointsman.lsp.problems import to_diagnostic
from pointsman.terms import Problem
from pointsman.text import Edit, Encoding, Snapshot, Span, apply, carry

PER_FILE = 100
Publish = Callable[[lsp.PublishDiagnosticsParams], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem on show, and the task whose dialogue knows of it ("" for a plain run of the checks)."""

    problem: Problem
    task: str = ""


class Board:
    """What is published, by URI."""

    def __init__(self, buffers: Buffers, encoding: Encoding, publish: Publish) -> None:
        self._buffers = buffers
        self._encoding = encoding
        self._publish = publish
        self._shown: dict[str, list[Finding]] = {}

    def show(self, findings: Mapping[str, Sequence[Finding]], read: Callable[[str], Snapshot]) -> None:
        """Replace all findings of the given documents; `read` gives the text of those that are not open."""
        for uri, found in findings.items():
            self._shown[uri] = list(found[:PER_FILE])
            self._send(uri, self._buffers.get(uri) or read(uri))

    def replace(self, findings: Mapping[str, Sequence[Finding]], read: Callable[[str], Snapshot]) -> None:
        """Show these findings and no others; what is still there is not taken away in between."""
        self.clear(set(self._shown) - set(findings))
        self.show(findings, read)

    def clear(self, uris: Iterable[str] | None = None) -> None:
        for uri in list(self._shown) if uris is None else uris:
            if self._shown.pop(uri, None) is not None:
                self._publish(lsp.PublishDiagnosticsParams(uri, []))

    def clear_task(self, task: str) -> None:
        for uri, found in list(self._shown.items()):
            left = [finding for finding in found if finding.task != task]
            if len(left) < len(found):
                self._shown[uri] = left
                snapshot = self._buffers.get(uri)
                self._send(uri, snapshot) if snapshot and left else self.clear([uri])

    def moved(self, uri: str, before: Snapshot, edits: Sequence[Edit]) -> None:
        """The document was edited: drop what was touched, shift what lies below."""
        found = self._shown.get(uri)
        if not found:
            return
        for edit in edits:
            after = Snapshot(uri, None, apply(before.text, [edit]))
            found = [kept for finding in found if (kept := _shift(finding, before, edit, after))]
            before = after
        self._shown[uri] = found
        now = self._buffers.get(uri)
        if now:
            self._send(uri, now)

    def on_lines(self, uri: str, snapshot: Snapshot, span: Span) -> list[Problem]:
        """The problems on the lines that a span touches."""
        first, last = snapshot.line_at(span.start) + 1, snapshot.line_at(span.end) + 1
        found = self._shown.get(uri, ())
        return [f.problem for f in found if f.problem.line and first <= f.problem.line <= last]

    def shows(self, problem: Problem) -> bool:
        return any(f.problem == problem for found in self._shown.values() for f in found)

    def task_of(self, problem: Problem) -> str:
        return next((f.task for found in self._shown.values() for f in found if f.problem == problem), "")

    def _send(self, uri: str, snapshot: Snapshot) -> None:
        shown = self._shown.get(uri, ())
        diagnostics = [to_diagnostic(f.problem, snapshot, self._encoding, {"task": f.task}) for f in shown]
        self._publish(lsp.PublishDiagnosticsParams(uri, diagnostics, snapshot.version))


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

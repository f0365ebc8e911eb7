"""Diagnostics into problems, and back.

What a client passes on from other servers is untrusted and often odd: severities and tags from nowhere, stale ranges,
megabytes of message. It is clamped to the document and cut here, once.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp

from pointsman.files.paths import to_uri
from pointsman.lsp.code_links import link
from pointsman.lsp.edits import lsp_range
from pointsman.terms import Place, Problem, Severity
from pointsman.text import Encoding, Position, Snapshot

MESSAGE_LIMIT = 2_000
RELATED_LIMIT = 5
OURS = "pointsman:"
"""How the `source` of our own diagnostics begins; the tool's name follows."""

_SEVERITY = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}


def to_problem(diagnostic: lsp.Diagnostic, path: str, snapshot: Snapshot, encoding: Encoding) -> Problem:
    start = snapshot.offset(_position(diagnostic.range.start), encoding)
    end = max(start, snapshot.offset(_position(diagnostic.range.end), encoding))
    line, last = snapshot.line_at(start), snapshot.line_at(end)
    severity = {lsp.DiagnosticSeverity.Error: Severity.ERROR, lsp.DiagnosticSeverity.Warning: Severity.WARNING}
    code = diagnostic.code
    return Problem(
        tool=str(diagnostic.source or "")[:100],
        message=str(diagnostic.message)[:MESSAGE_LIMIT],
        path=path,
        line=line + 1,
        column=start - snapshot.starts[line] + 1,
        end_line=last + 1,
        end_column=end - snapshot.starts[last] + 1,
        severity=severity.get(diagnostic.severity, Severity.INFO) if diagnostic.severity else Severity.ERROR,
        code=None if code is None else str(code)[:100],
        source_line=snapshot.line(line)[:MESSAGE_LIMIT],
    )


def to_diagnostic(
    problem: Problem, snapshot: Snapshot, encoding: Encoding, data: Mapping[str, Any], root: str = ""
) -> lsp.Diagnostic:
    """A finding of our checks as the editor shows it. Without columns, the line from its first character on.

    With a `root`, related places are links below it; else they are told in the message.
    """
    first = snapshot.line_span((problem.line or 1) - 1)
    last = snapshot.line_span((problem.end_line or problem.line or 1) - 1)
    indent = len(snapshot.text[first.start : first.end]) - len(snapshot.text[first.start : first.end].lstrip())
    start = first.start + (problem.column - 1 if problem.column else indent)
    end = last.start + problem.end_column - 1 if problem.end_column else first.end
    start = min(max(start, first.start), first.end)
    places = problem.related[:RELATED_LIMIT]
    related = [] if root else [_related(place) for place in places]
    page = link(problem.tool, problem.code)
    message = problem.message if not problem.test else f"{problem.test}: {problem.message}"
    return lsp.Diagnostic(
        range=lsp_range(snapshot, start, min(max(start, end), last.end), encoding),
        message="\n".join([message[:MESSAGE_LIMIT], *related]),
        severity=_SEVERITY[problem.severity],
        code=problem.code,
        source=f"{OURS}{problem.tool}",
        data=dict(data),
        code_description=lsp.CodeDescription(page) if page else None,
        related_information=[_linked(place, root) for place in places] if root and places else None,
    )


def _linked(place: Place, root: str) -> lsp.DiagnosticRelatedInformation:
    at = lsp.Position(max(0, place.line - 1), 0)
    location = lsp.Location(to_uri(Path(root, place.path)), lsp.Range(at, at))
    return lsp.DiagnosticRelatedInformation(location, place.message[:MESSAGE_LIMIT] or "via here")


def _related(place: Place) -> str:
    return f"via {place.path}:{place.line} {place.message}".rstrip()


def _position(position: lsp.Position) -> Position:
    return Position(max(0, position.line), max(0, position.character))

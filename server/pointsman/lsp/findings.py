"""What is wrong with the configuration, as diagnostics in its files, with the edits that mend it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types as lsp

from pointsman.config.load import Finding
from pointsman.config.source import bytes_of
from pointsman.files.paths import to_uri
from pointsman.lsp.client import Client
from pointsman.lsp.edits import document_edit, lsp_range, text_edits
from pointsman.terms import Severity
from pointsman.text import Encoding, Snapshot

_SEVERITY = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}


@dataclass(frozen=True, slots=True)
class FindingsOf:
    """One file as it was read, and each of its findings with the diagnostic that shows it."""

    snapshot: Snapshot
    found: tuple[tuple[Finding, lsp.Diagnostic], ...]


def by_file(found: Iterable[Finding], encoding: Encoding) -> dict[Path, FindingsOf]:
    """The files that findings are about; those about no file are left to `doctor`."""
    grouped: dict[Path, list[Finding]] = defaultdict(list)
    for finding in found:
        if finding.path is not None:
            grouped[finding.path].append(finding)
    return {path: _findings_of(_read(path), findings, encoding) for path, findings in grouped.items()}


def _findings_of(snapshot: Snapshot, found: Iterable[Finding], encoding: Encoding) -> FindingsOf:
    return FindingsOf(snapshot, tuple((finding, _diagnostic(finding, snapshot, encoding)) for finding in found))


def _diagnostic(finding: Finding, snapshot: Snapshot, encoding: Encoding) -> lsp.Diagnostic:
    start, end = (finding.span.start, finding.span.end) if finding.span else (0, 0)
    return lsp.Diagnostic(
        range=lsp_range(snapshot, start, end, encoding),
        message=f"{finding.message} {finding.hint}".rstrip(),
        severity=_SEVERITY[finding.severity],
        code=finding.code,
        source="pointsman:config",
    )


def quick_fixes(
    shown: FindingsOf, buffer: Snapshot, asked: lsp.Range, encoding: Encoding, client: Client
) -> Iterator[lsp.CodeAction]:
    """The edits for what is wrong in a range. None while the buffer is not what was read: saving it reads it again."""
    if buffer.text != shown.snapshot.text:
        return
    for finding, diagnostic in shown.found:
        if not _meets(diagnostic.range, asked):
            continue
        for fix in finding.fixes:
            edits = text_edits(buffer, (fix.edit,), encoding)
            yield lsp.CodeAction(
                title=fix.title,
                kind=lsp.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                edit=document_edit(buffer, edits, client),
            )


def _meets(one: lsp.Range, other: lsp.Range) -> bool:
    """Whether two ranges have lines in common."""
    return one.start.line <= other.end.line and other.start.line <= one.end.line


def _read(path: Path) -> Snapshot:
    try:
        text = bytes_of(path).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        text = ""
    return Snapshot(to_uri(path), None, text)

"""What is wrong with the configuration, as diagnostics in its files."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types as lsp

from pointsman.config.load import Finding
from pointsman.files.paths import to_uri
from pointsman.lsp.edits import lsp_range
from pointsman.terms import Severity
from pointsman.text import Encoding, Snapshot

_SEVERITY = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}


def by_document(found: Iterable[Finding], encoding: Encoding) -> dict[str, list[lsp.Diagnostic]]:
    """Diagnostics by the URI of the file they are about; findings about no file are left to `doctor`."""
    shown: dict[str, list[lsp.Diagnostic]] = defaultdict(list)
    for finding in found:
        if finding.path is not None:
            snapshot = _read(finding.path)
            start, end = (finding.span.start, finding.span.end) if finding.span else (0, 0)
            shown[snapshot.uri].append(
                lsp.Diagnostic(
                    range=lsp_range(snapshot, start, end, encoding),
                    message=f"{finding.message} {finding.hint}".rstrip(),
                    severity=_SEVERITY[finding.severity],
                    code=finding.code,
                    source="pointsman:config",
                )
            )
    return dict(shown)


def _read(path: Path) -> Snapshot:
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        text = ""
    return Snapshot(to_uri(path), None, text)

"""Python's type checkers, linters and formatters."""

import re

from pointsman.checks import dialects
from pointsman.checks.columns import Columns, Unit
from pointsman.checks.dialects import BYTES, POINTS
from pointsman.checks.matchers import row
from pointsman.checks.outcomes import Exits
from pointsman.checks.readers import both, findings_xml_of, items, or_found, text, tool

_HEAD = r"^(?P<path>[^\s:][^:\n]*?):(?P<line>\d+)(?::(?P<column>\d+))?(?::\d+:\d+)?: (?P<severity>error|warning): (?P<message>.*[^\]\s]) ?$"
_MORE, _LAST = r"^(?!\S+:\d+: )\S.*$", r"^(?!\S+:\d+: )(?:\S.* )?\[(?P<code>[a-z-]+)\]$"
_WRAPPED = (row(_HEAD, _LAST), row(_HEAD, _MORE, _LAST), row(_HEAD, _MORE, _MORE, _LAST))
"""With `--pretty`, mypy wraps its messages, and the code comes at the end."""
_MYPY_TEXT = text(*_WRAPPED, dialects.gnu(Columns(inclusive=True)))
_ZERO_BYTES = Columns(Unit.UTF8, 0)

MYPY = tool(
    "mypy",
    {
        "mypy-json": or_found(
            items(
                items="",
                path="file",
                line="line",
                column="column",
                end_line="end_line",
                end_column="end_column",
                code="code",
                message="message",
                severity="severity",
                columns=Columns(first=0),
            ),
            _MYPY_TEXT,
        ),
        "text": _MYPY_TEXT,
    },
    Exits(
        beside=re.compile(r"^(?:[\w./-]+\.(?:cfg|ini|toml): .*|(?:warning|note)\b.*)$", re.MULTILINE | re.IGNORECASE)
    ),
)
PYRIGHT = tool(
    "pyright",
    {
        "pyright-json": items(
            items="generalDiagnostics[]",
            path="file|uri",
            line="range.start.line",
            column="range.start.character",
            end_line="range.end.line",
            end_column="range.end.character",
            code="rule",
            message="message",
            severity="severity",
            columns=Columns(Unit.UTF16, 0, first_line=0),
        ),
        "text": text(*dialects.PYRIGHT),
    },
)
TY = tool("ty", {"text": text(dialects.BRACKETED, *dialects.RUSTC), "junit-xml": findings_xml_of()})
PYREFLY = tool(
    "pyrefly",
    {
        "pyrefly-json": items(
            items="errors[]",
            path="path",
            line="line",
            column="column",
            end_line="stop_line",
            end_column="stop_column",
            code="name",
            message="description",
            severity="severity",
        ),
        "text": text(dialects.PYREFLY, *dialects.RUSTC),
    },
)
FLAKE8 = tool(
    "flake8",
    {
        "text": text(
            dialects.plain(BYTES, r"(?P<code>(?:F|C9|B|A|S)\d+) "),
            dialects.plain(POINTS, r"(?P<code>[A-Z]+\d+) "),
            row(r"^(?P<path>[^\s:][^:]*?):(?P<line>\d+): \[(?P<code>\w+)\] (?P<message>.+)$"),
        )
    },
)
_PYLINT = {
    "path": "path|absolutePath",
    "line": "line",
    "column": "column",
    "end_line": "endLine",
    "end_column": "endColumn",
    "code": "messageId|message-id",
    "message": "message",
    "severity": "type",
    "columns": _ZERO_BYTES,
}
PYLINT = tool(
    "pylint",
    {
        "pylint-json2": items(items="messages[]", **_PYLINT),
        "pylint-json": items(**_PYLINT),
        "text": text(dialects.PYLINT, *dialects.BRACKET_CODE, annotated=_ZERO_BYTES),
    },
    Exits(broken=frozenset({32})),
)
BANDIT = tool(
    "bandit",
    {
        "bandit-json": both(
            items(
                items="results[]",
                path="filename",
                line="line_number",
                column="col_offset",
                end_line="line_range.last",
                end_column="end_col_offset",
                code="test_id",
                message="issue_text",
                severity="issue_severity",
                columns=_ZERO_BYTES,
            ),
            items(items="errors[]", path="filename", line="", message="reason"),
        ),
        "junit-xml": findings_xml_of(_ZERO_BYTES),
        "text": text(
            row(
                r"^>> Issue: \[(?P<code>\w+):[\w-]+\] (?P<message>.+)$",
                r"^\s+Severity: (?P<severity>\w+)",
                r"^\s+CWE: ",
                r"^\s+More Info: ",
                r"^\s+Location: (?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?$",
                columns=_ZERO_BYTES,
            ),
            row(r"^(?P<path>[^\s:].*?):(?P<line>\d+): (?P<code>\w+)\[\w+\]: (?P<severity>\w+): (?P<message>.+)$"),
            row(r"^\t(?P<path>\S.*?) \((?P<message>(?!score: ).+)\)$"),
        ),
    },
)
BLACK = tool("black", {"text": text(*dialects.BLACK)}, Exits(broken=frozenset({123})))
ISORT = tool(
    "isort",
    {
        "text": text(
            row(
                r"^(?P<severity>ERROR): (?P<path>\S.*?) (?P<message>Imports are incorrectly sorted and/or formatted\.)$"
            ),
        )
    },
)
COMPILEALL = tool(
    "compileall",
    {
        "text": text(
            row(
                r"^\*\*\* Error compiling '(?P<path>.+)'\.\.\.$",
                r"^Sorry: (?P<message>(?P<code>\w+): .+?)(?: \(.+, line (?P<line>\d+)\))?$",
            )
        )
    },
)
PYTHON = tool("python", {"text": text()})
ALL = (MYPY, PYRIGHT, TY, PYREFLY, FLAKE8, PYLINT, BANDIT, BLACK, ISORT, COMPILEALL, PYTHON)

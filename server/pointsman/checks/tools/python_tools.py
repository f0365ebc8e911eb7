"""Python's type checkers, linters, formatters and its own test runner."""

from pointsman.checks import detection, dialects
from pointsman.checks.columns import Columns, Unit
from pointsman.checks.dialects import BYTES, POINTS
from pointsman.checks.outcomes import Exits
from pointsman.checks.readers import both, items, text, tool
from pointsman.checks.sections import sections

_ZERO_BYTES = Columns(Unit.UTF8, 0)

MYPY = tool(
    "mypy",
    {
        "mypy-json": items(
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
        "text": text(dialects.gnu(Columns(inclusive=True))),
    },
    detect=detection.MYPY,
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
TY = tool("ty", {"text": text(dialects.BRACKETED, dialects.RUSTC, dialects.GITHUB)})
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
        "text": text(dialects.PYREFLY, dialects.RUSTC, dialects.GITHUB),
    },
)
FLAKE8 = tool(
    "flake8",
    {
        "text": text(
            dialects.plain(BYTES, r"(?P<code>(?:F|C9|B|A|S)\d+) "),
            dialects.plain(POINTS, r"(?P<code>[A-Z]+\d+) "),
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
        "text": text(dialects.PYLINT),
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
        )
    },
)
BLACK = tool("black", {"text": text(*dialects.BLACK)}, Exits(broken=frozenset({123})))
COMPILEALL = tool("compileall", {"text": text()})
PYTHON = tool("python", {"text": text()})
UNITTEST = tool(
    "unittest",
    {
        "text": text(
            sections(
                r"^(?:ERROR|FAIL|UNEXPECTED SUCCESS)(?: \[[\d.]+s\])?: (?P<test>.+)$",
                end=r"^(?:={70}|Ran \d+ tests?)",
            )
        )
    },
    Exits(nothing=frozenset({5})),
)
ALL = (MYPY, PYRIGHT, TY, PYREFLY, FLAKE8, PYLINT, BANDIT, BLACK, COMPILEALL, PYTHON, UNITTEST)

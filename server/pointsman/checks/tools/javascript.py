"""JavaScript and TypeScript: compiler, linters, formatters, test runners."""

from pointsman.checks import dialects, events, jest, nodetest
from pointsman.checks.dialects import BYTES, UTF16
from pointsman.checks.outcomes import Exits
from pointsman.checks.readers import (
    Reader,
    checkstyle_of,
    findings_xml_of,
    first,
    items,
    or_found,
    sarif_of,
    text,
    tool,
)
from pointsman.checks.sections import sections

_BROKEN = Exits(broken=frozenset({2}))


def _eslint(found: str) -> Reader:
    return items(
        items=found,
        path="^.filePath",
        line="line",
        column="column",
        end_line="endLine",
        end_column="endColumn",
        code="ruleId",
        message="message",
        severity="severity",
        columns=UTF16,
    )


TSC = tool("tsc", {"text": text(*dialects.TSC)})
ESLINT = tool(
    "eslint",
    {
        "eslint-json": first(_eslint("[].messages[]"), _eslint("results[].messages[]")),
        "text": text(*dialects.ESLINT),
        "sarif": sarif_of(UTF16),
        "checkstyle-xml": checkstyle_of(UTF16),
        "junit-xml": findings_xml_of(UTF16),
    },
    _BROKEN,
)
BIOME = tool(
    "biome",
    {
        "biome-json": items(
            items="diagnostics[]",
            path="location.path.file|location.path",
            line="location.start.line",
            column="location.start.column",
            end_line="location.end.line",
            end_column="location.end.column",
            code="category",
            message="message.text|description|message",
            severity="severity",
        ),
        "text": text(dialects.BIOME),
        "junit-xml": findings_xml_of(),
    },
)
OXLINT = tool(
    "oxlint",
    {
        "oxlint-json": items(
            items="diagnostics[]",
            path="filename",
            line="labels.0.span.line",
            column="labels.0.span.column",
            code="code",
            message="message",
            severity="severity",
            columns=BYTES,
        ),
        "text": text(dialects.OXLINT, *dialects.OXLINT_LINES, annotated=BYTES),
        "checkstyle-xml": checkstyle_of(BYTES),
        "junit-xml": findings_xml_of(BYTES),
    },
)
PRETTIER = tool("prettier", {"text": text(*dialects.PRETTIER)})
JEST = tool("jest", {"jest-json": or_found(jest.read, jest.read_text), "text": jest.read_text})
VITEST = tool(
    "vitest",
    {
        "vitest-json": jest.read,
        "text": text(
            sections(
                r"^\s*FAIL\s+(?:\|.+?\| )?(?P<path>\S.*?\.\w+)(?: > (?P<test>.+)| \[ .+ \])?$|^⎯+ Unhandled (?!Errors)\w+ ⎯+$",
                end=r"^⎯+\[\d+/\d+\]⎯*$|^ Test Files |^This error originated in ",
            )
        ),
    },
)
MOCHA = tool(
    "mocha",
    {
        "mocha-json": events.mocha,
        "text": text(
            sections(r"^  \d+\) (?P<test>.+)$", start=r"^  \d+ failing", message=r"^ {5,6}(?P<message>\S.*)$")
        ),
    },
)
NODE = tool("node", {"text": first(nodetest.read, text())})
NPM = tool("npm", {"text": first(nodetest.read, jest.read_text, text(*dialects.ANY))})
"""A script of package.json, which may start anything."""
ALL = (NPM, TSC, ESLINT, BIOME, OXLINT, PRETTIER, JEST, VITEST, MOCHA, NODE)

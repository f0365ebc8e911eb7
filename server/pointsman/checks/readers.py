"""Readers of formats, made from rows: each takes a tool's name and a run, and gives problems, a report, or None.

None says that the run is not in this format. A tool is then a name, what its exit codes mean, and a reader a format.
"""

from collections.abc import Callable, Mapping

from pointsman.checks import (
    dialects,
    events,
    findings_xml,
    gotest,
    jest,
    junit,
    matchers,
    outcomes,
    sarif,
    sections,
    spans,
    table,
    tap,
)
from pointsman.checks.columns import Columns
from pointsman.checks.junit import Report
from pointsman.checks.matchers import Matcher
from pointsman.checks.outcomes import USUAL, Exits
from pointsman.checks.sections import Sections
from pointsman.checks.tool import Check, Outcome, Output, Project, Tool
from pointsman.terms import Problem

Reader = Callable[[str, Output], Report | list[Problem] | None]


def text(*rows: Matcher | Sections, annotated: Columns = dialects.POINTS) -> Callable[[str, Output], list[Problem]]:
    """Findings and failures in text; if none, what a build server is told; if nothing, an exception caught by nobody.

    `annotated` is what the columns of the second count.
    """
    lines = [row for row in rows if isinstance(row, Matcher)]
    blocks = [row for row in rows if isinstance(row, Sections)]
    annotations = dialects.annotations(annotated)

    def read(tool: str, output: Output) -> list[Problem]:
        found = [problem for block in blocks for problem in sections.read(tool, block, output.text, output)]
        found += matchers.read(tool, lines, output.text, output)
        found = found or matchers.read(tool, annotations, output.text, output)
        if not found and output.run.exit_code != 0:
            found = sections.uncaught(tool, output.text, output)
        return list(dict.fromkeys(found))

    return read


def items(**fields: object) -> Reader:
    """A list of findings in JSON: see `table.Fields`."""
    row = table.Fields(**fields)  # type: ignore[arg-type]
    return lambda tool, output: table.read(tool, row, output)


def both(*readers: Reader) -> Reader:
    """Two lists of one document."""

    def read(tool: str, output: Output) -> list[Problem] | None:
        found = [each for reader in readers if isinstance(each := reader(tool, output), list)]
        return [problem for each in found for problem in each] if found else None

    return read


def first(*readers: Reader) -> Reader:
    """The first of these that finds anything; else the first that could read it."""

    def read(tool: str, output: Output) -> Report | list[Problem] | None:
        all_ = [reader(tool, output) for reader in readers]
        return next((found for found in all_ if found), next((found for found in all_ if found is not None), None))

    return read


def or_found(reader: Reader, text: Reader) -> Reader:
    """Where there is no report of this form, what was found in the text: some write only that when they end early."""

    def read(tool: str, output: Output) -> Report | list[Problem] | None:
        found = reader(tool, output)
        return found if found is not None else text(tool, output) or None

    return read


def sarif_of(columns: Columns = dialects.POINTS, *, notes: bool = False) -> Reader:
    return lambda tool, output: sarif.read(tool, output, columns, notes=notes)


def checkstyle_of(columns: Columns = dialects.POINTS) -> Reader:
    return lambda tool, output: findings_xml.checkstyle(tool, output, columns)


def findings_xml_of(columns: Columns = dialects.POINTS) -> Reader:
    return lambda tool, output: findings_xml.junit(tool, output, columns)


def no_detection(_: Project) -> Check | None:
    """Read where the user's own commands name it, and not looked for."""
    return None


def tool(
    name: str,
    formats: Mapping[str, Reader],
    exits: Exits = USUAL,
    detect: Callable[[Project], Check | None] = no_detection,
) -> Tool:
    return Tool(name, detect, {form: _reading(name, form, reader, exits) for form, reader in formats.items()})


def _reading(name: str, form: str, reader: Reader, exits: Exits) -> Callable[[Output], Outcome]:
    def read(output: Output) -> Outcome:
        found = reader(name, output)
        if isinstance(found, Report):
            return outcomes.outcome(name, output, found.problems, exits, found.tests, silent=False)
        return outcomes.outcome(name, output, found, exits, silent=form == "text" or form.endswith("-json"))

    return read


SHARED: Mapping[str, Reader] = {
    "junit-xml": junit.read,
    "rdjson": items(
        items="diagnostics[]",
        path="location.path",
        line="location.range.start.line",
        column="location.range.start.column",
        end_line="location.range.end.line",
        end_column="location.range.end.column",
        code="code.value",
        message="message",
        severity="severity|^.severity",
    ),
    "tap": tap.read,
    "sarif": sarif_of(),
    "checkstyle-xml": checkstyle_of(),
    "teamcity": events.teamcity,
    "cargo-json": spans.cargo,
    "gcc-json": spans.gcc,
    "go-test-json": gotest.read_json,
    "go-build-json": gotest.read_json,
    "go-vet-json": spans.go_vet,
    "jest-json": jest.read,
    "mocha-json": events.mocha,
    "rspec-json": events.rspec,
    "gtest-json": events.gtest,
    "cppcheck-xml": findings_xml.cppcheck,
    "gitlab-codequality": items(
        path="location.path",
        line="location.positions.begin.line|location.lines.begin",
        column="location.positions.begin.column",
        end_line="location.positions.end.line",
        end_column="location.positions.end.column",
        code="check_name",
        message="description",
        severity="severity",
        without="{code}: ",
    ),
}
"""Formats that any tool may write."""

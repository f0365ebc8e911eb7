"""Readers of formats, made from rows: each takes a tool's name and a run, and gives problems, a report, or None.

None says that the run is not in this format. A tool is then a name, what its exit codes mean, and a reader a format.
"""

from collections.abc import Callable, Mapping

from pointsman.checks import dialects, gotest, junit, matchers, outcomes, sarif, sections, streams, table, tap
from pointsman.checks.columns import Columns
from pointsman.checks.junit import Report
from pointsman.checks.matchers import Matcher
from pointsman.checks.outcomes import USUAL, Exits
from pointsman.checks.sections import Sections
from pointsman.checks.tool import Check, Outcome, Output, Project, Tool
from pointsman.terms import Problem

Reader = Callable[[str, Output], Report | list[Problem] | None]


def text(*rows: Matcher | Sections) -> Reader:
    """Findings and failures in text; where there are none, an exception that was caught by nobody."""
    lines = [row for row in rows if isinstance(row, Matcher)]
    blocks = [row for row in rows if isinstance(row, Sections)]

    def read(tool: str, output: Output) -> list[Problem]:
        found = [problem for block in blocks for problem in sections.read(tool, block, output.text, output)]
        found += matchers.read(tool, lines, output.text, output)
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
    """The first of these that finds anything."""
    return lambda tool, output: next((found for reader in readers if (found := reader(tool, output))), [])


def sarif_of(columns: Columns = dialects.POINTS) -> Reader:
    return lambda tool, output: sarif.read(tool, output, columns)


def checkstyle_of(columns: Columns = dialects.POINTS) -> Reader:
    return lambda tool, output: streams.checkstyle(tool, output, columns)


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
    "tap": tap.read,
    "sarif": sarif_of(),
    "checkstyle-xml": checkstyle_of(),
    "teamcity": streams.teamcity,
    "cargo-json": streams.cargo,
    "gcc-json": streams.gcc,
    "go-test-json": gotest.read_json,
    "go-build-json": gotest.read_json,
    "go-vet-json": streams.go_vet,
    "jest-json": streams.jest,
    "mocha-json": streams.mocha,
    "rspec-json": streams.rspec,
    "gtest-json": streams.gtest,
    "cppcheck-xml": streams.cppcheck,
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

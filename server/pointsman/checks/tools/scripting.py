"""Ruby, PHP, shells, Lua, Perl and YAML."""

import re
from dataclasses import replace

from pointsman.checks import dialects, events, tap
from pointsman.checks.columns import Columns, Unit
from pointsman.checks.dialects import BYTES, POINTS
from pointsman.checks.junit import Report
from pointsman.checks.matchers import row
from pointsman.checks.outcomes import Exits
from pointsman.checks.readers import Reader, findings_xml_of, first, items, text, tool
from pointsman.checks.sections import sections
from pointsman.checks.tool import Output
from pointsman.terms import Problem

_SHELLCHECK_TTY = row(
    r"^In (?P<path>.+) line (?P<line>\d+):$",
    r"^.*$",
    r"^(?P<caret>\s*)\^-*\^? (?P<code>SC\d+)(?: \((?P<severity>\w+)\))?: (?P<message>.+)$",
    loop=True,
    columns=Columns(Unit.TABS),
)

_RUBY_RAISED = sections(
    r"^(?P<path>[^\s:]\S*?):(?P<line>\d+):in [`'].+?': (?P<message>.+ \((?P<code>[A-Z]\w*(?:::\w+)*)\))$",
    headed=True,
    end=r"^\S",
)
"""An exception that nobody caught."""
RUBY = tool("ruby", {"text": text(_RUBY_RAISED, *dialects.RUBY)})
RUBOCOP = tool(
    "rubocop",
    {
        "rubocop-json": items(
            items="files[].offenses[]",
            path="^.path",
            line="location.start_line|location.line",
            column="location.start_column|location.column",
            end_line="location.last_line",
            end_column="location.last_column",
            code="cop_name",
            message="message",
            severity="severity",
            columns=Columns(inclusive=True),
        ),
        "text": text(dialects.RUBOCOP, dialects.RUBOCOP_SIMPLE),
        "tap": text(dialects.RUBOCOP),
        "junit-xml": findings_xml_of(),
    },
    Exits(broken=frozenset({2})),
)
RSPEC = tool(
    "rspec",
    {
        "rspec-json": events.rspec,
        "text": text(
            sections(r"^\s{2}\d+\) (?P<test>.+)$", start=r"^Failures:", end=r"^Finished in",
                     message=r"^\s*Failure/Error:.*\n(?:\s{7,}.*\n)*?\s*\n\s*(?:(?P<type>[A-Z][\w:]+):\n\s*)?(?P<message>\S.*)$|^\s*Failure/Error: .*\n\s+(?P<message2>\S.*)$"),
            row(r"^(?P<path>\./\S+_spec\.rb):(?P<line>\d+):(?P<message>\S.*)$"),
            sections(r"^An error occurred while loading (?P<path>\S+?)\.?(?: - Did you mean\?)?$", end=r"^(?:Finished in|Run options)",
                     message=r"^(?P<type>[A-Z][\w:]*Error):\n\s*(?P<message>\S.*)$"),
        ),
    },
)  # fmt: skip
MINITEST = tool(
    "minitest",
    {
        "text": text(
            sections(r"^\s+\d+\) (?:Failure|Error):$", end=r"^\d+ runs, |^\s+\d+\) Skipped:",
                     message=r"^(?P<test>\S.*?#\S.*?)(?: \[(?P<path>.+?):(?P<line>\d+)\])?:\n(?P<message>.+)$"),
            _RUBY_RAISED,
            *dialects.RUBY,
        )
    },
)  # fmt: skip
_PHP_UNCAUGHT = sections(
    r"^(?:PHP )?Fatal error: +Uncaught (?P<message>(?P<code>[\w\\]+)(?:: .+?)?) in (?P<path>\S+):(?P<line>\d+)$",
    headed=True,
    end=r"^ +thrown in ",
)
_PHPUNIT = text(
    sections(
        r"^\d+\) (?P<test>\S+::.+)$",
        start=r"^There (?:was|were) \d+ (?:\w+ )?(?:error|failure|warning)",
        stop=r"^There (?:was|were) \d+ (?:skipped|incomplete|risky)",
        end=r"^--$|^(?:FAILURES|ERRORS)!|^OK, but|^There (?:was|were)",
    ),
    sections(r"^ ✘ (?P<test>.+?)(?: \[[\d.]+ ms\])?$", end=r"^(?: [✔✘↩☢∅] |Time: |\S)"),
    _PHP_UNCAUGHT,
    dialects.PHP,
)


def _phpunit(name: str, output: Output) -> list[Problem]:
    """Without the frame that `--testdox` draws at the left."""
    run = replace(output.run, stdout=re.sub(r"^ +│ ?", "    ", output.run.stdout, flags=re.MULTILINE))
    return _PHPUNIT(name, replace(output, run=run))


PHPUNIT = tool("phpunit", {"text": _phpunit})
PHP = tool("php", {"text": text(_PHP_UNCAUGHT, dialects.PHP)})


def _shellcheck(found: str, columns: Columns) -> Reader:
    return items(
        items=found,
        columns=columns,
        path="file",
        line="line",
        column="column",
        end_line="endLine",
        end_column="endColumn",
        code="code",
        code_format="SC{}",
        message="message",
        severity="level",
    )


SHELLCHECK = tool(
    "shellcheck",
    {
        "shellcheck-json": first(
            _shellcheck("comments[]", POINTS),
            _shellcheck("[]", dialects.TABS),
        ),
        "text": text(dialects.gnu(dialects.POINTS, notes=False), _SHELLCHECK_TTY),
    },
    Exits(broken=frozenset({2, 3, 4})),
)
BASH = tool("bash", {"text": text(*dialects.BASH)})
_BATS = text(
    sections(r"^ [✗x] (?P<test>.+?)(?: in \d+ sec)?$", end=r"^ [✓-] |^\d+ tests?,", message=r"^\s*(?P<message>`.+)$")
)


def _bats(name: str, output: Output) -> list[Problem]:
    """Its messages are commands; what they were to show is told by the test's name."""
    return [
        replace(each, message=f"{each.test}: {each.message}") if each.test else each for each in _BATS(name, output)
    ]


BATS = tool("bats", {"text": _bats})
LUACHECK = tool(
    "luacheck",
    {
        "text": text(dialects.LUA_STUDIO, dialects.LUACHECK),
        "tap": text(dialects.LUACHECK),
        "junit-xml": findings_xml_of(BYTES),
    },
)
BUSTED = tool(
    "busted",
    {
        "busted-json": events.busted,
        "text": text(
            sections(
                r"^(?:Failure|Error) (?:→|->) (?P<path>\S+) @ (?P<line>\d+)$",
                message=r"^\S+\.lua:\d+: (?P<message>.+)$",
            ),
            row(r"^Error (?:→|->) (?P<path>\S+):(?P<line>\d+): (?P<message>.+)$"),
        ),
    },
)
PERL = tool("perl", {"text": text(dialects.PERL)})
_PROVE = sections(
    r"^#\s+(?P<message>Failed test(?: '(?P<test>.+)')?)(?: at (?P<path>\S.*) line (?P<line>\d+)\.)?$",
    end=r"^#\s+Failed test|^# Looks like|^\S+\.t \.*",
)
_PROVE_SUMMARY = row(
    r"^(?P<path>\S+)\s+\(Wstat: .*\)$", r"^\s+(?P<message>(?:Failed tests?|Non-zero exit status|Parse errors):.*)$"
)
_TEST_FILES, _PERL = text(_PROVE_SUMMARY), text(dialects.PERL)
_PROVED = text(_PROVE, dialects.PERL)


def _prove(name: str, output: Output) -> list[Problem]:
    """What its tests say, and of files that say nothing, what it says itself at its end."""
    found = _PROVED(name, output)
    told = {each.path for each in found}
    return found + [each for each in _TEST_FILES(name, output) if each.path not in told]


def _perl_tap(name: str, output: Output) -> Report | None:
    """A test that dies says why beside its points."""
    report = tap.read(name, output)
    if report is None or output.run.exit_code == 0 or any(each.test for each in report.problems):
        return report
    said = _PERL(name, output)
    return replace(report, problems=tuple(said)) if said else report


PROVE = tool("prove", {"text": _prove, "tap": _perl_tap})
YAMLLINT = tool("yamllint", {"text": text(*dialects.YAMLLINT)})
ALL = (RUBY, RUBOCOP, RSPEC, MINITEST, PHPUNIT, PHP, SHELLCHECK, BASH, BATS, LUACHECK, BUSTED, PERL, PROVE, YAMLLINT)

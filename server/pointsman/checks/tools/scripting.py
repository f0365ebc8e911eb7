"""Ruby, PHP, shells, Lua, Perl and YAML."""

from pointsman.checks import detection, dialects, events
from pointsman.checks.columns import Columns, Unit
from pointsman.checks.matchers import row
from pointsman.checks.outcomes import Exits
from pointsman.checks.readers import first, items, text, tool
from pointsman.checks.sections import sections

_SHELLCHECK_TTY = row(
    r"^In (?P<path>.+) line (?P<line>\d+):$",
    r"^.*$",
    r"^(?P<caret>\s*)\^-*\^? (?P<code>SC\d+)(?: \((?P<severity>\w+)\))?: (?P<message>.+)$",
    loop=True,
    columns=Columns(Unit.TABS),
)

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
        "text": text(dialects.RUBOCOP),
    },
    Exits(broken=frozenset({2})),
)
RSPEC = tool(
    "rspec",
    {
        "rspec-json": events.rspec,
        "text": text(
            sections(r"^\s{2}\d+\) (?P<test>.+)$", start=r"^Failures:", end=r"^Finished in",
                     message=r"^\s*Failure/Error:.*\n(?:\s{7,}.*\n)*?\s*\n\s*(?:(?P<type>[A-Z][\w:]+):\n\s*)?(?P<message>\S.*)$"),
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
                     message=r"^(?P<test>\S+#\S.*?)(?: \[(?P<path>.+?):(?P<line>\d+)\])?:\n(?P<message>.+)$"),
        )
    },
)  # fmt: skip
PHPUNIT = tool(
    "phpunit",
    {
        "text": text(
            sections(
                r"^\d+\) (?P<test>\S+::.+)$",
                start=r"^There (?:was|were) \d+ (?:error|failure)",
                end=r"^--$|^(?:FAILURES|ERRORS)!|^There (?:was|were)",
            )
        )
    },
)
PHP = tool("php", {"text": text(dialects.PHP)})
SHELLCHECK = tool(
    "shellcheck",
    {
        "shellcheck-json": items(
            items="comments[]",
            path="file",
            line="line",
            column="column",
            end_line="endLine",
            end_column="endColumn",
            code="code",
            code_format="SC{}",
            message="message",
            severity="level",
        ),
        "text": text(dialects.gnu(dialects.POINTS, notes=False), _SHELLCHECK_TTY),
    },
    Exits(broken=frozenset({2, 3, 4})),
    detect=detection.SHELLCHECK,
)
BASH = tool("bash", {"text": text(dialects.BASH)})
BATS = tool("bats", {"text": text(sections(r"^ [✗x] (?P<test>.+)$", end=r"^ [✓-] |^\d+ tests?,"))})
LUACHECK = tool("luacheck", {"text": text(dialects.LUACHECK)})
BUSTED = tool(
    "busted",
    {
        "busted-json": events.busted,
        "text": text(
            sections(
                r"^(?:Failure|Error) (?:→|->) (?P<path>\S+) @ (?P<line>\d+)$",
                message=r"^\S+\.lua:\d+: (?P<message>.+)$",
            )
        ),
    },
)
PERL = tool("perl", {"text": text(dialects.PERL)})
_PROVE = sections(
    r"^#\s+(?P<message>Failed test(?: '(?P<test>.+)')?)(?: at (?P<path>\S+) line (?P<line>\d+)\.)?$",
    end=r"^#\s+Failed test|^# Looks like|^\S+\.t \.*",
)
_PROVE_SUMMARY = row(
    r"^(?P<path>\S+)\s+\(Wstat: .*\)$", r"^\s+(?P<message>(?:Failed tests?|Non-zero exit status|Parse errors):.*)$"
)
PROVE = tool("prove", {"text": first(text(_PROVE, dialects.PERL), text(_PROVE_SUMMARY))})
YAMLLINT = tool("yamllint", {"text": text(*dialects.YAMLLINT)})
ALL = (RUBOCOP, RSPEC, MINITEST, PHPUNIT, PHP, SHELLCHECK, BASH, BATS, LUACHECK, BUSTED, PERL, PROVE, YAMLLINT)

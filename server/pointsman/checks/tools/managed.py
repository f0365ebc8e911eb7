"""Java and its kin, and .NET."""

import re
from dataclasses import replace

from pointsman.checks import dialects
from pointsman.checks.dialects import TABS
from pointsman.checks.matchers import row
from pointsman.checks.readers import checkstyle_of, first, text, tool
from pointsman.checks.sections import sections
from pointsman.checks.tool import Output
from pointsman.terms import Problem

_SUREFIRE = sections(
    r"^(?:\[ERROR\] )?(?P<test>[\w.$]+(?:\([\w.$]+\))?) +(?:--)? ?Time elapsed: .*<<< (?:FAILURE|ERROR)!$",
    end=r"^(?:\[\w+\]|Results\b|Tests run:)",
)
_GRADLE = sections(r"^(?P<test>\S.* > .+) FAILED$", end=r"^\S")
_DOTNET = sections(r"^\s+Failed (?P<test>\S.*?) \[[^\]]+\]$", end=r"^(?:\s+(?:Passed|Skipped) |Failed!|Test Run|Results File)",
                   message=r"Error Message:\s*\n\s*(?P<message>.+)")  # fmt: skip

_GRADLE_SCRIPT = row(
    r"^\w+ file '(?P<path>.+)' line: (?P<line>\d+)$",
    r"^$",
    r"^\* What went wrong:$",
    r"^.+$",
    r"^> (?P<message>.+)$",
)
_GRADLE_AT = re.compile(r"^(?P<package>(?:\w+\.)*)\w+ > .+ FAILED\n +\S+ at (?P<file>\w+\.\w+:\d+)$", re.MULTILINE)
_GRADLE_TEXT = text(*dialects.JAVAC[:2], dialects.JAVAC[3], _GRADLE_SCRIPT, _GRADLE)


def _gradle(name: str, output: Output) -> list[Problem]:
    """Of a failed test it tells the file's name alone, and the package in the heading: together they are a frame."""
    told = _GRADLE_AT.sub(r"\g<0>\n        at \g<package>Class.test(\g<file>)", output.run.stdout)
    return _GRADLE_TEXT(name, replace(output, run=replace(output.run, stdout=told)))


JAVAC = tool("javac", {"text": text(*dialects.JAVAC)})
MAVEN = tool(
    "maven", {"text": text(dialects.MAVEN, dialects.MAVEN_POM, dialects.MAVEN_XML, dialects.CHECKSTYLE, _SUREFIRE)}
)
GRADLE = tool("gradle", {"text": _gradle})
CHECKSTYLE = tool(
    "checkstyle",
    {
        "checkstyle-xml": first(checkstyle_of(TABS), text(dialects.CHECKSTYLE_SYNTAX)),
        "text": text(dialects.CHECKSTYLE, dialects.CHECKSTYLE_SYNTAX),
    },
)
DOTNET = tool("dotnet", {"text": text(*dialects.MSBUILD, _DOTNET)})
MSBUILD = tool("msbuild", {"text": text(*dialects.MSBUILD)})
ALL = (JAVAC, MAVEN, GRADLE, CHECKSTYLE, DOTNET, MSBUILD)

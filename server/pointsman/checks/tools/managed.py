"""Java and its kin, and .NET."""

from pointsman.checks import dialects
from pointsman.checks.dialects import TABS
from pointsman.checks.readers import checkstyle_of, first, text, tool
from pointsman.checks.sections import sections

_SUREFIRE = sections(
    r"^(?:\[ERROR\] )?(?P<test>[\w.$]+(?:\([\w.$]+\))?) +(?:--)? ?Time elapsed: .*<<< (?:FAILURE|ERROR)!$",
    end=r"^(?:\[\w+\]|Results\b|Tests run:)",
)
_GRADLE = sections(r"^(?P<test>\S.* > .+) FAILED$", end=r"^\S")
_DOTNET = sections(r"^\s+Failed (?P<test>\S.*?) \[[^\]]+\]$", end=r"^(?:\s+(?:Passed|Skipped) |Failed!|Test Run|Results File)",
                   message=r"Error Message:\s*\n\s*(?P<message>.+)")  # fmt: skip

JAVAC = tool("javac", {"text": text(*dialects.JAVAC)})
MAVEN = tool(
    "maven", {"text": text(dialects.MAVEN, dialects.MAVEN_POM, dialects.MAVEN_XML, dialects.CHECKSTYLE, _SUREFIRE)}
)
GRADLE = tool("gradle", {"text": text(*dialects.JAVAC[:2], dialects.JAVAC[3], _GRADLE)})
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

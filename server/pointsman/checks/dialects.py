"""How tools write findings in text: one row a dialect, shared by all who speak it."""

from pointsman.checks.columns import Columns, Unit
from pointsman.checks.matchers import Matcher, row

POINTS, UTF16 = Columns(), Columns(Unit.UTF16)
BYTES, DISPLAY, TABS = Columns(Unit.UTF8), Columns(Unit.DISPLAY), Columns(Unit.TABS)
PATH = r"(?P<path>(?:[A-Za-z]:)?[^\s:(][^:\n]*?)"
_WORD = r"(?P<severity>(?:fatal |internal compiler )?error|warning|note|info|style|performance|portability|information|remark)"


def gnu(columns: Columns, *, notes: bool = True) -> Matcher:
    """`main.c:7:36: warning: message [-Wcode]`."""
    return row(rf"^{PATH}:(?P<line>[1-9]\d*)(?::(?P<column>\d+))?(?::(?P<end_line>\d+):(?P<end_column>\d+)|-[\d:]+|:(?:\{{[\d:-]+\}})+)?: ?{_WORD}:\s+(?P<message>.+?)(?:\s+\[(?P<code>[\w.,+=/*-]+?)(?:,-warnings-as-errors)?\])?$",
               columns=columns, notes=notes)  # fmt: skip


def parenthesized(columns: Columns) -> tuple[Matcher, ...]:
    """`main.c(7,36): warning: message [-Wcode]` and `main.c +7:36: warning: message`, for other editors."""
    end = rf": {_WORD}:\s+(?P<message>.+?)(?:\s+\[(?P<code>[\w.,+=/*-]+)\])?$"
    return (
        row(rf"^(?P<path>[^\s(][^(\n]*?)\((?P<line>[1-9]\d*)(?:,(?P<column>\d+))?\) ?{end}", columns=columns),
        row(rf"^(?P<path>[^\s:][^:\n]*?) \+(?P<line>[1-9]\d*)(?::(?P<column>\d+))?{end}", columns=columns),
    )


def plain(columns: Columns, code: str = "", suffix: str = r"[^:\n]") -> Matcher:
    """`lint.py:1:1: F401 message`, with no severity."""
    return row(rf"^\s*(?:vet: )?(?P<path>(?:[A-Za-z]:)?[^\s:#(][^:\n]*?{suffix}):(?P<line>\d+):(?:(?P<column>\d+):)? (?!{_WORD.replace('?P<severity>', '?:')}:){code}(?P<message>.+)$",
               columns=columns)  # fmt: skip


BRACKETED = row(
    r"^(?P<path>[^\s:][^:]*?):(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning|info)\[(?P<code>[\w:-]+)\]:? (?P<message>.+)$"
)
RUSTC = (
    row(r"^\s*(?:note|help|info): (?P<message>.+)$",
        r"^\s*-+> (?P<path>.+?):(?P<line>\d+):(?P<column>\d+)$", severity="note"),
    row(r"^\s*(?P<severity>error|warning|ERROR|WARN|INFO|info)(?:\[(?P<code>[\w:-]+)\])?:? (?P<message>.+?)(?: \[(?P<code2>[\w-]+)\])?$",
        r"^\s*-+> (?P<path>.+?):(?P<line>\d+):(?P<column>\d+)$"),
    BRACKETED,
    gnu(POINTS),
)  # fmt: skip
LINKER = (
    row(r"^(?:\S*/?(?:ld|lld)(?:\.\w+)?: )?(?P<path>[^\s:()][^:()]*):\([.\w$]+\+0x[0-9a-f]+\): (?P<message>undefined reference to .+|multiple definition of [^;]+|relocation .+)"),
    row(r"^(?:\S*/?(?:ld|lld)(?:\.\w+)?: )?(?P<path>[^\s:()][^:()]*):(?P<line>\d+): (?P<message>undefined reference to .+|multiple definition of [^;]+)"),
    row(r"^\S*/?(?:ld|lld)(?:\.\w+)?: (?P<message>cannot find .+|undefined symbol: .+)$"),
)  # fmt: skip
MAKE = (
    row(r"^(?P<path>[^\s:]+):(?P<line>\d+): \*\*\* (?P<message>.+?)(?:\.  Stop\.)?$"),
    row(r"^make(?:\[\d+\])?: \*\*\* (?P<message>(?!\[|Deleting file ).+?)(?:\.  Stop\.)?$"),
)
ASSERTED = (
    row(r"^\S+: (?P<path>[^\s:]+):(?P<line>\d+): (?:.+: )?(?P<message>Assertion .+ failed\.)$"),
    row(rf"^{PATH}:(?P<line>\d+):(?P<column>\d+): (?P<message>runtime error: .+)$", columns=BYTES),
)
"""What a C program says that ends itself."""
CMAKE = row(
    r"^CMake (?P<severity>Error|Warning|Deprecation Warning)(?: \(dev\))? (?:at|in) (?P<path>[^\s:]+):(?P<line>\d+)(?: \(\w+\))?:?$",
    r"^  (?P<message>\S.*)$",
)
CMAKE_PARSE = row(
    r"^CMake (?P<severity>Error)(?: in .*)?:$|^CMake (?P<severity2>Error): (?:Error in cmake code at)?$",
    r"^\s*(?P<path>/?[^\s:]+):(?P<line>\d+):$",
    r"^\s*(?P<message>\S.*)$",
)
JAVAC = (
    row(r"^(?:\[(?:ERROR|WARNING)\] )?(?P<path>\S.*?\.(?:java|kt|groovy|scala)):(?P<line>\d+): (?P<severity>error|warning): (?:\[(?P<code>\w+)\] )?(?P<message>.+)$",
        r"^.*$", r"^(?P<caret>\s*)\^$", columns=UTF16),
    row(r"^(?P<path>\S.*?\.(?:java|kt|groovy|scala)):(?P<line>\d+): (?P<severity>error|warning): (?:\[(?P<code>\w+)\] )?(?P<message>.+)$"),
    row(r"^(?P<severity>error): (?P<message>(?!warnings found).+)$"),
    row(r"^(?P<severity>[ew]): (?:file://)?(?P<path>/.+?):(?P<line>\d+):(?P<column>\d+):? (?P<message>.+)$", columns=UTF16),
)  # fmt: skip
MAVEN = row(
    r"^\[(?P<severity>ERROR|WARNING)\] (?P<path>/?.+?\.\w+):\[(?P<line>\d+),(?P<column>\d+)\] (?:\[(?P<code>\w+)\] )?(?:error: )?(?P<message>.+)$",
    columns=UTF16,
)
MAVEN_XML = row(
    r"^\[(?P<severity>FATAL)\] (?P<message>Non-\w+ POM (?P<path>/.+?|[A-Z]:.+?): .+) @(?P<line>\d+):(?P<column>\d+)(?: @)? ?$"
)
MAVEN_POM = row(
    r"^\[(?P<severity>ERROR|FATAL)\]\s+(?P<message>(?:Non-parseable POM|Malformed POM|'[\w.]+').*?)(?: @ .*)?(?:,| @) line (?P<line>\d+), column (?P<column>\d+)$"
)
CHECKSTYLE_SYNTAX = row(
    r"^Caused by: [\w.]+: (?P<path>\S.*?\.\w+):(?P<line>\d+):(?P<column>\d+): (?P<message>.+)$", columns=TABS
)
CHECKSTYLE = row(
    r"^\[(?P<severity>ERROR|WARN|INFO)\] (?P<path>(?:[A-Za-z]:)?[^:]+\.\w+):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<message>.+?)(?: \[(?P<code>\w+)\])?$",
    columns=TABS,
)
TSC = (
    row(r"^(?P<path>[^\s(].*?)\((?P<line>\d+),(?P<column>\d+)\): (?P<severity>error|warning|message) (?P<code>TS\d+): (?P<message>.+)$", columns=UTF16),
    row(r"^(?P<path>[^\s(].*?):(?P<line>\d+):(?P<column>\d+) - (?P<severity>error|warning|message) (?P<code>TS\d+): (?P<message>.+)$", columns=UTF16),
    row(r"^(?P<severity>error) (?P<code>TS\d+): (?P<message>.+)$"),
)  # fmt: skip
MSBUILD = (
    row(r"^\s*(?:\d+>)?(?P<path>\S.*?)\((?P<line>\d+)(?:,(?P<column>\d+))?(?:,(?P<end_line>\d+),(?P<end_column>\d+))?\)\s*: (?:\w+ )?(?P<severity>error|warning|info)\s+(?P<code>\w+\d+)\s*: (?P<message>.*?)(?: \[[^\[\]]+\])?$", columns=UTF16),
    row(r"^\s*(?:\d+>)?(?P<path>\S.*?)?\s*: (?P<severity>error|warning) (?P<code>[A-Z]+\d+)\s*: (?P<message>.*?)(?: \[[^\[\]]+\])?$"),
)  # fmt: skip


def eslint(columns: Columns) -> tuple[Matcher, ...]:
    """The lines of eslint's own formatters, which other linters have taken over."""
    return (
        row(r"^(?P<path>(?:[A-Za-z]:)?[^\s:].*\.\w+)$",
            r"^\s+(?P<line>\d+):(?P<column>\d+)\s+(?P<severity>error|warning|info)\s+(?P<message>.+?)(?:\s\s+(?P<code>[@\w][\w/@()-]*))?$",
            columns=columns, loop=True),
        row(r"^(?P<path>.+?): line (?P<line>\d+), col (?P<column>\d+), (?P<severity>Error|Warning|Info) - (?P<message>.+?)(?: \((?P<code>[@\w/-]+)\))?$", columns=columns),
        row(r"^(?P<path>\S.*?):(?P<line>\d+):(?P<column>\d+): (?P<message>.+?) \[(?P<severity>Error|Warning)(?:/(?P<code>.+))?\]$", columns=columns),
        row(r"^(?P<path>\S.*?)\((?P<line>\d+),(?P<column>\d+)\): (?P<severity>error|warning) (?P<code>[@\w/-]+)? ?: (?P<message>.+)$", columns=columns),
    )  # fmt: skip


ESLINT = eslint(UTF16)


def annotations(columns: Columns) -> tuple[Matcher, ...]:
    """What a tool says to a build server: `::error file=a.py,line=1::message`, `##vso[task.logissue ...]message`."""
    return (
        row(
            r"^::(?P<severity>error|warning|notice) (?=[^:]*?\bfile=(?P<path>[^,:]+))(?=(?:[^:]*?\bline=(?P<line>\d+))?)"
            r"(?=(?:[^:]*?\bcol(?:umn)?=(?P<column>\d+))?)(?=(?:[^:]*?\bend[lL]ine=(?P<end_line>\d+))?)"
            r"(?=(?:[^:]*?\bend[cC]olumn=(?P<end_column>\d+))?)"
            r"(?=(?:[^:]*?\btitle=(?:\w+ \((?P<code>[\w/@.-]+)\)|(?:[A-Z]\w+ )?(?P<code2>(?!\w+lint[,:])[\w/@.-]+(?:\([\w/@.-]+\))?)(?=[,:]))|))"
            r"[^:]+::(?:[^:\n]+:\d+:(?:\d+:)? (?:[A-Z]+\d+:? |[a-z]+(?:-[a-z]+)+: )?)?"
            r"(?:(?P<code3>[A-Z]\w+(?:/\w+)+): |\d+:\d+ (?:\[(?P<code4>[\w-]+)\] )?)?(?P<message>.+)$",
            columns=columns,
            escaped=True,
        ),
        row(
            r"^##vso\[task\.logissue (?=(?:[^\]]*?\btype=(?P<severity>\w+))?)(?=[^\]]*?\bsourcepath=(?P<path>[^;\]]+))"
            r"(?=(?:[^\]]*?\blinenumber=(?P<line>\d+))?)(?=(?:[^\]]*?\bcolumnnumber=(?P<column>\d+))?)"
            r"(?=(?:[^\]]*?\bcode=(?P<code>[^;\]]+))?)[^\]]*\](?P<message>.+)$",
            columns=columns,
            escaped=True,
        ),
    )


GITHUB = annotations(POINTS)
BRACKET_CODE = (
    row(r"^(?P<path>[^\s:][^:]*?):(?P<line>\d+): \[(?P<code>(?P<severity>[A-Z])\w+)(?:\([\w-]+\))?(?:, ?[^\]]*)?\] (?P<message>.+)$"),
    row(r"^(?P<path>[^\s(][^(]*?)\((?P<line>\d+)\): \[(?P<code>(?P<severity>[A-Z])\w+)(?:\([\w-]+\))?[^\]]*\] (?P<message>.+)$"),
)  # fmt: skip
BIOME = row(
    r"^(?P<path>[^\s:][^:]*):(?P<line>\d+):(?P<column>\d+) (?P<code>[\w/]+)(?: +[A-Z]+)* +━+$",
    r"^\s*$",
    r"^\s+(?P<severity>[×!i✖⚠\u2139]) (?P<message>.+)$",
)
_PYRIGHT = r"^\s*(?P<path>(?:[A-Za-z]:)?[^\s:].*?):(?P<line>\d+):(?P<column>\d+) - (?P<severity>error|warning|information): (?P<message>.+?)"
PYRIGHT = (
    row(rf"{_PYRIGHT}(?: \((?P<code>report\w+)\))$", columns=UTF16),
    row(rf"{_PYRIGHT}$", r"^\s{3,}(?!.*? - (?:error|warning)).*\((?P<code>report\w+)\)$", columns=UTF16),
    row(
        rf"{_PYRIGHT}$",
        r"^\s{3,}(?!.*? - (?:error|warning)).*$",
        r"^\s{3,}(?!.*? - (?:error|warning)).*\((?P<code>report\w+)\)$",
        columns=UTF16,
    ),
    row(rf"{_PYRIGHT}$", columns=UTF16),
)
PYREFLY = row(
    r"^\s*(?P<severity>ERROR|WARN|INFO) (?P<path>[^\s:][^:]*?):(?P<line>\d+):(?P<column>\d+)(?:-(?:\d+:)?\d+)?: (?P<message>.+?)(?: \[(?P<code>[\w-]+)\])?$"
)
PYLINT = row(
    r"^(?P<path>[^\s:][^:]*?):(?P<line>\d+):(?P<column>\d+): (?P<code>(?P<severity>[CRWEFI])\d{4}): (?P<message>.+?)(?: \([\w-]+\))?$",
    columns=Columns(Unit.UTF8, 0),
)
RUBOCOP_SIMPLE = row(
    r"^== (?P<path>.+) ==$",
    r"^(?P<severity>[CWEFRI]): +(?P<line>\d+): +(?P<column>\d+): (?:\[\w+\] )?(?:(?P<code>[A-Z]\w+(?:/\w+)+): )?(?P<message>.+)$",
    loop=True,
)
RUBOCOP = row(
    r"^(?:# )?(?P<path>[^\s:][^:]*?):(?P<line>\d+):(?P<column>\d+): (?P<severity>[CWEFRI]): (?:\[\w+\] )?(?:(?P<code>[A-Z]\w+(?:/\w+)+): )?(?P<message>.+)$"
)
YAMLLINT = (
    row(r"^(?P<path>[^\s:][^:]*?):(?P<line>\d+):(?P<column>\d+): \[(?P<severity>error|warning)\] (?P<message>.+?)(?: \((?P<code>[\w-]+)\))?$"),
    row(r"^(?P<path>\S.*)$",
        r"^\s+(?P<line>\d+):(?P<column>\d+)\s+(?P<severity>error|warning)\s+(?P<message>.+?)(?:\s+\((?P<code>[\w-]+)\))?$", loop=True),
)  # fmt: skip
PHP = row(
    r"^(?:PHP )?(?P<code>(?P<severity>Parse error|Fatal error|Warning|Notice|Deprecated)):\s+(?P<message>.+?) in (?P<path>\S.*) on line (?P<line>\d+)$"
)
BASH = (
    row(r"^(?P<path>[^\s:][^:]*): line (?P<line>\d+): (?P<message>(?!`).+)$"),
    row(r"^(?P<path>[^\s:][^:]*): (?P<line>\d+): (?P<message>.+)$"),  # dash
)
RUBY = (
    row(r"^(?P<path>[^\s:]+\.\w+):(?P<line>\d+): (?P<severity>warning): (?P<message>.+)$"),
    row(r"^(?P<path>[^\s:]+\.\w+):(?P<line>\d+): (?P<message>(?:syntax error|.*(?:SyntaxError)).*)$"),
)
PERL = row(r"^(?P<message>(?!BEGIN failed|Compilation failed|#)\S.*?) at (?P<path>\S+) line (?P<line>\d+)(?:[,.].*)?$")
LUA_STUDIO = row(
    r"^(?P<path>[^\s(][^(]*?)\((?P<line>\d+),(?P<column>\d+)\) : (?P<severity>error|warning) (?P<code>[EW]\d+): (?P<message>.+)$",
    columns=BYTES,
)
LUACHECK = row(
    r"^(?:not ok \d+ |\s*)(?P<path>[^\s:][^:]*\.\w+):(?P<line>\d+):(?P<column>\d+)(?:-(?P<end_column>\d+))?: (?:\((?P<code>(?P<severity>[EW])\d+)\) )?(?P<message>.+)$",
    columns=Columns(Unit.UTF8, inclusive=True),
    severity="warning",
)
CPPCHECK = (
    *parenthesized(BYTES),
    gnu(BYTES),
    row(r"^\[(?P<path>[^\]:]+):(?P<line>\d+)\](?: -> \[.*\])?: \((?P<severity>\w+)\) (?P<message>.+)$"),
)
PRETTIER = (
    row(r"^\[error\] (?P<path>[^\s:].*?): (?P<code>\w*Error): (?P<message>.+?\((?P<line>\d+):(?P<column>\d+)\))$", columns=UTF16),
    row(r"^\[warn\] (?P<path>(?!Code style|All matched)\S.*)$", severity="warning", message="not formatted"),
    row(r"^(?P<path>[^\s\[:][^:]*\.\w{1,6})$", severity="warning", message="not formatted"),
)  # fmt: skip
BLACK = (
    row(r"^would reformat (?P<path>.+)$", severity="warning", message="not formatted"),
    row(r"^error: cannot format (?P<path>.+?): (?P<message>Cannot parse.*?: (?P<line>\d+):(?P<column>\d+): .*)$", columns=Columns(first=0)),
    row(r"^error: (?P<message>cannot parse): (?P<path>.+?):(?P<line>\d+):(?P<column>\d+)$", columns=Columns(first=0)),
    row(r"^error: cannot format (?P<path>.+?): (?P<message>.+)$"),
)  # fmt: skip
RUSTFMT = row(r"^Diff in (?P<path>.+?)(?: at line |:)(?P<line>\d+):$", severity="warning", message="not formatted")
GOFMT = (
    row(r"^(?P<path>\S.*\.go):(?P<line>\d+):(?P<column>\d+): (?P<message>.+)$", columns=BYTES),
    row(
        r"^diff (?:-u )?\S+ (?P<path>\S+\.go)$",
        r"^--- ",
        r"^\+\+\+ ",
        r"^@@ -(?P<line>\d+)",
        severity="warning",
        message="not formatted",
    ),
    row(r"^(?P<path>[^\s+-][^\s:]*\.go)$", severity="warning", message="not formatted"),
)
OXLINT = row(
    r"^\s*(?P<severity>[×⚠x!]) (?:(?P<code>[\w@/-]+\([\w/@-]+\)): )?(?P<message>.+)$",
    r"^\s*(?:╭─|,-)\[(?P<path>.+?):(?P<line>\d+):(?P<column>\d+)\]$",
    columns=BYTES,
)
OXLINT_LINES = (
    row(r"^(?P<path>[^\s:][^:]*?):(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning)(?: (?P<code>[\w@/-]+\([\w/@-]+\)))?: (?P<message>.+?)(?: help: .+)?$", columns=BYTES),
    *eslint(BYTES),
)  # fmt: skip
UNPLACED = row(
    r"^\S*(?:gcc|g\+\+|cc1|cc1plus|clang|cc|c\+\+)(?:-\d+)?: (?P<severity>(?:fatal )?error): (?P<message>(?!linker command failed).+)$"
)

RECIPE = row(
    r"^\S*make(?:\[\d+\])?: \*\*\* (?P<message>\[(?P<path>[^\s\]:]+):(?P<line>\d+): [^\]]+\] .+)$",
)
"""A command of a rule that failed, and of which nothing else is known."""
COMPILERS = (*parenthesized(DISPLAY), gnu(DISPLAY), *LINKER, *ASSERTED, *MAKE, CMAKE, UNPLACED)
ANY = (
    *GITHUB,
    *TSC,
    *MSBUILD[:1],
    BRACKETED,
    gnu(BYTES),
    *RUSTC,
    *JAVAC[:2],
    MAVEN,
    CMAKE,
    *LINKER,
    *ESLINT[:1],
    *PYRIGHT,
    PHP,
)
"""What a tool that is not known may speak: only what cannot be mistaken."""

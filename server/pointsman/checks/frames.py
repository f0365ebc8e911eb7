"""Stack frames, of many languages: one table of how they are written, and one rule of what they say.

Every test tool's failure is placed the same way: at the deepest frame inside of the workspace, with the other frames
there as related places. A frame in a library says how it failed, but not what to change.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pointsman.checks.places import inside
from pointsman.terms import Place

_PYTHON = re.compile(r'^[\s|+*]*(?:E\s+)?File "(?P<path>[^"\n]+)", line (?P<line>\d+)')
# `tests/test_a.py:7: in test_add`, `tests/test_a.py:7: AssertionError`, `tests/test_a.py:8: `
_PYTEST = re.compile(r"^(?P<path>[^\s:][^:\n]*\.py[wx]?):(?P<line>\d+):(?: |$)")
_OTHERS = tuple(
    re.compile(pattern)
    for pattern in (
        # JavaScript: `at parse (/src/sum.js:5:29)`, `at async file:///src/a.mjs:1:2`; vitest: `❯ parse sum.js:5:29`
        r"^\s*at (?:async )?(?:.*? \(|)(?P<path>(?:file://)?[^\s()][^()]*?):(?P<line>\d+):(?P<column>\d+)\)?",
        r"^\s+(?:[\w.$<>\[\] ]+ \()?(?P<path>(?:file://)?/[^\s()]+):(?P<line>\d+):(?P<column>\d+)\)?$",  # node in TAP
        r"^\s*❯ (?:.* )?(?P<path>[^\s:]+):(?P<line>\d+):(?P<column>\d+)$",
        r"^\s*❯ (?P<path>[^\s:][^:]* [^:]*):(?P<line>\d+):(?P<column>\d+)$",  # or a path with spaces
        r"^\s*(?:At f|F)ile: (?P<path>.+?):(?P<line>\d+):(?P<column>\d+)[\"]?$",
        # Java and its kin name a class and a file: `at demo.Calc.divide(Calc.java:6)`
        r"^\s*at (?:[\w.@/-]*/)?(?P<package>(?:[\w$]+\.)*?)[\w$]+\.[\w$<>]+\((?P<path>\w+\.\w+):(?P<line>\d+)\)",
        r"^\s*at .+ in (?P<path>.+?):line (?P<line>\d+)",  # .NET
        r"^\t(?P<path>\S.*\.go):(?P<line>\d+)(?: \+0x[0-9a-f]+)?$",
        r"^\s*(?:# |from )?(?P<path>[^\s:#'`][^:#'`]*\.(?:rb|rake|ru)):(?P<line>\d+)(?::in\b|$)",
        r"^\s*#\d+ (?P<path>/.+?)\((?P<line>\d+)\)",  # PHP
        r"^\s*(?P<path>/[^\s:]+\.php):(?P<line>\d+)$",
        r"^\s*at (?P<path>\S+\.rs):(?P<line>\d+)(?::(?P<column>\d+))?$",
        r"did not panic as expected at (?P<path>\S+\.rs):(?P<line>\d+):(?P<column>\d+)",
        r": (?P<path>[^\s:]+\.(?:c|cc|cpp|cxx|h|hpp)):(?P<line>\d+): .*\bAssertion\b",
        r"^\s*#\d+ 0x[0-9a-f]+ in .+? (?P<path>/[^:()]+):(?P<line>\d+)(?::(?P<column>\d+))?$",  # sanitizers
        r"panicked at (?:.*, )?(?P<path>[^\s']+\.rs):(?P<line>\d+):(?P<column>\d+)",
        r"^\s*(?:Failure message: |\S+ message: )?(?P<path>[^\s:]+\.lua):(?P<line>\d+):",
        r"\bat (?P<path>\S+\.(?:t|pl|pm)) line (?P<line>\d+)\b",
        r"^#?\s+at (?P<path>\S.* .*\.(?:t|pl|pm)) line (?P<line>\d+)\.?$",  # with spaces
        r"(?:in test file|in file) (?P<path>[^,()]+), line (?P<line>\d+)",  # bats
        r"^#?\s*\(?(?:from function|in test file).* in (?:test )?file (?P<path>[^,()]+), line (?P<line>\d+)",
        r"^(?P<path>[^\s:][^:]*):(?P<line>\d+): Failure$",  # googletest
    )
)
_SOURCES = ("src/main", "src/test", "src", "app/src/main", "app/src/test", "")
_ERROR = re.compile(r"^E +(?P<text>\S.*)$")
_EXCEPTION = re.compile(r"^(?P<type>(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*)(?::(?: (?P<message>.*))?)?$")
_SPOKEN = re.compile(
    r"^(?:Uncaught |Unhandled \w+: |Exception during run: |Caused by: |cause: |\[)?(?P<type>(?:[A-Za-z_][\w$]*(?:\.|::|\\))*[A-Z][\w$]*)"
    r"(?: \[(?P<id>\w+)\])?(?:: ?(?P<message>.*))?$"
)
_KNOWN = (
    "Error",
    "Exception",
    "Warning",
    "Exit",
    "Interrupt",
    "Group",
    "Failed",
    "Iteration",
    "Failure",
    "NotMetError",
    "Throwable",
    "Fault",
    "Timeout",
)


@dataclass(frozen=True, slots=True)
class Frame:
    """`package` is set where only a file's name is told, as Java does."""

    path: str
    line: int
    column: int | None = None
    package: str = ""


def frames_in(lines: Iterable[str]) -> list[Frame]:
    """Python's frames, in the order they are written: the deepest last."""
    matches = [match for line in lines if (match := _PYTHON.match(line) or _PYTEST.match(line))]
    return [Frame(match["path"], int(match["line"])) for match in matches]


def all_frames(lines: Iterable[str]) -> list[Frame]:
    """The frames of any language, the deepest last."""
    lines = list(lines)
    if python := frames_in(lines):
        return python
    found = [match for line in lines for pattern in _OTHERS if (match := pattern.search(line))]
    return [_frame(match) for match in reversed(found)]


def _frame(match: re.Match[str]) -> Frame:
    groups = match.groupdict()
    column = groups.get("column")
    package = groups.get("package")
    path = f"{package.replace('.', '/')}{match['path']}" if package else match["path"]
    java = "package" in groups
    return Frame(path, int(match["line"]), int(column) if column else None, "java" if java else "")


def error_in(lines: Iterable[str]) -> str:
    """The message of a failure as pytest prints it: of a chain of exceptions, the last.

    Each exception has its own block of lines marked `E`. One of a syntax error starts with the place of it.
    """
    block: list[str] = []
    previous = False
    for line in lines:
        match = _ERROR.match(line)
        if match and not previous:
            block = []
        if match:
            block.append(match["text"])
        previous = match is not None or line.rstrip() == "E"
    if block and block[0].startswith("File "):
        return next((text for text in reversed(block) if exception_of(text)), block[0])
    return block[0] if block else ""


def exception_of(message: str) -> str | None:
    """`ValueError` of `ValueError: no`, and `JSONDecodeError` of `json.decoder.JSONDecodeError: no`."""
    match = _EXCEPTION.match(message)
    name = match["type"].rpartition(".")[2] if match else ""
    return name if name.endswith(_KNOWN) else None


def spoken_exception(line: str) -> tuple[str, str] | None:
    """Type and message of a line like `demo.Oops: no` or `AssertionError [ERR_ASSERTION]: 1 == 2`, in any language."""
    match = _SPOKEN.match(line.strip())
    if match is None or not (match["id"] or re.split(r"[.\\:]+", match["type"])[-1].endswith(_KNOWN)):
        return None
    if match["id"] == "ERR_TEST_FAILURE":  # node's own wrapping of what a test threw
        return None
    return (match["id"] if match["id"] not in {None, "Error"} else match["type"]), match["message"] or ""


def place(frames: Iterable[Frame], root: str, cwd: str = "") -> tuple[str | None, int | None, tuple[Place, ...]]:
    """Path and line of the deepest frame inside of the workspace, and the other frames there, deepest first."""
    found = own(frames, lambda frame: inside(frame.path, root, cwd))
    if not found:
        return None, None, ()
    others = tuple(dict.fromkeys(Place(path, frame.line) for path, frame in reversed(found[:-1])))
    first = Place(found[-1][0], found[-1][1].line)
    return first.path, first.line, tuple(other for other in others if other != first)


def own(frames: Iterable[Frame], locate: Callable[[Frame], str | None]) -> list[tuple[str, Frame]]:
    """The frames inside of the workspace, in their order."""
    return [(path, frame) for frame in frames if (path := locate(frame))]


def sources(frame: Frame) -> list[str]:
    """Where a file may lie of which only its package is known; else its path alone."""
    if not frame.package:
        return [frame.path]
    language = {"kt": "kotlin", "scala": "scala", "groovy": "groovy"}.get(frame.path.rpartition(".")[2], "java")
    folders = [f"{base}/{language}" for base in _SOURCES if base.startswith(("src/", "app/"))] + list(_SOURCES)
    return [f"{folder}/{frame.path}".removeprefix("/") for folder in folders]

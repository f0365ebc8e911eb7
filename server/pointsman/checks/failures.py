"""A failing test, whatever tells of it: its message, the code in it, and its place by the frames."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pointsman.checks.columns import Columns, Unit
from pointsman.checks.frames import Frame, all_frames, exception_of, frames_in, own, sources, spoken_exception
from pointsman.checks.items import DETAIL_LIMIT, Item, located, problem
from pointsman.checks.tool import Output
from pointsman.terms import Place, Problem

_GTEST = re.compile(r"^(?P<path>\S.*?)(?::(?P<line>\d+)| *)(?:: Failure)?$")
_GTEST_HEAD = re.compile(r"^(?P<head>(?:unknown file|\S.*:\d+): Failure)$", re.MULTILINE)
_SYNTAX = re.compile(r"^SyntaxError: (?P<path>/\S+?):(?P<line>\d+): ")
_ENGINE = Columns(Unit.UTF16)
"""Only engines of JavaScript tell columns in their frames."""


@dataclass(frozen=True, slots=True)
class Failure:
    """`file` and `line` are where the test itself stands, for a failure without frames."""

    test: str | None
    message: str = ""
    detail: str = ""
    code: str | None = None
    file: str = ""
    line: int | None = None
    column: int | None = None
    frames: Sequence[Frame] | None = None


def failed(tool: str, failure: Failure, output: Output) -> Problem:
    """One problem, at the deepest frame inside of the workspace."""
    lines = failure.detail.splitlines()
    frames = all_frames(lines) if failure.frames is None else failure.frames
    found = own(frames, lambda frame: _located(frame, output))
    message, code = _said(failure, lines)
    path, line, column = (found[-1][0], found[-1][1].line, found[-1][1].column) if found else (None, None, None)
    if path is None:
        path = located(output, failure.file) if failure.file else None
        line, column = failure.line, failure.column
    if line is None and (said := _SYNTAX.match(message)):
        path, line = said["path"], int(said["line"])
    made = problem(
        tool, Item(message, path or "", line, column, code=code, test=failure.test, folder=""), output, _ENGINE
    )
    others = dict.fromkeys(Place(path, frame.line) for path, frame in reversed(found[:-1]))
    related = tuple(other for other in others if (other.path, other.line) != (made.path, made.line))
    return replace(made, related=related, detail=failure.detail[-DETAIL_LIMIT:])


def _located(frame: Frame, output: Output) -> str | None:
    """Where a frame's file is, if there is one: engines name their own insides as if they were files."""
    for path in sources(frame):
        found = located(output, path)
        if found is not None and output.texts(found) is not None:
            return found
    return None


def _said(failure: Failure, lines: Sequence[str]) -> tuple[str, str | None]:
    """The first line of the message, with the exception's type in front, and the code: the type."""
    if "Traceback (most recent call last)" in failure.detail and frames_in(lines):
        said = [each for line in lines if exception_of(each := line.strip(" |+-"))]
        group = "Exception Group Traceback" in failure.detail
        last = said[0 if group else -1] if said else ""
        if last:
            return last, exception_of(last)
    message = next((line.strip() for line in failure.message.splitlines() if line.strip()), "")
    head = next((line for line in lines if spoken_exception(line)), "")
    spoken = spoken_exception(message) or (spoken_exception(head) if head else None)
    code = failure.code or (spoken[0] if spoken else None)
    if not message:
        message = head.strip() or next((line.strip() for line in lines if line.strip()), "the test failed")
    elif head and spoken and spoken[1] and message == spoken[1].strip():
        message = re.sub(r"^(?:cause: |\[)", "", head.strip())
    return message, code


def gtest(tool: str, test: str, text: str, output: Output, file: str = "", line: int | None = None) -> list[Problem]:
    """The failed expectations in googletest's output: each has its place, or none when an exception was thrown."""
    parts = _GTEST_HEAD.split(text)
    found = []
    for head, body in zip(parts[1::2], parts[2::2], strict=True):
        found.append(expectation(tool, test, f"{head.removesuffix(': Failure')}{body}", output, file, line))
    return found


def expectation(tool: str, test: str, text: str, output: Output, file: str, line: int | None) -> Problem:
    head, _, body = text.partition("\n")
    match = _GTEST.match(head)
    path = located(output, match["path"]) if match and match["line"] else None
    message = next((each.strip() for each in body.splitlines() if each.strip()), head)
    number = int(match["line"]) if match and path and match["line"] else line
    item = Item(message, path or file, number, test=test, detail=body)
    return problem(tool, item, output, Columns())


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")

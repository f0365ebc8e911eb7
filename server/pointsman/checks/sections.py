"""Failures in the text of test tools: each has a heading, and what follows up to the next belongs to it.

A row says how a heading looks and where a section ends; message and place are read as everywhere, by the frames.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pointsman.checks.failures import Failure, failed
from pointsman.checks.frames import Frame, all_frames, spoken_exception
from pointsman.checks.items import located
from pointsman.checks.places import raw_line
from pointsman.checks.tool import Output
from pointsman.terms import Problem

_SYNTAX_ERROR_LINES = 3


@dataclass(frozen=True, slots=True)
class Sections:
    """`heading` names the group `test`, and may name path, line, column and message. `start` must have come before.

    `message` finds the message in the body, where it is not the first line. With `flat`, a body ends at a line that is
    not indented. With `headed`, the place in the heading is where it failed, and the frames are how it came there.
    At `stop`, what follows are no failures until `start` comes again.
    """

    heading: re.Pattern[str]
    end: re.Pattern[str] | None = None
    start: re.Pattern[str] | None = None
    message: re.Pattern[str] | None = None
    flat: bool = False
    headed: bool = False
    stop: re.Pattern[str] | None = None


def sections(  # noqa: PLR0913 - one for each option
    heading: str,
    end: str = "",
    start: str = "",
    message: str = "",
    stop: str = "",
    *,
    flat: bool = False,
    headed: bool = False,
) -> Sections:
    ends, starts, stops = (re.compile(each) if each else None for each in (end, start, stop))
    said = re.compile(message, re.MULTILINE) if message else None
    return Sections(re.compile(heading), ends, starts, said, flat, headed, stops)


def read(tool: str, row: Sections, text: str, output: Output) -> list[Problem]:
    return list(dict.fromkeys(_failure(tool, row, head, body, output) for head, body in _split(row, text)))


def _split(row: Sections, text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    head: re.Match[str] | None = None
    body: list[str] = []
    open_ = row.start is None
    for line in text.split("\n"):
        open_ = open_ or (row.start is not None and row.start.search(line) is not None)
        open_ = open_ and not (row.stop is not None and row.stop.search(line) is not None)
        match = row.heading.match(line) if open_ else None
        closed = head is not None and (
            (row.end is not None and row.end.search(line) is not None)
            or (row.flat and line[:1] not in {"", " ", "\t"} and bool(body))
        )
        if match or closed:
            if head:
                yield head, body
            head, body = match, []
        elif head:
            body.append(line)
    if head:
        yield head, body


def _failure(tool: str, row: Sections, head: re.Match[str], body: list[str], output: Output) -> Problem:
    groups = head.groupdict()
    detail = "\n".join(body).strip("\n")
    found = row.message.search(detail) if row.message else None
    named = {key.rstrip("0123456789"): value for key, value in (found.groupdict() if found else {}).items() if value}
    named |= {key.rstrip("0123456789"): value for key, value in groups.items() if value}
    message = named.get("message", "")
    if "type" in named:
        message = f"{named['type']}: {message}"
    place = Frame(named.get("path", ""), int(named.get("line", 0)))
    failure = Failure(
        code=named.get("code"),
        frames=[*all_frames(body), place] if row.headed else None,
        test=named.get("test", "").strip() or None,
        message=message or _first(body),
        detail=detail,
        file=named.get("path", ""),
        line=int(named["line"]) if named.get("line") else None,
        column=int(named["column"]) if named.get("column") else None,
    )
    return failed(tool, failure, output)


def _first(body: list[str]) -> str:
    return next((line.strip() for line in body if re.search(r"\w", line)), "")


def uncaught(tool: str, text: str, output: Output) -> list[Problem]:
    """A program that ended in an exception: its last traceback, or the first exception with frames after it."""
    lines = text.split("\n")
    heads = [at for at, line in enumerate(lines) if spoken_exception(line)]
    if not heads:
        return []
    python = any(re.match(r'^[\s*]*File "', line) for line in lines)
    at = heads[-1] if python else heads[0]
    block = _traceback(lines, at) if python else lines[at:]
    file, line, column = _header(lines[: at + 1])
    if python:
        column = _caret(block, output)
    frames = all_frames(block)
    if not frames and not file:
        return []
    spoken = spoken_exception(lines[at])
    message = lines[at].strip()
    name = spoken[0] if spoken else ""
    code = name.rpartition(".")[2] if python else name
    made = failed(tool, Failure(None, message, "\n".join(block), code, file, line, column, frames), output)
    return [_at_column(made, column) if python else made] if made.path else []


def _traceback(lines: list[str], at: int) -> list[str]:
    start = at
    while start > 0 and (lines[start - 1][:1] in {" ", "|", "+", "*"} or lines[start - 1].startswith("Traceback")):
        start -= 1
    return lines[start : at + 1]


def _header(lines: list[str]) -> tuple[str, int | None, int | None]:
    """What node prints above the error of a file that it cannot read: the place, the line, and a caret."""
    for number, line in enumerate(lines):
        match = re.match(r"^\s*(?:[A-Z][\w ]+: )?(?P<path>(?:file://)?/\S.*|[A-Za-z]:\\\S.*):(?P<line>\d+)$", line)
        if match:
            caret = next(
                (len(each) - len(each.lstrip()) for each in lines[number + 1 :] if each.strip().startswith("^")), None
            )
            return match["path"], int(match["line"]), None if caret is None else caret + 1
        if imported := re.search(r"^\s*[A-Z][\w :]+\[ERR_MODULE_NOT_FOUND\]: .* imported from (?P<path>/.+)$", line):
            return imported["path"], None, None
    return "", None, None


def _caret(block: list[str], output: Output) -> int | None:
    """The column of a syntax error: how far the caret stands from the start of the line shown above it."""
    shown, caret, said = block[-3:] if len(block) > _SYNTAX_ERROR_LINES else ("", "", "")
    if not re.match(r"^\s+\^+\s*$", caret) or not said.startswith(("SyntaxError", "IndentationError", "TabError")):
        return None
    offset = _indent(caret) - _indent(shown)
    frame = all_frames(block)[-1]
    path = located(output, frame.path)
    source = raw_line(output.texts(path), frame.line) if path else None
    return offset + _indent(source or "") + 1 if offset >= 0 else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _at_column(made: Problem, column: int | None) -> Problem:
    return replace(made, column=column) if column else made

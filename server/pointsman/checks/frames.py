"""Stack frames in Python's outputs: plain tracebacks, and pytest's long, short and native styles.

Every test tool's failure is placed the same way: at the deepest frame inside of the workspace, with the other frames
there as related places. A frame in a library says how it failed, but not what to change.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pointsman.checks.places import inside
from pointsman.terms import Place

_TRACEBACK = re.compile(r'^[\s|]*(?:E\s+)?File "(?P<path>[^"\n]+)", line (?P<line>\d+)')
# `tests/test_a.py:7: in test_add`, `tests/test_a.py:7: AssertionError`, `tests/test_a.py:8: `
_PYTEST = re.compile(r"^(?P<path>[^\s:][^:\n]*\.py[wx]?):(?P<line>\d+):(?: |$)")
_ERROR = re.compile(r"^E +(?P<text>\S.*)$")
_EXCEPTION = re.compile(r"^(?P<type>(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*)(?::(?: (?P<message>.*))?)?$")


@dataclass(frozen=True, slots=True)
class Frame:
    path: str
    line: int


def frames_in(lines: Iterable[str]) -> list[Frame]:
    """All frames, in the order they are written: Python writes the deepest last."""
    matches = [match for line in lines if (match := _TRACEBACK.match(line) or _PYTEST.match(line))]
    return [Frame(match["path"], int(match["line"])) for match in matches]


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
    known = name.endswith(("Error", "Exception", "Warning", "Exit", "Interrupt", "Group", "Failed", "Iteration"))
    return name if known else None


def place(frames: Iterable[Frame], root: str, cwd: str = "") -> tuple[str | None, int | None, tuple[Place, ...]]:
    """Path and line of the deepest frame inside of the workspace, and the other frames there, deepest first."""
    own: list[Place] = []
    for frame in frames:
        path = inside(frame.path, root, cwd)
        if path is not None:
            found = Place(path, frame.line)
            own = [*(place for place in own if place != found), found]
    if not own:
        return None, None, ()
    return own[-1].path, own[-1].line, tuple(reversed(own[:-1]))

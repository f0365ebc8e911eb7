"""One JSON object a line, one answer a line, for programs that ask much: what all such commands have in common."""

import json
from collections.abc import Callable, Iterable
from typing import Any, TextIO


class Unfit(Exception):
    """A line that is not as documented; the message says what is wrong with it."""


def respond(lines: Iterable[bytes], out: TextIO, answer: Callable[[bytes], Any]) -> None:
    """Answer each line as it comes."""
    for line in lines:
        if line.strip():
            out.write(json.dumps(answer(line)) + "\n")
            out.flush()


def read(line: bytes | str) -> dict[str, Any]:
    """The object of a line. Raises Unfit."""
    try:
        data = json.loads(line)
    except RecursionError as trouble:
        raise Unfit("The JSON is nested too deeply.") from trouble
    except ValueError as trouble:  # no JSON, or no UTF-8
        raise Unfit(f"The line is not JSON in UTF-8: {trouble}.") from trouble
    if not isinstance(data, dict):
        raise Unfit("The line is not a JSON object.")
    return data


def texts(value: Any, name: str) -> dict[str, str]:
    """A field that holds texts by path. Raises Unfit."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise Unfit(f"`{name}` must be an object of texts by path.")
    return value

"""The part of a file that a heading is about: from the line that says it to the next one like it.

A hunk's heading, or the `@@` lines of an envelope, name a class or a function. They help only where each stands once.
"""

import re
from collections.abc import Sequence

from pointsman.patch.indent import indentation
from pointsman.patch.lines import Lines

_GIT_WIDTH = 78
"""Git cuts headings at about this many bytes."""
_PEER = re.compile(r"[\w@](?!\w*:\s*$)")
"""A line that can begin a new definition: no brace, no comment, no preprocessor line, no label."""


def scope(anchor: str, lines: Lines) -> range | None:
    """The lines inside of the innermost of some headings, one in another; None if one is not there exactly once."""
    inside = range(len(lines))
    for heading in anchor.split("\n"):
        heads = [at for at in inside if _says(lines.words[at], heading)]
        if len(heads) != 1:
            return None
        inside = range(heads[0] + 1, _end(heads[0], inside.stop, lines.words))
    return inside


def above(anchor: str, lines: Lines) -> int | None:
    """The first line at which all headings stand above, in their order; None if they never do."""
    at = 0
    for heading in anchor.split("\n"):
        found = next((n for n in range(at, len(lines)) if lines.words[n].strip() == heading), None)
        if found is None:
            return None
        at = found + 1
    return at


def _says(line: str, heading: str) -> bool:
    """Whether a line is what a heading names, which may have been cut, or cut short at the end of a word."""
    line, heading = line.strip(), heading.strip()
    if not heading or not line.startswith(heading):
        return False
    cut = len(heading.encode()) >= _GIT_WIDTH
    return cut or len(line) == len(heading) or not (line[len(heading)].isalnum() or line[len(heading)] == "_")


def _end(head: int, stop: int, words: Sequence[str]) -> int:
    depth = len(indentation(words[head]).expandtabs(8))
    for at in range(head + 1, stop):
        line = words[at]
        if line.strip() and len(indentation(line).expandtabs(8)) <= depth and _PEER.match(line.lstrip()):
            return at
    return stop

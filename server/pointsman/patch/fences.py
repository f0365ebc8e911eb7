"""The part of a reply that is a patch: what stands in its fenced blocks, or all of it.

A fence is a line that begins with three or more backticks in its first column; a line of a diff never does, since it
has its sign there. So Markdown inside of a patch does not end it.
"""

import re
from dataclasses import dataclass

from pointsman.patch import applypatch, unified
from pointsman.terms import Reject

_FENCE = re.compile(r"^(?P<ticks>`{3,}|~{3,})[ \t]*(?P<tag>[\w.+-]*)[^`\r\n]*\r?$")
_TAGS = frozenset({"diff", "patch", "udiff", "json", "applypatch", "apply_patch"})


@dataclass(frozen=True, slots=True)
class Fenced:
    text: str
    blocks: int
    """How many fenced blocks it was put together from; 0 for the reply as it is."""


def extract(reply: str) -> Fenced | Reject:
    """The patch's text. A block counts if it is tagged as a patch, or looks like one."""
    lines = reply.split("\n")
    chosen: list[str] = []
    blocks = 0
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening is None:
            at += 1
            continue
        end = next((n for n in range(at + 1, len(lines)) if _closes(lines[n], opening["ticks"])), None)
        body = lines[at + 1 : end]
        counts = opening["tag"].lower() in _TAGS or _looks("\n".join(body))
        if end is None:
            if counts:
                return Reject(
                    "truncated",
                    "The fenced block with the patch is not closed: the reply was cut off. Send the whole patch again.",
                )
            break
        if counts:
            chosen += body
            blocks += 1
        at = end + 1
    if not blocks:
        return Fenced(reply, 0)
    return Fenced("\n".join(chosen) + "\n", blocks)


def _closes(line: str, ticks: str) -> bool:
    bare = line.rstrip()
    return len(bare) >= len(ticks) and set(bare) == {ticks[0]}


def _looks(body: str) -> bool:
    return unified.looks_like_patch(body) or applypatch.BEGIN in body or body.lstrip().startswith('{"')

"""What the scripted provider of the demo answers: a model that errs twice and learns, if it is told what it needs.

It sees nothing but the messages it is sent, as any model does. The code it edits is read from their numbered lines. It
first answers in a form that is no patch; then with a patch that breaks a test; and it finds the right patch only when
that test's name, the line that failed and its own last patch are before it. Without them it repeats itself, so that a
demo that ends well shows that the loop closes.
"""

import difflib
import re
from collections.abc import Callable, Sequence

from pointsman.cli.demo.provider import Reply, ScriptRequest

FILE = "splitbill/shares.py"
FUNCTION = "split"
BROKEN_BY_THE_FIRST = "test_nobody_pays_two_cents_more_than_another"
LINE_THAT_FAILS = "max(shares) - min(shares) <= 1"
FIRST = ("    share, rest = divmod(cents, people)", "    return [share + rest] + [share] * (people - 1)")
SECOND = ("    share, rest = divmod(cents, people)", "    return [share + 1] * rest + [share] * (people - rest)")
_SECTION = re.compile(rf"^## [^\n]*{re.escape(FILE)}[^\n]*\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_NUMBERED = re.compile(r"^ *(?P<number>\d+)\|(?P<text>.*)$", re.MULTILINE)
_PACE = 0.01
"""Seconds between two pieces of a reply: slow enough to be watched."""

Messages = Sequence[tuple[str, str]]


def answer(request: ScriptRequest) -> Reply:
    """The whole performance."""
    return Reply(reply_to(request.messages), delay=_PACE)


def never_a_patch(request: ScriptRequest) -> Reply:
    """A model that does not learn the form, however often it is told."""
    return Reply(_in_words(_code(request.messages)), delay=_PACE)


VARIANTS: dict[str, Callable[[ScriptRequest], Reply]] = {"rejects": never_a_patch}
"""What else the provider can be made to do, by the name of the demo's `--with`."""


def reply_to(messages: Messages) -> str:
    lines = _code(messages)
    mine = [text for role, text in messages if role == "assistant"]
    patches = [text for text in mine if text.startswith("--- ")]
    if not lines:
        return f"I would have to see {FILE} to mend this."
    if not mine:
        return _in_words(lines)
    first = _patch(lines, FIRST)
    if first in patches and _told(messages[-1][1]):
        return _patch(lines, SECOND)
    return first


def _told(news: str) -> bool:
    """Whether a message says what the first patch broke."""
    return BROKEN_BY_THE_FIRST in news and LINE_THAT_FAILS in news


def _code(messages: Messages) -> list[str]:
    """The file's lines, from the first message that shows them."""
    for role, text in messages:
        match = _SECTION.search(text) if role == "user" else None
        if match:
            return [line["text"] for line in _NUMBERED.finditer(match["body"])]
    return []


def _in_words(lines: Sequence[str]) -> str:
    """An answer as chat models give it: right or wrong, it is no patch."""
    mended = "\n".join([*(line for line in lines if line.startswith(f"def {FUNCTION}(")), *FIRST])
    return f"Good catch! The cents that are left over get lost. Use this instead:\n\n```python\n{mended}\n```\n"


def _patch(lines: Sequence[str], body: Sequence[str]) -> str:
    """A unified diff that puts `body` in place of what the function returns."""
    start = next((at for at, line in enumerate(lines) if line.startswith(f"def {FUNCTION}(")), len(lines))
    returns = [at for at in range(start, len(lines)) if lines[at].startswith("    return ")][:1]
    after = [part for at, line in enumerate(lines) for part in (body if at in returns else (line,))]
    diff = difflib.unified_diff(lines, after, f"a/{FILE}", f"b/{FILE}", lineterm="")
    return "\n".join(diff) + "\n" if returns else f"I see no `return` in {FUNCTION}.\n"

"""What looks wrong in an answer that ended well: it came from another model, or to a part of the prompt only.

Both happen without any error: gateways fall back to what they have, and local engines drop the oldest messages when the
prompt does not fit their window, which is 4,096 tokens by default in the most used one.
"""

import re

from pointsman.models.address import quoted
from pointsman.terms import End, Lease, Request

_WORTH_A_LOOK = 2000
"""Tokens. Below it, templates and rounding say more than the count."""
_CUT = 0.5
_DATE = re.compile(r"[-@:](latest|\d{4}-?\d{2}-?\d{2}|\d{3,4})$")

_QUANTIZED = re.compile(r"[-.:](i?q\d\w*|b?f(16|32)|fp(8|16)|int[48])$")
"""How a local engine tells which of a model's files it has loaded."""


def estimate(request: Request) -> int:
    """About how many tokens the prompt should count."""
    size = sum(len(message.content.encode("utf-8", "replace")) for message in request.messages)
    return int(size / request.lease.bytes_per_token)


def doubts(request: Request, end: End) -> tuple[str, ...]:
    found = []
    lease = request.lease
    if other := another(lease, end):
        found.append(other)
    expected, counted = estimate(request), end.usage.prompt
    if counted is not None and expected >= _WORTH_A_LOOK and counted < expected * _CUT:
        found.append(
            f"{lease.provider} read only {counted} tokens of a prompt of about {expected}: "
            f"its context window may be too small, and the beginning of the prompt was dropped."
        )
    return tuple(found)


def another(lease: Lease, end: End) -> str:
    """What to say if another model answered than the one asked; empty if it did not, or does not tell."""
    if not end.served or is_same_model(lease.model, end.served):
        return ""
    return f"{lease.provider} was asked for {lease.model}, and {quoted(end.served, lease)} answered."


def witness(lease: Lease, one: str, other: str) -> str:
    """Of the names under which one stream was served, the one to tell of: a strange one, wherever it stood."""
    return one if one and (not other or not is_same_model(lease.model, one)) else other


def is_same_model(asked: str, served: str) -> bool:
    """Whether two names can mean one model: vendors' prefixes, dates, files and variants behind a colon are dropped."""
    if _bare(asked) == _bare(served):
        return True
    family = _family(served)
    return _family(asked) in (family, _QUANTIZED.sub("", family))


def _bare(name: str) -> str:
    name = name.replace("\\", "/").rpartition("/")[2].lower()
    return name.removesuffix(".gguf").removeprefix("models/")


def _family(name: str) -> str:
    bare = _bare(name)
    bare = bare.partition(":")[0] if "/" in name else bare.removesuffix(":latest")
    return _DATE.sub("", bare)

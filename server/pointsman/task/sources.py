"""The sources of an answer that searched the web, listed beneath it; and a plain word where there are none."""

import re
from collections.abc import Sequence

NONE = "*No source came with this answer: the model may not have searched, and this may be what it remembers.*"
_UNSAFE = re.compile(r"[\x00-\x20<>\"`\\]")
_LINK = re.compile(r"https?://\w")


def listed(markdown: str, sources: Sequence[tuple[str, str]]) -> str:
    """The answer with its sources."""
    if not sources:
        return markdown if _LINK.search(markdown) else f"{markdown.rstrip()}\n\n{NONE}"
    lines = [f"{number}. {_link(title, url)}" for number, (title, url) in enumerate(sources, 1)]
    return "\n".join([markdown.rstrip(), "", "## Sources", "", *lines])


def _link(title: str, url: str) -> str:
    """A link that stays one: neither a page's title nor its address may write Markdown of its own."""
    address = _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", url)
    name = re.sub(r"([\\`*_\[\]<>!])", r"\\\1", " ".join(title.split())[:200])
    return f"[{name}](<{address}>)" if name else f"<{address}>"

"""docs/trouble.md explains messages: each of them is one that the server or a plugin of ours has in its source."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/trouble.md").read_text()
SOURCES = "\n".join(
    path.read_text()
    for folder, ending in (("server/pointsman", "py"), ("editors/neovim/lua", "lua"), ("editors/vscode/src", "ts"))
    for path in sorted((ROOT / folder).rglob(f"*.{ending}"))
)
OF_EDITORS = {"Language server exited"}
SHORT = 6
"""Letters; a message's part that is shorter says nothing."""


def parts():
    """What the first column quotes, without the places where something else stands each time."""
    rows = re.findall(r"^\| ([^|]+) \|", PAGE, re.MULTILINE)
    quoted = [text for row in rows for text in re.findall(r"`([^`]+)`", row)]
    found = {part.strip() for text in quoted for part in text.split("…")}
    return sorted(part for part in found - OF_EDITORS if len(part) >= SHORT)


@pytest.mark.parametrize("part", parts())
def test_a_message_of_the_page_is_still_said(part):
    assert part in SOURCES


def test_the_page_quotes_messages():
    assert len(parts()) > 12

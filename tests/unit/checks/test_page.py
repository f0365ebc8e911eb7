"""docs/checks.md says what is read of which tool, from the cases. `UPDATE=1` writes it anew."""

import json
import os
from collections import defaultdict
from pathlib import Path

from pointsman.checks.readers import SHARED
from pointsman.checks.tools import TOOLS

ROOT = Path(__file__).parents[3]
HEAD = """\
# Tools whose output is read

Made from the cases in `tests/cases/checks`. A format is *verified* with the version of a tool whose real output is a
case; the others are written after the tool's documentation and read "unverified". Any tool may also write
{shared}. A tool that is not listed is read by its format, or by what its output looks like.

`pointsman check --list` shows the checks that were found in a project, and the tools that it is set up for but that are
not installed.

## Checks of your own

In your configuration, `checks.skip` names tools that are not to run, and `checks.commands` are checks of your own. One
with `tool` takes the place of the one that was found for that tool. Output that is none of a tool below is read by a
problem matcher of VS Code, pasted as it is, or named (`"$tsc"`, `"$gcc"`, ...); `background` means nothing here.

```json
{{
  "checks": {{
    "skip": ["pylint"],
    "commands": [
      {{
        "name": "proto",
        "command": ["buf", "lint"],
        "where": ["buf.yaml"],
        "stage": "lint",
        "problemMatcher": {{
          "severity": "warning",
          "pattern": {{ "regexp": "^(.+):(\\\\d+):(\\\\d+):(.+)$", "file": 1, "line": 2, "column": 3, "message": 4 }}
        }}
      }}
    ]
  }}
}}
```

A repository cannot add any: these are only read from your own configuration, and run after your consent.

## Tools

| tool | format | verified with |
|---|---|---|
"""


def page() -> str:
    seen = defaultdict(set)
    for path in (ROOT / "tests/cases/checks").glob("*.json"):
        case = json.loads(path.read_text("utf-8"))
        seen[case["tool"], case["format"]].add(case["version"].partition("\n")[0])
    rows = {(tool.name, form) for tool in TOOLS.values() for form in tool.formats} | set(seen)
    lines = [
        f"| {tool} | {form} | {', '.join(sorted(seen[tool, form])) or 'unverified'} |" for tool, form in sorted(rows)
    ]
    return HEAD.format(shared=", ".join(sorted(f"`{name}`" for name in SHARED))) + "\n".join(lines) + "\n"


def test_the_page_is_made_from_the_code_and_the_cases():
    place = ROOT / "docs/checks.md"
    if os.environ.get("UPDATE"):
        place.write_text(page(), "utf-8")
    assert place.read_text("utf-8") == page()

"""The tools, by the language they are for. To add one, write its row and its cases."""

from dataclasses import replace

from pointsman.checks.detection import detect
from pointsman.checks.tool import Tool
from pointsman.checks.tools import compiled, javascript, managed, python_tools, scripting
from pointsman.checks.tools.pytest import PYTEST
from pointsman.checks.tools.ruff import RUFF
from pointsman.checks.tools.signs import FOUND
from pointsman.checks.tools.unittest import UNITTEST

TOOLS: dict[str, Tool] = {
    tool.name: replace(tool, detect=detect(tool.name, FOUND[tool.name])) if tool.name in FOUND else tool
    for tool in (
        RUFF,
        *python_tools.ALL,
        *javascript.ALL,
        *compiled.ALL,
        *managed.ALL,
        *scripting.ALL,
        PYTEST,
        UNITTEST,
    )
}

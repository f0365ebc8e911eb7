"""One file a tool. To add one, write the file and its cases, and name it here."""

from pointsman.checks.tool import Tool
from pointsman.checks.tools.pytest import PYTEST
from pointsman.checks.tools.ruff import RUFF

TOOLS: dict[str, Tool] = {tool.name: tool for tool in (RUFF, PYTEST)}

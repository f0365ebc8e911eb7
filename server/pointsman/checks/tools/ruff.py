"""ruff's linter: JSON, SARIF, or one line a finding."""

import re
from dataclasses import replace

from pointsman.checks.dialects import BRACKET_CODE
from pointsman.checks.matchers import row
from pointsman.checks.outcomes import Exits
from pointsman.checks.readers import Reader, findings_xml_of, items, sarif_of, text, tool
from pointsman.checks.tool import Check, Output, Project, Stage
from pointsman.terms import Problem

SYNTAX = "invalid-syntax"
SUFFIXES = (".py", ".pyi")
# A configuration may switch fixing on; a check must not change what it looks at.
_CALL = ("check", "--no-cache", "--no-fix", "--force-exclude", "--output-format", "json")
_CONFIGS = ("ruff.toml", ".ruff.toml")
_FIELDS = {
    "path": "filename",
    "line": "location.row",
    "column": "location.column",
    "end_line": "end_location.row",
    "end_column": "end_location.column",
    "code": "code",
    "message": "message",
    "severity": "severity",
}
_CONCISE = row(
    r"^(?P<path>[^\s:][^\n]*?):(?P<line>\d+):(?P<column>\d+): "
    r"(?:(?P<code>[A-Z]+\d+|[a-z]+(?:-[a-z]+)+)(?: \[\*\]|:)? |SyntaxError: )(?P<message>.+)$",
    code=SYNTAX,
)
_FULL = row(
    r"^(?P<code>[A-Z]+\d+|[a-z]+(?:-[a-z]+)+|unformatted)(?: \[\*\]|:)? (?P<message>.+)$",
    r"^\s*--> (?P<path>.+?):(?P<line>\d+):(?P<column>\d+)$",
)
_GROUPED = row(
    r"^(?P<path>\S.*):$",
    r"^ +(?P<line>\d+):(?P<column>\d+) +(?P<code>[A-Z]+\d+|[a-z]+(?:-[a-z]+)+):?(?: \[\*\])? (?P<message>.+)$",
    loop=True,
)
_UNPARSED = row(
    r"^error: Failed to (?:parse|format) (?P<path>.+?):(?P<line>\d+):(?P<column>\d+): (?P<message>.+)$", code=SYNTAX
)
_UNFORMATTED = row(r"^Would reformat: (?P<path>.+)$", severity="warning", message="not formatted")


def detect(project: Project) -> Check | None:
    ruff = project.toolchain.program("ruff")
    why = _sign(project)
    if ruff is None or not why:
        return None
    config = [name for name in (*_CONFIGS, "pyproject.toml") if project.has(name)]
    return Check(
        name="ruff",
        tool="ruff",
        stage=Stage.LINT,
        argv=(ruff.path, *_CALL),
        folder=project.folder,
        why=f"{why}; ruff is {ruff.why}",
        format="ruff-json",
        config=tuple(project.path(name) for name in config if name in _CONFIGS or _configured(project)),
        suffixes=SUFFIXES,
        timeout=60.0,
    )


def _sign(project: Project) -> str:
    for name in _CONFIGS:
        if project.has(name):
            return f"there is a {name}"
    if _configured(project):
        return "pyproject.toml configures ruff"
    if re.search(r"\bruff\b", project.text(".pre-commit-config.yaml")):
        return "pre-commit runs ruff"
    return "the project's environment has ruff" if project.toolchain.beside_python("ruff") else ""


def _configured(project: Project) -> bool:
    return re.search(r"^\[tool\.ruff[.\]]", project.text("pyproject.toml"), re.MULTILINE) is not None


def _coded(reader: Reader) -> Reader:
    """Before version 0.9 syntax errors had no code."""

    def read(name: str, output: Output) -> list[Problem] | None:
        found = reader(name, output)
        if not isinstance(found, list):
            return None
        return [problem if problem.code else replace(problem, code=SYNTAX) for problem in found]

    return read


RUFF = tool(
    "ruff",
    {
        "ruff-json": _coded(items(**_FIELDS)),
        "sarif": _coded(sarif_of()),
        "json-lines": _coded(items(items="", **_FIELDS)),
        "junit-xml": findings_xml_of(),
        "text": text(_CONCISE, _FULL, _GROUPED, _UNPARSED, _UNFORMATTED, *BRACKET_CODE),
    },
    Exits(broken=frozenset({2})),
    detect,
)

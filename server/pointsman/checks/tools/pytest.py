"""pytest: our own plugin's lines, or JUnit XML, or its text."""

import re
from collections.abc import Iterator
from pathlib import Path

from pointsman.checks.environment import ARTEFACTS
from pointsman.checks.related import by_files
from pointsman.checks.tool import Check, Outcome, Output, Project, Stage, Tool
from pointsman.checks.tools.pytest_lines import read_lines
from pointsman.checks.tools.pytest_text import read_text
from pointsman.checks.tools.pytest_xml import read_xml

PLUGIN = Path(__file__).resolve().parents[1] / "injected"
REPORT = "pytest.jsonl"
_SECTIONS = (
    ("pytest.ini", re.compile(r"^\[pytest\]", re.MULTILINE)),
    (".pytest.ini", re.compile(r"^\[pytest\]", re.MULTILINE)),
    ("pytest.toml", re.compile(r"^\[pytest\]", re.MULTILINE)),
    (".pytest.toml", re.compile(r"^\[pytest\]", re.MULTILINE)),
    ("pyproject.toml", re.compile(r"^\[tool\.pytest(\.ini_options)?\]", re.MULTILINE)),
    ("tox.ini", re.compile(r"^\[pytest\]", re.MULTILINE)),
    ("setup.cfg", re.compile(r"^\[tool:pytest\]", re.MULTILINE)),
)
_DEPENDENCY = re.compile(r"""^\s*pytest\b|["']pytest[\s\[<>=!~;"']""", re.MULTILINE)
_FOLDERS = ("tests", "test")
_CONFTESTS = ("conftest.py", *(f"{folder}/conftest.py" for folder in _FOLDERS))


def detect(project: Project) -> Check | None:
    why = next(_signs(project), "")
    python = project.toolchain.python_with("pytest")
    if not why or python is None:
        return None
    # addopts of the project may stop at the first failure; blame needs all of them.
    options = ("-p", "pointsman_report", "-q", "--continue-on-collection-errors", "--maxfail=0")
    config = [name for name, pattern in _SECTIONS if pattern.search(project.text(name))]
    config += [name for name in _CONFTESTS if project.has(name)]
    argv = (python.path, "-m", "pytest", *options)
    return Check(
        name="pytest",
        tool="pytest",
        stage=Stage.TEST,
        argv=argv,
        folder=project.folder,
        why=f"{why}; Python: {python.why}",
        format="pytest-lines",
        config=tuple(project.path(name) for name in config),
        env={"PYTHONPATH": str(PLUGIN), "POINTSMAN_REPORT": f"{ARTEFACTS}/{REPORT}"},
        timeout=300.0,
        narrow=by_files(argv, (".py",)),
    )


def _signs(project: Project) -> Iterator[str]:
    for name, pattern in _SECTIONS:
        if pattern.search(project.text(name)):
            yield f"{name} configures pytest"
    for name in _CONFTESTS:
        if project.has(name):
            yield f"there is a {name}"
    for name in ("pyproject.toml", "requirements-dev.txt", "requirements-test.txt", "setup.cfg"):
        if _DEPENDENCY.search(project.text(name)):
            yield f"{name} asks for pytest"
    if any(project.has(name) for name in ("pyproject.toml", "setup.py", "setup.cfg")):
        yield from (f"there is a folder {folder}" for folder in _FOLDERS if project.has(folder))
    for path in (*project.paths, *project.names()):
        if re.search(r"(^|/)(test_[^/]*|[^/]*_test)\.py$", path):
            yield f"{path} is named as a test"


def read(output: Output) -> Outcome:
    """The plugin's lines; where there are none, the plugin could not even start, and the text says why."""
    lines = output.run.artefacts.get(REPORT, "")
    return read_lines(lines, output) if lines else read_text(output)


PYTEST = Tool("pytest", detect, {"pytest-lines": read, "junit-xml": read_xml, "text": read_text})

"""pytest: our own plugin's lines, or JUnit XML, or its text."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pointsman.checks.environment import ARTEFACTS
from pointsman.checks.related import by_files
from pointsman.checks.tool import Check, Outcome, Output, Project, Stage, Tool
from pointsman.checks.toolchain import Found
from pointsman.checks.tools.pytest_lines import read_lines
from pointsman.checks.tools.pytest_text import read_text
from pointsman.checks.tools.pytest_xml import read_xml

PLUGIN = Path(__file__).resolve().parents[1] / "injected"
REPORT = "pytest.jsonl"
DJANGO = "manage.py"
LOOKED_AT = 20
"""Test files."""
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
FOLDERS = ("tests", "test")
_CONFTESTS = ("conftest.py", *(f"{folder}/conftest.py" for folder in FOLDERS))


def detect(project: Project) -> Check | None:
    found = chosen(project)
    if found is None:
        return None
    why, python = found
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


def chosen(project: Project) -> tuple[str, Found] | None:
    """Why pytest is what tests this project, and the Python that has it.

    Where only the names of files speak for it, they may as well be unittest's, which Django starts in its own way.
    """
    python = project.toolchain.python_with("pytest")
    why = next(_asked_for(project), "")
    if not why and not django(project) and not (project.toolchain.lacks("pytest") and _unittests(project)):
        why = guess(project)
    return (why, python) if why and python else None


def django(project: Project) -> bool:
    return "DJANGO_SETTINGS_MODULE" in project.text(DJANGO)


def _unittests(project: Project) -> bool:
    """Whether a test file, of the first few, is written for unittest."""
    base = Path(project.files.root, project.folder)
    places = (
        place for pattern in ("test*.py", *(f"{each}/**/test*.py" for each in FOLDERS)) for place in base.glob(pattern)
    )
    names = [place.relative_to(base).as_posix() for place in islice(places, LOOKED_AT)]
    return any("unittest" in project.text(name) for name in names)


def guess(project: Project) -> str:
    """What looks like tests of Python; empty if nothing does."""
    return next(_looks_like_tests(project), "")


def _asked_for(project: Project) -> Iterator[str]:
    for name, pattern in _SECTIONS:
        if pattern.search(project.text(name)):
            yield f"{name} configures pytest"
    for name in _CONFTESTS:
        if project.has(name):
            yield f"there is a {name}"
    for name in ("pyproject.toml", "requirements-dev.txt", "requirements-test.txt", "setup.cfg"):
        if _DEPENDENCY.search(project.text(name)):
            yield f"{name} asks for pytest"


def _looks_like_tests(project: Project) -> Iterator[str]:
    if any(project.has(name) for name in ("pyproject.toml", "setup.py", "setup.cfg")):
        yield from (f"there is a folder {folder}" for folder in FOLDERS if project.has(folder))
    for path in (*project.paths, *project.names()):
        if re.search(r"(^|/)(test_[^/]*|[^/]*_test)\.py$", path):
            yield f"{path} is named as a test"


def read(output: Output) -> Outcome:
    """The plugin's lines; where there are none, the plugin could not even start, and the text says why."""
    lines = output.run.artefacts.get(REPORT, "")
    return read_lines(lines, output) if lines else read_text(output)


PYTEST = Tool("pytest", detect, {"pytest-lines": read, "junit-xml": read_xml, "text": read_text})

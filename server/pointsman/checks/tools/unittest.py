"""unittest, where it is what a project's tests run with: of the standard library, or as Django starts it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pointsman.checks.items import located
from pointsman.checks.outcomes import Exits
from pointsman.checks.readers import text, tool
from pointsman.checks.related import by_files
from pointsman.checks.sections import sections
from pointsman.checks.tool import Check, Output, Project, Stage
from pointsman.checks.tools import pytest
from pointsman.terms import Problem

_UNITTEST = text(
    sections(
        r"^(?:(?:ERROR|FAIL)(?: \[[\d.]+s\])?: (?P<test>.+)|(?P<message>UNEXPECTED SUCCESS): (?P<test2>.+))$",
        end=r"^(?:={70}|Ran \d+ tests?)",
    )
)


def _in_module(name: str, output: Output) -> list[Problem]:
    """What has no traceback is placed in the module of the test's id: `test_add (pkg.test_sum.Sum.test_add)`."""
    found = _UNITTEST(name, output)
    return [each if each.path else replace(each, path=_module(each.test or "", output)) for each in found]


def _module(test: str, output: Output) -> str | None:
    match = re.search(r"\((?P<id>[\w.]+)\)", test)
    parts = match["id"].split(".") if match else []
    paths = [located(output, "/".join(parts[:count]) + ".py") for count in range(len(parts), 0, -1)]
    return next((path for path in paths if path and output.texts(path) is not None), None)


def detect(project: Project) -> Check | None:
    if pytest.chosen(project):
        return None
    module, why = ("django", f"{pytest.DJANGO} is Django's") if pytest.django(project) else ("", pytest.guess(project))
    python = project.toolchain.python_with(module) if module else project.toolchain.python
    if not why or python is None:
        return None
    plain = (python.path, "-m", "unittest")
    argv = (python.path, pytest.DJANGO, "test", "--noinput") if module else (*plain, "discover", *_start(project))
    return Check(
        name="unittest",
        tool="unittest",
        stage=Stage.TEST,
        argv=argv,
        folder=project.folder,
        why=f"{why}{'' if module else ', and pytest is not installed'}; Python: {python.why}",
        format="text",
        config=(project.path(pytest.DJANGO),) if module else (),
        timeout=300.0,
        narrow=None if module else by_files(plain, (".py",)),
    )


def _start(project: Project) -> Iterator[str]:
    """Discovery enters packages only."""
    for folder in pytest.FOLDERS:
        if project.has(folder) and not project.has(f"{folder}/__init__.py"):
            yield from ("-s", folder)
            return


UNITTEST = replace(
    tool(
        "unittest",
        {"text": _in_module},
        Exits(nothing=frozenset({5})),
    ),
    detect=detect,
)

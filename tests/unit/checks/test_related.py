"""Which tests run first, and how each kind of tool is told."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from pointsman.checks.plan import plan
from pointsman.checks.related import Near, by_changes, by_files, by_folders, near
from pointsman.checks.shadow.choose import Shadow
from pointsman.checks.tool import Output
from pointsman.checks.tools import TOOLS
from pointsman.checks.verify import Defaults
from pointsman.files.workspace import Workspace
from pointsman.index.store import Index as Store
from pointsman.terms import Command
from support.projects import write

GO = by_folders(("go", "test", "-json"), ".go")
JEST = by_changes(("jest", "--json", "--findRelatedTests"), (".ts", ".js"))
PYTEST = by_files(("pytest", "-q"), (".py",))


@pytest.mark.parametrize(
    ("narrow", "found", "argv"),
    [
        (PYTEST, Near(("a.py",), ("t/test_a.py", "a.spec.ts")), ("pytest", "-q", "./t/test_a.py")),
        (PYTEST, Near(("a.py",), ()), ()),
        (JEST, Near(("a.ts", "b.md"), ()), ("jest", "--json", "--findRelatedTests", "./a.ts")),
        (JEST, Near(("b.md",), ("a.test.ts",)), ()),
        (GO, Near(("a.go", "in/b.go"), ("in/b_test.go",)), ("go", "test", "-json", ".", "./in")),
        (GO, Near(("go.mod",), ()), ()),
    ],
)
def test_arguments(narrow, found, argv):
    assert narrow(found) == argv


class Index:
    def tests_for(self, path):
        return {"app/a.py": ("app/tests/test_a.py", "tests/test_all.py", "app/gone.py")}.get(path, (path,))


def test_paths_are_those_of_the_project_that_are_there():
    paths = ["app/a.py", "app/tests/test_new.py", "other/c.py"]
    found = near(paths, "app", Index(), lambda path: path != "app/gone.py")
    assert found == Near(("a.py", "tests/test_new.py"), ("tests/test_a.py", "tests/test_new.py"))


def test_without_an_index_the_tool_itself_may_still_know():
    assert near(["a.ts"], "", None, lambda _: True) == Near(("a.ts",), ())


_LIB = {"src/price.js": "exports.price_of = () => 1;\n", "src/weather.js": "exports.weather_at = () => 2;\n"}
_VITEST = (
    "import { expect, test } from 'vitest'\nimport { %s } from '../src/%s'\ntest('%s', () => expect(%s()).toBe(%d))\n"
)
_JEST = "const { %s } = require('../src/%s');\ntest('%s', () => { expect(%s()).toBe(%d); });\n"
_MOCHA = "const { %s } = require('../src/%s');\nit('%s', () => { require('assert').equal(%s(), %d); });\n"
_RSPEC = "require_relative '../lib/%s'\nRSpec.describe('%s') { it('is') { expect(%s).to eq(%d) } }\n"
_PYTEST = "from %s import %s\n\n\ndef test_%s():\n    assert %s() == %d\n"


def _two(form, folder, suffix):
    values = (("price_of", "price", 1), ("weather_at", "weather", 2))
    return {f"{folder}/{about}{suffix}": form % (name, about, about, name, value) for name, about, value in values}


_MODULES = {path: text.replace("exports.", "export const ") for path, text in _LIB.items()}
PROJECTS = {
    "jest": ("src/price.js", {"package.json": '{"jest": {}}', **_LIB, **_two(_JEST, "test", ".test.js")}),
    "vitest": (
        "src/price.js",
        {"package.json": '{"type": "module", "scripts": {"test": "vitest"}}', **_MODULES}
        | _two(_VITEST, "test", ".test.js"),
    ),
    "mocha": ("src/price.js", {".mocharc.json": "{}", **_LIB, **_two(_MOCHA, "test", ".test.js")}),
    "rspec": (
        "lib/price.rb",
        {".rspec": "", "lib/price.rb": "def price_of = 1\n", "lib/weather.rb": "def weather_at = 2\n"}
        | {f"spec/{about}_spec.rb": _RSPEC % (about, about, name, value)
           for name, about, value in (("price_of", "price", 1), ("weather_at", "weather", 2))},
    ),
    "pytest": (
        "price.py",
        {"pytest.ini": "[pytest]\npythonpath = .\n", "price.py": "def price_of():\n    return 1\n"}
        | {"weather.py": "def weather_at():\n    return 2\n"}
        | {f"tests/test_{about}.py": _PYTEST % (about, name, about, name, value)
           for name, about, value in (("price_of", "price", 1), ("weather_at", "weather", 2))},
    ),
}  # fmt: skip


@pytest.mark.parametrize("tool", PROJECTS)
async def test_the_tests_near_a_change_are_run_and_no_others(tmp_path, tool):
    program = shutil.which(tool, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if program is None:
        pytest.skip(f"{tool} is not installed")
    changed, files = PROJECTS[tool]
    root = write(tmp_path / "project", files)
    if "node_modules" in program:
        (root / "node_modules").symlink_to(Path(program).parents[1])
    index = Store(root)
    index.scan_now(Workspace(root))
    [check] = [check for check in plan(Workspace(root), [changed], Defaults()).checks if check.tool == tool]
    found = near([changed], "", index, lambda path: (root / path).exists())
    shadow = Shadow(tmp_path / "cache")
    ran = []
    for argv in (check.narrow(found), check.argv):
        run = await shadow.run(str(root), {}, Command(argv, str(root), check.env))
        outcome = TOOLS[tool].formats[check.format](Output(run, str(root), files.get))
        assert set(outcome.tests.values()) == {"passed"}, run
        ran.append(sorted(outcome.tests))
    few, all_ = ran
    assert len(few) == 1
    assert "price" in few[0]
    assert len(all_) == 2

"""Which checks a project has, what would run, and what consent is given to."""

import json
import sys

import pytest

from pointsman.checks.plan import plan
from pointsman.checks.related import Near
from pointsman.checks.trust import Trust
from pointsman.checks.verify import _targets
from pointsman.files.workspace import Workspace
from pointsman.text import Snapshot
from support.projects import CALC, write


class Settings:
    python = sys.executable
    timeout = 7.0
    memory = 0
    skip = ()
    commands = ()


def planned(root, paths=("calc.py",), buffers=None):
    return plan(Workspace(root, buffers), paths, Settings())


def names(found):
    return [check.name for check in found.checks]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, []),
        ({"pytest.ini": "[pytest]\n"}, ["pytest"]),
        ({"tox.ini": "[pytest]\n"}, ["pytest"]),
        ({"tox.ini": "[tox]\n"}, []),
        ({"setup.cfg": "[tool:pytest]\n"}, ["pytest"]),
        ({"conftest.py": ""}, ["pytest"]),
        ({"tests/conftest.py": ""}, ["pytest"]),
        ({"pyproject.toml": "[tool.pytest.ini_options]\n"}, ["pytest"]),
        ({"pyproject.toml": "[dependency-groups]\ntest = ['pytest>=8']\n"}, ["pytest"]),
        ({"pyproject.toml": "[project]\nname = 'x'\n", "tests/test_a.py": ""}, ["pytest"]),
        ({"setup.py": "", "test_calc.py": ""}, ["pytest"]),
        ({"ruff.toml": ""}, ["ruff"]),
        ({"pyproject.toml": "[tool.ruff.lint]\n"}, ["ruff"]),
        ({".pre-commit-config.yaml": "- repo: ruff-pre-commit\n"}, ["ruff"]),
        ({"pyproject.toml": "[tool.ruff]\n[tool.pytest]\n"}, ["ruff", "pytest"]),
        ({"pyproject.toml": "this is [not toml"}, []),
    ],
)
def test_detection(tmp_path, files, expected):
    found = planned(write(tmp_path, {"calc.py": "", **files}))
    assert names(found) == expected
    assert all(check.why for check in found.checks)
    assert len(found.commands) == len(expected)
    assert all(check.timeout == 7.0 for check in found.checks)


@pytest.mark.parametrize(
    ("files", "program", "expected"),
    [
        ({"Cargo.toml": ""}, "cargo", ["cargo check", "cargo test"]),
        ({"tsconfig.json": ""}, "tsc", ["tsc"]),
        ({"eslint.config.js": ""}, "eslint", ["eslint"]),
        ({".shellcheckrc": ""}, "shellcheck", ["shellcheck"]),
        ({"pyproject.toml": "[tool.mypy]\n"}, "mypy", ["mypy"]),
        ({"pyproject.toml": "# [tool.mypy]\n"}, "mypy", []),
        ({"main.go": ""}, "go", []),
    ],
)
def test_tools_are_found_by_their_own_files(tmp_path, files, program, expected):
    root = write(tmp_path, {**files, f"node_modules/.bin/{program}": "#!/bin/sh\n"})
    (root / "node_modules/.bin" / program).chmod(0o755)
    found = planned(root, ["calc.py"])
    assert names(found) == expected
    for check in found.checks:
        assert check.argv[0] == str(root / "node_modules/.bin" / program)
        assert next(iter(files)) in check.why
        assert check.config == tuple(files)


@pytest.mark.parametrize(
    ("files", "everything"),
    [
        ({"pyproject.toml": "[tool.mypy]\nstrict = true\n"}, (".",)),
        ({"pyproject.toml": '[tool.mypy]\nstrict = true\n\nfiles = ["src"]\n'}, ()),
        ({"pyproject.toml": "[tool.mypy]\nstrict = true\n[tool.other]\nfiles = []\n"}, (".",)),
        ({"mypy.ini": "[mypy]\npackages: pack\n"}, ()),
        ({"mypy.ini": "[mypy-x.*]\nfiles = y\n"}, (".",)),
    ],
)
def test_a_tool_that_is_told_by_its_own_configuration_is_not_told_again(tmp_path, files, everything):
    root = write(tmp_path, {**files, "node_modules/.bin/mypy": "#!/bin/sh\n"})
    (root / "node_modules/.bin/mypy").chmod(0o755)
    assert [check.everything for check in planned(root).checks if check.tool == "mypy"] == [everything]


def with_venv(root, *modules):
    """A virtual environment in looks, with modules."""
    write(root, {".venv/pyvenv.cfg": "home = /usr/bin\n", ".venv/bin/python": "#!/bin/sh\n"})
    (root / ".venv/bin/python").chmod(0o755)
    for module in modules:
        write(root, {f".venv/lib/python3.12/site-packages/{module}/__init__.py": ""})
    return root


CASE = "import unittest\n"


@pytest.mark.parametrize(
    ("files", "modules", "argv"),
    [
        ({"setup.py": "", "tests/test_a.py": CASE}, [], ("-m", "unittest", "discover", "-s", "tests")),
        ({"setup.py": "", "tests/test_a.py": CASE, "tests/__init__.py": ""}, [], ("-m", "unittest", "discover")),
        ({"setup.py": "", "tests/test_a.py": CASE}, ["pytest"], ("-m", "pytest")),
        ({"setup.py": "", "tests/test_a.py": "def test_a(): ..."}, [], ("-m", "pytest")),
        ({"conftest.py": "", "tests/test_a.py": CASE}, [], ("-m", "pytest")),
        (
            {"manage.py": "DJANGO_SETTINGS_MODULE", "app/test_a.py": CASE},
            ["django"],
            ("manage.py", "test", "--noinput"),
        ),
        ({"manage.py": "DJANGO_SETTINGS_MODULE", "setup.cfg": "[tool:pytest]\n"}, ["pytest"], ("-m", "pytest")),
    ],
)
def test_which_of_the_two_runs_tests_of_python(tmp_path, monkeypatch, files, modules, argv):
    monkeypatch.setattr(Settings, "python", "")
    [check] = planned(with_venv(write(tmp_path, files), *modules)).checks
    assert (check.argv[0], check.argv[1 : 1 + len(argv)]) == (str(tmp_path / ".venv/bin/python"), argv)


def test_a_test_script_says_what_its_program_is_called_with(tmp_path):
    script = "NODE_ENV=test nyc mocha --require ./first test/ --reporter spec"
    root = write(tmp_path, {"package.json": json.dumps({"scripts": {"test": script}}), "test/a.js": "", "a.js": ""})
    write(root, {"node_modules/.bin/mocha": "#!/bin/sh\n"})
    (root / "node_modules/.bin/mocha").chmod(0o755)
    [check] = planned(root, ["a.js"]).checks
    assert check.argv[1:] == ("--reporter", "json", "--require", "./first", "test/")
    assert (check.env, check.config) == ({"NODE_ENV": "test"}, ("package.json",))
    assert check.narrow(Near(("a.js",), ("test/a.js",)))[1:] == (*check.argv[1:-1], "./test/a.js")


def test_a_nested_project_of_another_language_does_not_take_python_files(tmp_path):
    root = write(tmp_path, {"ruff.toml": "", "web/package.json": "{}", "web/conf.py": ""})
    assert [(check.name, check.folder) for check in planned(root, ["web/conf.py"]).checks] == [("ruff", "")]


def test_each_files_nearest_project(tmp_path):
    root = write(
        tmp_path,
        {
            "pyproject.toml": "[tool.ruff]\n",
            "a.py": "",
            "libs/b/pyproject.toml": "[tool.pytest]\n",
            "libs/b/src/b.py": "",
        },
    )
    found = planned(root, ["a.py", "libs/b/src/b.py"])
    assert [(check.name, check.folder) for check in found.checks] == [("ruff", ""), ("pytest in libs/b", "libs/b")]
    assert "(in libs/b)" in found.commands[1]


def test_a_file_of_a_nested_project_is_looked_at_by_its_own_linter_alone(tmp_path):
    files = {"pyproject.toml": "[tool.ruff]\n", "a.py": "", "libs/b/pyproject.toml": "[tool.ruff]\n", "libs/b/b.py": ""}
    root = write(tmp_path, files)
    found = planned(root, ["a.py", "libs/b/b.py"])
    assert {check.name: check.apart for check in found.checks} == {"ruff": ("libs/b",), "ruff in libs/b": ()}
    looked_at = {check.name: _targets(check, found, None) for check in found.checks}
    assert looked_at == {"ruff": ("a.py",), "ruff in libs/b": ("libs/b/b.py",)}


def test_the_limits_are_those_of_the_settings(tmp_path):
    class Limits(Settings):
        timeout = 9.0
        memory = 300

    found = plan(Workspace(write(tmp_path, {"ruff.toml": "", "a.py": ""})), ("a.py",), Limits())
    assert [(check.timeout, check.memory) for check in found.checks] == [(9.0, 300 << 20)]


def test_unsaved_configuration_counts(tmp_path):
    root = write(tmp_path, {"calc.py": ""})
    buffers = {"ruff.toml": Snapshot("", 1, "")}
    assert names(planned(root, buffers=buffers)) == ["ruff"]


def test_consent_is_to_what_would_run(tmp_path):
    root = write(tmp_path / "project", CALC)
    trust = Trust(tmp_path / "state")
    assert not trust.trusted(planned(root))
    trust.trust(planned(root))
    assert trust.trusted(planned(root))
    assert Trust(tmp_path / "state").trusted(planned(root))

    (root / "calc.py").write_text("x = 1\n")
    text = CALC["pyproject.toml"]
    (root / "pyproject.toml").write_text(text.replace("version = '1'", "version = '2'"))
    assert trust.trusted(planned(root)), "code and other settings are no reason to ask again"

    (root / "pyproject.toml").write_text(text.replace("pythonpath", "addopts = '-p evil'\npythonpath"))
    assert not trust.trusted(planned(root))
    (root / "pyproject.toml").write_text(text)
    assert trust.trusted(planned(root)), "back on the first branch, nobody is asked again"

    (root / "conftest.py").write_text("import evil\n")
    assert not trust.trusted(planned(root))


def test_consent_is_for_one_place_and_can_be_taken_back(tmp_path):
    one, other = write(tmp_path / "one", CALC), write(tmp_path / "other", CALC)
    trust = Trust(tmp_path / "state")
    trust.trust(planned(one))
    assert not trust.trusted(planned(other))
    trust.forget(str(one))
    assert not trust.trusted(planned(one))


def test_a_damaged_store_trusts_nobody(tmp_path):
    root = write(tmp_path / "project", CALC)
    trust = Trust(tmp_path / "state")
    trust.trust(planned(root))
    for damage in ("", "{", "[]", '{"root": 1}', '{"root": "/other", "allowed": []}'):
        next((tmp_path / "state/trust").iterdir()).write_text(damage)
        assert not trust.trusted(planned(root))

"""Run a real tool on a small project and write the run as a case: `python -m support.capture_checks` from tests/.

A case holds the project, the call, what came out, and what must be read from it. Paths of this machine are replaced.
"""

import json
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from pointsman.checks import environment
from support.projects import write

CASES = Path(__file__).resolve().parents[1] / "cases" / "checks"
PLUGIN = Path(environment.__file__).parent / "injected"
BIN = Path(os.path.normpath(sys.prefix)) / "bin"

TEST_SHOP = """\
import pytest

import shop


def test_total():
    assert shop.total([1, 2]) == 3


@pytest.mark.parametrize('text', ['{}', 'nonsense', '{"naïve 😀": 1}'])
def test_load(text):
    assert shop.load(text) == 1


class TestDeep:
    def test_wrapped(self):
        try:
            shop.load('{}')
        except KeyError as error:
            raise RuntimeError('no total') from error


@pytest.fixture
def broken():
    raise OSError('no disk')


def test_fixture(broken):
    pass


@pytest.fixture
def late():
    yield
    raise OSError('no end')


def test_late(late):
    pass


@pytest.mark.xfail(strict=True, reason='known')
def test_strict():
    pass


@pytest.mark.xfail
def test_expected():
    assert False


@pytest.mark.skip
def test_skipped():
    pass


def test_group():
    raise ExceptionGroup('several', [ValueError('one'), TypeError('two')])


def test_fine():
    print('shop.py:1: error: not a real one')
"""
SHOP = """\
import json


def total(prices):
    return sum(prices) - 1


def load(text):
    return json.loads(text)['naïve 😀']
"""
FAILING = {
    "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\n",
    "shop.py": SHOP,
    "tests/test_shop.py": TEST_SHOP,
    "tests/test_import.py": "import no_such_module\n",
    "tests/test_syntax.py": "def test(:\n    pass\n",
}
NOISY = {"test_a.py": "def test_a():\n    print('E   AssertionError')\n    print('a.py:1: in test_a')\n"}
ABORTING = {
    "test_a.py": "import os\n\n\ndef test_first():\n    assert 1 == 2\n\n\ndef test_aborts():\n    os.abort()\n\n\n"
    "def test_never():\n    pass\n"
}
CONFTEST = {"conftest.py": "import no_such_module\n", "test_a.py": "def test_a():\n    pass\n"}
LINT = {
    "pkg/lint.py": "import os\nimport sys\n\n\ndef f():\n    x = '😀', undefined\n    return sys.path\n",
    "pkg/bad.py": "def g(:\n    pass\n",
    "ruff.toml": "lint.select = ['F', 'W']\n",
}

PYTEST = ("python", "-m", "pytest", "-p", "no:cacheprovider", "-q", "--continue-on-collection-errors")
LINES = (*PYTEST, "-p", "pointsman_report")
XML = (*PYTEST, "--junitxml={artefacts}/report.xml")
RUFF = ("ruff", "check", "--no-cache", "--output-format")

RUNS = {
    "pytest-lines": ("pytest", "pytest-lines", FAILING, LINES),
    "pytest-lines-xdist": ("pytest", "pytest-lines", FAILING, (*LINES, "-n", "2")),
    "pytest-lines-noisy": ("pytest", "pytest-lines", NOISY, LINES),
    "pytest-lines-abort": ("pytest", "pytest-lines", ABORTING, LINES),
    "pytest-lines-conftest": ("pytest", "pytest-lines", CONFTEST, LINES),
    "pytest-lines-no-tests": ("pytest", "pytest-lines", {"a.py": "x = 1\n"}, LINES),
    "pytest-lines-bad-option": ("pytest", "pytest-lines", NOISY, (*LINES, "--no-such-option")),
    "pytest-missing": ("pytest", "pytest-lines", NOISY, ("python", "-S", "-m", "pytest")),
    "pytest-xunit2": ("pytest", "junit-xml", FAILING, XML),
    "pytest-xunit1": ("pytest", "junit-xml", FAILING, (*XML, "-o", "junit_family=xunit1", "--tb=short")),
    "pytest-text": ("pytest", "text", FAILING, (*PYTEST, "-rA", "--tb=short")),
    "pytest-text-long": ("pytest", "text", FAILING, PYTEST),
    "pytest-text-noisy": ("pytest", "text", NOISY, (*PYTEST, "-rP")),
    "ruff-json": ("ruff", "ruff-json", LINT, (*RUFF, "json", ".")),
    "ruff-sarif": ("ruff", "sarif", LINT, (*RUFF, "sarif", ".")),
    "ruff-concise": ("ruff", "text", LINT, (*RUFF, "concise", ".")),
    "ruff-clean": ("ruff", "ruff-json", {"a.py": "x = 1\n"}, (*RUFF, "json", ".")),
    "ruff-no-files": ("ruff", "ruff-json", {"a.txt": "x\n"}, (*RUFF, "json", ".")),
    "ruff-bad-config": ("ruff", "ruff-json", {"ruff.toml": "line-length = 'x'\n"}, (*RUFF, "json", ".")),
}


def capture(name: str) -> None:
    tool, form, files, argv = RUNS[name]
    with tempfile.TemporaryDirectory() as folder:
        root, artefacts = Path(folder, "project").resolve(), Path(folder, "out").resolve()
        artefacts.mkdir()
        write(root, files)
        words = [word.replace(environment.ARTEFACTS, str(artefacts)) for word in argv]
        extra = (
            {"PYTHONPATH": str(PLUGIN), "POINTSMAN_REPORT": f"{artefacts}/pytest.jsonl"}
            if form == "pytest-lines"
            else {}
        )
        env = environment.clean(extra=extra)
        done = subprocess.run(
            [BIN / words[0], *words[1:]], cwd=root, env=env, capture_output=True, text=True, check=False
        )
        found = {path.name: path.read_text() for path in sorted(artefacts.iterdir())}
        version = subprocess.run([BIN / tool, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        case = {
            "tool": tool,
            "version": version,
            "format": form,
            "argv": list(argv),
            "root": "/project",
            "exit_code": done.returncode,
            "stdout": neutral(done.stdout, root, artefacts),
            "stderr": neutral(done.stderr, root, artefacts),
            "artefacts": {key: neutral(text, root, artefacts) for key, text in found.items()},
            "files": files,
        }
    CASES.mkdir(parents=True, exist_ok=True)
    place = CASES / f"{name}.json"
    place.write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n")


def neutral(text: str, root: Path, artefacts: Path) -> str:
    names = {
        str(root): "/project",
        str(artefacts): "/artefacts",
        sysconfig.get_path("purelib"): "/venv/site-packages",
        sysconfig.get_path("stdlib"): "/python/lib",
        str(BIN.parent): "/venv",
        sys.base_prefix: "/python",
    }
    for here, there in names.items():
        text = text.replace(here, there)
    text = re.sub(r"(\.\./)+\S*site-packages", "/venv/site-packages", text)
    return re.sub(r'hostname="[^"]*"', 'hostname="host"', text)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or RUNS:
        capture(wanted)

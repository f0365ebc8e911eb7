"""The project's own fixers, answering like a model."""

import json
import subprocess
import sys

import pytest

from pointsman.checks.fixers import NOFIX, Fixers, eligible, unified
from pointsman.checks.plan import plan
from pointsman.checks.shadow.choose import Shadow
from pointsman.checks.tools.ruff_rules import FIXABLE
from pointsman.checks.trust import Trust
from pointsman.errors import Refused, Unavailable
from pointsman.files.workspace import Workspace
from pointsman.terms import Context, Delta, End, Lease, Offer, Problem, Request, Secret, Slot
from pointsman.text import Snapshot, Span
from support.projects import write

LEASE = Lease("t", Slot.QUICK_EDIT, "builtin", "fixers", "builtin", "", Secret(""), "no model needed")
UNUSED = Problem("Ruff", "`os` imported but unused", "pkg/a.py", 1, code="F401")
SOURCE = "import os\nimport sys\n\nprint(sys.path)\n"


class Settings:
    python = sys.executable
    timeout = 60.0


@pytest.fixture
def root(tmp_path):
    return write(tmp_path / "project", {"ruff.toml": "", "pkg/a.py": "saved = 1\n"})


async def answered(tmp_path, root, problem, text, *, allowed=True):
    workspace = Workspace(root, {"pkg/a.py": Snapshot("", 1, text)})
    if allowed:
        Trust(tmp_path / "state").trust(plan(workspace, ["pkg/a.py"], Settings()))
    context = Context(Offer("fix", "", "pkg/a.py", Span(0, 0), 1, (problem,)), str(root), (), {}, 0)
    model = Fixers(Settings(), state=tmp_path / "state", shadow=Shadow(tmp_path / "cache"))
    await model.connect(LEASE)
    pieces = [piece async for piece in model.stream(Request(LEASE, (), context, workspace))]
    assert [type(piece) for piece in pieces] == [Delta, End]
    return pieces[0].text, pieces[1]


async def test_the_answer_is_a_diff_of_the_buffer(tmp_path, root):
    text, end = await answered(tmp_path, root, UNUSED, SOURCE)
    assert text == (
        "diff --git a/pkg/a.py b/pkg/a.py\n--- a/pkg/a.py\n+++ b/pkg/a.py\n"
        "@@ -1,4 +1,3 @@\n-import os\n import sys\n \n print(sys.path)\n"
    )
    assert (end.finish, end.served) == ("stop", "fixers")
    assert (root / "pkg/a.py").read_text() == "saved = 1\n"


async def test_nothing_to_fix_is_told(tmp_path, root):
    text, end = await answered(tmp_path, root, UNUSED, "import sys\n\nprint(sys.path)\n")
    assert (text, end.finish) == ("ruff has no safe fix for F401 here.", NOFIX)


async def test_a_problem_no_fixer_knows_is_told(tmp_path, root):
    problem = Problem("pyright", "x", "pkg/a.py", 1, code="F401")
    _, end = await answered(tmp_path, root, problem, SOURCE)
    assert end.finish == NOFIX


async def test_fixers_need_consent(tmp_path, root):
    with pytest.raises(Refused, match="not allowed"):
        await answered(tmp_path, root, UNUSED, SOURCE, allowed=False)


async def test_a_fixer_that_breaks_is_no_answer(tmp_path, root):
    (root / "ruff.toml").write_text("line-length = 'x'\n")
    with pytest.raises(Unavailable, match="could not run"):
        await answered(tmp_path, root, UNUSED, SOURCE)


@pytest.mark.parametrize(
    ("tool", "code", "path", "expected"),
    [
        ("ruff", "F401", "a.py", True),
        ("Ruff", "I001", "a.pyi", True),
        ("pointsman:ruff", "UP035", "a.py", True),
        ("ruff", "F841", "a.py", False),
        ("ruff", "F821", "a.py", False),
        ("ruff", None, "a.py", False),
        ("ruff", "F401", "a.js", False),
        ("ruff", "F401", None, False),
        ("pyflakes", "F401", "a.py", False),
    ],
)
def test_who_is_eligible(tool, code, path, expected):
    assert eligible(Problem(tool, "m", path, 1, code=code)) is expected


def test_a_file_that_is_not_there_is_not(root):
    assert eligible(UNUSED, Workspace(root))
    assert not eligible(Problem("ruff", "m", "gone.py", 1, code="F401"), Workspace(root))


def test_the_table_of_rules_is_that_of_ruff():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "rule", "--all", "--output-format", "json"], capture_output=True, check=True
    )
    rules = {rule["code"]: rule["fix"] for rule in json.loads(done.stdout)}
    assert [code for code in FIXABLE if rules.get(code) == "Fix is not available."] == []
    assert len(FIXABLE & rules.keys()) > 250


@pytest.mark.parametrize(
    ("before", "after"),
    [("a", "b"), ("a\n", "a"), ("a", "a\n"), ("a\r\nb\r\n", "b\r\n"), ("a\x0cb\u2028c\n", "a\x0cb\u2028d\n")],
)
def test_git_applies_the_diff_exactly(tmp_path, before, after):
    place = tmp_path / "a.py"
    place.write_bytes(before.encode())
    patch = unified("a.py", before, after).encode()
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=tmp_path, input=patch, check=True)
    assert place.read_bytes() == after.encode()

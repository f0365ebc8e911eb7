"""The project's own fixers, answering like a model."""

import asyncio
import json
import shutil
import subprocess
import sys

import pytest

from pointsman.checks.fixers import NOFIX, Fixers, at_line, eligible, unified
from pointsman.checks.plan import plan
from pointsman.checks.shadow.choose import Shadow
from pointsman.checks.tools.ruff_rules import FIXABLE
from pointsman.checks.trust import Trust
from pointsman.errors import Refused, Unavailable
from pointsman.files.workspace import Workspace
from pointsman.terms import Context, Delta, End, Lease, Offer, Problem, Request, Secret, Slot
from pointsman.text import Snapshot, Span
from support.projects import fingerprint, write

LEASE = Lease("t", Slot.QUICK_EDIT, "builtin", "fixers", "builtin", "", Secret(""), "no model needed")
UNUSED = Problem("Ruff", "`os` imported but unused", "pkg/a.py", 1, code="F401")
SOURCE = "import os\nimport sys\n\nprint(sys.path)\n"


class Settings:
    python = sys.executable
    timeout = 60.0
    memory = 0
    skip = ()
    commands = ()


@pytest.fixture
def root(tmp_path):
    return write(tmp_path / "project", {"ruff.toml": "", "pkg/a.py": "saved = 1\n"})


async def answered(tmp_path, root, problem, text, *, allowed=True):
    path = problem.path or "pkg/a.py"
    workspace = Workspace(root, {path: Snapshot("", 1, text)})
    if allowed:
        Trust(tmp_path / "state").trust(plan(workspace, [path], Settings()))
    context = Context(Offer("fix", "", path, Span(0, 0), 1, (problem,)), str(root), (), {}, 0)
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


CARGO = '[package]\nname = "demo"\nversion = "0.1.0"\nedition = "2021"\n'
REAL = {
    "eslint": (
        {"eslint.config.js": "module.exports = [{ rules: { 'prefer-const': 'error', 'no-var': 'error' } }];\n"},
        Problem("eslint", "m", "a.js", 2, code="prefer-const"),
        "var b = 1;\nlet a = b;\nexport default a;\n",
        "var b = 1;\nconst a = b;\nexport default a;\n",
    ),
    "biome": (
        {"biome.json": "{}"},
        Problem("pointsman:biome", "m", "a.js", 1, code="lint/style/useConst"),
        "let a = 1;\nexport default a;\n",
        "const a = 1;\nexport default a;\n",
    ),
    "prettier": (
        {".prettierrc": "{}"},
        Problem("prettier", "not formatted", "a.css"),
        "a{color:red}\n",
        "a {\n  color: red;\n}\n",
    ),
    "black": (
        {"pyproject.toml": "[tool.black]\n"},
        Problem("black", "not formatted", "a.py"),
        "a = [1,2]\n",
        "a = [1, 2]\n",
    ),
    "gofmt": (
        {"go.mod": "module demo\n"},
        Problem("gofmt", "not formatted", "a.go"),
        "package a\n\nvar  One = 1\n",
        "package a\n\nvar One = 1\n",
    ),
    "rustfmt": (
        {"Cargo.toml": CARGO, "rustfmt.toml": ""},
        Problem("cargo fmt", "not formatted", "src/lib.rs", 1),
        "pub fn a( ){ }\n",
        "pub fn a() {}\n",
    ),
    "cargo-clippy": (
        {"Cargo.toml": CARGO},
        Problem("clippy", "m", "src/lib.rs", 2, code="clippy::needless_return"),
        "pub fn a(b: &[u8]) -> bool {\n    return b.len() == 0;\n}\n",
        "pub fn a(b: &[u8]) -> bool {\n    b.len() == 0\n}\n",
    ),
    "rubocop": (
        {".rubocop.yml": "AllCops:\n  NewCops: disable\n"},
        Problem("rubocop", "m", "a.rb", 1, code="Style/StringLiterals"),
        'puts "a" if not true\n',
        "puts 'a' if not true\n",
    ),
}


@pytest.mark.parametrize("program", REAL)
async def test_the_fixers_of_other_tools_mend_what_was_asked(tmp_path, program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    files, problem, text, expected = REAL[program]
    root = write(tmp_path / "project", {**files, problem.path: "saved\n"})
    before = fingerprint(root)
    answer, end = await answered(tmp_path, root, problem, text)
    assert end.finish == "stop", answer
    assert fingerprint(root) == before
    place = tmp_path / problem.path
    place.parent.mkdir(exist_ok=True)
    place.write_text(text)
    await asyncio.to_thread(subprocess.run, ["git", "apply", "-"], cwd=tmp_path, input=answer.encode(), check=True)
    assert place.read_text() == expected


def test_of_what_a_fixer_changes_only_the_problems_line_is_taken():
    assert at_line("a\nb\nc\n", "A\nb\nC\n", 3) == "a\nb\nC\n"
    assert at_line("a\nb\nc\n", "A\nB\nC\n", 2) == "a\nB\nc\n"
    assert at_line("a\nb\n", "a\n", 2) == "a\n"
    assert at_line("a\nb\n", "a\nb\n", 1) == "a\nb\n"

"""Whatever the grammar of a file lets through is a patch that applies to it, or a question."""

import random
import re

import pytest

from pointsman.files.workspace import Workspace
from pointsman.patch import contract, forms
from pointsman.patch.grammar import LINE, LINES, PATH, Rule, gbnf, rules
from pointsman.patch.place import place
from pointsman.terms import FileSet, Patch, Question
from pointsman.text import Snapshot

CODE = "".join(f"def f{n}(x):\n\treturn \"{n}\\n\" + 'é' # \u2028\n" for n in range(6))


def say(found, chance, name="root"):
    """Some text of the grammar."""
    parts = []
    stack = [Rule(name)]
    while stack:
        symbol = stack.pop()
        if isinstance(symbol, str):
            parts.append(symbol)
        elif symbol in {LINE, PATH}:
            parts.append(f"new_{chance.randrange(10**9)}.py")
        else:
            stack += reversed(chance.choice(found[symbol.name]))
    return "".join(parts)


@pytest.mark.parametrize("seed", range(50))
def test_whatever_it_lets_through_applies(tmp_path, seed):
    (tmp_path / "a.py").write_text(CODE)
    (tmp_path / "b.txt").write_text("one\ntwo\nthree")
    workspace = Workspace(tmp_path)
    found = rules({name: workspace.read(name) for name in ("a.py", "b.txt")})
    chance = random.Random(seed)
    for name in ("root", "files-0"):
        text = say(found, chance, name)
        answer = contract.read(text)
        assert isinstance(answer, Patch | Question), (text, answer)
        if isinstance(answer, Patch):
            placed = place(answer, workspace)
            assert isinstance(placed, FileSet), (text, placed)


def test_it_is_written_as_engines_read_it():
    text = gbnf({"a.py": Snapshot("", None, 'x = "\\t"\n\ty\n')})
    assert '"diff --git a/a.py b/a.py\\n--- a/a.py\\n+++ b/a.py\\n@@ -" at-0-0' in text
    assert '" x = \\"\\\\t\\"\\n" same-0-1' in text
    assert '"-\\ty\\n" changed-0-2' in text
    assert "line ::= [^\\r\\n]*" in text
    names = set(re.findall(r"^([a-z0-9-]+) ::=", text, re.MULTILINE))
    bare = re.sub(r'"(\\.|[^"\\])*"|\[(\\.|[^\]\\])*\](\*|\{0,80\})?|::=|\|', " ", text)
    assert set(bare.split()) == names | {"root"}


def test_files_that_are_too_long_have_none():
    long = {"a.py": Snapshot("", None, "x\n" * (LINES + 1))}
    assert gbnf(long) == ""
    assert gbnf({}) == ""
    assert forms.form("gbnf", long).kind == "schema"
    assert forms.form("gbnf", {"a.py": Snapshot("", None, "x\n")}).kind == "gbnf"

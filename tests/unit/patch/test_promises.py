"""What the patch contract promises, shown from the outside: reply in, text or refusal out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.errors import Missing
from pointsman.patch import contract
from pointsman.patch.place import place
from pointsman.patch.rebase import rebase
from pointsman.patch.render import diff, stat
from pointsman.patch.rules import broken_rule
from pointsman.terms import FileChange, FileSet, Patch, Question, Reject, Stale
from pointsman.text import Edit, Snapshot, Span, apply

CODE = "import os\n\n\ndef f(x):\n    return x\n\n\ndef g(x):\n    return x\n"


class Given:
    root = "/"

    def __init__(self, **texts):
        self.texts = {name.replace("__", "."): text for name, text in texts.items()}

    def read(self, path):
        if path not in self.texts:
            raise Missing(path)
        return Snapshot(f"file:///{path}", 3, self.texts[path])

    def exists(self, path):
        return path in self.texts


def outcome(reply, **texts):
    """The texts after a reply, or the code of its refusal."""
    files = Given(**(texts or {"a__py": CODE}))
    found = contract.read(reply)
    if not isinstance(found, Patch):
        return "question" if isinstance(found, Question) else found.code
    placed = place(found, files)
    if isinstance(placed, Reject):
        return placed.code
    for change in placed.changes:  # what is promised of every edit that is let through
        if change.before is not None and change.after is not None:
            assert apply(change.before.text, change.edits) == change.after
    return {change.new_path or change.path: change.after for change in placed.changes}


def hunk(body, head="@@ -4,2 +4,2 @@", path="a.py"):
    return f"--- a/{path}\n+++ b/{path}\n{head}\n{body}"


GOOD = " def f(x):\n-    return x\n+    return x + 1\n"
DONE = {"a.py": CODE.replace("return x\n", "return x + 1\n", 1)}
OBJECT = {
    "question": "",
    "files": [
        {
            "path": "a.py",
            "op": "modify",
            "new_path": "",
            "content": "",
            "hunks": [
                {
                    "line": 5,
                    "anchor": "",
                    "before": ["def f(x):"],
                    "delete": ["    return x"],
                    "insert": ["    return x + 1"],
                    "after": [],
                }
            ],
        }
    ],
}
ENVELOPE = f"*** Begin Patch\n*** Update File: a.py\n@@\n{GOOD}*** End Patch\n"

FORMS = {
    "plain": hunk(GOOD),
    "with git's header": "diff --git a/a.py b/a.py\nindex 1..2 100644\n" + hunk(GOOD),
    "wrong numbers": hunk(GOOD, "@@ -40,2 +41,2 @@"),
    "no numbers": hunk(GOOD, "@@"),
    "fenced, with prose": f"Sure!\n\n```diff\n{hunk(GOOD)}```\n\nThat was it.",
    "CR LF": hunk(GOOD).replace("\n", "\r\n"),
    "JSON": json.dumps(OBJECT),
    "fenced JSON": f"```json\n{json.dumps(OBJECT)}\n```",
    "envelope": ENVELOPE,
}


@pytest.mark.parametrize("name", FORMS)
def test_form_is_tolerated(name):
    assert outcome(FORMS[name]) == DONE


REFUSALS = {
    "no patch": ("I would add one.", "no_patch"),
    "nothing": ("", "no_patch"),
    "a cut fence": (f"```diff\n{hunk(GOOD)}", "truncated"),
    "other words": (hunk(GOOD.replace("return x\n", "return y\n", 1)), "no_match"),
    "two places": (hunk("-    return x\n+    return 2\n", "@@"), "ambiguous"),
    "no such file": (hunk(GOOD, path="b.py"), "no_such_file"),
    "a line without a sign": (hunk(" def f(x):\n-    return x\nreturn x + 1\n", "@@"), "bad_line"),
    "outside": (hunk(GOOD, path="../a.py"), "path"),
    "absolute": (hunk(GOOD).replace("a/a.py", "/etc/passwd").replace("b/a.py", "/etc/passwd"), "path"),
    "into git": (hunk(GOOD, path=".git/config"), "path"),
    "binary": ("diff --git a/a.py b/a.py\nGIT binary patch\nliteral 3\nabc\n", "binary"),
    "a file that exists": ("--- /dev/null\n+++ b/a.py\n@@ -0,0 +1 @@\n+x\n", "exists"),
    "broken JSON": ('{"question": "", "files": [', "truncated"),
    "a question and a patch": (f"QUESTION: which?\n{hunk(GOOD)}", None),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_words_are_not(name):
    reply, code = REFUSALS[name]
    found = outcome(reply)
    assert isinstance(found, str)
    assert found != "question"
    assert code in {None, found}


def test_one_question_is_a_question_in_both_forms():
    assert outcome("QUESTION: which pi?") == "question"
    assert outcome(json.dumps({"question": "which pi?", "files": []})) == "question"


def test_one_bad_hunk_rejects_all():
    both = hunk(GOOD) + "--- a/b.py\n+++ b/b.py\n@@ -1 +1 @@\n-no\n+yes\n"
    assert outcome(both, a__py=CODE, b__py="other\n") == "no_match"


def test_a_refusal_shows_the_first_line_that_differs_and_the_text_around_it():
    found = place(contract.read(hunk(GOOD.replace("return x\n", "return y\n", 1))), Given(a__py=CODE))
    assert "return y" in found.message
    assert "5|    return x" in found.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
        ("a\nb\nc", "a\nB\nc"),
        ("a\n\tb  \nc\n", None),
        ("\x0ca\u2028x\nb\nc\n", None),
    ],
)
def test_the_files_own_bytes_stay(before, after):
    lines = before.replace("\r", "").split("\n")
    body = f" {lines[0]}\n-{lines[1]}\n+{lines[1].upper()}\n {lines[2]}\n"
    found = outcome(hunk(body, "@@ -1,3 +1,3 @@"), a__py=before)
    assert found == {"a.py": after if after is not None else before.replace(lines[1], lines[1].upper(), 1)}


TEXT = st.lists(st.sampled_from(["a", "b", "  c", "", "x = 1", "end"]), max_size=12).map(
    lambda rows: "".join(f"{row}\n" for row in rows)
)


@given(TEXT, TEXT)
def test_a_true_diff_gives_its_target_or_is_refused_never_anything_else(before, after):
    change = FileChange("a.py", Snapshot("file:///a.py", 0, before), after)
    made = diff(FileSet((change,)))
    if before == after:
        return
    found = outcome(made, a__py=before)
    assert found == {"a.py": after} or isinstance(found, str)


@given(st.text(max_size=200), st.integers(0, 400), st.text(max_size=20))
def test_reading_never_raises_whatever_is_in_a_reply(text, at, noise):
    for reply in (text, *(form[:at] + noise + form[at:] for form in FORMS.values())):
        assert isinstance(contract.read(reply), Patch | Question | Reject)


def test_a_patch_may_not_rewrite_a_file_nor_drop_its_license():
    long = "".join(f"line {n}\n" for n in range(60))
    whole = FileChange("a.py", Snapshot("", 0, long), "x\n", (Edit(Span(0, len(long)), "x\n"),))
    assert broken_rule(FileSet((whole,))).code == "whole_file"
    assert broken_rule(FileSet((whole,)), whole_file=True) is None
    before = "# Copyright somebody\nx = 1\n"
    gone = FileChange("a.py", Snapshot("", 0, before), "x = 1\n", (Edit(Span(0, 21), ""),))
    assert broken_rule(FileSet((gone,))).code == "license_header"


def test_an_edit_is_carried_over_typing_and_refused_on_a_conflict():
    before = Snapshot("file:///a.py", 1, "one\ntwo\nthree\n")
    edit = Edit(Span(4, 7), "TWO")
    candidate = FileSet((FileChange("a.py", before, apply(before.text, [edit]), (edit,)),))

    def after(typed):
        now = Snapshot("file:///a.py", 2, apply(before.text, [typed]))
        return rebase(candidate, lambda path, since: [typed], lambda path: now)

    moved = after(Edit(Span(0, 0), "zero\n"))
    assert moved.changes[0].after == "zero\none\nTWO\nthree\n"
    assert isinstance(after(Edit(Span(5, 6), "")), Stale)


def test_the_size_of_an_edit_is_files_and_changed_lines():
    change = FileChange("a.py", Snapshot("", 0, "a\nb\nc\n"), "a\nB\nc\nd\n")
    assert stat(FileSet((change,))) == (1, 3)


def test_a_change_in_a_very_long_file_of_equal_lines_is_rendered_as_one_hunk():
    lines = ["same\n"] * 100_000
    before, after = "".join([*lines, "old\n", *lines]), "".join([*lines, "new\n", *lines])
    change = FileChange("f.txt", Snapshot("", None, before), after)
    around = " same\n" * 3
    assert diff(FileSet((change,))).partition("+++ b/f.txt\n")[2] == (
        f"@@ -99998,7 +99998,7 @@\n{around}-old\n+new\n{around}"
    )

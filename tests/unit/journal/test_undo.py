"""An edit taken back: exactly that edit, whatever was typed elsewhere, or a reason why not."""

from hypothesis import given
from hypothesis import strategies as st

from pointsman.journal.undo import undone
from pointsman.terms import FileChange, FileSet, Stale
from pointsman.text import Edit, Snapshot, apply

LINES = [f"line {number} = {number * 7}" for number in range(12)]
TEXT = "\n".join(LINES) + "\n"


def change(edits, text=TEXT):
    return FileChange("a.py", Snapshot("u", 3, text), apply(text, edits), tuple(edits))


def replaced(line, new):
    span = Snapshot("", None, TEXT).line_span(line)
    return Edit(span, new)


def back(made, now):
    undo = undone(FileSet((made,)), lambda path: Snapshot("u", 9, now[path]) if path in now else None)
    return undo if isinstance(undo, Stale) else {part.new_path or part.path: part.after for part in undo.changes}


@given(st.integers(0, 11), st.lists(st.integers(0, 12), max_size=3), st.text(alphabet="xyz😀", min_size=1, max_size=5))
def test_what_was_typed_between_other_lines_stays(at, places, words):
    made = change([replaced(at, "changed()")])
    now = made.after.split("\n")
    expected = TEXT.split("\n")
    for place in sorted(places, reverse=True):
        if place not in {at, at + 1}:  # those touch the edit, and which side they belong to is not known
            now.insert(place, f"# {words} {place}")
            expected.insert(place, f"# {words} {place}")
    assert back(made, {"a.py": "\n".join(now)}) == {"a.py": "\n".join(expected)}


def test_lines_that_were_changed_since_forbid_it():
    made = change([replaced(3, "changed()"), replaced(8, "again()")])
    now = made.after.replace("again()", "again(mine)")
    assert isinstance(back(made, {"a.py": now}), Stale)


def test_an_edit_whose_lines_stand_twice_by_now_is_not_guessed_at():
    made = change([replaced(3, "changed()")])
    moved = made.after.replace("changed()\n", "") + "changed()\nchanged()\n"
    assert isinstance(back(made, {"a.py": moved}), Stale)


def test_files_come_back_and_go_again():
    created = FileChange("n.py", None, "x\n")
    deleted = FileChange("d.py", Snapshot("u", None, "y\n"), None)
    renamed = FileChange("o.py", Snapshot("u", None, "z\n"), "z\n", (), "p.py")
    assert back(created, {"n.py": "x\n"}) == {"n.py": None}
    assert back(deleted, {}) == {"d.py": "y\n"}
    assert back(renamed, {"p.py": "z\n"}) == {"o.py": "z\n"}
    assert isinstance(back(created, {"n.py": "x\nmine\n"}), Stale)
    assert isinstance(back(deleted, {"d.py": "new\n"}), Stale)
    assert isinstance(back(renamed, {"p.py": "z\n", "o.py": "new\n"}), Stale)
    assert isinstance(back(created, {}), Stale)


def test_one_file_that_cannot_be_undone_leaves_all_as_they_are():
    made = change([replaced(3, "changed()")])
    undo = undone(FileSet((made, FileChange("n.py", None, "x\n"))), {"a.py": Snapshot("u", 1, made.after)}.get)
    assert isinstance(undo, Stale)
    assert undo.path == "n.py"

"""Which tests run first, and how each kind of tool is told."""

import pytest

from pointsman.checks.related import Near, by_changes, by_files, by_folders, near

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

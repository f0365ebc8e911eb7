from pointsman.index.syntax import errors, new_errors


def test_good_text_has_none():
    assert errors("a.py", "def f():\n    return 1\n") == ()
    assert errors("a.tsx", "export const a = <b>{c}</b>\n") == ()


def test_an_unknown_language_is_not_judged():
    assert errors("a.unknown", "((((") == ()
    assert errors("", "((((") == ()


def test_a_problem_says_where():
    found = errors("a.py", "# é\nx = (1,\n")
    assert len(found) == 1
    assert (found[0].tool, found[0].path, found[0].line, found[0].column) == ("syntax", "a.py", 2, 1)
    assert found[0].source_line == "x = (1,"


def test_what_is_missing_is_named():
    found = errors("a.go", "package a\n\nfunc f() {\n\tg(1\n}\n")
    assert found
    assert all(problem.line for problem in found)
    assert any("missing" in problem.message or "near" in problem.message for problem in found)


def test_a_file_that_was_broken_is_not_blamed():
    broken = "def f(:\n    pass\n\n\nx = 1\n"
    assert errors("a.py", broken)
    assert new_errors("a.py", broken, broken + "y = 2\n") == ()
    assert new_errors("a.py", broken, "def f():\n    pass\n") == ()
    worse = new_errors("a.py", broken, broken + "\n\ndef g():\n    return ]\n\n\nz = 3\n")
    assert worse
    assert all(problem.line > 5 for problem in worse)


def test_a_new_file_has_no_excuse():
    assert new_errors("a.rs", None, "fn f( {}\n")


def test_many_errors_are_bounded():
    assert 0 < len(errors("a.js", "a b c ) ] }\n" * 5_000)) <= 50


def test_a_line_of_errors_does_not_hang():
    assert isinstance(errors("a.ts", "(" * 150_000), tuple)

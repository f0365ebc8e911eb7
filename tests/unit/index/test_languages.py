"""Each language's query, by cases: a path, a source, and what the index takes from it."""

import os
import random
from pathlib import Path

import pytest

from pointsman.index import languages
from pointsman.index.symbols import Facts, extract

CASES = sorted((Path(__file__).parents[2] / "cases" / "index" / "languages").glob("*.case"))
MARK = "\n=== expected ===\n"


def show(facts: Facts) -> str:
    lines = [
        f"{symbol.line}: {symbol.kind} {symbol.qualified}"
        + (f" [{symbol.role}]" if symbol.role else "")
        + f" | {symbol.signature}"
        + (f" | {symbol.doc}" if symbol.doc else "")
        for symbol in facts.symbols
    ]
    names = " ".join(f"{name}*{count}" if count > 1 else name for name, count in sorted(facts.references.items()))
    return "\n".join([*lines, "imports: " + ", ".join(facts.imports), "references: " + names, ""])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case(case):
    given, _, expected = case.read_text("utf-8").partition(MARK)
    path, _, source = given.partition("\n")
    facts = extract(path, source.encode())
    if os.environ.get("UPDATE"):
        case.write_text(given + MARK + show(facts), "utf-8")
        return
    assert not facts.trouble
    assert show(facts) == expected
    for symbol in facts.symbols:
        assert source[symbol.name_span.start : symbol.name_span.end].strip("\"'`:") == symbol.name
        assert symbol.signature.startswith(source.split("\n")[symbol.line - 1].strip())


@pytest.mark.parametrize("language", languages.LANGUAGES, ids=lambda language: language.name)
def test_every_language_has_a_case(language):
    assert any(languages.of(case.read_text("utf-8").split("\n", 1)[0]) is language for case in CASES)


def test_only_the_documented_captures_are_used():
    known = {"name", "owner", "scope", "import", "module", "entry", "ignore"}
    for language in languages.LANGUAGES:
        grammar = languages.grammar(language)
        queries = [query for query in (grammar.query, grammar.top) if query is not None]
        names = {query.capture_name(index) for query in queries for index in range(query.capture_count)}
        assert {name for name in names if not name.startswith(("definition.", "_"))} <= known


def test_a_language_is_known_by_its_file_name():
    assert languages.of("a/B.PY").name == "python"
    assert languages.of("a/Vagrantfile").name == "ruby"
    assert languages.of("a/b.inl").name == "cpp"
    assert languages.of("a/py") is None
    assert languages.of("") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("int f(void);", "c"),
        ("/* A class of numbers, public ones: using them. */\nstruct point { int x; };", "c"),
        ("class Point {};", "cpp"),
        ("  inline namespace v1 {", "cpp"),
        ("template<class T> void f(T);", "cpp"),
        ("struct P {\n public:\n  int x;\n};", "cpp"),
        ("std::string f();", "cpp"),
    ],
)
def test_a_header_is_of_the_language_that_is_written_in_it(text, name):
    assert languages.of_text("a/b.h", text.encode()).name == name
    assert languages.of_text("a/b.c", text.encode()).name == "c"


def test_test_files_are_known_by_their_path():
    tests = ["tests/a.py", "a/test_b.py", "a/b_test.go", "src/a.spec.ts", "src/__tests__/a.js", "tests/it.rs"]
    assert all(languages.is_test_file(path) for path in tests)
    assert not any(languages.is_test_file(path) for path in ["a/contest.py", "a/latest.go", "src/a.ts", "x.md"])


PROSE = "It was the best of times, it was the worst of times; nobody's (index) knew.\n" * 6_000
CHANCE = random.Random(1)
HOSTILE = {  # with the seconds a parse may take: 0 where only they can end it
    "prose as Go": ("a.go", PROSE.encode(), 0, "took too long"),
    "prose as TypeScript": ("a.ts", PROSE.encode(), 0, "took too long"),
    "characters by chance": ("a.py", bytes(CHANCE.choices(range(32, 127), k=60_000)) * 2, 0, "too long"),
    "lines by chance": ("a.py", bytes(CHANCE.choices([10, *range(32, 127)], k=60_000)), 0, "took too long"),
    "bytes by chance": ("a.go", CHANCE.randbytes(300_000), 60, "binary"),
    "one line of a list": ("a.rs", b"const A: [u8; 9] = [" + b"1, " * 350_000 + b"];", 60, "lines too long"),
    "a bundle": ("a.js", b"!function(){return a(1)}();" * 60_000, 60, "lines too long"),
    "open brackets": ("a.c", b"(" * 60_000, 60, "not readable"),
    "open brackets on lines": ("a.py", b"(\n" * 60_000, 60, "not readable"),
    "data": ("a.json", b'{"a": 1,\n"b": [\n1\n]}\n' * 20_000, 60, "data"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_with_a_reason(name):
    path, data, seconds, reason = HOSTILE[name]
    facts = extract(path, data, seconds)
    assert reason in facts.trouble
    assert not facts.symbols


def test_nesting_without_an_end_is_read():
    facts = extract("a.py", b"def f(): ...\n\n\nx = " + b"(\n" * 4_000 + b")\n" * 4_000)
    assert facts.trouble or [symbol.name for symbol in facts.symbols] == ["f", "x"]

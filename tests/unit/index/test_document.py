"""An open document follows its edits as if it were parsed anew each time."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pointsman.index import document, following, languages, tags
from pointsman.index.document import Document
from pointsman.index.parsing import parse, token
from pointsman.index.places import START, encode, find, point
from pointsman.text import Edit, Snapshot, Span, apply

CASES = sorted((Path(__file__).parents[2] / "cases" / "index" / "languages").glob("*.case"))
PIECES = [
    "", "x", " ", "\n", "\n\n", "\r\n", "\r", "é", "🙂", "(", ")", "{", "}", "[", '"', "'", "`", "#", "//", "/*", "*/",
    ":", ";", "    ", "def f(a):\n    return a\n", "class A {\n", "func g() {}\n", "// words\n", "#[test]\n",
    "@mark\n", "const X = 1\n", "_", "in", "match", "end", "R",
]  # fmt: skip


def sample(language):
    sources = (case.read_text("utf-8").partition("\n=== expected ===\n")[0].partition("\n") for case in CASES)
    return next((path, text) for path, _, text in sources if languages.of(path) is language)


def seen(document):
    return [
        (symbol, document.snapshot.text[symbol.name_span.start : symbol.name_span.end]) for symbol in document.symbols
    ]


edits = st.lists(
    st.tuples(st.integers(0, 5000), st.sampled_from([0, 0, 0, 1, 2, 10, 60]), st.sampled_from(PIECES)),
    min_size=1,
    max_size=6,
)


def edited(text, made):
    """A text after drawn edits, one after another, and these."""
    sequence = []
    for at, length, new in made:
        start = at % (len(text) + 1)
        edit = Edit(Span(start, min(len(text), start + length)), new)
        text = apply(text, [edit])
        sequence.append(edit)
    return text, sequence


@pytest.mark.parametrize("language", languages.LANGUAGES, ids=lambda language: language.name)
@settings(max_examples=60, deadline=None)
@given(rounds=st.lists(edits, min_size=1, max_size=3))
def test_incremental_equals_fresh(language, rounds):
    path, text = sample(language)
    document = Document.open(path, Snapshot("", 0, text))
    for version, made in enumerate(rounds, 1):
        text, sequence = edited(text, made)
        snapshot = Snapshot("", version, text)
        document.change(snapshot, sequence, seconds=None)
        incremental = seen(document)
        document.refresh()
        fresh = Document.open(path, snapshot)
        assert seen(document) == seen(fresh)
        if not fresh._tree or not fresh._tree.root_node.has_error:  # errors are recovered from in more ways than one
            assert incremental == seen(fresh)


@pytest.mark.parametrize("language", languages.LANGUAGES, ids=lambda language: language.name)
@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 5000), cut=st.sampled_from([0, 0, 1, 3]), new=st.sampled_from(PIECES))
def test_what_writes_on_in_a_token_leaves_the_tree_as_it_is(language, at, cut, new):
    text = sample(language)[1]
    after, (edit,) = edited(text, [(at, cut, new)])
    parser = languages.grammar(language).parser()
    tree = parser.parse(encode(text))
    first, last = (find(text, encode(text), offset, START) for offset in (edit.span.start, edit.span.end))
    end = find(after, encode(after), edit.span.start + len(new), START)
    was = token(tree, first.byte, last.byte)
    points = point(encode(text), first), point(encode(text), last), point(encode(after), end)
    tree.edit(first.byte, last.byte, end.byte, *points)
    then = parser.parse(encode(after), tree)
    if (
        was
        and was.start < first.byte
        and token(then, first.byte, end.byte) == was._replace(end=was.end + end.byte - last.byte)
    ):
        assert not tree.changed_ranges(then) or then.root_node.has_error  # which have more ways to be recovered from


def test_a_token_of_another_kind_is_another():
    parser = languages.grammar(languages.of("a.rb")).parser()
    name, constant = (token(parser.parse(text), 1, 2) for text in (b"foo = 1", b"Foo = 1"))
    assert name[1:] == constant[1:]
    assert name != constant


def test_a_token_in_an_error_is_none_since_its_length_may_decide_how_that_is_mended():
    parser = languages.grammar(languages.of("a.ts")).parser()
    right, wrong = b"export const LIMIT = 10\n", b"e[xport const LIMIT = 10\n"
    rest = b"\nexport interface Priced<T> {\n  price: T\n}\n"
    assert token(parser.parse(right + rest), right.index(b"MIT"), right.index(b"IT"))
    assert not token(parser.parse(wrong + rest), wrong.index(b"MIT"), wrong.index(b"IT"))


def test_a_stopped_parse_is_not_gone_on_with():
    parser = languages.grammar(languages.of("a.py")).parser()
    assert parse(parser, b"def f(): ...\n" * 10_000, seconds=-1) is None
    assert str(parse(parser, b"x\n").root_node) == "(module (expression_statement (identifier)))"


def test_words_far_above_a_definition_are_its_own():
    part = "// {0}: what it is\n// more\n// and more\n// at last\nfunc {0}() {{}}\n\n"
    text = "package a\n\n" + "".join(map(part.format, "bcde"))
    opened = Document.open("a.go", Snapshot("", 0, text))
    for version, name in enumerate("dbebcd", 1):
        edit = Edit(Span(at := text.index(f"{name}: "), at), str(version))
        text = apply(text, [edit])
        opened.change(Snapshot("", version, text), [edit], seconds=None)
        assert seen(opened) == seen(Document.open("a.go", opened.snapshot))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_an_edit_anywhere_loses_nothing(case):
    path, _, text = case.read_text("utf-8").partition("\n=== expected ===\n")[0].partition("\n")
    document = Document.open(path, Snapshot("", 0, text))
    expected = document.symbols
    for at in (end for end, char in enumerate(text) if char == "\n"):
        document.change(Snapshot("", 1, text), [Edit(Span(at, at), " "), Edit(Span(at, at + 1), "")], seconds=None)
        assert document.symbols == expected


def test_text_that_is_all_right_needs_no_luck():
    text = "def f():\n    pass\n\n\nclass A:\n    def g(self): ...\n"
    document = Document.open("a.py", Snapshot("", 0, text))
    for version, char in enumerate("c_ba", 1):
        at = text.index("g(self")
        edit = Edit(Span(at, at), char)
        text = apply(text, [edit])
        document.change(Snapshot("", version, text), [edit])
        assert seen(document) == seen(Document.open("a.py", Snapshot("", version, text)))
    assert [symbol.qualified for symbol in document.symbols] == ["f", "A", "A.c_bag"]


LONG = {
    "a.go": ("package a\n", "func (s *Store) Get{0}(key int) int {{\n\treturn s.values[key] + {0}\n}}\n\n"),
    "a.ts": ("", "export function get{0}(key: number): number {{\n  return values[key] + {0}\n}}\n\n"),
}


@pytest.mark.parametrize("path", LONG)
def test_one_character_in_a_long_file_reads_little(path):
    # In grammars whose scanner keeps a state (Python, Rust) each statement's first word is looked at again.
    head, part = LONG[path]
    text = head + "".join(part.format(number) for number in range(1250))
    assert text.count("\n") >= 5_000
    document = Document.open(path, Snapshot("", 0, text))
    read = 0
    parser = document._parser

    class Counting:
        def parse(self, callback, *args, **kwargs):
            def counting(offset, point):
                nonlocal read
                chunk = callback(offset, point)
                read += len(chunk)
                return chunk

            return parser.parse(counting, *args, **kwargs)

        def reset(self):
            parser.reset()

    document._parser = Counting()
    at = text.index("key", len(text) // 2)
    edit = Edit(Span(at, at), "x")
    document.change(Snapshot("", 1, apply(text, [edit])), [edit], seconds=None)
    assert 0 < read < len(text) * 0.05
    assert not document.stale


def test_what_changed_too_widely_to_be_followed_is_not_parsed_at_each_key(monkeypatch):
    text = "def one(): ...\n\n\ndef two(): ...\n"
    pasted = "x = 1\n" * 20_000
    opened = Document.open("a.py", Snapshot("", 0, text))
    monkeypatch.setattr(document, "parse", None)
    for version, edit in enumerate([Edit(Span(0, 0), pasted), Edit(Span(0, 0), "# "), Edit(Span(2, 2), "é")], 1):
        text = apply(text, [edit])
        opened.change(Snapshot("", version, text), [edit])
        assert opened.stale
        assert all(name in found for (name, *_), found in seen(opened))
    monkeypatch.undo()
    opened.refresh()
    assert seen(opened) == seen(Document.open("a.py", opened.snapshot))


def opened_and_edited(monkeypatch, text, edit):
    """A document after an edit that must not be looked through for tags."""
    opened = Document.open("a.py", Snapshot("", 0, text))
    assert opened.symbols
    monkeypatch.setattr(document, "harvest", None)
    opened.change(Snapshot("", 1, apply(text, [edit])), [edit], seconds=60)
    monkeypatch.undo()
    return opened


def test_an_edit_that_changes_very_much_is_not_looked_through_at_once(monkeypatch):
    text = "def one(): ...\n" * 4_000 + '# """\n'
    opened = opened_and_edited(monkeypatch, text, Edit(Span(0, 0), '"""'))
    assert opened.stale
    opened.refresh()
    assert seen(opened) == seen(Document.open("a.py", opened.snapshot))


def test_an_error_of_very_many_parts_is_never_looked_through(monkeypatch):
    hostile = "(\n" * 12_000
    opened = opened_and_edited(monkeypatch, "def one(): ...\n", Edit(Span(0, 0), hostile))
    assert opened.stale
    monkeypatch.setattr(document, "harvest", None)
    opened.refresh()
    assert Document.open("a.py", Snapshot("", 0, hostile)).symbols == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
@pytest.mark.parametrize("piece", [7, 100])
async def test_what_is_read_piece_by_piece_is_the_same(case, piece, monkeypatch):
    path, _, text = case.read_text("utf-8").partition("\n=== expected ===\n")[0].partition("\n")
    monkeypatch.setattr(tags, "_PIECE", piece)
    opened = Document.open(path, Snapshot("", 0, text), limit=0)
    await opened.settle()
    assert seen(opened) == seen(Document.open(path, opened.snapshot))


async def test_a_text_that_is_edited_while_it_is_read_anew_is_not_taken_for_the_old_one(monkeypatch):
    opened = Document.open("a.py", Snapshot("", 0, "def one(): ...\n"), limit=0)
    read = document._parse_anew

    def meanwhile(*args, **how):
        opened.change(Snapshot("", 1, "# def one(): ...\n"), [Edit(Span(0, 0), "# ")])
        return read(*args, **how)

    monkeypatch.setattr(document, "_parse_anew", meanwhile)
    await opened.settle()
    assert opened.stale
    monkeypatch.undo()
    await opened.settle()
    assert not opened.stale
    assert opened.symbols == ()


@pytest.mark.parametrize(
    ("path", "part"), [("a.py", "NAME_{0} = {0}\n\n"), ("a.go", "var name{0} = 0\n\n"), ("a.c", "int name{0};\n\n")]
)
def test_one_character_in_a_long_file_finds_little_anew(path, part, monkeypatch):
    text = "".join(part.format(number) for number in range(2_500))
    document = Document.open(path, Snapshot("", 0, text))
    matches, found = tags.matches, []
    monkeypatch.setattr(tags, "matches", lambda *args: (found.append(1) or match for match in matches(*args)))
    at = text.index("1234")
    edit = Edit(Span(at, at), "x")
    document.change(Snapshot("", 1, apply(text, [edit])), [edit], seconds=None)
    assert any("x1234" in symbol.name for symbol in document.symbols)
    assert 0 < len(found) < 10


@settings(deadline=None)
@given(rounds=st.lists(edits, min_size=1, max_size=6), asked=st.sets(st.integers(0, 5)))
def test_without_a_parse_names_stay_with_their_places(rounds, asked):
    path, text = sample(languages.of("a.py"))
    document = Document.open(path, Snapshot("", 0, text))
    for version, made in enumerate(rounds):
        text, sequence = edited(text, made)
        document.change(Snapshot("", version, text), sequence, seconds=-1)
        if version in asked:
            assert all(name in found for (name, *_), found in seen(document))
            where = sequence[-1].span.start
            around = [symbol for symbol in document.symbols if symbol.start <= where <= symbol.end]
            assert [symbol.name_span for symbol in document.around(where)] == [symbol.name_span for symbol in around]
    assert all(name in found for (name, *_), found in seen(document))
    if "\r" not in text:
        assert all(text.count("\n", 0, symbol.name_start) + 1 == symbol.line for symbol in document.symbols)


def test_one_error_in_a_file_of_very_many_statements_is_no_reason_to_know_nothing():
    text = "x = 1\n" * 12_000 + "y = (\n" + "def f(): ...\n"
    document = Document.open("a.py", Snapshot("", 0, text))
    assert document.symbols


def test_a_parse_that_misses_its_deadline_keeps_the_symbols_in_their_places():
    text = "def one(): ...\n\n\ndef two(): ...\n" * 200
    document = Document.open("a.py", Snapshot("", 0, text))
    before = len(document.symbols)
    edit = Edit(Span(0, 0), "# é\n" * 50)
    text = apply(text, [edit])
    document.change(Snapshot("", 1, text), [edit], seconds=-1)
    assert document.stale
    assert len(document.symbols) == before
    assert all(text[symbol.name_span.start : symbol.name_span.end] == symbol.name for symbol in document.symbols)
    document.change(Snapshot("", 2, text + "\n"), [Edit(Span(len(text), len(text)), "\n")], seconds=None)
    document.refresh()
    assert not document.stale
    assert seen(document) == seen(Document.open("a.py", document.snapshot))


def test_what_is_around_a_place():
    text = "class É:\n    def one(self):\n        pass\n\n    def two(self): ...\n"
    document = Document.open("a.py", Snapshot("", 0, text))
    assert document.around(text.index("pass")) == document.symbols[:2]
    assert [symbol.qualified for symbol in document.around(text.index("two"))] == ["É", "É.two"]
    assert document.around(len(text)) == ()


@pytest.mark.parametrize("edits", [[], [Edit(Span(0, 1), "bb")], [Edit(Span(6, 6), "é" * 9)]])
def test_a_snapshot_the_edits_do_not_lead_to_is_believed(edits):
    document = Document.open("a.py", Snapshot("", 0, "a = 1\n"))
    document.change(Snapshot("", 1, "b = 1\n"), edits)
    assert [symbol.name for symbol in document.symbols] == ["b"]
    document.change(Snapshot("", 2, "b = 1\né = 2\n"), [Edit(Span(6, 6), "é = 2\n")])
    assert [symbol.name for symbol in document.symbols] == ["b", "é"]


@pytest.mark.parametrize(
    "text",
    ["(" * 200_000, "{" * 100_000, "[1,\n" * 50_000, "é\0" * 10, "\ud800 = 1", "x" * 3_000_000, '"' * 50_001, ""],
    ids=["parentheses", "braces", "lists", "binary", "surrogate", "huge", "quotes", "empty"],
)
@pytest.mark.parametrize("path", ["a.py", "a.ts", "a.go", "a.rs"])
def test_hostile_text_is_survived(path, text):
    document = Document.open(path, Snapshot("", 0, text))
    edit = Edit(Span(0, 0), "x")
    document.change(Snapshot("", 1, "x" + text), [edit])
    assert isinstance(document.symbols, tuple)


def test_other_files_are_no_documents():
    assert Document.open("notes.unknown", Snapshot("", 0, "x")) is None


def test_a_key_in_a_long_table_moves_no_definition(monkeypatch):
    text = "def f(): ...\n\n\n" * 500 + "print(\n" + "    word,\n" * 500 + ")\n\n\n" + "def g(): ...\n\n\n" * 500
    document = Document.open("a.py", Snapshot("", 0, text))
    moved, number = following._moved, []
    for version in range(3):
        at = text.index("word", text.index("print") + 2_000)
        edit = Edit(Span(at, at), "x")
        text = apply(text, [edit])
        document.change(Snapshot("", version, text), [edit], seconds=None)
        monkeypatch.setattr(following, "_moved", lambda tags, *by: (number.append(len(tags)), moved(tags, *by))[1])
    assert sum(number) == 0
    monkeypatch.undo()
    assert seen(document) == seen(Document.open("a.py", Snapshot("", 0, text)))

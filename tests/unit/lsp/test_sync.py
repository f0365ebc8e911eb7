"""The server's copy of a document is the editor's, whatever the text, the encoding and the way it is changed.

The reference below is written from the protocol's words, not from our own conversions: a line ends with CR LF, LF or
CR, and a column counts bytes, 16-bit units or code points.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.text import Encoding, Snapshot
from unit.lsp.conftest import URI, Wire

UNIT = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
TEXT = st.text(alphabet="ab \t\f\v\x1c\x85\u2028\ufeffé\u0301𐐀😀\r\n", max_size=25)
ENCODINGS = st.sampled_from(sorted(UNIT))


def columns(text, encoding):
    codec, size = UNIT[encoding]
    return len(text.encode(codec)) // size


def position(text, at, encoding):
    """The place of an offset, which is not between a CR and its LF."""
    before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
    line = before.rpartition("\n")[2]
    return {"line": before.count("\n"), "character": columns(line, encoding)}


def partial(text, start, end, new, encoding):
    return {"range": {"start": position(text, start, encoding), "end": position(text, end, encoding)}, "text": new}


def place(draw, text):
    at = draw(st.integers(0, len(text)))
    return at - (text[at - 1 : at + 1] == "\r\n" and at > 0)


@pytest.fixture(scope="module")
def wires():
    made = {}
    for encoding in UNIT:
        made[encoding] = Wire()
        made[encoding].hello({"general": {"positionEncodings": [encoding]}})
    return made


@given(TEXT, ENCODINGS, st.data())
def test_every_change_is_followed(wires, text, encoding, data):
    wire = wires[encoding]
    wire.open(text)
    for version in range(1, data.draw(st.integers(1, 4)) + 1):
        changes = []
        for _ in range(data.draw(st.integers(0, 3))):
            new = data.draw(TEXT)
            if data.draw(st.integers(0, 5)) == 0:
                changes.append({"text": new})
                text = new
                continue
            start, end = sorted((place(data.draw, text), place(data.draw, text)))
            changes.append(partial(text, start, end, new, encoding))
            text = text[:start] + new + text[end:]
        wire.change(version, *changes)
        assert wire.server.buffers.get(URI).text == text
        assert wire.server.buffers.get(URI).version == version


@given(TEXT, ENCODINGS)
def test_a_place_is_the_same_on_both_sides(text, encoding):
    snapshot = Snapshot(URI, 0, text)
    for at in range(len(text) + 1):
        if at == 0 or text[at - 1 : at + 1] != "\r\n":
            found = snapshot.position(at, Encoding(encoding))
            assert {"line": found.line, "character": found.character} == position(text, at, encoding)


def lines(start, end):
    return {"range": {"start": {"line": start[0], "character": start[1]}, "end": {"line": end[0], "character": end[1]}}}


def test_a_line_replaced_beyond_its_end_leaves_nothing(wire):
    wire.open("abc")
    wire.change(1, {**lines((0, 0), (0, 99)), "text": "x"})
    assert wire.server.buffers.get(URI).text == "x"


def test_a_range_beyond_the_document_is_at_its_end(wire):
    wire.open("a\n")
    wire.change(1, {**lines((7, 3), (9, 2**32 - 1)), "text": "b"})
    assert wire.server.buffers.get(URI).text == "a\nb"


def test_changes_are_applied_as_they_come(wire):
    wire.open("")
    for version in range(1, 4):
        wire.change(version, {**lines((0, 9), (0, 9)), "text": str(version)})
        assert wire.server.buffers.get(URI).version == version
    assert wire.server.buffers.get(URI).text == "123"


def test_version_0_and_a_second_open_are_no_trouble(wire):
    wire.open("a", version=0)
    wire.open("b", version=0)
    wire.change(1, {**lines((0, 1), (0, 1)), "text": "c"})
    assert wire.server.buffers.get(URI).text == "bc"


def test_unopened_documents_are_nobodys_trouble(wire):
    wire.change(1, {"text": "x"})
    wire.say("textDocument/didClose", {"textDocument": {"uri": URI}})
    wire.say("textDocument/didSave", {"textDocument": {"uri": URI}})
    assert wire.sent == []
    assert wire.server.buffers.get(URI) is None


@pytest.mark.parametrize("bad", [[{"range": 3, "text": "x"}], 3, [{"text": None, "range": None}], None])
def test_after_a_change_that_cannot_be_read_the_text_is_unknown(wire, bad):
    wire.open("a")
    wire.say("textDocument/didChange", {"textDocument": {"uri": URI, "version": 1}, "contentChanges": bad})
    assert wire.server.buffers.get(URI) is None
    wire.open("b", version=2)
    assert wire.server.buffers.get(URI).text == "b"


class Watching:
    def __init__(self):
        self.seen = []

    def document_opened(self, uri):
        self.seen.append(("opened", uri))

    def document_changed(self, uri, before, edits):
        self.seen.append(("changed", uri, before.text, [edit.new for edit in edits]))

    def document_closed(self, uri):
        self.seen.append(("closed", uri))

    def document_saved(self, uri):
        self.seen.append(("saved", uri))


def test_who_comes_later_is_told_of_what_is_open(wire):
    wire.open("a")
    watching = Watching()
    wire.server.sync.watch(watching)
    wire.change(1, {"text": "b"}, {**lines((0, 0), (0, 0)), "text": "c"})
    wire.say("textDocument/didSave", {"textDocument": {"uri": URI}})
    wire.say("textDocument/didClose", {"textDocument": {"uri": URI}})
    wire.say("textDocument/didClose", {"textDocument": {"uri": URI}})
    assert watching.seen == [
        ("opened", URI),
        ("changed", URI, "a", ["b", "c"]),
        ("saved", URI),
        ("closed", URI),
    ]

"""Following an editor's changes, whatever the text and the encoding."""

from hypothesis import given
from hypothesis import strategies as st

from pointsman.files.buffers import Buffers
from pointsman.text import Encoding, Position, Snapshot, apply

AWKWARD = st.text(alphabet="ab\f\x85\u2028é😀\r\n", max_size=30)
URI = "file:///w/a.py"


@given(AWKWARD, st.sampled_from(list(Encoding)), st.data())
def test_incremental_changes_give_the_editors_text(text, encoding, data):
    buffers = Buffers()
    buffers.open(URI, 0, text)
    expected = text
    for version in range(1, data.draw(st.integers(1, 5)) + 1):
        a, b = sorted(data.draw(st.tuples(st.integers(0, len(expected)), st.integers(0, len(expected)))))
        client = Snapshot(URI, version, expected)
        start, end = client.position(a, encoding), client.position(b, encoding)
        a, b = client.offset(start, encoding), client.offset(end, encoding)
        new = data.draw(AWKWARD)
        buffers.change(URI, version, [((start, end), new)], encoding)
        expected = expected[:a] + new + expected[b:]
    now = buffers.get(URI)
    assert now.text == expected
    assert now.version == version
    log = buffers.log(URI, 0)
    replayed = text
    for edit in log:
        replayed = apply(replayed, [edit])
    assert replayed == expected


def test_the_log_begins_anew_when_a_document_is_opened_again():
    buffers = Buffers()
    buffers.open(URI, 3, "a")
    buffers.change(URI, 4, [(None, "b")], Encoding.UTF16)
    assert len(buffers.log(URI, 3)) == 1
    assert buffers.log(URI, 2) is None
    buffers.close(URI)
    assert buffers.log(URI, 3) is None
    buffers.open(URI, 9, "c")
    assert buffers.log(URI, 3) is None
    assert buffers.log(URI, 9) == ()


def test_a_long_log_forgets_its_beginning_and_says_so():
    buffers = Buffers()
    buffers.open(URI, 0, "")
    for version in range(1, 2_100):
        buffers.change(URI, version, [((Position(0, 0), Position(0, 0)), "x")], Encoding.UTF16)
    assert buffers.log(URI, 0) is None
    assert len(buffers.log(URI, 2_000)) == 99


def test_a_change_of_an_unopened_document_is_no_document():
    assert Buffers().change(URI, 1, [(None, "x")], Encoding.UTF16) is None


def test_documents_are_found_below_their_root_only():
    buffers = Buffers()
    buffers.open("file:///w/a%20b/%C3%A9.py", 0, "")
    buffers.open("file:///other/x.py", 0, "")
    buffers.open("untitled:Untitled-1", 0, "")
    assert list(buffers.under("/w")) == ["a b/é.py"]


def test_a_byte_order_mark_that_the_editor_counts_stays_in_the_text(tmp_path):
    buffers = Buffers()
    counted = buffers.open(URI, 0, "\ufeffab")
    buffers.change(URI, 1, [((Position(0, 1), Position(0, 2)), "x")], Encoding.UTF16)
    assert buffers.get(URI).text == "\ufeffxb"
    assert counted.encode() == b"\xef\xbb\xbfab"
    file = tmp_path / "b.py"
    file.write_bytes(b"\xef\xbb\xbfab")
    stripped = buffers.open(file.as_uri(), 0, "ab")
    assert (stripped.text, stripped.bom) == ("ab", True)
    assert stripped.encode() == b"\xef\xbb\xbfab"

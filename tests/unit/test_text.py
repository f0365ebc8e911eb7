"""Offsets, positions and edits, against plain definitions of what they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman import text
from pointsman.text import Edit, Encoding, Position, Snapshot, Span, apply, carry, origin, width

AWKWARD = st.text(alphabet="ab\t\f\v\x1c\x85\u2028\u2029é\u0301😀\r\n", max_size=40)
ENCODINGS = st.sampled_from(list(Encoding))


def snapshot(text):
    return Snapshot("file:///a.py", 0, text)


@given(AWKWARD, ENCODINGS, st.data())
def test_an_offset_survives_the_way_to_the_client_and_back(text, encoding, data):
    doc = snapshot(text)
    offset = data.draw(st.integers(0, len(text)))
    inside_crlf = text[offset - 1 : offset + 1] == "\r\n" and offset > 0
    assert doc.offset(doc.position(offset, encoding), encoding) == offset - inside_crlf


@given(AWKWARD)
def test_lines_are_cut_at_crlf_lf_and_cr_only(text):
    doc = snapshot(text)
    naive = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert doc.lines() == naive
    assert [doc.line(i) for i in range(doc.line_count)] == naive


@given(AWKWARD, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), AWKWARD), max_size=8))
def test_lines_follow_edits_as_if_cut_anew(text, made):
    doc = snapshot(text)
    assert doc.line_count
    for at, length, new in made:
        start = at % (len(doc.text) + 1)
        doc = doc.edited(Edit(Span(start, min(len(doc.text), start + length)), new), 1)
        anew = list(snapshot(doc.text).starts)
        assert list(doc.starts) == [doc.starts[line] for line in range(doc.line_count)] == anew
        assert [doc.starts[-1], *doc.starts[1:3]] == [anew[-1], *anew[1:3]]


def test_an_edit_does_not_look_through_the_whole_text_for_lines(monkeypatch):
    doc = snapshot("words\n" * 5_000)
    assert doc.line_count == 5_001
    monkeypatch.setattr(text.Starts, "of", None)
    doc = doc.edited(Edit(Span(12_000, 12_001), "\r"), 1).edited(Edit(Span(12_001, 12_001), "\n"), 2)
    assert (doc.line_count, doc.line(2_000), doc.line(2_001)) == (5_002, "", "ords")


@given(AWKWARD, ENCODINGS, st.integers(0, 50), st.integers(0, 50))
def test_positions_beyond_the_text_are_clamped_to_their_line(text, encoding, line, character):
    doc = snapshot(text)
    offset = doc.offset(Position(line, character), encoding)
    if line >= doc.line_count:
        assert offset == len(text)
    else:
        span = doc.line_span(line)
        assert span.start <= offset <= span.end
        assert width(text[span.start : offset], encoding) <= character or offset == span.start


@pytest.mark.parametrize(("encoding", "expected"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_an_astral_character_has_its_width_in_each_encoding(encoding, expected):
    doc = snapshot("😀x")
    assert doc.position(1, Encoding(encoding)) == Position(0, expected)
    assert doc.offset(Position(0, expected - 1), Encoding(encoding)) == 0


@st.composite
def edited(draw):
    text = draw(AWKWARD)
    points = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    pairs = zip(points[::2], points[1::2], strict=False)
    return text, [Edit(Span(a, b), draw(AWKWARD)) for a, b in pairs]


@given(edited(), st.randoms())
def test_edits_apply_in_any_order_as_if_one_by_one_from_the_end(case, random):
    text, edits = case
    expected = text
    for edit in sorted(edits, key=lambda e: e.span, reverse=True):
        expected = expected[: edit.span.start] + edit.new + expected[edit.span.end :]
    random.shuffle(edits)
    assert apply(text, edits) == expected


def test_overlapping_edits_are_an_error():
    with pytest.raises(ValueError, match="overlapping"):
        apply("abcdef", [Edit(Span(0, 3), "x"), Edit(Span(2, 4), "y")])


@given(AWKWARD.filter(bool), st.data())
def test_a_carried_span_holds_the_same_text(text, data):
    def part(length):
        a, b = sorted(data.draw(st.tuples(st.integers(0, length), st.integers(0, length))))
        return Span(a, b)

    span, now, log = part(len(text)), text, []
    for _ in range(data.draw(st.integers(0, 4))):
        edit = Edit(part(len(now)), data.draw(AWKWARD))
        now = apply(now, [edit])
        log.append(edit)
    carried = carry(span, log)
    if carried is not None:
        assert now[carried.start : carried.end] == text[span.start : span.end]


def test_an_insertion_point_does_not_survive_an_edit_that_touches_it():
    assert carry(Span(3, 3), [Edit(Span(3, 3), "x")]) is None
    assert carry(Span(3, 3), [Edit(Span(0, 3), "x")]) is None
    assert carry(Span(3, 3), [Edit(Span(0, 2), "")]) == Span(1, 1)


def test_the_byte_order_mark_is_kept_apart_from_the_text():
    assert Snapshot("file:///a", None, "x", bom=True).encode() == b"\xef\xbb\xbfx"


@given(edited(), st.data())
def test_the_origin_of_kept_text_is_the_same_text(case, data):
    text, edits = case
    after = apply(text, edits)
    offset = data.draw(st.integers(0, len(after)))
    where = origin(offset, edits)
    assert 0 <= where <= len(text)
    inside_new = any(edit.span.start == where for edit in edits)
    if offset < len(after) and not inside_new:
        assert text[where] == after[offset]

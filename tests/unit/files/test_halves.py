"""Clients that count in UTF-16 may cut a character in two; the document is still theirs, unit by unit."""

from hypothesis import example, given
from hypothesis import strategies as st

from pointsman.files.buffers import Buffers
from pointsman.text import Encoding, Position, Snapshot, apply

URI = "file:///nowhere/a.py"
LINE = st.text(alphabet="a\n😀😁\U0010ffff", max_size=12)


def to_units(text):
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[at : at + 2] for at in range(0, len(data), 2)]


def to_text(units):
    return b"".join(units).decode("utf-16-le", "surrogatepass")


def place(units, at):
    before = to_text(units[:at]).split("\n")
    return Position(len(before) - 1, len(to_units(before[-1])))


@given(
    LINE, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), LINE, st.booleans(), st.booleans()), max_size=6)
)
@example("😀", [(1, 2, "😁", True, False)])
@example("😀x😁", [(1, 4, "", False, False)])
@example("😀", [(0, 1, "", False, False), (0, 0, "😁", False, True)])
def test_any_cut_of_utf_16_units_is_followed(text, changes):
    units = to_units(text)
    buffers = Buffers()
    buffers.open(URI, 0, text)
    for version, (one, two, new, cut_head, cut_tail) in enumerate(changes, 1):
        start, end = sorted((min(one, len(units)), min(two, len(units))))
        sent = to_units(new)[cut_head:]
        sent = sent[: len(sent) - cut_tail] if sent else sent
        where = (place(units, start), place(units, end))
        buffers.change(URI, version, [(where, to_text(sent))], Encoding.UTF16)
        units[start:end] = sent
        assert buffers.get(URI).text == to_text(units)
    replayed = text
    for edit in buffers.log(URI, 0):
        replayed = apply(replayed, [edit])
    assert replayed == to_text(units)


def test_half_a_character_is_saved_as_the_replacement_character():
    assert Snapshot(URI, 0, "a\ud83d").encode() == "a\ufffd".encode()

"""Where an offset in a text lies in its bytes: little work near a place that is known, as where somebody types."""

from typing import NamedTuple


class Place(NamedTuple):
    """The same place as a count of code points, as one of bytes, and as the number of line feeds before it."""

    offset: int = 0
    byte: int = 0
    row: int = 0


START = Place()


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def find(text: str, data: bytes, offset: int, near: Place) -> Place:
    """The place of an offset; `data` are the bytes of the text, `near` is any place in it."""
    if len(data) == len(text):
        byte = offset
    elif offset >= near.offset:
        byte = near.byte + len(encode(text[near.offset : offset]))
    else:
        byte = near.byte - len(encode(text[offset : near.offset]))
    if byte >= near.byte:
        return Place(offset, byte, near.row + data.count(b"\n", near.byte, byte))
    return Place(offset, byte, near.row - data.count(b"\n", byte, near.byte))


def point(data: bytes, place: Place) -> tuple[int, int]:
    """The place as the parser takes it: its line, and the bytes before it there."""
    return place.row, place.byte - data.rfind(b"\n", 0, place.byte) - 1

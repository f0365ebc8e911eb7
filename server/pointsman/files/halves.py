"""Changes that cut a character in two.

A client that counts in UTF-16 may send half a surrogate pair: to turn one emoji into another it replaces only the half
that differs. Read by whole characters that corrupts the document. Here such a change becomes one of whole characters.
"""

from pointsman.text import Edit, Encoding, Position, Snapshot, Span, width


def whole_characters(snapshot: Snapshot, where: tuple[Position, Position], edit: Edit) -> Edit:
    """The edit, widened by the halves it leaves on either side, with halves that meet joined."""
    text, new = snapshot.text, edit.new
    start, end = edit.span.start, edit.span.end
    if _inside(snapshot, where[0], start):
        new = _units(text[start])[0] + new
    elif start > 0 and _is_half(text[start - 1]):
        start -= 1
        new = text[start] + new
    if _inside(snapshot, where[1], end):
        new += _units(text[end])[1]
        end += 1
    elif end < len(text) and _is_half(text[end]):
        new += text[end]
        end += 1
    return Edit(Span(start, end), _joined(new)) if any(map(_is_half, new)) else edit


def _inside(snapshot: Snapshot, position: Position, offset: int) -> bool:
    """Whether a position lies within the character at its offset."""
    if not snapshot.text[offset : offset + 1] > "\uffff":
        return False
    start = snapshot.starts[snapshot.line_at(offset)]
    return position.character > width(snapshot.text[start:offset], Encoding.UTF16)


def _is_half(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"


def _units(char: str) -> str:
    """An astral character as its two halves."""
    number = ord(char) - 0x10000
    return chr(0xD800 + (number >> 10)) + chr(0xDC00 + (number & 0x3FF))


def _joined(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")

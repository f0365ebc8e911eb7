"""Characters that JSON cut in two: some servers escape an emoji as two halves and send each in a piece of its own."""

from pointsman.errors import BadReply
from pointsman.models.address import named
from pointsman.terms import Delta, Lease
from pointsman.text import HALF


class Text:
    """The pieces of one answer with their characters whole; a half that stays alone is no text."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._held = {False: "", True: ""}

    def end(self) -> None:
        """Nothing comes any more. Raises BadReply if half a character is still waiting for the other."""
        if self._held[False]:
            raise self._broken()

    def whole(self, piece: Delta) -> Delta:
        held = self._held[piece.reasoning]
        if not held and (piece.text.isascii() or not HALF.search(piece.text)):
            return piece
        text = held + piece.text
        keep = len(text) - 1 if text and "\ud800" <= text[-1] <= "\udbff" else len(text)
        self._held[piece.reasoning] = text[keep:]
        try:
            joined = text[:keep].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            if not piece.reasoning:
                raise self._broken() from None
            joined = ""  # nobody reads it
        return Delta(joined, reasoning=piece.reasoning)

    def _broken(self) -> BadReply:
        return BadReply(
            f"{named(self._lease)} sent half of a character.",
            "Nothing was changed. Try again; if it stays so, its engine or a proxy in between breaks the text.",
        )

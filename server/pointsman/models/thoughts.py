"""Telling reasoning from answer where a model writes both into one text.

Many local engines pass a thinking model's text on as it is: `<think>...</think>` and then the answer. Only a tag at the
very start counts: one in the middle may well be a line of the code that is being edited.
"""

from pointsman.terms import Delta

_TAGS = {"<think>": "</think>", "<thinking>": "</thinking>", "<thought>": "</thought>"}


class Thoughts:
    """Feed it the text piece by piece; call `rest` at the end."""

    def __init__(self) -> None:
        self._held = ""
        self._close = ""
        self._answering = False
        self._trim = False

    def feed(self, text: str) -> list[Delta]:
        if self._answering:
            return self._answer(text)
        self._held += text
        return self._inside() if self._close else self._before()

    def rest(self) -> list[Delta]:
        """What was held back because a tag could still have come."""
        held, self._held = self._held, ""
        return [Delta(held, reasoning=bool(self._close))] if held else []

    def _before(self) -> list[Delta]:
        start = self._held.lstrip()
        for opening, closing in _TAGS.items():
            if start.startswith(opening):
                self._close = closing
                self._held = start[len(opening) :]
                return self._inside()
        if any(opening.startswith(start) for opening in _TAGS):
            return []  # also when nothing but white space has come
        self._answering = True
        held, self._held = self._held, ""
        return [Delta(held)]

    def _inside(self) -> list[Delta]:
        thought, closed, answer = self._held.partition(self._close)
        if closed:
            self._held, self._close = "", ""
            self._answering = self._trim = True
            return [Delta(thought, reasoning=True), *self._answer(answer)] if thought else self._answer(answer)
        keep = _overlap(self._held, self._close)
        thought, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        return [Delta(thought, reasoning=True)] if thought else []

    def _answer(self, text: str) -> list[Delta]:
        if self._trim:
            text = text.lstrip("\r\n")
            self._trim = not text
        return [Delta(text)] if text else []


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of `text` may be the beginning of `tag`."""
    return next((size for size in range(min(len(text), len(tag) - 1), 0, -1) if tag.startswith(text[-size:])), 0)

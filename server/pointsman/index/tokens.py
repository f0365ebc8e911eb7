"""How many tokens a text has, never under: an estimate without any model's vocabulary.

Vocabularies are megabytes, and those of current models are not public. Counting pieces (parts of camelCase and
snake_case words, digits by three, punctuation, line ends) tracks every tokenizer we could compare with far better
than bytes do; the factor lifts the worst of them to the safe side.
"""

import re

FACTOR = 1.25
_PUNCTUATION = 0.72
_PIECE = re.compile(
    r"(?P<word>[A-Z]?[a-z]+|[A-Z]+(?![a-z]))|(?P<digits>[0-9]{1,3})|(?P<line>\r\n|\n)|(?P<space>[ \t]+)"
    r"|(?P<ascii>[!-/:-@\[-`{-~])|(?P<other>.)",
    re.DOTALL,
)
_WEIGHT = {"digits": 1.0, "line": 1.0, "space": 0.0, "ascii": _PUNCTUATION, "other": 1.6}
_LETTERS = 7
"""Letters of a word that one token takes; longer words are cut by every vocabulary."""


def weigh(text: str) -> float:
    """The estimate before rounding: weights of parts add up to that of the whole, so they can be kept and summed."""
    total = 0.0
    for piece in _PIECE.finditer(text):
        kind = piece.lastgroup or "other"
        total += 1 + (piece.end() - piece.start() - 1) // _LETTERS if kind == "word" else _WEIGHT[kind]
    return total * FACTOR


def estimate(text: str) -> int:
    return int(weigh(text)) + 1 if text else 0

"""How many bytes of a prompt make a token of each model: a guess at first, then learned from what providers count.

No tokenizer is worth its time where a task starts, and none is at hand for most models. What counts is that an estimate
is never under what will be billed and what must fit: it goes by the densest of the last prompts, and dares to be lower
than the guess only after a few of them. What was learned is kept in a small file, for the next session.
"""

import contextlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

GUESS = 3.5
"""Source code has more bytes in a token with most models."""
LEAST, MOST = 1.0, 7.0
"""Bytes a token. What lies beyond says something else: the prompt was cut, or the count is none."""
ENOUGH = 3
"""Prompts after which the guess does not bound the estimate any more."""
MARGIN = 0.95
SIZE = 8_000
"""Bytes of a prompt below which what a template adds to it says more than its text."""
KEPT = 12
"""Prompts of a model that are remembered, the latest ones."""
MODELS = 50
_FILE_LIMIT = 1 << 18


class Tokens:
    """In `file`, or in memory alone. Models are named as in routes: "provider,model"."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known: dict[str, tuple[float, ...]] | None = None

    def bytes_of(self, model: str) -> float:
        """Bytes of one token; low rather than high, so that estimates are high rather than low."""
        self._known = self._read() if self._known is None else self._known
        seen = self._known.get(_key(model), ())
        if not seen:
            return GUESS
        low = max(LEAST, min(seen) * MARGIN)
        return low if len(seen) >= ENOUGH else min(low, GUESS)

    def learn(self, model: str, size: int, counted: int | None) -> None:
        """Take note of a prompt of so many bytes that its provider counted. Blocking, one small file."""
        if not counted or size < SIZE or not LEAST <= size / counted <= MOST:
            return
        known = self._read() if self._file else self._known or {}  # another server may have learned too
        before = known.pop(_key(model), ())
        known[_key(model)] = (*before, round(size / counted, 3))[-KEPT:]
        self._known = dict(list(known.items())[-MODELS:])
        with contextlib.suppress(OSError):  # then it is known as long as this process lives
            self._write()

    def _read(self) -> dict[str, tuple[float, ...]]:
        try:
            with self._file.open("rb") if self._file else contextlib.nullcontext() as file:
                document = json.loads(file.read(_FILE_LIMIT)) if file else {}
        except (OSError, ValueError, RecursionError):
            return {}
        models = document.get("bytes") if isinstance(document, Mapping) else None
        rows = models.items() if isinstance(models, Mapping) else ()
        return {name: sound for name, row in list(rows)[-MODELS:] if (sound := _sound(row))}

    def _write(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile("w", encoding="utf-8", dir=self._file.parent, delete=False) as file:
            json.dump({"bytes": self._known}, file)
        try:
            Path(file.name).replace(self._file)  # whole or not at all: two servers may write at once
        finally:
            Path(file.name).unlink(missing_ok=True)


def _sound(row: object) -> tuple[float, ...]:
    """The numbers of a row that can be ones of ours."""
    numbers = row if isinstance(row, list) else ()
    fitting = (n for n in numbers if isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n))
    return tuple(float(number) for number in fitting if LEAST <= number <= MOST)[-KEPT:]


def _key(model: str) -> str:
    return ",".join(part.strip() for part in model.split(",", 1)).casefold()[:300]

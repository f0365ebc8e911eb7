"""Parameters that a model turned out to refuse: found in its 400, mended once, and remembered.

Profiles lag behind models. A provider that names the parameter it will not take has told us all we need: it is left
out, renamed as it says, or lowered to its limit, and the same model is asked again. What was learned is kept in the
user's state folder, so that the next task does not run into it; and not for ever, for providers change too.
"""

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from pointsman.models.address import shown_url
from pointsman.models.values import record, string
from pointsman.terms import Lease

MOST = 3
"""Parameters mended for one request; more means that something else is wrong."""
KEPT_SECONDS = 30 * 24 * 3600.0
_OURS = frozenset({"model", "messages", "input", "system", "stream"})
"""What a request cannot do without."""
_TOKENS = frozenset({"max_tokens", "max_completion_tokens", "max_output_tokens"})
_COMPANIONS: Mapping[str, tuple[str, ...]] = {"tools": ("tool_choice",), "grammar": ("structured_outputs",)}
_FORMS = ("response_format", "text", "output_config", "format", "structured_outputs", "grammar", "tools")
_ABOUT_FORM = re.compile(
    r"json.?schema|response.?format|structured.?output|grammar|custom tool|requested parameters", re.IGNORECASE
)
_ORDINARY = frozenset({
    "text", "format", "tools", "user", "thinking", "reasoning", "provider", "store", "options", "think", "grammar",
})  # fmt: skip
"""Fields that are words of the language too: they count only where they are marked as names."""
_WORD = re.compile(r"[a-z][a-z_]*[a-z]", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\d{2,7}(?![\w.]*\d)")
_OVERFLOW = re.compile(r"context.{0,12}(length|window|size)|prompt is too long", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Repair:
    """What to do about one field of a request's body: leave it out, call it something else, or lower it."""

    name: str
    rename: str = ""
    limit: int = 0

    def __str__(self) -> str:
        if self.limit:
            return f"`{self.name}` is lowered to {self.limit}"
        return f"`{self.name}` is sent as `{self.rename}`" if self.rename else f"`{self.name}` is left out"

    def applied(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if self.name not in body:
            return dict(body)
        value = body[self.name]
        if self.limit:
            return {**body, self.name: min(value, self.limit) if isinstance(value, int) else self.limit}
        rest = {name: kept for name, kept in body.items() if name not in (self.name, *_COMPANIONS.get(self.name, ()))}
        if self.name == "response_format" and isinstance(rest.get("provider"), dict):
            # OpenRouter was asked for hosts that force the form.
            rest["provider"] = {name: kept for name, kept in rest["provider"].items() if name != "require_parameters"}
        return {**rest, self.rename: value} if self.rename else rest


def find(body: Mapping[str, Any], said: Mapping[str, Any]) -> Repair | None:
    """The repair for a refusal, if it names a field that was sent and that a request can do without."""
    words = string(said.get("message")) or json.dumps(said, ensure_ascii=False)
    if _OVERFLOW.search(words):
        return None
    name = _culprit({name: value for name, value in body.items() if name not in _OURS}, said, words)
    if not name:
        return None
    if name in _TOKENS:
        for other in _WORD.findall(words):
            if other in _TOKENS and other not in body:
                return Repair(name, rename=other)
        lower = [int(digits) for digits in _NUMBER.findall(words) if int(digits) < body[name]]
        return Repair(name, limit=max(lower)) if lower else Repair(name)
    return Repair(name)


def _culprit(body: Mapping[str, Any], said: Mapping[str, Any], words: str) -> str:
    """The field a refusal is about: as it says itself, else the first one its words name."""
    for place in _places(said):
        found = next((part for part in place if part in body), "")
        if found:
            return found
    named = [
        match[0]
        for match in _WORD.finditer(words)
        if match[0] in body and (match[0] not in _ORDINARY or _is_marked(words, match))
    ]
    if named:  # of two that exclude each other, the first is kept
        return str(named[-1] if re.search(r"\b(both|together)\b", words) else named[0])
    return next((each for each in _FORMS if each in body), "") if _ABOUT_FORM.search(words) else ""


def _is_marked(words: str, match: re.Match[str]) -> bool:
    """Whether a word is marked as a name: quoted, or before a colon."""
    before, after = words[max(0, match.start() - 1) : match.start()], words[match.end() : match.end() + 1]
    return before + after in ("''", '""', "``") or after == ":"


def _places(said: Mapping[str, Any]) -> Iterator[list[str]]:
    """Paths to the field, as OpenAI (`param`) and FastAPI (`loc`) tell them."""
    yield re.split(r"[.\[\]]+", string(said.get("param")))
    details = said.get("detail")
    for detail in details if isinstance(details, list) else ():
        place = record(detail).get("loc")
        yield [part for part in place if isinstance(part, str)] if isinstance(place, list) else []


class Repairs:
    """What was learned of each model at each address; in `file`, or in memory alone."""

    def __init__(self, file: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock
        self._known: dict[str, dict[str, dict[str, Any]]] | None = None

    def mended(self, lease: Lease, body: Mapping[str, Any]) -> dict[str, Any]:
        """The body with everything that is known of the model applied."""
        self._known = self._read() if self._known is None else self._known
        mended = dict(body)
        for row in self._known.get(_subject(lease), {}).values():
            mended = Repair(row["name"], row["rename"], row["limit"]).applied(mended)
        return mended

    def learn(self, lease: Lease, repair: Repair) -> None:
        known = self._read() if self._file else self._known or {}
        known.setdefault(_subject(lease), {})[repair.name] = asdict(repair) | {"since": self._clock()}
        self._known = known
        with contextlib.suppress(OSError):  # then it is known as long as this process lives
            self._write(known)

    def _read(self) -> dict[str, dict[str, dict[str, Any]]]:
        try:
            document = json.loads(self._file.read_text("utf-8")) if self._file else {}
        except (OSError, ValueError):
            return {}
        if record(document).get("version") != version("pointsman"):
            return {}  # another version may know the model better
        models = record(document.get("models"))
        return {subject: found for subject, rows in models.items() if (found := self._fresh(record(rows)))}

    def _fresh(self, rows: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        oldest = self._clock() - KEPT_SECONDS
        kinds = {"name": str, "rename": str, "limit": int, "since": int | float}
        return {
            name: dict(row)
            for name, row in rows.items()
            if all(isinstance(record(row).get(key), kind) for key, kind in kinds.items()) and row["since"] > oldest
        }

    def _write(self, known: Mapping[str, Any]) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile("w", encoding="utf-8", dir=self._file.parent, delete=False) as file:
            json.dump({"version": version("pointsman"), "models": known}, file, indent=1)
        Path(file.name).replace(self._file)  # whole or not at all: two servers may write at once


def _subject(lease: Lease) -> str:
    return f"{shown_url(lease.url)} {lease.model}"

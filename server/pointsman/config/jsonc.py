"""JSON with comments and trailing commas, read with the place of every key and value.

The places are what lets a finding point into the file. Written by hand because no maintained reader keeps them.
`loose` also takes what JSON5 adds for people (single quotes, bare keys): claude-code-router's files may be so.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from pointsman.errors import ConfigError
from pointsman.text import Snapshot, Span

DEPTH = 50
_SPACE = re.compile(r"(?:[\s\ufeff]|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_SINGLE = re.compile(r"'(?:[^'\\\x00-\x1f]|\\.)*'")
_CONTROL = re.compile(r'"[^"\r\n]*"')
_ODD = {
    "#": "comments begin with //",
    **dict.fromkeys("“”„«»", 'this is a typographic quote; strings stand in plain ones: "'),
    ",": "a value was expected before this comma",
}
_WORD = re.compile(r"[-+.\w$]+")
_SURROGATE = re.compile("[\ud800-\udfff]")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`value` is plain JSON data; `spans` gives the place of the value at a path, `keys` that of its key."""

    value: Any
    spans: dict[Path, Span] = field(default_factory=dict)
    keys: dict[Path, Span] = field(default_factory=dict)

    def where(self, path: Path) -> Span | None:
        """The key of a path, else its value, else those of what holds it."""
        while True:
            for places in (self.keys, self.spans):
                if (found := places.get(path)) is not None:  # an empty place is one too
                    return found
            if not path:
                return None
            path = path[:-1]


class JsoncError(ConfigError):
    """A file that is no JSON; `span` is where, and `said` what is wrong there."""

    def __init__(self, place: str, said: str, span: Span) -> None:
        super().__init__(f"{place}: {said}")
        self.said = said
        self.span = span


def parse(text: str, *, loose: bool = False) -> Document:
    """Read a document. Raises JsoncError at the first thing that does not fit."""
    reader = _Reader(text, loose=loose)
    value = reader.value(())
    reader.skip()
    if reader.at < len(text):
        raise reader.error("there is more after the end")
    return Document(value, reader.spans, reader.keys)


class _Reader:
    """`at` is the offset of what comes next."""

    def __init__(self, text: str, *, loose: bool) -> None:
        self.text = text
        self.loose = loose
        self.at = 0
        self.spans: dict[Path, Span] = {}
        self.keys: dict[Path, Span] = {}

    def error(self, message: str, end: int = 0) -> JsoncError:
        """At the next character, or up to an end."""
        at = min(self.at, len(self.text))
        document = Snapshot("", None, self.text)
        line = document.line_at(at)
        place = f"line {line + 1}, column {at - document.line_span(line).start + 1}"
        start = at if at < len(self.text) else max(0, at - 1)  # at the end, the last character stands for it
        return JsoncError(place, message, Span(start, max(end, min(at + 1, len(self.text)))))

    def skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        if self.text.startswith("/*", self.at):
            raise self.error("this comment does not end")

    def value(self, path: Path) -> Any:
        self.skip()
        if len(path) > DEPTH:
            raise self.error("nested too deeply")
        start = self.at
        match self.text[start : start + 1]:
            case "{":
                found: Any = self._object(path)
            case "[":
                found = self._array(path)
            case '"' | "'":
                found = self._string()
            case _:
                found = self._word()
        self.spans[path] = Span(start, self.at)
        return found

    def _object(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.at += 1
        while not self._ends("}"):
            start = self.at
            key = self._key()
            if key in found:
                end, self.at = self.at, start
                raise self.error(f"the key {json.dumps(key)} is there twice", end)
            self.keys[(*path, key)] = Span(start, self.at)
            self.skip()
            self._expect(":")
            found[key] = self.value((*path, key))
            self._comma("}")
        return found

    def _array(self, path: Path) -> list[Any]:
        found: list[Any] = []
        self.at += 1
        while not self._ends("]"):
            found.append(self.value((*path, len(found))))
            self._comma("]")
        return found

    def _ends(self, close: str) -> bool:
        self.skip()
        if self.at >= len(self.text):
            raise self.error(f'"{close}" is missing')
        if self.text[self.at] != close:
            return False
        self.at += 1
        return True

    def _comma(self, close: str) -> None:
        self.skip()
        if self.text[self.at : self.at + 1] == ",":
            self.at += 1
        elif self.text[self.at : self.at + 1] != close:
            raise self.error(f'"," or "{close}" was expected')

    def _expect(self, sign: str) -> None:
        if self.text[self.at : self.at + 1] != sign:
            raise self.error(f'"{sign}" was expected')
        self.at += 1

    def _odd(self) -> str:
        """What is wrong with a character that begins nothing, where it tells."""
        return _ODD.get(self.text[self.at : self.at + 1], "")

    def _key(self) -> str:
        if self.text[self.at] in "\"'":
            return self._string()
        match = _WORD.match(self.text, self.at) if self.loose else None
        if match is None:
            raise self.error(self._odd() or 'a key in double quotes, or "}", was expected')
        self.at = match.end()
        return match[0]

    def _string(self) -> str:
        single = self.text[self.at] == "'"
        if single and not self.loose:
            raise self.error('strings stand in double quotes: "…"')
        match = (_SINGLE if single else _STRING).match(self.text, self.at)
        if match is None:
            inside = _CONTROL.match(self.text, self.at)
            raise self.error(
                "this string holds a tab, which is written \\t" if inside else "this string does not end on its line"
            )
        source = match[0]
        if single:
            source = '"' + source[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
        try:
            value: str = json.loads(source)
        except ValueError as error:
            raise self.error("this string has a wrong escape", match.end()) from error
        if _SURROGATE.search(value):
            raise self.error("this string has half a character", match.end())
        self.at = match.end()
        return value

    def _word(self) -> Any:
        """true, false, null or a finite number."""
        match = _WORD.match(self.text, self.at)
        if match is None:
            raise self.error(self._odd() or "a value was expected")
        try:
            value = json.loads(match[0], parse_constant=_refuse)
        except ValueError as error:
            if match[0].lstrip("-").isdigit():
                raise self.error("this number is too large", match.end()) from error
            raise self.error(f"{match[0][:40]} is no value; strings stand in double quotes", match.end()) from error
        if value in {float("inf"), float("-inf")}:
            raise self.error("this number is too large", match.end())
        self.at = match.end()
        return value


def _refuse(name: str) -> None:
    raise ValueError(name)

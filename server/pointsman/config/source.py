"""Where settings come from: a file read with its places, or an editor's settings, which have none."""

import copy
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pointsman.config import jsonc
from pointsman.config.finding import CODES, Finding, Fix, Key
from pointsman.text import Edit, Span

FILE_LIMIT = 1 << 20
_ALLOWED = "Comments and commas before a closing bracket are fine; all else is as in JSON."


@dataclass(slots=True)
class Source:
    """One layer of settings with what is wrong in it.

    `data` is what is left when what does not fit is taken out; `places` are the numbers its providers have in the file.
    """

    path: Path | None
    document: jsonc.Document
    data: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.take(self.document)

    def take(self, document: jsonc.Document) -> None:
        self.document = document
        value = document.value if isinstance(document.value, dict) else {}
        self.data = copy.deepcopy(value)
        providers = value.get("Providers")
        self.places = list(range(len(providers))) if isinstance(providers, list) else []

    def original(self, key: Key) -> Key:
        """A key of the data as it is in the file."""
        if key[:1] == ("Providers",) and len(key) > 1:
            return ("Providers", self.places[int(key[1])], *key[2:])
        return key

    def report(
        self, code: str, key: Key, message: str, hint: str = "", *, value: bool = True, fixes: Iterable[Fix | None] = ()
    ) -> None:
        """Note a finding at a setting: at its value, or at its key."""
        span = (self.document.spans if value else self.document.keys).get(key)
        span = self.document.where(key) if span is None else span
        possible = tuple(fix for fix in fixes if fix)
        self.findings.append(Finding(self.path, span, CODES[code][0], code, message, hint, key, possible))

    def rewrite(self, key: Key, new: object, *, value: bool = True) -> Fix | None:
        """Write something else as a setting's value, or as its key; None where neither stands in the file."""
        span = (self.document.spans if value else self.document.keys).get(key)
        if span is None or self.path is None:
            return None
        return Fix(f"Write {json.dumps(new, ensure_ascii=False)}", Edit(span, json.dumps(new, ensure_ascii=False)))

    def insert(self, title: str, at: int, text: str) -> Fix:
        return Fix(title, Edit(Span(at, at), text))

    def reported(self, key: Key) -> bool:
        """Whether a setting, or a part of it, has been found fault with."""
        return any(finding.key[: len(key)] == key for finding in self.findings)


def read_source(path: Path, *, required: bool) -> Source:
    """A file as a source; an empty one where there is none, or none that can be read."""
    source = Source(path, jsonc.Document({}))
    try:
        data = bytes_of(path)
    except FileNotFoundError:
        if required:
            message = f"There is no config file {path}."
            hint = "Run `pointsman init` to write one."
            # A file that is not there cannot show a diagnostic.
            source.findings.append(Finding(None, None, CODES["no-file"][0], "no-file", message, hint))
        return source
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        hint = "Its place is for a file of your own that you may read: move away what is there."
        source.report("unreadable", (), f"The config file {path} cannot be read: {reason}.", hint)
        return source
    return read_text(data, source)


def read_text(data: bytes, source: Source) -> Source:
    """Fill a source from the bytes of its file."""
    text = data.decode("utf-8-sig", "replace")
    try:
        source.take(jsonc.parse(data.replace(b"\0", b"\xff").decode("utf-8-sig")))  # no text holds a NUL
    except UnicodeError:
        source.report("unreadable", (), "The file is not UTF-8.", "Save it anew in that encoding.")
        return source
    except jsonc.JsoncError as error:
        source.document = jsonc.Document({}, {(): error.span})
        empty = not text.strip()
        message = "The file is empty." if empty else f"The file is not JSON: {error.said}."
        source.report("syntax", (), message, "Delete it, and run `pointsman init` to write one." if empty else _ALLOWED)
        return source
    if not isinstance(source.document.value, dict):
        source.report("syntax", (), "The file must be one object, in braces.", _ALLOWED)
    return source


def bytes_of(path: Path, limit: int = FILE_LIMIT) -> bytes:
    """What a regular file holds. Raises OSError, or ValueError for a pipe or a device, which could make us wait."""
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
        kind = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(kind):
            what = "a pipe" if stat.S_ISFIFO(kind) else "a device"
            raise ValueError(f"it is {what}, not a file")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"it is larger than {limit >> 10:,} KiB")
    return data


def name_of(key: Iterable[str | int]) -> str:
    """A setting as people write it: `Providers[0].name`."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text

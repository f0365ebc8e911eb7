"""ApplyPatch as JSON: paths and hunks, one change group for each hunk, and no prefixes, counts or fences.

Every key is required, so that a provider can force the schema strictly; what belongs to another operation must be
empty, since it would be words that are lost. A missing `question` alone reads as empty.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from pointsman.patch import names
from pointsman.patch.codes import Broken, Code
from pointsman.patch.sections import merged
from pointsman.terms import FilePatch, Hunk, Operation, Patch, Question

QUESTION_LIMIT = 1_000
LINE_LIMIT = 10**9
_SIGNS = {"before": " ", "delete": "-", "insert": "+", "after": " "}
_FILE_KEYS = ("path", "op", "new_path", "content", "hunks")
_HUNK_KEYS = ("line", "anchor", *_SIGNS)
_TEXT = {"type": "string"}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    keys = list(properties)
    return {"type": "object", "additionalProperties": False, "required": keys, "properties": dict(properties)}


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(items)}


_HUNK = _object({"line": {"type": "integer"}, "anchor": _TEXT, **{name: _list(_TEXT) for name in _SIGNS}})
_OPERATION = {"type": "string", "enum": [operation.value for operation in Operation]}
_FILE = _object({"path": _TEXT, "op": _OPERATION, "new_path": _TEXT, "content": _TEXT, "hunks": _list(_HUNK)})
SCHEMA: Mapping[str, Any] = _object({"question": _TEXT, "files": _list(_FILE)})
"""The form, in the subset of JSON Schema that every provider forces strictly."""


def read(text: str) -> Patch | Question:
    """The patch or the question; raises Broken."""
    data = _keys(_parse(text), ("question", "files"), "the reply", optional="question")
    question, files = _text(data.get("question", ""), "question").strip(), data["files"]
    if not isinstance(files, list):
        raise Broken(Code.SCHEMA, "`files` must be a list.")
    if question and files:
        raise Broken(Code.QUESTION_AND_PATCH, "Fill either `question` or `files`, not both.")
    if question:
        return Question(question[:QUESTION_LIMIT])
    if not files:
        raise Broken(Code.NO_PATCH, "Both `question` and `files` are empty: there is no patch in this reply.")
    return Patch(merged([_file(item, f"files[{number}]") for number, item in enumerate(files)]))


def _parse(text: str) -> Any:
    """The one JSON object of a text that may have prose around it."""
    start = re.search(r"^[ \t]*\{", text, re.MULTILINE)
    if start is None:
        raise Broken(Code.JSON, "There is no JSON object in this reply.")
    try:
        data, end = json.JSONDecoder(object_pairs_hook=_unique).raw_decode(text, start.end() - 1)
    except RecursionError as error:
        raise Broken(Code.JSON, "The JSON is nested too deeply.") from error
    except ValueError as error:
        place = getattr(error, "pos", 0)
        if place >= len(text.rstrip()) or "Unterminated string" in str(error):
            raise Broken(
                Code.TRUNCATED, "The JSON ends in the middle: the reply was cut off. Send it whole."
            ) from error
        raise Broken(Code.JSON, f"The reply is not valid JSON: {error}.") from error
    if re.search(r"^[ \t]*\{", text[end:], re.MULTILINE):
        raise Broken(Code.TWO_READINGS, "There is more than one JSON object in this reply. Send exactly one.")
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON readers take the last of two equal keys; which one the model meant cannot be known."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Broken(Code.SCHEMA, "A key stands twice in one JSON object.")
    return found


def _keys(item: Any, keys: tuple[str, ...], where: str, optional: str = "") -> dict[str, Any]:
    if not isinstance(item, dict):
        raise Broken(Code.SCHEMA, f"`{where}` must be an object.")
    missing = [key for key in keys if key not in item and key != optional]
    unknown = [key for key in item if key not in keys]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has the unknown key {unknown[0][:80]!r}"
        raise Broken(Code.SCHEMA, f"`{where}` {wrong}. Its keys are exactly: {', '.join(keys)}.")
    return item


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise Broken(Code.SCHEMA, f"`{where}` must be a string.")
    return value


def _file(item: Any, where: str) -> FilePatch:
    data = _keys(item, _FILE_KEYS, where)
    path, target = _text(data["path"], f"{where}.path"), _text(data["new_path"], f"{where}.new_path")
    content, name = _text(data["content"], f"{where}.content"), _text(data["op"], f"{where}.op")
    if name not in {operation.value for operation in Operation}:
        raise Broken(Code.SCHEMA, f"`{where}.op` must be create, modify, delete or rename, not {name[:80]!r}.")
    if not isinstance(data["hunks"], list):
        raise Broken(Code.SCHEMA, f"`{where}.hunks` must be a list.")
    hunks = tuple(_hunk(hunk, f"{where}.hunks[{number}]") for number, hunk in enumerate(data["hunks"]))
    operation = Operation(name)
    path, target = names.checked(path.removeprefix("./")), target.removeprefix("./")
    if target:
        names.checked(target)
    _fits(operation, {"hunks": bool(hunks), "content": bool(content), "new_path": bool(target)}, where)
    if operation is Operation.MODIFY:
        return FilePatch(path, operation, hunks, also=tuple(map(names.checked, names.unprefixed(path))))
    return FilePatch(path, operation, hunks, target, content if operation is Operation.CREATE else None)


def _fits(operation: Operation, filled: Mapping[str, bool], where: str) -> None:
    """Only what belongs to an operation may be filled, and what it cannot do without must be."""
    allowed = {
        Operation.CREATE: {"content"},
        Operation.MODIFY: {"hunks"},
        Operation.DELETE: set(),
        Operation.RENAME: {"hunks", "new_path"},
    }[operation]
    for key, full in filled.items():
        if full and key not in allowed:
            raise Broken(Code.SCHEMA, f"`{where}.{key}` must be empty for the operation {operation.value}.")
    needed = {Operation.MODIFY: "hunks", Operation.RENAME: "new_path"}.get(operation)
    if needed and not filled[needed]:
        code = Code.EMPTY_HUNK if needed == "hunks" else Code.SCHEMA
        raise Broken(code, f"`{where}.{needed}` must be filled for the operation {operation.value}.")


def _hunk(item: Any, where: str) -> Hunk:
    data = _keys(item, _HUNK_KEYS, where)
    line, anchor = data["line"], _text(data["anchor"], f"{where}.anchor")
    if not isinstance(line, int) or isinstance(line, bool):
        raise Broken(Code.SCHEMA, f"`{where}.line` must be an integer.")
    rows: list[tuple[str, str]] = []
    for name, sign in _SIGNS.items():
        rows += [(sign, text) for text in _lines(data[name], f"{where}.{name}")]
    if not any(sign != " " for sign, _ in rows):
        raise Broken(Code.EMPTY_HUNK, f"`{where}` changes nothing: `delete` and `insert` are both empty.")
    # Without old lines it is not said on which side of the line an insertion belongs.
    told = 0 < line < LINE_LIMIT and any(sign != "+" for sign, _ in rows)
    return Hunk(tuple(rows), line if told else None, anchor.strip().partition("\n")[0])


def _lines(value: Any, where: str) -> list[str]:
    """The lines of a list; a text of several lines is those lines, and a last line end belongs to the last of them."""
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise Broken(Code.SCHEMA, f"`{where}` must be a list of strings, one for each line.")
    return [line for text in value for line in (text.removesuffix("\n").split("\n") if "\n" in text else [text])]

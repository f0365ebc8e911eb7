"""ApplyPatch: JSON with paths and hunks, and the `*** Begin Patch` text that some models are trained on.

The JSON has one change group for each hunk and no prefixes, counts or fences, so little can be written wrongly. Of the
text form only the words are taken over: its reference reader edits the first place that fits, ours the only one.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pointsman.terms import FilePatch, Hunk, Operation, Patch, Question, Reject

BEGIN = "*** Begin Patch"
_END = "*** End Patch"
_EOF = "*** End of File"
_HEADS = {
    "*** Add File: ": Operation.CREATE,
    "*** Update File: ": Operation.MODIFY,
    "*** Delete File: ": Operation.DELETE,
}
_MOVE = "*** Move to: "
_QUESTION_LIMIT = 1_000

_LINES = {"before": " ", "delete": "-", "insert": "+", "after": " "}

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["question", "files"],
    "properties": {
        "question": {"type": "string"},
        "files": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["path", "op", "new_path", "content", "hunks"],
                "properties": {
                    "path": {"type": "string"},
                    "op": {"type": "string", "enum": ["create", "modify", "delete", "rename"]},
                    "new_path": {"type": "string"},
                    "content": {"type": "string"},
                    "hunks": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["line", "anchor", "before", "delete", "insert", "after"],
                            "properties": {
                                "line": {"type": "integer"},
                                "anchor": {"type": "string"},
                                **{name: {"type": "array", "items": {"type": "string"}} for name in _LINES},
                            },
                        },
                    },
                },
            },
        },
    },
}
"""The JSON form, in the subset of JSON Schema that every provider forces strictly."""


def read_json(text: str) -> Patch | Question | Reject:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Reject("json", f"The reply is not valid JSON: {error}.")
    if not isinstance(data, dict):
        return Reject("schema", "The reply must be one JSON object.")
    question, files = data.get("question", ""), data.get("files")
    if not isinstance(question, str) or not isinstance(files, list):
        return Reject("schema", "`question` must be a string and `files` a list; both keys must be there.")
    if bool(question.strip()) == bool(files):
        return Reject("schema", "Exactly one of `question` and `files` must be filled.")
    if question.strip():
        return Question(question.strip()[:_QUESTION_LIMIT])
    made = [_json_file(item, f"files[{number}]") for number, item in enumerate(files)]
    wrong = next((item for item in made if isinstance(item, Reject)), None)
    return wrong or Patch(tuple(item for item in made if isinstance(item, FilePatch)))


def _json_file(item: Any, where: str) -> FilePatch | Reject:
    if not isinstance(item, dict):
        return Reject("schema", f"`{where}` must be an object.")
    path, operation = item.get("path"), item.get("op")
    if not isinstance(path, str) or operation not in set(Operation):
        return Reject("schema", f"`{where}` needs a `path` and an `op` of create, modify, delete or rename.")
    hunks = item.get("hunks", [])
    if not isinstance(hunks, list):
        return Reject("schema", f"`{where}.hunks` must be a list.")
    made = [_json_hunk(hunk, f"{where}.hunks[{number}]") for number, hunk in enumerate(hunks)]
    wrong = next((hunk for hunk in made if isinstance(hunk, Reject)), None)
    if wrong:
        return wrong
    content, target = item.get("content", ""), item.get("new_path", "")
    if not isinstance(content, str) or not isinstance(target, str):
        return Reject("schema", f"`{where}.content` and `{where}.new_path` must be strings.")
    return _file(path, Operation(operation), tuple(h for h in made if isinstance(h, Hunk)), content, target, where)


def _file(
    path: str, operation: Operation, hunks: tuple[Hunk, ...], content: str, target: str, where: str
) -> FilePatch | Reject:
    """Only what belongs to an operation may be filled: the rest would be words that are lost."""
    misplaced = {
        Operation.CREATE: bool(hunks or target),
        Operation.MODIFY: bool(content or target) or not hunks,
        Operation.DELETE: bool(content or target or hunks),
        Operation.RENAME: bool(content) or not target,
    }[operation]
    if misplaced:
        return Reject("schema", f"`{where}`: {operation} takes only what belongs to it, and all of that.")
    if operation is Operation.CREATE:
        return FilePatch(path, operation, content=content)
    return FilePatch(path, operation, hunks, target)


def _json_hunk(item: Any, where: str) -> Hunk | Reject:
    if not isinstance(item, dict):
        return Reject("schema", f"`{where}` must be an object.")
    rows: list[tuple[str, str]] = []
    for name, sign in _LINES.items():
        lines = item.get(name, [])
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            return Reject("schema", f"`{where}.{name}` must be a list of strings, one for each line.")
        if any("\n" in line.removesuffix("\n").removesuffix("\r") for line in lines):
            return Reject("schema", f"`{where}.{name}` has a line end inside of a line.")
        rows += [(sign, line.removesuffix("\n").removesuffix("\r") if line.endswith("\n") else line) for line in lines]
    number, anchor = item.get("line"), item.get("anchor", "")
    if not any(sign != " " for sign, _ in rows):
        return Reject("empty_hunk", f"`{where}` changes nothing.")
    known = number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else None
    return Hunk(tuple(rows), known, anchor if isinstance(anchor, str) else "", 0)


# --- the text form ----------------------------------------------------------------------------------------------------


def read_text(text: str) -> Patch | Reject:
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    begin = next(number for number, line in enumerate(lines) if BEGIN in line)
    end = next((number for number, line in enumerate(lines) if number > begin and line.strip() == _END), None)
    if end is None:
        return Reject("truncated", f'The patch does not end with "{_END}": it was cut off. Send the whole patch again.')
    files: list[FilePatch] = []
    at = begin + 1
    while at < end:
        if not lines[at].strip():
            at += 1
            continue
        head = next((head for head in _HEADS if lines[at].startswith(head)), None)
        if head is None:
            return Reject("bad_line", f"Line {at + 1} of the patch is no file header: {lines[at][:120]!r}")
        stop = next((n for n in range(at + 1, end) if lines[n].startswith(tuple(_HEADS))), end)
        made = _text_file(lines[at][len(head) :].strip(), _HEADS[head], lines[at + 1 : stop], at + 2)
        if isinstance(made, Reject):
            return made
        files.append(made)
        at = stop
    return Patch(tuple(files)) if files else Reject("no_patch", "The patch names no file.")


def _text_file(path: str, operation: Operation, body: Sequence[str], line: int) -> FilePatch | Reject:
    target = ""
    if body and body[0].startswith(_MOVE):
        target, body, line = body[0][len(_MOVE) :].strip(), body[1:], line + 1
    while body and not body[-1].strip():
        body = body[:-1]
    if operation is Operation.CREATE:
        bad = next((n for n, words in enumerate(body) if not words.startswith("+")), None)
        if bad is not None:
            return Reject("bad_line", f'Line {line + bad} of the new file {path} does not start with "+".')
        return FilePatch(path, operation, content="".join(f"{words[1:]}\n" for words in body))
    if operation is Operation.DELETE:
        return (
            FilePatch(path, operation) if not body else Reject("bad_line", f"Line {line}: a deleted file has no lines.")
        )
    hunks = _text_hunks(body, line)
    if isinstance(hunks, Reject):
        return hunks
    if target:
        return FilePatch(path, Operation.RENAME, hunks, target)
    return FilePatch(path, operation, hunks) if hunks else Reject("empty_hunk", f"There is no hunk for {path}.")


def _text_hunks(body: Sequence[str], line: int) -> tuple[Hunk, ...] | Reject:
    hunks: list[Hunk] = []
    rows: list[tuple[str, str]] = []
    anchor, start = "", line

    def flush() -> None:
        if any(sign != " " for sign, _ in rows):
            hunks.append(Hunk(tuple(rows), None, anchor, start))
        rows.clear()

    for number, words in enumerate(body, line):
        if words.startswith("@@"):
            flush()
            anchor, start = words[2:].strip(), number
        elif words == _EOF:
            continue
        elif not words or words[0] in " -+":
            rows.append((words[0], words[1:]) if words else (" ", ""))
        else:
            return Reject(
                "bad_line", f'Line {number} of the patch starts with neither " ", "-" nor "+": {words[:120]!r}'
            )
    flush()
    return tuple(hunks)

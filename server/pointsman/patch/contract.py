"""The contract: what of a reply is a patch, a question, or neither.

`read` is total: any text is a Patch, a Question or a Reject, and never an exception. It judges form alone; whether a
patch fits the files is for `place`. Form is tolerated where it cannot change the meaning (fences and prose around it,
wrong line numbers); words never are.
"""

import re
from collections.abc import Collection, Sequence

from pointsman.patch import applypatch, envelope, unified
from pointsman.patch.codes import Broken, Code
from pointsman.patch.crosscheck import contradiction
from pointsman.patch.fences import Block, Kind, blocks
from pointsman.terms import Patch, Question, Reject

FORMATS = tuple(kind.value for kind in Kind)
REPLY_LIMIT = 16 << 20
"""Characters; no model writes as much, but a file given to `pointsman apply` may have it."""
_QUESTION = re.compile(r"^QUESTION:[ \t]*(?P<text>.*\S)[ \t\r]*$", re.MULTILINE)
_FORMAL = {
    Code.NO_PATCH, Code.BAD_LINE, Code.BAD_HEADER, Code.NO_FILE_HEADER, Code.EMPTY_HUNK, Code.JSON, Code.SCHEMA,
}  # fmt: skip
"""Faults of form, which an example helps to mend."""

_DIFF = """\
A git unified diff. Every line of a hunk starts with " ", "-" or "+"; context and removed lines are copied exactly from
the file, with three lines of context where there are that many. A new file is a diff from /dev/null, a deleted one a
diff to /dev/null. Example:

--- a/src/app.py
+++ b/src/app.py
@@ -1,2 +1,2 @@
 def area(r):
-    return 3 * r * r
+    return math.pi * r * r
"""
_JSON = """\
JSON with every key present; `op` is create (with `content`), modify, delete or rename (with `new_path`). Example:

{"question":"","files":[{"path":"src/app.py","op":"modify","new_path":"","content":"","hunks":[
 {"line":1,"anchor":"def area(r):",
  "before":["def area(r):"],
  "delete":["    return 3 * r * r"],
  "insert":["    return math.pi * r * r"],
  "after":[]}]}]}
"""
_ENVELOPE = """\
Patch text. A block starts with "@@" and a line that stands above it, and shows unchanged lines around what changes.
Other headers are "*** Add File: " (all lines start with "+"), "*** Delete File: ", and "*** Move to: ". Example:

*** Begin Patch
*** Update File: src/app.py
@@ def area(r):
-    return 3 * r * r
+    return math.pi * r * r
*** End Patch
"""
_TEXTS = {Kind.DIFF.value: _DIFF, Kind.JSON.value: _JSON, Kind.ENVELOPE.value: _ENVELOPE}


def forms(formats: Collection[str]) -> str:
    """What a prompt says of the forms a model may answer in."""
    texts = [text for name, text in _TEXTS.items() if name in formats]
    numbered = [f"{number}. {text}" for number, text in enumerate(texts, 1)] if len(texts) > 1 else texts
    head = "Answer with a patch and nothing else" + (
        ", in one of these forms:" if len(texts) > 1 else ", in this form:"
    )
    question = "If, and only if, you cannot know what is wanted, ask one single question instead:"
    in_json = len(texts) == 1 and Kind.JSON.value in formats
    how = "in `question`, with `files` empty" if in_json else 'one line that starts with "QUESTION:"'
    return "\n".join([f"{head}\n", *numbered, f"{question} {how}.\n"])


def example(name: str) -> str:
    """A valid patch in one form."""
    return _TEXTS[name].partition("Example:\n\n")[2].rstrip("\n")


USUAL = (Kind.DIFF.value, Kind.JSON.value)
"""The forms a model may choose from where none is forced."""
FORMS = forms(USUAL)
EXAMPLE = example(Kind.DIFF.value)


def read(
    reply: str, *, formats: Collection[str] = FORMATS, told: Collection[str] = FORMATS
) -> Patch | Question | Reject:
    """What a reply says. `formats` are those the model may answer in, `told` those it knows of."""
    if len(reply) > REPLY_LIMIT:
        return Reject(Code.TOO_LARGE, f"The reply is longer than {REPLY_LIMIT >> 20} million characters.")
    try:
        return _read(reply.removeprefix("\ufeff"), formats)
    except Broken as broken:
        return Reject(broken.code, broken.message + _lesson(broken.code, [name for name in told if name in formats]))


def _lesson(code: Code, formats: Collection[str]) -> str:
    """A valid patch in the form that was tried, if it may be used, for a fault of form."""
    if code not in _FORMAL:
        return ""
    allowed = [name for name in FORMATS if name in formats] or list(FORMATS)
    tried = Kind.JSON.value if code in {Code.JSON, Code.SCHEMA} else allowed[0]
    shown = example(tried if tried in allowed else allowed[0])
    return f"\n\nA valid patch looks like this:\n\n{shown}\n\nSend the whole patch again."


def _read(reply: str, formats: Collection[str]) -> Patch | Question | Reject:
    asked = _QUESTION.search(reply) if "QUESTION:" in reply else None
    if asked and reply.strip() == asked[0].strip():
        return Question(asked["text"][: applypatch.QUESTION_LIMIT])
    found = blocks(reply)
    if not found:
        raise Broken(Code.NO_PATCH, "There is no patch in this reply.")
    kind = found[0].kind
    if any(block.kind is not kind for block in found):
        raise Broken(Code.TWO_READINGS, "The reply has patches in different forms. Send one patch in one form.")
    if asked and not _inside(asked[0], found):
        raise Broken(Code.QUESTION_AND_PATCH, "Send either one question or a patch, not both.")
    answer = _parse(kind, found, ended=reply.endswith("\n"))
    if kind.value not in formats:
        raise Broken(Code.FORMAT, f"The form {kind.value} is not accepted here. Use {' or '.join(sorted(formats))}.")
    return answer


def _inside(line: str, found: Sequence[Block]) -> bool:
    """Whether a line that looks like a question belongs to fenced lines of the patch, such as prose of JSON."""
    return any(block.fenced and line in block.lines for block in found)


def _parse(kind: Kind, found: Sequence[Block], *, ended: bool) -> Patch | Question | Reject:
    if kind is Kind.ENVELOPE:
        return envelope.read(found)
    if kind is Kind.JSON:
        if len(found) > 1:
            raise Broken(Code.TWO_READINGS, "There is more than one JSON object in this reply. Send exactly one.")
        return applypatch.read("\n".join(found[0].lines))
    told = unified.read(found, ended=ended)
    return contradiction(found, told.hunks, strict=told.strict) or told.patch

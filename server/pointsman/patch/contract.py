"""The contract: what of a reply is a patch, a question, or neither.

`read` is total: any text is a Patch, a Question or a Reject, and never an exception. It judges form alone; whether a
patch fits the files is for `place`. Form is tolerated where it cannot change the meaning (fences and prose around it,
wrong line numbers); words never are.
"""

import re
from collections.abc import Collection

from pointsman.patch import applypatch, unified
from pointsman.patch.crosscheck import contradiction
from pointsman.patch.fences import Fenced, extract
from pointsman.terms import Patch, Question, Reject

FORMATS = ("diff", "applypatch-json", "applypatch-text")
QUESTION_LIMIT = 1_000
_QUESTION = re.compile(r"\A\s*QUESTION:[ \t]*(?P<text>\S.*?)\s*\Z", re.DOTALL)

FORMS = """\
Answer with a patch and nothing else, in one of these forms:

1. A git unified diff. Every line of a hunk starts with " ", "-" or "+"; context and removed lines are copied exactly
   from the file, with three lines of context where there are that many. A new file is a diff from /dev/null, a deleted
   one a diff to /dev/null. Example:

--- a/src/app.py
+++ b/src/app.py
@@ -1,2 +1,2 @@
 def area(r):
-    return 3 * r * r
+    return math.pi * r * r

2. JSON with every key present; `op` is create (with `content`), modify, delete or rename (with `new_path`). Example:

{"question":"","files":[{"path":"src/app.py","op":"modify","new_path":"","content":"","hunks":[
 {"line":2,"anchor":"def area(r):","before":["def area(r):"],"delete":["    return 3 * r * r"],
  "insert":["    return math.pi * r * r"],"after":[]}]}]}

If, and only if, you cannot know what is wanted, ask one single question instead: one line that starts with "QUESTION:".
"""

EXAMPLE = FORMS.partition("Example:\n\n")[2].partition("\n\n2.")[0]


def read(reply: str, *, formats: Collection[str] = FORMATS) -> Patch | Question | Reject:
    """What a reply says. `formats` are those the model may answer in."""
    text = reply.replace("\ufeff", "", 1) if reply.startswith("\ufeff") else reply
    if asked := _QUESTION.match(text):
        return _question(asked["text"])
    found = extract(text)
    if isinstance(found, Reject):
        return found
    name, answer = _read(found)
    if isinstance(answer, Patch):
        if name not in formats:
            return Reject("format", f"This form ({name}) is not accepted here.\n\n{FORMS}")
        if trouble := contradiction(answer):
            return trouble
    if isinstance(answer, Reject) and answer.code in {"no_patch", "bad_line", "no_file_header", "json", "schema"}:
        return Reject(
            answer.code,
            f"{answer.message}\n\nA valid patch looks like this:\n\n{EXAMPLE}\n\nSend the whole patch again.",
        )
    return answer


def _read(found: Fenced) -> tuple[str, Patch | Question | Reject]:
    text = found.text
    if text.lstrip().startswith("{"):
        return "applypatch-json", applypatch.read_json(text)
    if applypatch.BEGIN in text:
        return "applypatch-text", applypatch.read_text(text)
    return "diff", unified.read(text)


def _question(text: str) -> Question | Reject:
    if unified.looks_like_patch(text) or applypatch.BEGIN in text:
        return Reject("question_and_patch", "Send either one question or a patch, not both.")
    return Question(text[:QUESTION_LIMIT])

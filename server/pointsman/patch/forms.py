"""The forms a provider can be made to force, and what the prompt says of them.

A forced form is a promise of the provider, not a fact: every reply is read by `contract` all the same.
"""

from collections.abc import Collection, Mapping

from pointsman.patch import applypatch, contract
from pointsman.patch.fences import Kind
from pointsman.patch.grammar import gbnf
from pointsman.terms import Form, FormKind
from pointsman.text import Snapshot

LARK = """\
start: question | patch
question: "QUESTION: " LINE LF?
patch: "*** Begin Patch" LF file+ "*** End Patch" LF?
file: add | remove | update
add: "*** Add File: " LINE LF added+
remove: "*** Delete File: " LINE LF
update: "*** Update File: " LINE LF move? block+
move: "*** Move to: " LINE LF
block: heading row+ ending?
heading: "@@" LF | "@@ " LINE LF
row: (" " | "-" | "+") LINE? LF
added: "+" LINE? LF
ending: "*** End of File" LF
LINE: /[^\\n]+/
LF: /\\n/
"""
"""The patch text, for engines that force grammars in the notation of Lark."""

_NAMES = {"schema": Kind.JSON.value, "lark": Kind.ENVELOPE.value, "gbnf": Kind.DIFF.value, "ebnf": Kind.DIFF.value}


def form(kind: FormKind, files: Mapping[str, Snapshot]) -> Form | None:
    """What is forced; None where the model is only told. `files` are those that were shown."""
    match kind:
        case "schema":
            return Form(kind, applypatch.SCHEMA)
        case "lark":
            return Form(kind, LARK)
        case "gbnf" | "ebnf":
            grammar = gbnf(files)
            return Form(kind, grammar) if grammar else Form("schema", applypatch.SCHEMA)
        case _:
            return None


def told(form: Form | None) -> Collection[str]:
    """The forms that a prompt names: the one that is forced, or the ones to choose from."""
    return (_NAMES[form.kind],) if form and form.kind in _NAMES else contract.USUAL

"""A grammar of the diffs that the files at hand allow: each line it keeps or takes out is a line that is there.

Engines of this machine can hold a model to it token by token. What they let through then names a file that was shown,
each once and in their order, copies old lines exactly, goes through each file from top to bottom, and changes something
in every hunk; only the new lines are free. It costs three rules a line, and choices stay few: a line is looked for only
after `@@ -`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pointsman.text import Snapshot

LINES = 500
"""Of all files together; more would slow every token down."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The name of another rule, where a grammar goes on."""

    name: str


_HEAD = "diff --git a/{0} b/{0}\n--- a/{0}\n+++ b/{0}\n"
"""The first line is not needed but where another file was before: hunks here do not count their lines."""
LINE, PATH = Rule("line"), Rule("path")
"""Any text without a line end, and what may name a new file: the rules that are no lists of words."""
_FREE = r"""line ::= [^\r\n]*
path ::= name | name "/" path | "." name | "." name "/" path
name ::= [^\x00-\x20\x7F./\\:~] [^\x00-\x1F\x7F/\\:]{0,80}
"""
Symbol = str | Rule
Rules = dict[str, list[Sequence[Symbol]]]


def rules(files: Mapping[str, Snapshot]) -> Rules | None:
    """The grammar, by rule; None if there is no line to hold on to, or too many."""
    texts = {path: lines for path, snapshot in files.items() if (lines := _lines(snapshot))}
    if not texts or sum(map(len, texts.values())) > LINES:
        return None
    found: Rules = {
        "root": [["QUESTION: ", LINE], [Rule("files-0")], [Rule("new")], [Rule("new"), Rule("files-0")]],
        "new": [["--- /dev/null\n+++ b/", PATH, "\n@@ -0,0 +1 @@\n", Rule("added")]],
        "added": [["+", LINE, "\n"], ["+", LINE, "\n", Rule("added")]],
    }
    for number, (path, lines) in enumerate(texts.items()):
        file, others = Rule(f"file-{number}"), Rule(f"files-{number + 1}")
        found[file.name] = [[f"{_HEAD.format(path)}@@ -", Rule(f"at-{number}-0")]]
        found[f"files-{number}"] = [[file], [file, others], [others]] if number + 1 < len(texts) else [[file]]
        for at in range(len(lines) + 1):
            found |= _place(number, at, lines)
    return found


def gbnf(files: Mapping[str, Snapshot]) -> str:
    """The grammar in the notation of llama.cpp, which vLLM reads too; empty if there is none."""
    found = rules(files)
    if found is None:
        return ""
    written = [f"{name} ::= {' | '.join(_alternative(each) for each in ways)}" for name, ways in found.items()]
    return "\n".join([*written, _FREE])


def _place(number: int, at: int, lines: Sequence[str]) -> Rules:
    """The rules before one line: a hunk begins here, has no old line yet, has changed nothing yet, or may end."""
    start, fresh, early, same, changed = (
        f"{kind}-{number}-{at}" for kind in ("at", "fresh", "early", "same", "changed")
    )

    def new(name: str) -> Sequence[Symbol]:
        return "+", LINE, "\n", Rule(name)

    if at == len(lines):
        return {same: [new(changed)], changed: [new(changed), ()]}
    kept, gone = (f" {lines[at]}\n", f"-{lines[at]}\n")
    still, then = Rule(f"same-{number}-{at + 1}"), Rule(f"changed-{number}-{at + 1}")
    found: Rules = {
        start: [(f"{at + 1} +1 @@\n", Rule(fresh))],
        fresh: [new(early), (kept, still), (gone, then)],
        early: [new(early), (kept, then), (gone, then)],
        same: [new(changed), (kept, still), (gone, then)],
        changed: [new(changed), (kept, then), (gone, then), ()],
    }
    if at + 1 < len(lines):  # hunks do not touch: the next one begins a line further down
        onward = Rule(f"at-{number}-{at + 1}")
        found[start].append((onward,))
        found[changed].append(("@@ -", onward))
    return found


def _lines(snapshot: Snapshot) -> list[str]:
    lines = [snapshot.line(number) for number in range(snapshot.line_count)]
    return lines[:-1] if lines and not lines[-1] else lines


def _alternative(symbols: Sequence[Symbol]) -> str:
    return " ".join(each.name if isinstance(each, Rule) else _literal(each) for each in symbols) or '""'


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(_escaped(character) for character in escaped) + '"'


def _escaped(character: str) -> str:
    names = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return names.get(character) or (f"\\x{ord(character):02X}" if ord(character) < ord(" ") else character)

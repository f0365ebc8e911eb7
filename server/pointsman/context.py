"""What the model is told: the material of a task, gathered from one frozen workspace, within a budget.

Sections go from what changes least (the map of the repository) to what is only of this task (the focus, the problems),
so that the beginning of the dialogue is the same bytes from task to task and a provider's prompt cache can hit.
Everything from the repository and its tools is put between fences it cannot close.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pointsman.config.prompts import template
from pointsman.errors import WorkspaceError
from pointsman.files import git
from pointsman.files.wide import attached
from pointsman.files.workspace import Workspace
from pointsman.index import languages
from pointsman.index.repomap import repo_map
from pointsman.index.store import Index
from pointsman.index.symbols import Symbol
from pointsman.index.uses import uses
from pointsman.intents import Intent
from pointsman.terms import Context, Message, Offer, Problem
from pointsman.text import Snapshot, Span

MAP = "Map of the repository"
MAP_TOKENS = 1_500
FOCUS_LINES = 400
"""A file up to this long is shown whole; of a longer one, its head and the focus with lines around it."""
AROUND_LINES = 60
HEAD_LINES = 40
TEST_LINES = 120
TESTED_FILES = 3
"""Files shown of those that a failing test imports."""
TESTED_LINES = 200
"""One of these up to this long is shown whole; of a longer one, what the test names, and what that names."""
USES = 20
"""Lines shown of those that name what is to be explained."""
DIFF_BYTES = 4_000
PROBLEM_BYTES = 2_000
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Numbered lines of one file; `lines` are half-open ranges of line numbers from zero."""

    path: str
    snapshot: Snapshot
    lines: tuple[range, ...]

    def __str__(self) -> str:
        parts = ["\n".join(f"{number + 1:>5}|{self.snapshot.line(number)}" for number in lines) for lines in self.lines]
        return "\n  ...\n".join(parts)


def gather(
    offer: Offer, workspace: Workspace, index: Index, known: dict[int, tuple[str, str]] | None = None
) -> Context:
    """The context of one offer. Blocking (reads files, asks git): call it in a thread.

    `known` holds what takes longest, by line: the map and the latest changes of this file; what is missing is added.
    Raises WorkspaceError when the file in focus, or one the user named, cannot be read.
    """
    focus = workspace.read(offer.path)
    offer = replace(offer, files=attached(workspace, offer.files))
    wide = {path: workspace.read(path) for path in offer.files if path != offer.path}
    shown = [
        _whole(offer.path, focus) if offer.files else _focus(offer, focus),
        *(_whole(path, snapshot) for path, snapshot in wide.items()),
    ]
    tests = [] if wide else list(_tests(offer, workspace, index))
    tested = [] if wide else list(_tested(offer, workspace, index))
    line = focus.line_at(offer.span.start)
    known = {} if known is None else known
    if line not in known:
        recent = next((recent for _, recent in known.values()), None)
        recent = fence(_recent(workspace, offer.path)) if recent is None else recent
        known[line] = fence(repo_map(index, offer.path, line + 1, MAP_TOKENS).text), recent
    sections = (
        (MAP, known[line][0]),
        *((f"Tests that cover it: {excerpt.path}", fence(str(excerpt))) for excerpt in tests),
        *((f"Code it tests: {excerpt.path} (numbered)", fence(str(excerpt))) for excerpt in tested),
        ("Where it is used", fence("\n".join(_used(offer, index)))),
        ("Changed since the last commit", known[line][1]),
        *(
            (f"File {excerpt.path} (numbered; the numbers are not part of it)", fence(str(excerpt)))
            for excerpt in shown
        ),
        ("Focus", _place(offer, focus)),
        ("Problems", fence("\n".join(_problem_lines(offer.problems)))),
    )
    seen = {excerpt.path: excerpt.snapshot for excerpt in (*shown, *tests, *tested)}
    uncut = sum(map(_bytes, (snapshot.text for snapshot in (focus, *wide.values()))))
    size = max(uncut, sum(_bytes(text) for _, text in sections))
    return Context(offer, workspace.root, tuple((title, text) for title, text in sections if text), seen, size)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def messages(context: Context, intent: Intent, forms: str, plan: str = "") -> tuple[Message, ...]:
    """The dialogue's opening. `forms` tells which replies are accepted; empty for a reply in words."""
    system = "\n".join(part for part in (template("system").template.strip(), forms.strip()) if part)
    wording = template("carry_out" if plan else intent.id)
    asked = context.offer.instruction.strip()
    task = wording.safe_substitute(instruction=_asked(asked), plan=fence(plan)).strip()
    material = [f"## {title}\n{text}\n\n" for title, text in context.sections]
    stable = len(material[0]) if context.sections and context.sections[0][0] == MAP else 0
    return Message("system", system), Message("user", f"{''.join(material)}## Task\n{task}", stable)


def fence(text: str) -> str:
    """`text` between fences longer than any run of backticks in it; empty text stays empty."""
    if not text.strip():
        return ""
    runs = re.findall(r"`{3,}", text) if "```" in text else ()
    longest = max(map(len, runs), default=2)
    return f"{'`' * (longest + 1)}text\n{text}\n{'`' * (longest + 1)}"


def _asked(instruction: str) -> str:
    return f"The user asks: {instruction}" if instruction else ""


def _focus(offer: Offer, snapshot: Snapshot) -> Excerpt:
    """The whole file if it is short; otherwise its head, and the focus with lines around it."""
    count = snapshot.line_count
    if count <= FOCUS_LINES:
        return _whole(offer.path, snapshot)
    first = max(0, snapshot.line_at(offer.span.start) - AROUND_LINES)
    last = min(count, snapshot.line_at(offer.span.end) + AROUND_LINES + 1)
    if first <= HEAD_LINES:
        return Excerpt(offer.path, snapshot, (range(last),))
    return Excerpt(offer.path, snapshot, (range(HEAD_LINES), range(first, last)))


def _whole(path: str, snapshot: Snapshot) -> Excerpt:
    count = snapshot.line_count
    if count > 1 and not snapshot.line(count - 1):
        count -= 1  # what follows the last line end is not a line
    return Excerpt(path, snapshot, (range(count),))


def _tests(offer: Offer, workspace: Workspace, index: Index) -> Iterable[Excerpt]:
    """The nearest test file, cut to its budget."""
    for path in [path for path in index.tests_for(offer.path) if path != offer.path][:1]:
        try:
            snapshot = workspace.read(path)
        except WorkspaceError:
            continue
        yield Excerpt(path, snapshot, (range(min(TEST_LINES, snapshot.line_count)),))


def _tested(offer: Offer, workspace: Workspace, index: Index) -> Iterable[Excerpt]:
    """What a test is about, where the focus is one: a failed comparison has no frame in the code that is at fault."""
    if not languages.is_test_file(offer.path):
        return
    test = index.enclosing(offer.path, offer.span.start)
    span = test.span if test else offer.span
    words = _words(workspace.read(offer.path), span)
    paths = [path for path in index.imported(offer.path) if not languages.is_test_file(path)]
    for path in paths[:TESTED_FILES]:
        try:
            snapshot = workspace.read(path)
        except WorkspaceError:
            continue
        if snapshot.line_count <= TESTED_LINES:
            yield _whole(path, snapshot)
        elif named := _named(index.symbols(path), snapshot, words):
            yield Excerpt(path, snapshot, named)


def _used(offer: Offer, index: Index) -> Iterable[str]:
    """For an explanation, the lines that name what is explained."""
    symbol = index.enclosing(offer.path, offer.span.start) if offer.intent == "explain" else None
    for use in uses(index, symbol, USES) if symbol else ():
        yield f"{use.path}:{use.line}: {use.text[:200]}"


def _named(symbols: Sequence[Symbol], snapshot: Snapshot, words: frozenset[str]) -> tuple[range, ...]:
    """The lines of the definitions that have one of these names, and of those they name in turn; within the limit."""
    first = [symbol for symbol in symbols if symbol.name in words]
    inner = frozenset(word for symbol in first for word in _words(snapshot, symbol.span))
    numbers: set[int] = set()
    for symbol in (*first, *(symbol for symbol in symbols if symbol.name in inner)):
        begin, end = lines_of(snapshot, symbol.span)
        wider = numbers | set(range(begin - 1, end))
        numbers = wider if len(wider) <= TESTED_LINES else numbers
    starts = [number for number in sorted(numbers) if number - 1 not in numbers]
    ends = [number + 1 for number in sorted(numbers) if number + 1 not in numbers]
    return tuple(range(start, end) for start, end in zip(starts, ends, strict=True))


def _words(snapshot: Snapshot, span: Span) -> frozenset[str]:
    return frozenset(_WORD.findall(snapshot.text, span.start, span.end))


def _recent(workspace: Workspace, path: str) -> str:
    diff = git.recent_diff(workspace.root, path, workspace.read(path).text)
    return diff if len(diff) <= DIFF_BYTES else f"{diff[:DIFF_BYTES]}\n[cut]"


def _place(offer: Offer, snapshot: Snapshot) -> str:
    if offer.files and len(offer.span) == len(snapshot.text):
        return "All the files above"
    first, last = lines_of(snapshot, offer.span)
    return f"{offer.path}, lines {first} to {last}" if last > first else f"{offer.path}, line {first}"


def lines_of(snapshot: Snapshot, span: Span) -> tuple[int, int]:
    """The first and last line of a span, counted from one; a span that ends at a line's start does not hold it."""
    first = snapshot.line_at(span.start)
    last = snapshot.line_at(span.end)
    if last > first and span.end == snapshot.starts[last]:
        last -= 1
    return first + 1, last + 1


def _problem_lines(problems: Sequence[Problem]) -> Iterable[str]:
    for problem in problems:
        place = f"{problem.path}:{problem.line}:" if problem.line else f"{problem.path or ''}:"
        code = f" [{problem.code}]" if problem.code else ""
        test = f" (in {problem.test})" if problem.test else ""
        yield f"{place} {problem.severity} {problem.tool}{code}: {problem.message[:PROBLEM_BYTES]}{test}"
        if problem.source_line.strip():
            yield f"    {problem.source_line}"
        for place_ in problem.related:
            yield f"    via {place_.path}:{place_.line} {place_.message}".rstrip()
        if problem.detail:
            yield problem.detail[:PROBLEM_BYTES]


def news(offer: Offer, workspace: Workspace) -> str:
    """What a conversation that goes on needs: the file as it is now, and the problems that are left."""
    focus = workspace.read(offer.path)
    return "\n\n".join(
        f"## {title}\n{text}"
        for title, text in (
            (f"File {offer.path} as it is now (numbered)", fence(str(_focus(offer, focus)))),
            ("Problems", fence("\n".join(_problem_lines(offer.problems)))),
            (
                "Task",
                f"Go on: mend these problems. {_asked(offer.instruction)}\nSend a patch against the file as it is now.",
            ),
        )
        if text
    )

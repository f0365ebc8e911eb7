"""What models do out of habit: reason before, wrap in tags and lists, reorder signs, or write what other tools show."""

import copy
import html
from collections.abc import Callable, Iterator
from random import Random

from patchcases.bodies import diffed, sure
from patchcases.cases import Case
from patchcases.commits import Commit, File, Hunk
from patchcases.forms import WRAPS, fence
from patchcases.truth import ordered_ways, places, split
from patchcases.weakness import modified, trimmed
from patchcases.writing import Style, render

Rows = list[tuple[str, str]]


def cases(commit: Commit, random: Random) -> Iterator[Case]:
    files = modified(commit)
    marks = any(sign == "\\" for file in files for hunk in file.hunks for sign, _ in hunk.rows)
    if not files or len(files) != len(commit.files) or marks:
        return
    yield from wrapped(commit, random)
    yield from reordered(commit, random)
    yield from foreign(commit, random)
    yield from one_sided(commit, random)
    yield from rewritten(commit, files[0])
    yield from mixed_up(commit, files, random)


def indented(text: str, blanks: str) -> str:
    return "".join(blanks + line if line.strip() else line for line in text.splitlines(keepends=True))


def wrapped(commit: Commit, random: Random) -> Iterator[Case]:
    """Nothing but what stands around the diff."""
    text, bare = render(commit.files), render(commit.files, Style(head=lambda _: "@@"))
    numberless = "apply" if sure(commit.files, commit.before) else "either"
    safe = not any(line[:1] == "`" for line in text.split("\n")) and "\r" not in text
    tag = random.choice(("patch", "diff", "answer", "code_changes"))
    kinds = {
        "tags": (f"<think>\nIt must change.\n</think>\n\n<{tag}>\n{text}</{tag}>\n", "apply"),
        "tags_bare": (f"<{tag}>\n{bare}</{tag}>\n\nDone.\n", numberless),
        "tagged_fence": (f"<{tag}>\n{fence(text)}</{tag}>\n", "apply"),
        "list_behind": (f"{text}\n- changed it\n- tested it\n", "either"),
        "plus_list_behind": (f"{text}\n+ changed it\n+ tested it\n", "either"),
        "list_behind_fence": (f"{fence(text)}\n- changed it\n\n+ tested it\n", "apply"),
        "end_token": (f"{text}<|im_end|>\n", "apply"),
        "heading_of_file": (f"### `{commit.files[0].old}`\n\n{fence(text)}", "apply"),
        "fence_with_name": (fence(text, f'diff title="{commit.files[0].old}"'), "apply"),
    }
    if safe:
        item = f"1. Change it:\n\n{indented(fence(text), '   ')}\n2. Test it.\n"
        kinds |= {"list_item": (item, "apply"), "code_block": (indented(text, "    "), "apply")}
    for kind, (reply, expect) in kinds.items():
        yield Case(f"habits/{kind}", commit.before, reply, commit.after, expect, name=commit.name)


def reordered(commit: Commit, random: Random) -> Iterator[Case]:
    """The same change of the same lines, with its signs in another order."""
    for kind, change in {"added_first": added_first, "in_pairs": in_pairs, "kept_said_twice": kept_twice}.items():
        files = copy.deepcopy(commit.files)
        for file in files:
            for hunk in file.hunks:
                hunk.rows = change(hunk.rows)
        reply = random.choice(WRAPS)(render(files, Style(head=recounted)), random)
        yield Case(f"habits/{kind}", commit.before, reply, commit.after, name=commit.name)


def recounted(hunk: Hunk) -> str:
    old, new = hunk.sizes()
    return f"@@ -{hunk.start},{old} +{hunk.new_start},{new} @@"


def grouped(rows: Rows, arrange: Callable[[Rows, Rows], Rows]) -> Rows:
    made: Rows = []
    removed: Rows = []
    added: Rows = []
    for row in [*rows, (" ", "")]:
        if row[0] == " ":
            made += [*arrange(removed, added), row]
            removed, added = [], []
        else:
            (removed if row[0] == "-" else added).append(row)
    return made[:-1]


def added_first(rows: Rows) -> Rows:
    return grouped(rows, lambda removed, added: [*added, *removed])


def in_pairs(rows: Rows) -> Rows:
    def arrange(removed: Rows, added: Rows) -> Rows:
        both = min(len(removed), len(added))
        pairs = [row for pair in zip(removed, added, strict=False) for row in pair]
        return [*pairs, *removed[both:], *added[both:]]

    return grouped(rows, arrange)


def kept_twice(rows: Rows) -> Rows:
    """The context line above each change is removed and added again."""
    made: Rows = []
    for number, row in enumerate(rows):
        above = row[0] == " " and number + 1 < len(rows) and rows[number + 1][0] != " "
        made += [("-", row[1]), ("+", row[1])] if above else [row]
    return made


def foreign(commit: Commit, random: Random) -> Iterator[Case]:
    """Not what the file has: escaped, numbered, or folded lines. Nothing may come of it."""
    old = [text for file in commit.files for hunk in file.hunks for text in hunk.block()]
    kinds: dict[str, tuple[bool, Callable[[str, str], str]]] = {
        "escaped": (
            any(html.escape(text) != text for text in old),
            lambda sign, text: sign + html.escape(text),
        ),
        "numbered": (True, lambda sign, text: f"{sign}{7:4} {text}"),
        "folded": (any(len(text) > 60 for text in old), lambda sign, text: sign + text.replace(" ", "\n", 1)),
        "star_signs": (True, lambda sign, text: {"+": "*", "-": "*"}.get(sign, sign) + text),
        "dash_signs": (any(text for text in old), lambda sign, text: sign.replace("-", "\u2212") + text),
    }
    for kind, (differs, row) in kinds.items():
        changes = kind != "dash_signs" or any(s == "-" for f in commit.files for h in f.hunks for s, _ in h.rows)
        if differs and changes:
            reply = random.choice(WRAPS)(render(commit.files, Style(row=row)), random)
            # a line that is the same when it is escaped or folded may be all that some hunks have
            expect = "reject" if kind in {"numbered", "star_signs", "dash_signs"} else "skip"
            yield Case(f"habits/{kind}", commit.before, reply, None, expect, name=commit.name)


def one_sided(commit: Commit, random: Random) -> Iterator[Case]:
    """Context on one side only, or as much as the whole function."""
    for kind, cut in {"only_above": (3, 0), "only_below": (0, 3)}.items():
        files = copy.deepcopy(commit.files)
        for file in files:
            file.hunks = [sided(hunk, *cut) for hunk in file.hunks]
        if any(not hunk.block() for file in files for hunk in file.hunks):
            continue
        expect = "apply" if sure(files, commit.before) else "either"
        done = any(there_already(hunk, commit.before[file.old]) for file in files for hunk in file.hunks)
        reply = random.choice(WRAPS)(render(files, Style(head=recounted)), random)
        yield Case(f"habits/{kind}", commit.before, reply, commit.after, "either" if done else expect, name=commit.name)


def sided(hunk: Hunk, above: int, below: int) -> Hunk:
    signs = [sign for sign, _ in hunk.rows]
    lead = next(n for n, sign in enumerate(signs) if sign != " ")
    tail = next(n for n, sign in enumerate(reversed(signs)) if sign != " ")
    first, last = max(0, lead - above), len(signs) - max(0, tail - below)
    return Hunk(hunk.start + first, hunk.new_start + first, "", hunk.rows[first:last])


def there_already(hunk: Hunk, text: str) -> bool:
    """Whether what it inserts stands around the place, so that before and after cannot be told apart."""
    return bool(places(hunk.block("-"), split(text)))


def rewritten(commit: Commit, file: File) -> Iterator[Case]:
    """One hunk with all lines of a small file, or one that removes and adds all of them."""
    before, after = commit.before[file.old], commit.after[file.new] or ""
    lines = before.split("\n")
    if len(lines) > 200 or "\r" in before + after or not before.endswith("\n") or not after.endswith("\n"):
        return
    whole = diffed(file.old, before, after, context=1_000)
    yield Case("habits/all_lines", {file.old: before}, fence(render(whole)), {file.old: after}, name=commit.name)
    rows = [*(("-", line) for line in lines[:-1]), *(("+", line) for line in after.split("\n")[:-1])]
    every = [File(file.old, file.new, [], [Hunk(1, 1, "", rows)])]
    yield Case("habits/replaced_whole", {file.old: before}, fence(render(every)), {file.old: after}, name=commit.name)


def mixed_up(commit: Commit, files: list[File], random: Random) -> Iterator[Case]:
    """Hunks under the wrong file, two hunks run into one, a hunk that was applied by somebody already."""

    def refused(kind: str, before: dict[str, str], made: list[File]) -> Case:
        return Case(
            f"lies/{kind}", before, random.choice(WRAPS)(render(made), random), None, "reject", name=commit.name
        )

    if len(files) > 1:
        moved = [File(files[0].old, files[0].old, [], files[1].hunks)]
        if not any(places(hunk.block(), split(commit.before[files[0].old])) for hunk in files[1].hunks):
            yield refused("other_file", commit.before, moved)
    file = next((each for each in files if len(each.hunks) > 1), None)
    if file is None:
        return
    before = commit.before[file.old]
    one, two, *rest = file.hunks
    joint = Hunk(one.start, one.new_start, one.heading, [*one.rows, *two.rows])
    if not places(joint.block(), split(before)):
        yield refused("run_together", commit.before, [File(file.old, file.new, [], [joint, *rest])])
    part = "\n".join(applied(one, before.split("\n")))
    if ordered_ways([one], before) == 1 and not places(trimmed(one, 3).block(), split(part)):
        yield refused("partly_done", {**commit.before, file.old: part}, [file])


def applied(hunk: Hunk, lines: list[str]) -> list[str]:
    at = hunk.start - 1
    new = [text for sign, text in hunk.rows if sign != "-"]
    return [*lines[:at], *new, *lines[at + len(hunk.block()) :]]

"""What holds for every text: a true diff applies, its reverse takes it back, and no mutation ends in a wrong text."""

import difflib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from pointsman.cli.apply_lines import Given, answer
from pointsman.patch import contract
from pointsman.patch.place import place
from pointsman.patch.render import diff
from pointsman.patch.reverse import reverse
from pointsman.terms import FileSet, Patch, Question, Reject
from pointsman.text import Encoding, Position, Snapshot, apply

words = st.sampled_from(
    ["", "a", "b", "c = 1", "    d()", "    e()", "\tf", "}", "-- x", "++ y", "@@ z", "é—“", "x  ", "\u2028", "g\x0ch"]
)
ends = st.sampled_from(["\n", "\n", "\r\n"])


@st.composite
def texts(draw):
    """A file: lines with one kind of end or mixed ones, perhaps no last end, perhaps a byte order mark."""
    lines = draw(st.lists(words, max_size=14))
    end = draw(ends)
    made = "".join(line + (draw(ends) if draw(st.integers(0, 9)) == 0 else end) for line in lines)
    made = made if draw(st.booleans()) else made.removesuffix("\n").removesuffix("\r")
    return draw(st.sampled_from(["", "", "\ufeff"])) + made


@st.composite
def changed(draw):
    """Two texts, the second with a few lines of the first replaced, removed or added."""
    before = draw(texts())
    lines = Snapshot("", None, before).text.split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at : at + draw(st.integers(0, 2))] = [f"new{number}" for number in range(draw(st.integers(0, 2)))]
        lines = lines or [""]
    after = "\n".join(lines)
    return before, after.removesuffix("\r")


def git_diff(before, after, path="f.txt"):
    """An independent, plain writer of unified diffs."""
    old, new = before.split("\n"), after.split("\n")
    a, b = ([f"{line}\n" for line in side[:-1]] + ([side[-1]] if side[-1] else []) for side in (old, new))
    rows = [
        row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n"
        for row in difflib.unified_diff(a, b, f"a/{path}", f"b/{path}", n=3)
    ]
    return "".join(rows)


def outcome(reply, before):
    read = contract.read(reply)
    return place(read, Given({"f.txt": before})) if isinstance(read, Patch) else read


@given(changed())
def test_a_true_diff_gives_the_target_or_is_refused_as_what_cannot_be_known(pair):
    before, after = pair
    reply = git_diff(before, after)
    result = outcome(reply, before)
    if isinstance(result, FileSet):
        assert result.changes[0].after == after
    elif before != after and before:
        assert result.code in {
            "ambiguous",
            "already_applied",
            "insert_without_context",
            "overlap",
            "two_readings",
            "indent",
            "no_match",
            "bad_line",
        }


@given(changed())
def test_edits_do_not_touch_and_compose_and_their_reverse_takes_them_back(pair):
    before, after = pair
    read = contract.read(git_diff(before, after))
    if not isinstance(read, Patch):
        return
    result = place(read, Given({"f.txt": before}))
    if not isinstance(result, FileSet) or result.changes[0].before is None:
        return
    change = result.changes[0]
    assert apply(before, change.edits) == change.after
    assert all(one.span.end < other.span.start for one, other in zip(change.edits, change.edits[1:], strict=False))
    back = reverse(read)
    undone = place(back, Given({"f.txt": change.after})) if isinstance(back, Patch) else back
    assert isinstance(undone, Reject) or undone.changes[0].after == before


@given(changed())
def test_a_rendered_file_set_is_a_patch_that_gives_the_same(pair):
    before, after = pair
    result = outcome(git_diff(before, after), before)
    if isinstance(result, FileSet):
        again = outcome(diff(result), before)
        assert isinstance(again, Reject) or again.changes[0].after == result.changes[0].after


@given(changed())
def test_lsp_edits_give_the_text(pair):
    before, after = pair
    said = answer(json.dumps({"id": 1, "before": {"f.txt": before}, "patch": git_diff(before, after)}))
    for path, edits in said.get("edits", {}).items():
        snapshot = Snapshot("", None, before)
        text, at = "", 0
        for edit in edits:
            start, end = (snapshot.offset(Position(**edit["range"][side]), Encoding.UTF16) for side in ("start", "end"))
            assert start >= at
            text += before[at:start] + edit["newText"]
            at = end
        assert text + before[at:] == said["after"][path]


MUTATIONS = st.sampled_from(["drop", "double", "swap", "letter", "cut", "blank", "unsign", "number"])


@given(changed(), MUTATIONS, st.integers(0, 200), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_mutated_reply_never_changes_lines_that_it_does_not_name(pair, mutation, at, fenced):
    before, after = pair
    reply = mutated(git_diff(before, after), mutation, at)
    result = outcome(f"```diff\n{reply}```\n" if fenced else reply, before)
    if not isinstance(result, FileSet):
        return
    change = result.changes[0]
    if change.before is None or change.after is None:
        return
    removed = [line[1:] for line in reply.split("\n") if line.startswith("-")]
    added = "".join(line[1:] for line in reply.split("\n") if line.startswith("+"))
    for edit in change.edits:
        for line in before[edit.span.start : edit.span.end].split("\n"):
            gone = line.strip("\r\ufeff \t")
            assert not gone or any(gone in other for other in [*removed, added])
        assert all(
            line.strip("\r\ufeff \t") in added.replace("\u201c", '"') or not line.strip("\r")
            for line in edit.new.split("\n")
            if line.isascii()
        )


def mutated(reply, mutation, at):
    lines = reply.split("\n")
    at %= max(1, len(lines))
    line = lines[at]
    if mutation == "drop":
        del lines[at]
    elif mutation == "double":
        lines.insert(at, line)
    elif mutation == "swap" and at:
        lines[at - 1 : at + 1] = [line, lines[at - 1]]
    elif mutation == "letter":
        lines[at] = line[: len(line) // 2] + "q" + line[len(line) // 2 :]
    elif mutation == "cut":
        return reply[: at * 7 % max(1, len(reply))]
    elif mutation == "blank":
        lines[at] = line.rstrip()
    elif mutation == "unsign":
        lines[at] = line[1:]
    elif mutation == "number":
        lines = [f"@@ -{at},2 +{at},2 @@" if each.startswith("@@ ") else each for each in lines]
    return "\n".join(lines)


PIECES = st.sampled_from(
    [
        *(
            "--- a/f.txt\n",
            "+++ b/f.txt\n",
            "@@ -1,2 +1,2 @@\n",
            "@@\n",
            " a\n",
            "-a\n",
            "+b\n",
            "\n",
            "-- \n",
            "2.1\n",
        ),
        *(
            "```diff\n",
            "```\n",
            "diff --git a/f.txt b/f.txt\n",
            "\\ No newline at end of file\n",
            "@@@ ",
            "QUESTION: x",
        ),
        *("*** Begin Patch\n", "*** Update File: f.txt\n", "*** End Patch\n", "{", '{"files":[', '"a\\303"'),
        *("rename from f.txt\n", "rename to g.txt\n", "new file mode 100644\n", "deleted file mode 100644\n"),
        *("--- /dev/null\n", "+++ /dev/null\n", "\r", "\0", "\ud800"),
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join)))
@settings(max_examples=400, deadline=None)
def test_the_reader_never_raises_and_neither_does_placement(reply):
    read = contract.read(reply)
    assert isinstance(read, Patch | Question | Reject)
    if isinstance(read, Patch):
        assert isinstance(place(read, Given({"f.txt": "a\nb\n"})), FileSet | Reject)

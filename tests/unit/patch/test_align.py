"""Finding lines again without a log: what is said to be kept is kept, in order, and a copy is never taken for it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from pointsman.cli.apply_lines import answer
from pointsman.patch.align import Alignment, Side
from pointsman.patch.runs import runs
from pointsman.text import Snapshot

LINES = st.lists(st.sampled_from(["a\n", "b\n", "}\n", "\n", "c\r\n", "d\r", "one = 1\n", "two = 2\n"]), max_size=30)
TEXTS = st.tuples(LINES, st.sampled_from(["", "end", "a"])).map(lambda pair: "".join(pair[0]) + pair[1])


def snapshot(text):
    return Snapshot("file:///a", None, text)


@given(TEXTS, TEXTS)
def test_a_run_is_the_same_lines_in_the_same_order(one, other):
    old, new = Side(snapshot(one)), Side(snapshot(other))
    found = runs(old, new)
    at, there = 0, 0
    for run in found:
        assert run.old >= at
        assert run.new >= there
        at, there = run.old + run.size, run.new + run.size
        assert old.block(run.old, at) == new.block(run.new, there)
    assert at <= len(old)
    assert there <= len(new)


@given(TEXTS, st.integers(0, 30), TEXTS)
def test_lines_with_something_typed_above_are_found_unless_it_looks_the_same(text, at, typed):
    lines = Side(snapshot(text))
    at = min(at, len(lines) - 1)
    typed = typed if typed.endswith("\n") else typed + "\n"
    now = lines.block(0, at) + typed + lines.block(at, len(lines))
    found = Alignment(snapshot(text), snapshot(now)).moved(at, len(lines))
    grown = len(Side(snapshot(now))) - len(lines)
    assert found in {None, at + grown} or not lines.block(at, len(lines))


@given(TEXTS, st.integers(0, 30), st.integers(1, 3))
def test_what_was_deleted_is_nowhere(text, at, size):
    lines = Side(snapshot(text))
    at = min(at, len(lines) - 1)
    end = min(at + size, len(lines))
    now = lines.block(0, at) + lines.block(end, len(lines))
    assert now == text or Alignment(snapshot(text), snapshot(now)).moved(at, end) is None


def large(count, edited):
    """A file that repeats itself, and the same with lines typed at some places: (what the model saw, what is now)."""
    lines = [f"    case {number % 50}:" if number % 3 else f"handler_{number}();" for number in range(count)]
    now = list(lines)
    for at in sorted(edited, reverse=True):
        now[at : at + 1] = [lines[at] + " // typed", "typed();", "    case 7:"]
    return lines, now


def test_a_long_file_that_was_edited_far_apart_still_takes_the_patch():
    lines, now = large(30_000, (3, 9_000, 15_100, 29_996))
    hunk = f"@@ -15001,3 +15001,3 @@\n {lines[15000]}\n-{lines[15001]}\n+    case new:\n {lines[15002]}\n"
    wanted = [*now]
    wanted[15001 + 4] = "    case new:"
    asked = {"id": 1, "before": {"f": "\n".join(now)}, "base": {"f": "\n".join(lines)}}
    said = answer(json.dumps({**asked, "patch": f"--- a/f\n+++ b/f\n{hunk}"}))
    assert said["after"] == {"f": "\n".join(wanted)}


def test_what_was_edited_in_a_long_file_is_a_conflict_still():
    lines, now = large(30_000, (3, 15_001, 29_996))
    hunk = f"@@ -15001,3 +15001,3 @@\n {lines[15000]}\n-{lines[15001]}\n+    case new:\n {lines[15002]}\n"
    asked = {"id": 1, "before": {"f": "\n".join(now)}, "base": {"f": "\n".join(lines)}}
    said = answer(json.dumps({**asked, "patch": f"--- a/f\n+++ b/f\n{hunk}"}))
    assert said["error"]["code"] == "conflict"


def test_texts_with_nothing_to_hold_on_to_are_not_compared_for_ever():
    one = "".join(f"{'ab'[number % 2]}\n" for number in range(30_000))
    other = "c\n" + one.replace("a\nb\na\n", "b\nb\na\n") + "c\n"
    assert Alignment(snapshot(one), snapshot(other)).moved(15_000, 15_001) is None

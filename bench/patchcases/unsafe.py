"""Replies that must not do anything: cut off, out of the tree, over what exists, or no patch at all."""

from collections.abc import Iterator
from random import Random

from patchcases.cases import Case
from patchcases.commits import Commit, File
from patchcases.forms import fence
from patchcases.weakness import modified
from patchcases.writing import Style, render

PATHS = (
    "../evil", "/etc/passwd", "a/../../evil", "~/.ssh/config", ".git/config", ".GIT/hooks/x", "sub/.git/x", "C:/x",
    "c:\\x",
    "file:///x", "a\\b", "x\x01y", ".git", "./../x", "\u2025/x", "git~1/config", "sub//x", ".g\u200cit/config",
)  # fmt: skip


def cases(commit: Commit, random: Random) -> Iterator[Case]:
    def refused(kind: str, reply: str, expect: str = "reject") -> Case:
        return Case(kind, commit.before, reply, None, expect, name=commit.name)

    text = render(commit.files)
    whole = fence(text)
    body = whole.rstrip("`\n")
    first = body.find("@@")
    for kind in ("fenced", "fenced_line"):
        cut = random.randrange(first + 4, len(body))
        reply = body[:cut] if kind == "fenced" else body[: body.rfind("\n", 0, cut) + 1]
        yield refused(f"cut/{kind}", reply)
    last = text.rfind("\n@@ ")
    rows = text[last + 1 :].split("\n")[1:-1]
    if len(rows) > 2 and last > 0:
        keep = random.randrange(1, len(rows) - 1)
        lines = text.split("\n")
        short = "\n".join(lines[: len(lines) - 1 - (len(rows) - keep)]) + "\n"
        signed = any(row[:1] in "+-" for row in rows[keep:])
        behind = [row for row in rows[keep:] if row[:1] != "\\"]
        yield refused("cut/unfenced_line", short, "reject" if signed and behind else "skip")
    for path in random.sample(PATHS, 4):
        for name in (path, f"a/{path}"):
            yield refused("unsafe/create", f"--- /dev/null\n+++ {name}\n@@ -0,0 +1 @@\n+x\n")
            yield refused("unsafe/modify", f"--- {name}\n+++ {name}\n@@ -1 +1 @@\n-a\n+b\n")
    yield refused("unsafe/mixed", text + "--- /dev/null\n+++ b/../evil\n@@ -0,0 +1 @@\n+x\n")
    yield refused(
        "unsafe/link",
        text
        + "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n"
        + "@@ -0,0 +1 @@\n+/etc\n\\ No newline at end of file\n",
    )
    yield refused(
        "unsafe/binary",
        text + "diff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ\n",
    )
    yield refused("none/prose", "I would change the loop so that it stops earlier.\n\n- really\n")
    yield refused("none/code", "```python\nx = 1\n```\n")
    yield refused("none/headers", "".join(f"--- a/{f.old}\n+++ b/{f.new}\n" for f in commit.files))
    for file in modified(commit)[:1]:
        yield from over(commit, file, refused)


def over(commit: Commit, file: File, refused) -> Iterator[Case]:  # noqa: ANN001 - made above
    new = "".join(f"+{line}\n" for line in ("one", "two"))
    yield refused("ops/create_exists", fence(f"--- /dev/null\n+++ b/{file.old}\n@@ -0,0 +1,2 @@\n{new}"))
    yield refused("ops/missing", fence(render([File("no/" + file.old, "no/" + file.old, [], file.hunks)])))
    names = [f"rename from {file.old}", f"rename to {file.old}2"]
    taken = {**commit.before, f"{file.old}2": "there\n"}
    reply = render([File(file.old, f"{file.old}2", ["similarity index 90%", *names], file.hunks)])
    yield Case("ops/rename_exists", taken, reply, None, "reject", name=commit.name)
    yield Case(
        "ops/rename", commit.before, reply, {file.old: None, f"{file.old}2": commit.after[file.old]}, name=commit.name
    )
    done = {path: text for path, text in commit.after.items() if text is not None}
    yield Case("ops/again", done, render([file]), None, "either", name=commit.name)
    rows = "".join(f"-{line}\n" for line in commit.before[file.old].split("\n")[:-1])
    count = rows.count("\n-") + 1
    if commit.before[file.old].endswith("\n") and count > 3 and "\r" not in rows:
        head = f"diff --git a/{file.old} b/{file.old}\ndeleted file mode 100644\n--- a/{file.old}\n+++ /dev/null\n"
        yield Case(
            "ops/delete", commit.before, head + f"@@ -1,{count} +0,0 @@\n{rows}", {file.old: None}, name=commit.name
        )
        part = "".join(rows.splitlines(keepends=True)[:-1])
        yield refused("ops/delete_part", fence(head + f"@@ -1,{count - 1} +0,0 @@\n{part}"))
    style = Style(head=lambda _: "@@")
    twice = render([File(file.old, file.old, [], [file.hunks[0], file.hunks[0]])], style)
    yield refused("ops/same_hunk_twice", fence(twice), "reject" if commit.before[file.old] else "skip")

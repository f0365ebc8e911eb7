"""What file headers say: odd names, other tools' headers, and operations on files; some right, some to be refused."""

import copy
from collections.abc import Iterator
from random import Random

from patchcases.cases import Case
from patchcases.commits import Commit, File
from patchcases.forms import WRAPS, fence
from patchcases.weakness import modified
from patchcases.writing import Style, render

NAMES = (
    "dir é/Ünïcode.txt",
    "with space/a b.py",
    "日本/語.md",
    "quote'd/x",
    'say "hi".txt',
    "a/b.txt",
    "b/a/c",
    "+++ x",
)

STAMP = "\t2026-01-02 03:04:05.000 +0000"
SUBMODULE = (
    "diff --git a/s b/s\nindex 1111111..2222222 160000\n--- a/s\n+++ b/s\n@@ -1 +1 @@\n"
    "-Subproject commit 1\n+Subproject commit 2\n"
)


def cases(commit: Commit, random: Random) -> Iterator[Case]:
    files = modified(commit)
    if not files or len(files) != len(commit.files):
        return
    yield from named(files[0], commit, random)
    yield from other_tools(files[0], commit)
    yield from wrong_names(files[0], commit)
    yield from operations(files[0], commit)


def quoted(name: str) -> str:
    """As git writes a name by default."""
    octal = "".join(
        {'"': '\\"', "\\": "\\\\", "\t": "\\t"}.get(char)
        or (char if char.isascii() else "".join(f"\\{b:03o}" for b in char.encode()))
        for char in name
    )
    return f'"{octal}"' if octal != name else name


def one(file: File, commit: Commit, name: str) -> tuple[dict[str, str], dict[str, str | None], File]:
    turned = copy.copy(file)
    turned.old = turned.new = name
    return {name: commit.before[file.old]}, {name: commit.after[file.new]}, turned


def named(file: File, commit: Commit, random: Random) -> Iterator[Case]:
    for name in random.sample(NAMES, 3):
        before, after, turned = one(file, commit, name)
        body = "".join(render([turned], Style(git=False)).split("\n", 2)[2:])
        a, b = quoted(f"a/{name}"), quoted(f"b/{name}")
        head = f"diff --git {a} {b}\nindex 1111111..2222222 100644\n--- {a}\n+++ {b}\n"
        yield Case("names/quoted", before, random.choice(WRAPS)(head + body, random), after, name=commit.name)
        if "\t" not in name and '"' not in name:
            tab = "\t" if " " in name else ""
            raw = f"--- a/{name}{tab}\n+++ b/{name}{tab}\n"
            yield Case("names/raw", before, fence(raw + body), after, name=commit.name)


def other_tools(file: File, commit: Commit) -> Iterator[Case]:
    body = render([file], Style(git=False)).split("\n", 2)[2]
    path = file.old
    pair = f"--- {path}\n+++ {path}\n"
    heads = {
        "svn": f"Index: {path}\n{'=' * 67}\n--- {path}\t(revision 12)\n+++ {path}\t(working copy)\n",
        "diff_ru": f"diff -ru a/{path} b/{path}\n--- a/{path}{STAMP}\n+++ b/{path}{STAMP}\n",
        "dotted": f"--- ./{path}\n+++ ./{path}\n",
        "dotted_prefix": f"--- a/./{path}\n+++ b/./{path}\n",
        "modes": f"diff --git a/{path} b/{path}\nold mode 100644\nnew mode 100755\n--- a/{path}\n+++ b/{path}\n",
        "index_mode": f"diff --git a/{path} b/{path}\nindex abc1234..def5678 100644\n--- a/{path}\n+++ b/{path}\n",
        "invented_index": f"diff --git a/{path} b/{path}\nindex 123..456\n{pair}",
        "one_sided": f"--- a/{path}\n+++ {path}\n",
        "trailing_blanks": f"--- a/{path}  \n+++ b/{path}  \n",
    }
    for kind, head in heads.items():
        expect = "either" if kind in {"dotted_prefix", "invented_index"} else "apply"
        yield Case(
            f"headers/{kind}", only(file, commit.before), head + body, after_of(file, commit), expect, name=commit.name
        )
    for kind, reply in {
        "git_only": f"diff --git a/{path} b/{path}\n{body}",
        "half": f"--- a/{path}\n{body}",
        "new_only": f"+++ b/{path}\n{body}",
        "none": body,
        "bold": f"**{path}**\n\n{body}",
    }.items():
        yield Case(
            f"headers/{kind}",
            only(file, commit.before),
            fence(reply),
            after_of(file, commit),
            "either",
            name=commit.name,
        )


def only(file: File, texts: dict[str, str]) -> dict[str, str]:
    return {file.old: texts[file.old]}


def after_of(file: File, commit: Commit) -> dict[str, str | None]:
    return {file.new: commit.after[file.new]}


def wrong_names(file: File, commit: Commit) -> Iterator[Case]:
    body = render([file], Style(git=False)).split("\n", 2)[2]
    path, base = file.old, file.old.rpartition("/")[2]
    pairs = {
        "other": (f"a/{path}", f"b/{path}.new"),
        "basename": (f"a/{base}", f"b/{base}"),
        "deeper": (f"a/root/{path}", f"b/root/{path}"),
        "absolute": (f"/home/u/{path}", f"/home/u/{path}"),
        "case": (f"a/{path.upper()}", f"b/{path.upper()}"),
        "url": (f"https://x.y/{path}", f"https://x.y/{path}"),
        "null": ("/dev/null", "/dev/null"),
    }
    for kind, (old, new) in pairs.items():
        if kind in {"basename", "case"} and old == f"a/{path}":
            continue
        reply = fence(f"--- {old}\n+++ {new}\n{body}")
        yield Case(f"wrong_name/{kind}", only(file, commit.before), reply, None, "reject", name=commit.name)


def operations(file: File, commit: Commit) -> Iterator[Case]:
    path, before = file.old, only(file, commit.before)
    change = render([file])

    def made(kind: str, reply: str, after: dict[str, str | None] | None, expect: str = "apply") -> Case:
        return Case(f"file_ops/{kind}", before, reply, after, expect, name=commit.name)

    new = "--- /dev/null\n+++ b/new/dir/x.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n"
    both = {**after_of(file, commit), "new/dir/x.txt": "one\ntwo\n"}
    yield made("create_and_modify", fence(change + new), both)
    yield made("create_bare", fence(change + new.replace("@@ -0,0 +1,2 @@", "@@")), both)
    yield made("create_open", new + "\\ No newline at end of file\n", {"new/dir/x.txt": "one\ntwo"})
    yield made(
        "create_git",
        f"diff --git a/y b/y\nnew file mode 100644\nindex 0000000..1\n{new.replace('new/dir/x.txt', 'y')}",
        {"y": "one\ntwo\n"},
    )
    yield made("create_empty", "diff --git a/y b/y\nnew file mode 100644\nindex 0000000..e69de29\n", {"y": ""})
    yield made("create_twice", new + new, None, "reject")
    yield made("create_with_context", fence(new.replace("+one", " one")), None, "reject")
    yield made(
        "rename_pure",
        f"diff --git a/{path} b/z/moved\nsimilarity index 100%\nrename from {path}\nrename to z/moved\n",
        {path: None, "z/moved": before[path]},
    )
    yield made("rename_half", f"diff --git a/{path} b/z/moved\nrename from {path}\n", None, "reject")
    yield made("rename_out", f"diff --git a/{path} b/../m\nrename from {path}\nrename to ../m\n", None, "reject")
    yield made(
        "rename_and_modify", f"diff --git a/{path} b/m\nrename from {path}\nrename to m\n{change}", None, "reject"
    )
    yield made("copy", f"diff --git a/{path} b/m\nsimilarity index 100%\ncopy from {path}\ncopy to m\n", None, "reject")
    yield made("mode_only", f"diff --git a/{path} b/{path}\nold mode 100644\nnew mode 100755\n", None, "reject")
    yield made(
        "submodule",
        change + SUBMODULE,
        None,
        "reject",
    )
    yield made(
        "combined",
        f"diff --cc {path}\nindex 1,2..3\n--- a/{path}\n+++ b/{path}\n@@@ -1,1 -1,1 +1,1 @@@\n- a\n -b\n++c\n",
        None,
        "reject",
    )
    yield made(
        "delete_unsaid",
        f"diff --git a/{path} b/{path}\ndeleted file mode 100644\n",
        None,
        "reject" if before[path] else "either",
    )
    yield made(
        "empty_hunk",
        fence(f"--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n {before[path].split(chr(10))[0]}\n"),
        None,
        "reject",
    )
    yield made("delete_and_modify", fence(change + f"--- a/{path}\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"), None, "reject")

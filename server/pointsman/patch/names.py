"""The names of a file in a diff: quoted, prefixed, with time stamps, or as git's extended headers say."""

import re
from dataclasses import dataclass

from pointsman.terms import FilePatch, Hunk, Operation, Reject

NULL = "/dev/null"
_MNEMONIC = {frozenset(pair) for pair in (("i/", "w/"), ("c/", "w/"), ("c/", "i/"), ("1/", "2/"))}
"""What git writes instead of a/ and b/ with `diff.mnemonicPrefix`."""
_GIT = re.compile(r"^diff --git (?P<old>\"(?:[^\"\\]|\\.)*\"|.+?) (?P<new>\"(?:[^\"\\]|\\.)*\"|\S.*?)\s*$")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)")
_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


def plain_name(text: str) -> str:
    """The name without quotes, escapes and a time stamp."""
    text = text.rstrip("\r")
    if text.startswith('"') and (end := re.match(r'"((?:[^"\\]|\\.)*)"', text)):
        raw = _ESCAPE.sub(_unescape, end[1].encode())
        return raw.decode("utf-8", "surrogateescape")
    return text.partition("\t")[0].rstrip()


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 255]) if code[:1].isdigit() else _LETTERS.get(code, code)


@dataclass(slots=True)
class Names:
    """What the headers of one file said. `old` and `new` are from the `---` and `+++` lines, or from git's."""

    old: str | None = None
    new: str | None = None
    git_old: str = ""
    git_new: str = ""
    created: bool = False
    deleted: bool = False
    rename_from: str = ""
    rename_to: str = ""

    def git(self, line: str) -> None:
        """Take in a `diff --git` line; unquoted names with spaces are told apart by being the same name twice."""
        rest = line[len("diff --git ") :].rstrip()
        half = len(rest) // 2
        if (
            rest[:1] != '"'
            and rest[half : half + 1] == " "
            and rest[:half].partition("/")[2] == rest[half + 1 :].partition("/")[2]
        ):
            self.git_old, self.git_new = rest[:half], rest[half + 1 :]
        elif match := _GIT.match(line):
            self.git_old, self.git_new = plain_name(match["old"]), plain_name(match["new"])

    def extended(self, line: str) -> None:
        """Take in one of git's extended header lines, if it is one."""
        self.created |= line.startswith("new file mode")
        self.deleted |= line.startswith("deleted file mode")
        if line.startswith("rename from "):
            self.rename_from = plain_name(line[len("rename from ") :])
        elif line.startswith("rename to "):
            self.rename_to = plain_name(line[len("rename to ") :])

    def file_patch(self, hunks: tuple[Hunk, ...], line: int) -> FilePatch | Reject:
        if self.rename_from and self.rename_to:
            return FilePatch(self.rename_from, Operation.RENAME, hunks, self.rename_to)
        old, new = self._pair()
        created, deleted = self.created or old == NULL, self.deleted or new == NULL
        if (created and deleted) or not (old or new):
            return Reject("path", f"The file header on line {line} names no file.")
        if created:
            return _created(new, hunks, line)
        if deleted:
            return FilePatch(old, Operation.DELETE, hunks)
        if old != new:
            message = f"The file header on line {line} names two files, {old!r} and {new!r}."
            return Reject("path", f'{message} A rename needs "rename from" and "rename to" lines.')
        if not hunks:
            return Reject("empty_hunk", f"There is no hunk for {old}.")
        return FilePatch(old, Operation.MODIFY, hunks)

    def _pair(self) -> tuple[str, str]:
        """Both names without the prefixes that git puts before them. `a/x` twice is a folder named a."""
        old = self.old if self.old is not None else self.git_old
        new = self.new if self.new is not None else self.git_new
        prefixed = {old[:2], new[:2]}
        if prefixed == {"a/", "b/"} or (NULL in {old, new} and prefixed & {"a/", "b/"}):
            return _bare(old), _bare(new)
        if frozenset(prefixed) in _MNEMONIC:
            return old[2:], new[2:]
        if old != new and _bare(old) == _bare(new):
            return _bare(old), _bare(new)  # one of the two lost its prefix
        return old, new


def _bare(name: str) -> str:
    return name[2:] if name[:2] in {"a/", "b/"} else name


def _created(path: str, hunks: tuple[Hunk, ...], line: int) -> FilePatch | Reject:
    rows = [row for hunk in hunks for row in hunk.lines]
    if any(sign != "+" for sign, _ in rows):
        return Reject("exists", f"The new file {path} (line {line}) has lines that are not added.")
    text = "\n".join(words for _, words in rows)
    if rows and not hunks[-1].new_no_newline:
        text += "\n"
    return FilePatch(path, Operation.CREATE, content=text)

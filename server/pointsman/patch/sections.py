"""One file's part of a diff: what its header lines say, taken together, and what they mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pointsman.patch import names
from pointsman.patch.codes import Broken, Code
from pointsman.terms import FilePatch, Hunk, Operation

_MODE = re.compile(r"^(?:(?P<new>new file)|(?P<deleted>deleted file)|old|new) mode (?P<mode>.*?)\s*$")
_INDEX = re.compile(r"^index [0-9a-f]+\.\.[0-9a-f]+ (?P<mode>\d+)\s*$")
_FILE_MODES = re.compile(r"^100\d{3}$")


@dataclass(slots=True)
class Section:
    """What the headers of one file said. `line` is that of the reply where they begin."""

    line: int
    git: tuple[str, str] | None = None
    """The names of the `diff --git` line."""
    named: tuple[str, str] | None = None
    """The names of the `---` and `+++` lines."""
    epochs: tuple[bool, bool] = (False, False)
    """Which of these have the time stamp of a file that is not there."""
    created: bool = False
    deleted: bool = False
    moved: bool = False
    """The mode changes."""
    rename: dict[str, str] = field(default_factory=dict)
    hunks: list[Hunk] = field(default_factory=list)
    zero: bool = False
    """The only hunk says that the old file had no line."""

    def add(self, hunk: Hunk, *, zero: bool) -> None:
        self.zero = zero and not self.hunks
        self.hunks.append(hunk)

    def extended(self, line: str) -> None:
        """Take in one of git's extended header lines, if it is one."""
        if mode := _MODE.match(line):
            self.created |= bool(mode["new"])
            self.deleted |= bool(mode["deleted"])
            self.moved |= not (mode["new"] or mode["deleted"])
            self._mode(mode["mode"])
        elif index := _INDEX.match(line):
            self._mode(index["mode"])
        elif line.startswith("copy from "):
            raise Broken(Code.UNSUPPORTED, f"Line {self.line}: copies are not supported. Create the new file instead.")
        elif line.startswith(("rename from ", "rename to ")):
            self.rename[line.split(" ", 2)[1]] = names.plain(line.split(" ", 2)[2])

    def _mode(self, mode: str) -> None:
        if not _FILE_MODES.match(mode):
            raise Broken(
                Code.PATH,
                f"The header on line {self.line} makes a link or a submodule (mode {mode or 'none'}): refused.",
            )

    def done(self, named: tuple[str, str]) -> bool:
        """Whether the headers so far rename a file or make an empty one, and these names are of another file."""
        whole = self.created or self.rename.keys() == {"from", "to"}
        own, others = ((*pair, *map(names.bare, pair)) for pair in ((*(self.git or ()), *self.rename.values()), named))
        return whole and names.NULL not in named and not {*own} & {*others}

    def paths(self) -> tuple[str, ...]:
        """What the file that has the hunks may be called, likeliest first."""
        if "from" in self.rename:
            return (self.rename["from"],)
        old, new = self._pair()
        if self.git and names.NULL in {old, new} and (found := names.common(*self.git)):
            return self._likeliest(found)
        if names.NULL in {old, new}:
            return names.single(new if old == names.NULL else old)
        found = names.common(old, new)
        if found is None:
            message = f"The header on line {self.line} names two files, {old!r} and {new!r}."
            raise Broken(Code.BAD_HEADER, f'{message} A rename needs "rename from" and "rename to" lines.')
        return self._likeliest(found)

    def _likeliest(self, found: tuple[str, ...]) -> tuple[str, ...]:
        """A new file has git's prefix rather than a folder of that name, since no file that exists can tell."""
        return found[::-1] if self.created else found

    def _pair(self) -> tuple[str, str]:
        pair = self.named or self.git
        if pair is None or pair == (names.NULL, names.NULL) or not all(pair):
            raise Broken(Code.BAD_HEADER, f"The header on line {self.line} names no file.")
        return pair

    def file_patch(self) -> FilePatch:
        """The section as one operation on one file; raises Broken if its lines contradict each other."""
        operation = self._operation()
        path, *also = (names.checked(path) for path in self.paths())
        self._check_names(path, *also)
        hunks = tuple(self.hunks)
        if operation is Operation.RENAME:
            return FilePatch(path, operation, hunks, names.checked(self.rename["to"]))
        if operation is Operation.CREATE:
            return FilePatch(path, operation, content=self._content())
        if operation is Operation.DELETE:
            self._only("-", "a deleted file")
            return FilePatch(path, operation, hunks, content=None if hunks else "", also=tuple(also))
        if not hunks:
            code = Code.UNSUPPORTED if self.moved else Code.EMPTY_HUNK
            what = "only changes its mode, which is not supported" if self.moved else "has no hunk"
            raise Broken(code, f"The part for {path} (line {self.line}) {what}.")
        new = self._content() if self.zero and self._all("+") else None
        return FilePatch(path, operation, hunks, content=new, also=tuple(also))

    def _operation(self) -> Operation:
        old, new = self.named or ("", "")
        created = self.created or old == names.NULL or (self.epochs == (True, False) and self.zero)
        deleted = self.deleted or new == names.NULL or (self.epochs == (False, True) and self._all("-"))
        if len(self.rename) == 1 or (bool(self.rename) + created + deleted) > 1:
            raise Broken(Code.BAD_HEADER, f"The header lines from line {self.line} on contradict each other.")
        if self.rename:
            return Operation.RENAME
        return Operation.CREATE if created else Operation.DELETE if deleted else Operation.MODIFY

    def _all(self, sign: str) -> bool:
        return all(each == sign for hunk in self.hunks for each, _ in hunk.lines)

    def _check_names(self, *paths: str) -> None:
        """The other lines of the header must name the same file, and no name may be unsafe."""
        known = {*paths, *self.rename.values()}
        for pair in (self.git, self.named):
            for name in pair or ():
                meant = {names.checked(each) for each in names.single(name)} if name != names.NULL else known
                if not meant & known and names.bare(name) not in known:
                    raise Broken(Code.BAD_HEADER, f"The header lines from line {self.line} on name different files.")

    def _only(self, sign: str, what: str) -> None:
        for hunk in self.hunks:
            if any(each != sign and (each, text) != (" ", "") for each, text in hunk.lines):
                raise Broken(
                    Code.DELETE_MISMATCH if sign == "-" else Code.BAD_LINE,
                    f'The hunk on line {hunk.source_line} is for {what}: all of its lines must start with "{sign}".',
                )

    def _content(self) -> str:
        """The text of a new file. A blank line that lost its sign can only be an added one."""
        self._only("+", "a new file")
        if len(self.hunks) > 1:
            raise Broken(Code.BAD_HEADER, f"The new file on line {self.line} must come as one hunk.")
        if any(hunk.longer for hunk in self.hunks):
            message = f"The list behind the new file on line {self.line} may be more of its lines."
            raise Broken(Code.TWO_READINGS, message)
        if not self.hunks:
            return ""
        text = "\n".join(text for _, text in self.hunks[0].lines)
        return text if self.hunks[0].new_no_newline else text + "\n"


def merged(files: Sequence[FilePatch]) -> tuple[FilePatch, ...]:
    """Parts that change the same file are one. After a part that adds or removes lines, numbers are not trusted."""
    found: dict[str, FilePatch] = {}
    for file in files:
        for path in {file.path, file.new_path} - {""}:
            if path in found and not (file.operation == found[path].operation == Operation.MODIFY):
                raise Broken(Code.UNSUPPORTED, f"The patch names {path} twice. Put all that happens to it in one part.")
        old = found.get(file.path)
        if old is None:
            found[file.path] = file
            found.setdefault(file.new_path, file) if file.new_path else None
            continue
        grown = sum((sign == "+") - (sign == "-") for hunk in old.hunks for sign, _ in hunk.lines)
        hunks = tuple(replace(hunk, line=None) for hunk in file.hunks) if grown else file.hunks
        found[file.path] = replace(old, hunks=(*old.hunks, *hunks), content=None)
    return tuple(dict.fromkeys(found.values()))

"""The names of a file in a diff: quoted, prefixed, with time stamps, or as git's extended headers say.

Whether `a/x` is git's prefix before `x` or a folder named `a` cannot always be known from the text; then both are kept
and the file that exists decides. Whether a name may be used at all is decided here too, by its letters alone, before
anything is read.
"""

import re
import unicodedata
from functools import lru_cache

from pointsman.files.paths import refusal
from pointsman.patch.codes import Broken, Code

NULL = "/dev/null"
_PREFIX = re.compile(r"^[abciow12]/")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_STAMP = re.compile(
    r"[ \t]+(?P<day>\d{4}-\d\d-\d\d)[ T](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d(?:\.\d+)?))?"
    r"(?: ?(?:Z|(?P<sign>[+-])(?P<east>\d\d):?(?P<south>\d\d)))?$"
)
_EPOCH = {"1970-01-01": 0, "1969-12-31": -24 * 60}
"""The days on which the time of 0 may fall, by where one is, and the minutes since then when they begin."""
_SHORT_GIT = re.compile(r"(^|/)git~\d+[ .]*(/|$)", re.IGNORECASE)
PATH_LIMIT = 4096


def plain(text: str) -> str:
    """The name without quotes, escapes and a time stamp."""
    if quoted := _QUOTED.match(text):
        return _unquoted(quoted[1])
    stamp = _STAMP.search(text)
    return text[: stamp.start()] if stamp else text.partition("\t")[0].rstrip()


def is_epoch(text: str) -> bool:
    """Whether a name has the time stamp with which diff says, of one file of a pair, that it is not there."""
    stamp = _STAMP.search(text)
    if stamp is None or stamp["day"] not in _EPOCH or float(stamp["second"] or 0):
        return False
    zone = 60 * int(stamp["east"] or 0) + int(stamp["south"] or 0)
    passed = _EPOCH[stamp["day"]] + 60 * int(stamp["hour"]) + int(stamp["minute"])
    return passed == (-zone if stamp["sign"] == "-" else zone)


def without_copy(old: str, new: str) -> tuple[str, str]:
    """A pair of names without the mark of a copy that was kept to compare with: of the old one, or of the new."""
    for mark in (".orig", "~"):
        if bare(old) == bare(new) + mark:
            return old.removesuffix(mark), new
    return (old, new.removesuffix("+")) if bare(new) == bare(old) + "+" else (old, new)


def _unquoted(inner: str) -> str:
    raw = _ESCAPE.sub(_unescape, inner.encode("utf-8", "surrogatepass"))
    return raw.decode("utf-8", "surrogateescape")


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 255]) if code.isdigit() else _LETTERS.get(code, code)


def git_pair(rest: str) -> tuple[str, str] | None:
    """Both names of a `diff --git` line. Names with spaces are told apart by being the same name twice."""
    rest = rest.strip()
    if rest.startswith('"') or rest.endswith('"'):
        return _quoted_pair(rest)
    half = len(rest) // 2
    if rest[half : half + 1] == " " and bare(rest[:half]) == bare(rest[half + 1 :]):
        return rest[:half], rest[half + 1 :]
    parts = rest.split(" ")
    return (parts[0], parts[1]) if len(parts) == 2 else None  # noqa: PLR2004 - a pair


def _quoted_pair(rest: str) -> tuple[str, str] | None:
    if first := _QUOTED.match(rest):
        second = rest[first.end() :].strip()
        return plain(first[0]), plain(second)
    first_name, _, second = rest.partition(' "')
    return first_name, plain(f'"{second}')


def bare(name: str) -> str:
    """The name without a prefix that git may have put before it."""
    return name[2:] if _PREFIX.match(name) else name


def common(old: str, new: str) -> tuple[str, ...] | None:
    """What the one file of a pair of header names may be called, likeliest first; None if they name two files."""
    old, new = _undotted(old), _undotted(new)
    if old == new:
        return (old, old[2:]) if old[:2] in {"a/", "b/"} else (old,)
    if _PREFIX.match(old) and _PREFIX.match(new) and old[2:] == new[2:]:
        return (old[2:],)
    for one, other in ((old, new), (new, old)):
        if one[:2] in {"a/", "b/"} and one[2:] == other:
            return (other,)
    return None


def single(name: str) -> tuple[str, ...]:
    """What a name that stands opposite of /dev/null may mean."""
    name = _undotted(name)
    return (name[2:], name) if name[:2] in {"a/", "b/"} else (name,)


def unprefixed(path: str) -> tuple[str, ...]:
    """What else a path may mean where no prefix belongs, if git's stands before it."""
    return (path[2:],) if path[:2] in {"a/", "b/"} and path[2:] else ()


def _undotted(name: str) -> str:
    return name.removeprefix("./")


def checked(path: str) -> str:
    """The path, if nothing in its letters speaks against it; raises Broken otherwise."""
    if why := _refused(path):
        raise Broken(Code.PATH, f"The path {path!r} is refused: {why}. Name files relative to the workspace's root.")
    return path


@lru_cache(maxsize=1024)
def _refused(path: str) -> str | None:
    if why := refusal(path):
        return why
    if len(path) > PATH_LIMIT:
        return "it is too long"
    if _SHORT_GIT.search(path):
        return "some file systems take it for another name"
    if path.isascii():
        return None
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in path):
        return "it has characters that are no text"
    # HFS+ ignores format characters in names, and NTFS knows .git by a short name as well.
    seen = "".join(char for char in path if unicodedata.category(char) != "Cf")
    if refusal(unicodedata.normalize("NFKC", seen)):
        return "some file systems take it for another name"
    return None

"""Problem matchers of VS Code into our own rows. Their numbers are groups; a name stands for rows of our own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pointsman.checks import dialects
from pointsman.checks.matchers import Matcher, Pattern, row
from pointsman.config.matchers import MatcherPattern, Pasted, ProblemMatcher, expression

_FIELDS = {"file": "path", "endLine": "end_line", "endColumn": "end_column"}
_USUAL = {"path": 1, "line": 2, "column": 3}
"""Of a pattern that tells no groups, as in VS Code."""
_PYTHON = row(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)', r"^\s+\S", r"^(?P<message>\w[\w.]*: .*)$")
NAMED: Mapping[str, tuple[Matcher, ...]] = {
    "$tsc": dialects.TSC,
    "$tsc-watch": dialects.TSC,
    "$gcc": (dialects.gnu(dialects.BYTES),),
    "$go": (dialects.plain(dialects.BYTES),),
    "$eslint-compact": dialects.ESLINT[1:2],
    "$eslint-stylish": dialects.ESLINT[:1],
    "$jshint": (
        row(r"^(?P<path>.+): line (?P<line>\d+), col (?P<column>\d+), (?P<message>.+?)(?: \((?P<code>\w+)\))?$"),
    ),
    "$jshint-stylish": (
        row(r"^(?P<path>\S.*)$", r"^\s+line (?P<line>\d+)\s+col (?P<column>\d+)\s+(?P<message>.+)$", loop=True),
    ),
    "$msCompile": dialects.MSBUILD,
    "$lessCompile": (row(r"^(?P<message>.+) in file (?P<path>.+) line no\. (?P<line>\d+)$"),),
    "$rustc": dialects.RUSTC,
    "$rustc-watch": dialects.RUSTC,
    "$python": (_PYTHON,),
}


def matchers(pasted: Pasted | Sequence[Pasted] | None) -> tuple[Matcher, ...]:
    if pasted is None:
        return ()
    each = [pasted] if isinstance(pasted, (str, ProblemMatcher)) else pasted
    return tuple(matcher for one in each for matcher in _rows(one))


def _rows(pasted: Pasted) -> tuple[Matcher, ...]:
    if isinstance(pasted, str):
        return NAMED[pasted]
    name = pasted.base or (pasted.pattern if isinstance(pasted.pattern, str) else "")
    own = () if pasted.pattern is None or isinstance(pasted.pattern, str) else (_own(pasted.pattern),)
    rows = tuple(replace(each, folder=_folder(pasted)) for each in own or NAMED[name])
    if "severity" not in pasted.model_fields_set:
        return rows
    return tuple(replace(each, severity=pasted.severity) for each in rows)


def _own(pattern: MatcherPattern | Sequence[MatcherPattern]) -> Matcher:
    lines = [pattern] if isinstance(pattern, MatcherPattern) else list(pattern)
    return Matcher(tuple(_pattern(line, alone=len(lines) == 1) for line in lines), loop=lines[-1].loop, notes=False)


def _pattern(line: MatcherPattern, *, alone: bool) -> Pattern:
    regex = expression(line.regexp)
    groups: dict[str, str | int] = {_FIELDS.get(name, name): number for name, number in line.places().items()}
    if alone and not groups:
        groups = {name: number for name, number in _USUAL.items() if number <= regex.groups}
    if alone:
        groups.setdefault("message", 0)
    return Pattern(regex, groups)


def _folder(pasted: ProblemMatcher) -> str | None:
    """What `fileLocation` says that relative paths are relative to; None for the folder of the run."""
    told = pasted.fileLocation
    place: str | Mapping[str, str | list[str]] = told[1] if isinstance(told, list) and len(told) > 1 else ""
    if isinstance(place, Mapping):
        include = place.get("include", "")
        place = include if isinstance(include, str) else next(iter(include), "")
    for variable in ("${workspaceFolder}", "${workspaceRoot}", "${cwd}", "${fileDirname}"):
        place = place.replace(variable, "")
    return place.strip("/") or None

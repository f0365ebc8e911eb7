"""How most tools are found: by a file that only their users have, and a program to run.

A sign is a file's name, which may be a pattern; `name:text`, where the file must hold the text at the start of a line;
`name:[section]key`, where it must have the key in that section, be it TOML or an INI file; or `package.json#name`,
where that is a key, or what the package depends on, or a program that its test script starts, or with `scripts.` in
front, a script.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pointsman.checks import scripts
from pointsman.checks.related import Narrow
from pointsman.checks.tool import Absent, Check, Project, Stage


@dataclass(frozen=True, slots=True)
class Detection:
    """`program` and `arguments` are what is called; with `suffixes`, the changed files with these follow.

    `everything` follows where no file is named, for a tool that wants to be told, unless its configuration tells it by
    a sign of `told`. Of `also`, one sign must be there beside one of `signs`; `{there}` in
    the arguments is its folder. `narrow` makes, of the command, one for
    the tests near a patch. Where `instead`, the check is only made if no other of its stage was found; where `scripted`,
    it is called as package.json's test script does. `through` is a file and a program with arguments that starts the
    other.
    """

    stage: Stage
    program: str
    arguments: tuple[str, ...]
    signs: tuple[str, ...]
    format: str
    suffixes: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 300.0
    everything: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    narrow: Callable[[tuple[str, ...]], Narrow] | None = None
    instead: bool = False
    scripted: bool = False
    through: tuple[str, tuple[str, ...]] | None = None


def detect(tool: str, row: Detection) -> Callable[[Project], Check | Absent | None]:
    def found(project: Project) -> Check | Absent | None:
        signs = [name for sign in row.signs for name in _found(project, sign)]
        if not signs:
            return None
        also = next((name for sign in row.also for name in _found(project, sign)), None)
        if row.also and also is None:
            return Absent(tool, f"there is {signs[0]}, but no {row.also[0]}")
        starter = row.through[1] if row.through and project.has(row.through[0]) else ()
        starter = starter if starter and project.toolchain.program(starter[0]) else ()
        program = project.toolchain.program(starter[0] if starter else row.program)
        if program is None:
            return Absent(tool, f"there is {signs[0]}, but {row.program} is not installed")
        argv = (program.path, *starter[1:], row.program) if starter else (program.path,)
        call = scripts.call_of(_package(project), row.program) if row.scripted else scripts.Call()
        there = posixpath.dirname(also or "") or "."
        argv += (*(each.replace("{there}", there) for each in row.arguments), *call.options)
        return Check(
            name=tool,
            tool=tool,
            stage=row.stage,
            argv=(*argv, *call.places),
            folder=project.folder,
            why=f"there is {signs[0]}; {starter[0] if starter else row.program} is {program.why}",
            format=row.format,
            config=_config(project, (*signs, *(["package.json"] if call != scripts.Call() else []))),
            suffixes=row.suffixes,
            env={**row.env, **call.env},
            timeout=row.timeout,
            everything=() if any(any(_found(project, sign)) for sign in row.told) else row.everything,
            narrow=row.narrow(argv) if row.narrow else None,
            instead=row.instead,
        )

    return found


def _config(project: Project, signs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(project.path(sign.split(" with ")[0]) for sign in signs))


def _found(project: Project, sign: str) -> Iterator[str]:
    """The files that are this sign, each with what was looked for in it."""
    if "#" in sign:
        name, _, key = sign.partition("#")
        if _of_package(project, name, key):
            yield f"{name} with {key}"
    elif ":" in sign:
        name, _, text = sign.partition(":")
        if re.search(_pattern(text), project.text(name), re.MULTILINE):
            yield f"{name} with {text}{']' if text.startswith('[') and ']' not in text else ''}"
    elif "*" in sign:
        base = Path(project.files.root, project.folder)
        yield from sorted(place.relative_to(base).as_posix() for place in base.glob(sign))
    elif project.has(sign):
        yield sign


def _pattern(text: str) -> str:
    """What matches a text at the start of a line, or a key within its section."""
    section, _, key = text.partition("]")
    if not key:
        return rf"^{re.escape(text)}"
    return rf"^{re.escape(section)}\][^\n]*\n(?:(?!\[).*\n)*?{re.escape(key)}\s*[=:]"


def _package(project: Project, name: str = "package.json") -> dict[str, Any]:
    return scripts.package(project.text(name))


def _of_package(project: Project, name: str, key: str) -> bool:
    package = _package(project, name)
    if key.startswith("scripts."):
        told = scripts.script(package, key.partition(".")[2])
        return bool(told) and "no test specified" not in told
    sections = (package, *(scripts.section(package, each) for each in scripts.DEPENDENCIES))
    if any(key in each for each in sections):
        return True
    return (
        re.search(rf"(^|[\s;&/]){re.escape(key)}(?:\.[cm]?js)?(?=$|[\s;&])", scripts.script(package, "test"))
        is not None
    )

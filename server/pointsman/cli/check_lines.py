"""`pointsman check --parse --jsonl`: one tool's run a line, read into problems; nothing is run, and no disk is read."""

from collections.abc import Mapping
from typing import Any

from pointsman.checks.parse import parse
from pointsman.cli.json_lines import Unfit, read, texts
from pointsman.terms import Command, Problem, Run, Verdict


def answer(line: bytes | str) -> dict[str, Any]:
    name = None
    try:
        asked = read(line)
        name = asked.get("id")
        root = _text(asked, "root") or "/"
        files = texts(asked.get("files") or {}, "files")
        run = _run(asked, root)
        tool, form = _text(asked, "tool"), _text(asked, "format")
    except Unfit as unfit:
        return {"id": name, "error": {"code": "input", "message": str(unfit)}}
    verdict, problems = parse(tool, run, root, files.get, form)
    return {"id": name, "outcome": Verdict(verdict).value, "problems": [_shown(problem) for problem in problems]}


def _run(asked: Mapping[str, Any], root: str) -> Run:
    """`cwd`, relative to the root or absolute, may be told; `exit_code` null is a run that was killed."""
    cwd = _text(asked, "cwd")
    cwd = cwd if cwd.startswith("/") else f"{root.rstrip('/')}/{cwd}".removesuffix("/.").rstrip("/") or "/"
    code = asked.get("exit_code")
    if code is not None and (not isinstance(code, int) or isinstance(code, bool)):
        raise Unfit("`exit_code` must be a number or null.")
    argv = asked.get("argv") or []
    if not isinstance(argv, list):
        raise Unfit("`argv` must be a list.")
    argv = [word for word in argv if isinstance(word, str)]
    trouble = "it did not end by itself" if code is None else ""
    streams = (_text(asked, "stdout"), _text(asked, "stderr"))
    artefacts = texts(asked.get("artefacts") or {}, "artefacts")
    return Run(Command(tuple(argv) or (_text(asked, "tool"),), cwd), code, *streams, 0.0, trouble, artefacts)


def _text(asked: Mapping[str, Any], key: str) -> str:
    value = asked.get(key)
    if value is not None and not isinstance(value, str):
        raise Unfit(f"`{key}` must be a text.")
    return value or ""


def _shown(problem: Problem) -> dict[str, Any]:
    names = ("path", "line", "column", "end_line", "end_column", "code", "message", "test")
    related = [{"path": place.path, "line": place.line, "message": place.message} for place in problem.related]
    return {name: getattr(problem, name) for name in names} | {"severity": problem.severity.value, "related": related}

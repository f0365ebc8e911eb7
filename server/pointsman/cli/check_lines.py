"""`pointsman check --parse --jsonl`: one tool's run a line, read into problems; nothing is run, and no disk is read."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from pointsman.checks.parse import parse
from pointsman.terms import Command, Problem, Run, Verdict


def respond(lines: Iterable[bytes], out: TextIO) -> None:
    """Answer each line as it comes."""
    for line in lines:
        if line.strip():
            out.write(json.dumps(answer(line)) + "\n")
            out.flush()


def answer(line: bytes | str) -> dict[str, Any]:
    name = None
    try:
        asked = json.loads(line)
        name = asked.get("id")
        root = _text(asked, "root") or "/"
        texts = _texts(asked, "files")
        run = _run(asked, root)
        tool, form = _text(asked, "tool"), _text(asked, "format")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as trouble:
        return {"id": name, "error": {"code": "input", "message": f"The line does not fit: {trouble!r}"}}
    verdict, problems = parse(tool, run, root, texts.get, form)
    return {"id": name, "outcome": Verdict(verdict).value, "problems": [_shown(problem) for problem in problems]}


def _run(asked: Mapping[str, Any], root: str) -> Run:
    """`cwd`, relative to the root or absolute, may be told; `exit_code` null is a run that was killed."""
    cwd = _text(asked, "cwd")
    cwd = cwd if cwd.startswith("/") else f"{root.rstrip('/')}/{cwd}".removesuffix("/.").rstrip("/") or "/"
    code = asked.get("exit_code")
    if code is not None and (not isinstance(code, int) or isinstance(code, bool)):
        raise TypeError("`exit_code` is a number or null")
    argv = tuple(word for word in asked.get("argv") or () if isinstance(word, str))
    trouble = "it did not end by itself" if code is None else ""
    streams = (_text(asked, "stdout"), _text(asked, "stderr"))
    return Run(Command(argv or (_text(asked, "tool"),), cwd), code, *streams, 0.0, trouble, _texts(asked, "artefacts"))


def _text(asked: Mapping[str, Any], key: str) -> str:
    value = asked.get(key)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"`{key}` is a text")
    return value or ""


def _texts(asked: Mapping[str, Any], key: str) -> dict[str, str]:
    value = asked.get(key) or {}
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise TypeError(f"`{key}` is an object of texts by path")
    return value


def _shown(problem: Problem) -> dict[str, Any]:
    names = ("path", "line", "column", "end_line", "end_column", "code", "message", "test")
    related = [{"path": place.path, "line": place.line, "message": place.message} for place in problem.related]
    return {name: getattr(problem, name) for name in names} | {"severity": problem.severity.value, "related": related}

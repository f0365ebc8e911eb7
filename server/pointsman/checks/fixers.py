"""`builtin,fixers`: a model that is no model, but the project's own fixers.

It answers with a unified diff like any model, so its edit goes the same way: contract, shadow, checks, editor. Which
problems it can answer is a table, looked at before a lease is made. A fixer that leaves the file as it is ends its
answer with the finish "nofix", and the answer says why.
"""

import asyncio
import difflib
import re
from collections.abc import AsyncGenerator
from pathlib import Path, PurePosixPath

import platformdirs

from pointsman.checks import layers
from pointsman.checks.plan import Settings, plan
from pointsman.checks.shadow.choose import Shadow, shared
from pointsman.checks.tool import Check
from pointsman.checks.tools.fixing import TABLE, Fixer
from pointsman.checks.tools.signs import FOUND
from pointsman.checks.trust import Trust
from pointsman.checks.verify import Defaults
from pointsman.errors import Refused, Unavailable
from pointsman.terms import Command, Delta, End, Files, Lease, Problem, Request, Run, Usage

NOFIX = "nofix"
"""The finish of an answer without an edit."""
NAME = "fixers"


def eligible(problem: Problem, files: Files | None = None) -> bool:
    """Whether a fixer knows this problem. Instant; `files` given, its file must also be there."""
    fixer = _fixer(problem)
    if fixer is None or problem.path is None:
        return False
    return files is None or files.exists(problem.path)


def _fixer(problem: Problem) -> Fixer | None:
    for fixer in TABLE:
        fits = problem.tool.lower() in fixer.sources and fixer.fixable(problem)
        if fits and (problem.path or "").endswith(fixer.suffixes):
            return fixer
    return None


class Fixers:
    """See the module. The user's consent to the project's checks covers its fixers, and nothing runs without it."""

    def __init__(
        self, settings: Settings | None = None, *, state: Path | None = None, shadow: Shadow | None = None
    ) -> None:
        self._settings: Settings = settings or Defaults()
        self._consent = Trust(state or platformdirs.user_state_path("pointsman"))
        self._shadow = shadow

    async def connect(self, lease: Lease) -> None:  # noqa: ARG002 - the protocol of models
        """There is nothing to connect to; what takes time is to find the shadow that works."""
        await self._place().probe()

    async def stream(self, request: Request) -> AsyncGenerator[Delta | End, None]:
        offer = request.context.offer
        problem = next((problem for problem in offer.problems if eligible(problem)), None)
        if problem is None:
            answer, fixed = "No fixer of this project knows this problem.", False
        else:
            answer, fixed = await self._answer(problem, request.workspace)
        yield Delta(answer)
        yield End("stop" if fixed else NOFIX, served=NAME, usage=Usage(0, 0, 0))

    async def _answer(self, problem: Problem, files: Files) -> tuple[str, bool]:
        fixer = _fixer(problem)
        path, code = problem.path, problem.code or ""
        assert fixer is not None  # noqa: S101 - what is not eligible does not come here
        assert path is not None  # noqa: S101
        checks = await asyncio.to_thread(plan, files, [path], self._settings)
        if not self._consent.trusted(checks):
            raise Refused("The project's own fixers are not allowed to run.", "Allow its checks first.")
        wanted = fixer.checks or (fixer.tool,)
        found = [check for name in wanted for check in checks.checks if check.tool == name]
        check = next(iter(found), None)
        if check is None:
            return f"{fixer.tool} is not among this project's checks.", False
        before = files.read(path)
        run = await self._place().run(
            files.root, self._layer(files, path), _command(fixer, check, path, code, files.root)
        )
        after = run.artefacts.get(path)
        if run.trouble or run.exit_code not in {0, *fixer.left} or after is None:
            raise Unavailable(f"{fixer.tool} could not run: {_why(run)}.", "The problem can go to a model.")
        text = after.removeprefix("\ufeff")
        text = at_line(before.text, text, problem.line or 1) if fixer.lines else text
        if text == before.text and run.exit_code != 0 and run.stderr.strip():
            raise Unavailable(f"{fixer.tool} could not run: {_why(run)}.", "The problem can go to a model.")
        if text == before.text:
            return f"{fixer.tool} has no safe fix for {code or 'this'} here.", False
        return unified(path, before.text, text), True

    def _layer(self, files: Files, path: str) -> dict[str, bytes | None]:
        return {**layers.over(files, None), path: files.read(path).encode()}

    def _place(self) -> Shadow:
        return self._shadow or shared()


def _command(fixer: Fixer, check: Check, path: str, code: str, root: str) -> Command:
    folder = str(Path(root, check.folder))
    name = PurePosixPath(path).relative_to(check.folder or ".").as_posix()
    arguments = fixer.arguments(code, f"./{name}")
    row = FOUND.get(check.tool)
    start = check.argv[: len(check.argv) - len(row.arguments)] if row else check.argv[:1]
    return Command((*start, *arguments), folder, check.env, fixer.timeout, collect=(path,), memory_limit=check.memory)


def _why(run: Run) -> str:
    lines = [line.strip() for line in run.stderr.splitlines() if line.strip()]
    return run.trouble or (lines[-1] if lines else f"exit code {run.exit_code}")


def at_line(before: str, after: str, line: int) -> str:
    """The text with only those changes that are made at a line, counted from one."""
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (before, after))
    kept: list[str] = []
    for word, start, end, begin, stop in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if word == "replace" and end - start == stop - begin:  # lines next to each other, each with a change of its own
            kept += [new[begin + at - start] if at + 1 == line else old[at] for at in range(start, end)]
        else:
            wanted = word != "equal" and start < line <= max(end, start + 1)
            kept += new[begin:stop] if wanted else old[start:end]
    return "".join(kept)


def unified(path: str, before: str, after: str) -> str:
    """A git diff of two texts. Only LF ends a line of a diff, and a last line without one is marked."""
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=3)
    marked = [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
    return f"diff --git a/{path} b/{path}\n{''.join(marked)}"

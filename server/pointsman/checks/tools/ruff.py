"""ruff's linter: JSON, SARIF, or one line a finding."""

import re
from dataclasses import replace

from pointsman.checks import sarif, table
from pointsman.checks.places import inside, line_of
from pointsman.checks.tool import Check, Outcome, Output, Project, Stage, Tool, did_not_run
from pointsman.terms import Problem, Verdict

SYNTAX = "invalid-syntax"
CLEAN, FINDINGS = 0, 1
SUFFIXES = (".py", ".pyi")
# A configuration may switch fixing on; a check must not change what it looks at.
_CALL = ("check", "--no-cache", "--no-fix", "--force-exclude", "--output-format", "json")
_CONFIGS = ("ruff.toml", ".ruff.toml")
_FIELDS = table.Fields(
    path=("filename",),
    line=("location", "row"),
    column=("location", "column"),
    end_line=("end_location", "row"),
    end_column=("end_location", "column"),
    code=("code",),
    message=("message",),
    severity=("severity",),
)
_CONCISE = re.compile(
    r"^(?P<path>[^\n]+?):(?P<line>\d+):(?P<column>\d+): (?:(?P<code>[A-Z]+\d+|[a-z]+(?:-[a-z]+)+)(?: \[\*\]|:)? |"
    r"(?P<syntax>SyntaxError): )(?P<message>.+)$"
)


def detect(project: Project) -> Check | None:
    ruff = project.toolchain.program("ruff")
    why = _sign(project)
    if ruff is None or not why:
        return None
    config = [name for name in (*_CONFIGS, "pyproject.toml") if project.has(name)]
    return Check(
        name="ruff",
        tool="ruff",
        stage=Stage.LINT,
        argv=(ruff.path, *_CALL),
        folder=project.folder,
        why=f"{why}; ruff is {ruff.why}",
        format="ruff-json",
        config=tuple(project.path(name) for name in config if name in _CONFIGS or _configured(project)),
        suffixes=SUFFIXES,
        timeout=60.0,
    )


def _sign(project: Project) -> str:
    for name in _CONFIGS:
        if project.has(name):
            return f"there is a {name}"
    if _configured(project):
        return "pyproject.toml configures ruff"
    if re.search(r"\bruff\b", project.text(".pre-commit-config.yaml")):
        return "pre-commit runs ruff"
    return "the project's environment has ruff" if project.toolchain.beside_python("ruff") else ""


def _configured(project: Project) -> bool:
    return re.search(r"^\[tool\.ruff[.\]]", project.text("pyproject.toml"), re.MULTILINE) is not None


def read_json(output: Output) -> Outcome:
    document = table.load(output.run.stdout)
    if not isinstance(document, list):
        return _unread(output)
    found = table.problems("ruff", document, _FIELDS, output, _folder(output))
    return _outcome([_with_code(problem) for problem in found], output)


def read_sarif(output: Output) -> Outcome:
    found = sarif.read("ruff", output.run.stdout, output, _folder(output))
    return _unread(output) if found is None else _outcome([_with_code(problem) for problem in found], output)


def read_text(output: Output) -> Outcome:
    matches = [match for line in output.run.stdout.splitlines() if (match := _CONCISE.match(line))]
    problems = [_concise(match, output) for match in matches]
    return _outcome(problems, output)


def _concise(match: re.Match[str], output: Output) -> Problem:
    path, line = inside(match["path"], output.root, _folder(output)), int(match["line"])
    return Problem(
        tool="ruff",
        message=match["message"],
        path=path,
        line=line if path else None,
        column=int(match["column"]) if path else None,
        code=match["code"] or SYNTAX,
        source_line=line_of(output.texts(path), line) if path else "",
    )


def _with_code(problem: Problem) -> Problem:
    """Before version 0.9 syntax errors had no code."""
    return problem if problem.code else replace(problem, code=SYNTAX)


def _folder(output: Output) -> str:
    return inside(output.run.command.cwd, output.root) or ""


def _outcome(problems: list[Problem], output: Output) -> Outcome:
    run = output.run
    if run.trouble or run.exit_code not in {CLEAN, FINDINGS} or (run.exit_code == FINDINGS and not problems):
        return _unread(output)
    if problems:
        return Outcome(Verdict.FAILED, tuple(problems), f"{len(problems)} finding{'s' * (len(problems) != 1)}")
    if "No Python files found" in run.stderr:
        return Outcome(Verdict.DID_NOT_RUN, (), "there are no Python files", nothing=True)
    return Outcome(Verdict.PASSED, (), "no findings")


def _unread(output: Output) -> Outcome:
    run = output.run
    if run.trouble:
        return did_not_run("ruff", run.trouble)
    said = [re.sub(r"^Cause: ", "", line.strip()) for line in run.stderr.splitlines() if line.strip()]
    telling = [line for line in said if re.search(r"Failed|error|Unknown|invalid", line)] or said
    # Of a chain of causes the second names the file, and the ones after it the place in it.
    message = telling[1] if len(telling) > 1 and telling[0].startswith("Failed to load") else "".join(telling[:1])
    return did_not_run("ruff", f"ruff could not run (exit code {run.exit_code})", message or "it said nothing")


RUFF = Tool("ruff", detect, {"ruff-json": read_json, "sarif": read_sarif, "text": read_text})

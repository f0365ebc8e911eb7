"""From what was read of a run to its outcome: passed, failed, or did not run.

The exit code alone is no verdict: tools end with 0 in spite of findings, and with 1 when they could not start.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pointsman.checks import dialects, matchers, sections
from pointsman.checks.tool import Outcome, Output, did_not_run
from pointsman.terms import Problem, Verdict

_NOTHING = re.compile(
    r"^(?:no tests? (?:ran|found|files? found|collected|to run|were found)\b.*|no (?:test )?files? (?:found|matched)\b.*|"
    r"no files matching .*|0 examples, 0 failures|(?:warning: )?no python files found.*|ran 0 tests in .*|no tests executed!?)$",
    re.MULTILINE | re.IGNORECASE,
)
_SKIPPED = re.compile(
    r"^\s*(?:0 passing\b.*|Tests:?\s+(?:\d+ (?:skipped|todo)(?:, | \| | )?)+(?:\(\d+\)|\d+ total))$", re.MULTILINE
)
_SHORT = re.compile(
    r"^\W*(?:(?:error|fail|jest)\b:? ?)?(?P<text>.*\bcoverage\b.*\b(?:not (?:met|meet|reached)|below|less than)\b.*)$",
    re.MULTILINE | re.IGNORECASE,
)
_MISSING = re.compile(
    r"(?:command not found|No such file or directory|No module named '?(?P<module>[\w.]+)'?)\s*$", re.MULTILINE
)
_OFFLINE = re.compile(r"\boffline mode\b|\bGOPROXY=off\b")
_SHELL = re.compile(r"^(?:\S+: )?(?:line )?(?:\d+: )?(?P<program>[\w@./+-]+): (?:command )?not found$", re.MULTILINE)
_COMPLAINT = re.compile(
    r"^\W{0,3}(?:[\w ./:\\-]{1,80}: )?(?:\[?(?:error|fatal|fatal error|usage error|INTERNALERROR>|FAILED|FAIL)\b|"
    r"[\w.$:]*(?:Error|Exception)\b(?: \[\w+\])?:)",
    re.IGNORECASE,
)
_CAUSE = re.compile(r"^\s*(?:Cause|Caused by): (?P<text>.+)$")
_RAISED = re.compile(r"^\S+:\d+:in [`'].+?': (?P<text>.+ \([A-Z][\w:]*\))$")  # Ruby
NOT_FOUND = 127


@dataclass(frozen=True, slots=True)
class Exits:
    """What a tool's exit codes mean. With `broken`, it could not check, whatever else it said.

    `beside` are the lines about its own settings that a tool may write where it has no findings.
    """

    clean: frozenset[int] = frozenset({0})
    broken: frozenset[int] = frozenset()
    nothing: frozenset[int] = frozenset()
    beside: re.Pattern[str] | None = None


USUAL = Exits()


def outcome(
    tool: str,
    output: Output,
    problems: Sequence[Problem] | None,
    exits: Exits,
    tests: Mapping[str, str] | None = None,
    *,
    silent: bool = True,
) -> Outcome:
    """`problems` None says that the format could not be read. `silent`: no output at all is how it says "clean"."""
    run = output.run
    if run.trouble:
        return did_not_run(tool, run.trouble)
    if problems:
        return Outcome(Verdict.FAILED, tuple(problems), _summary(problems, tests), tests or {})
    if run.exit_code in exits.nothing or (run.exit_code != NOT_FOUND and _NOTHING.search(output.text) and not tests):
        return Outcome(Verdict.DID_NOT_RUN, (), "there is nothing to check", tests or {}, nothing=True)
    if run.exit_code not in exits.clean:
        short = shortfall(tool, output)
        return Outcome(Verdict.FAILED, (short,), short.message, tests or {}) if short else unread(tool, output)
    if problems is not None and _SKIPPED.search(output.text) and not tests:
        return Outcome(Verdict.DID_NOT_RUN, (), "nothing was tested", nothing=True)
    if problems is None and not (silent and _quiet(output, exits)):
        return did_not_run(tool, f"{tool} wrote nothing that can be read", said(output.text.splitlines()))
    if tests is not None and not any(state == "passed" for state in tests.values()):
        return Outcome(Verdict.DID_NOT_RUN, (), "nothing was tested", tests, nothing=True)
    return Outcome(Verdict.PASSED, (), f"{len(tests)} tests passed" if tests else "no findings", tests or {})


def shortfall(tool: str, output: Output) -> Problem | None:
    """All tests pass, and yet too little of the code is covered by them."""
    match = _SHORT.search(output.text)
    return Problem(tool, match["text"].strip(), code="coverage") if match else None


def _quiet(output: Output, exits: Exits) -> bool:
    """Whether a tool wrote nothing, but for notes about its own settings."""
    return not (exits.beside.sub("", output.text) if exits.beside else output.text).strip()


def unread(tool: str, output: Output) -> Outcome:
    """A run that did not end well, and of which its own format tells nothing: what the text says, in any tool's words.

    It counts as not run, with what was found: a verdict on the code needs a tool that got as far as judging it.
    """
    run = output.run
    text = output.text
    missing = _MISSING.search(text)
    if run.exit_code == NOT_FOUND or (missing and missing["module"] == tool):
        shell = _SHELL.search(text)  # the tool may only have started what is missing
        name = shell["program"] if shell else tool
        return did_not_run(tool, f"{name} is not installed", said(text.splitlines()))
    why = f"{tool} could not run (exit code {run.exit_code})"
    if _OFFLINE.search(text):
        why += ": fetch the project's dependencies first, since checks have no network"
    found = [problem for problem in matchers.read(tool, dialects.ANY, text, output) if problem.path]
    found = found or sections.uncaught(tool, text, output)
    if found:
        return Outcome(Verdict.DID_NOT_RUN, tuple(found), why, complete=False)
    return did_not_run(tool, why, said(text.splitlines()))


def said(lines: Sequence[str]) -> str:
    """The line that most looks like the tool's own complaint, else its last one."""
    spoken = [line.strip() for line in lines if line.strip()]
    causes = [match["text"] for line in spoken if (match := _CAUSE.match(line))]
    if len(causes) > 1 and causes[0].startswith("Failed to load"):
        return causes[1]  # the first only says that there is a second
    if causes:
        return causes[0]
    raised = [match["text"] for line in spoken if (match := _RAISED.match(line))]
    if raised:
        return raised[0]
    complaints = [line for line in spoken if _COMPLAINT.match(line) and "usage:" not in line.lower()]
    return (complaints or spoken[-1:] or ["it said nothing"])[0]


def _summary(problems: Sequence[Problem], tests: Mapping[str, str] | None) -> str:
    if tests:
        states = list(tests.values())
        counts = ((states.count(word), word) for word in ("failed", "error", "passed", "skipped"))
        return ", ".join(f"{count} {word}" for count, word in counts if count) or f"{len(problems)} failed"
    return f"{len(problems)} finding{'s' * (len(problems) != 1)}"

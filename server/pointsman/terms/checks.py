"""Whether it holds: processes, what checks say of a candidate, and the second seam."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pointsman.terms.problems import Problem


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    DID_NOT_RUN = "did_not_run"


@dataclass(frozen=True, slots=True)
class Command:
    """A process to run: `cwd` and any path in `argv` are those of the real workspace."""

    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 120.0
    """Seconds of wall time."""
    output_limit: int = 8 << 20
    """Bytes kept of each stream, half from the head and half from the tail."""
    collect: tuple[str, ...] = ()
    """Workspace paths whose text, as the command left it, comes back among the artefacts."""
    memory_limit: int = 0
    """Bytes of all its processes together, in a shadow; zero stands for three quarters of the machine's."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process did. `exit_code` is None when it could not be started or was killed at its limit."""

    command: Command
    exit_code: int | None
    stdout: str
    stderr: str
    seconds: float
    trouble: str = ""
    """Why there is no exit code: "not installed", "timed out after 120 s"."""
    artefacts: Mapping[str, str] = field(default_factory=dict)


class Runner(Protocol):
    """Seam 2: whoever runs processes."""

    async def run(self, command: Command) -> Run:
        """Run it to its end; its whole process group dies when the caller is cancelled."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check against one candidate.

    `problems` are those that count: new ones, when there is a baseline. `known` were there before, `fixed` are gone,
    `flaky` come and go by themselves.
    `summary` is a few words for people ("14 tests passed"), or why it did not run.
    """

    check: str
    tool: str
    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    known: tuple[Problem, ...] = ()
    fixed: tuple[Problem, ...] = ()
    summary: str = ""
    seconds: float = 0.0
    flaky: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What all checks say of one candidate."""

    results: tuple[CheckResult, ...]
    shadow: str = ""
    """Which kind of shadow they ran in; empty when none ran."""
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Failed if one failed; passed only if all did, and there was one."""
        verdicts = {result.verdict for result in self.results}
        if Verdict.FAILED in verdicts:
            return Verdict.FAILED
        return Verdict.PASSED if verdicts == {Verdict.PASSED} else Verdict.DID_NOT_RUN

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for result in self.results for problem in result.problems)

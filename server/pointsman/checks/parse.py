"""Read a tool's output: the outcome, and the problems as Pointsman writes them."""

from pointsman.checks.tool import Outcome, Output, Texts
from pointsman.checks.tools import TOOLS
from pointsman.errors import CheckError
from pointsman.terms import Problem, Run, Verdict


def parse(
    tool: str,
    run: Run,
    root: str,
    files: Texts,
    format: str = "",  # noqa: A002 - the word of the command line
) -> tuple[Verdict, tuple[Problem, ...]]:
    """Outcome and problems of one run. `files` gives the texts the tool saw; `format` empty means the tool's own.

    Raises CheckError for a tool or a format that is not known.
    """
    outcome = read(tool, Output(run, root, files), format)
    return outcome.verdict, outcome.problems


def read(tool: str, output: Output, format: str = "") -> Outcome:  # noqa: A002 - as above
    """All a run says, with the state of each test."""
    if tool not in TOOLS:
        raise CheckError(f"The tool {tool!r} is not known.", f"Known are: {', '.join(sorted(TOOLS))}.")
    formats = TOOLS[tool].formats
    name = format or next(iter(formats))
    if name not in formats:
        raise CheckError(f"{tool} has no format {name!r}.", f"It has: {', '.join(formats)}.")
    return formats[name](output)

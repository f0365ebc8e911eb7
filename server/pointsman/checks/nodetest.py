"""The text of `node --test`: each failure under a cross, those of a run once more at its end, where it says the place.

A file that ends before its tests has only "test failed" there; why is told above the cross that it has in the run.
"""

import re
from dataclasses import replace

from pointsman.checks import sections
from pointsman.checks.items import located
from pointsman.checks.tool import Output
from pointsman.terms import Problem

_END = re.compile(r"^(?:✖ failing tests|Failed tests):$", re.MULTILINE)
_PLACED = re.compile(r"^test at (?P<place>\S.*:\d+:\d+)\n(?P<heading>✖ .+)$", re.MULTILINE)
_TIME = r" \([\d.]+m?s\)"
_HEADING = (
    rf"^✖ (?P<test>.+?(?={_TIME}(?: @ .*)?$)|.+ # TODO)(?:{_TIME})?"
    r"(?: @ (?P<path>.+?):(?P<line>\d+):(?P<column>\d+))?$"
)
_MARK = re.compile(r"^\s*[✖✔▶﹣\u2139] ", re.MULTILINE)
_MARKED = re.compile(r"\A\s*[✖✔▶﹣\u2139] .*\n(?:[ \t].*\n|\n)*")
"""A test's own line, and what is told of it."""
_BESIDE = re.compile(r"# TODO$|^'\d+ subtests? failed'", re.MULTILINE)
"""What is expected to fail, and what fails because its parts do."""
_NOT_LOADED = "'test failed'"


def read(tool: str, output: Output) -> list[Problem]:
    text = output.run.stdout if _END.search(output.run.stdout) else output.text
    end = _END.search(text)
    if end is None:
        return []
    told = _PLACED.sub(r"\g<heading> @ \g<place>", text[end.end() :])
    found = sections.read(tool, sections.sections(_HEADING), told, output)
    own = [each for each in found if not _BESIDE.search(f"{each.test}\n{each.message}")]
    return [_loaded(tool, problem, text[: end.start()], output) for problem in own]


def _loaded(tool: str, problem: Problem, run: str, output: Output) -> Problem:
    at = run.find(f"✖ {problem.test} (")
    if problem.message != _NOT_LOADED:
        return problem
    marks = [match.start() for match in _MARK.finditer(run, 0, max(at, 0))]
    said = _MARKED.sub("", run[marks[-1] if marks else 0 : at])
    why = sections.uncaught(tool, said, output) if at >= 0 else []
    if why:
        return replace(why[0], test=problem.test)
    return replace(problem, path=located(output, problem.test or ""))

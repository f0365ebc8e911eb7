"""pytest's JUnit XML, of both families: xunit1 names file and line (counted from zero), xunit2 neither."""

import re

from pointsman.checks.frames import error_in, frames_in
from pointsman.checks.junit import Case, cases
from pointsman.checks.tool import Outcome, Output
from pointsman.checks.tools.pytest_failures import FILE, Failure, problem, unread, verdict

_WRAPPED = re.compile(r'^failed on (?:setup|teardown) with "(?P<message>.*?)"?$', re.DOTALL)
_STATES = {"failure": "failed", "error": "error", "skipped": "skipped", "passed": "passed"}


def read_xml(output: Output) -> Outcome:
    documents = [text for name, text in output.run.artefacts.items() if name.endswith(".xml")]
    found = [case for document in documents for case in cases(document) or ()]
    if output.run.trouble or not documents or (not found and output.run.exit_code not in {0, 5}):
        return unread(output)
    tests = {_id(case, output) or case.name: _STATES[case.kind] for case in found}
    problems = [problem(_failure(case, output), output) for case in found if case.kind in {"failure", "error"}]
    return verdict(problems, tests, output)


def _failure(case: Case, output: Output) -> Failure:
    lines = case.text.splitlines()
    message = case.message
    if wrapped := _WRAPPED.match(message):
        message = wrapped["message"]
    if message == "collection failure" or FILE.match(message):
        message = error_in(lines) or message
    line = None if case.line is None else case.line + 1
    return Failure(_id(case, output), message, frames_in(lines), case.text, file=case.file, line=line)


def _id(case: Case, output: Output) -> str | None:
    """The id pytest itself gives the test; None for a module that could not be collected."""
    if not case.classname:
        return None
    parts = case.classname.split(".")
    file = case.file
    if not file:
        candidates = ["/".join(parts[:count]) + ".py" for count in range(len(parts), 0, -1)]
        file = next((path for path in candidates if output.texts(path) is not None), candidates[0])
    module = len(file.removesuffix(".py").split("/"))
    return "::".join((file, *parts[module:], case.name))

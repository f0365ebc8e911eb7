"""JUnit XML, as far as tools agree on it: the cases that did not pass, and how many did.

It comes from an untrusted run: its size is bounded, and a document with entities of its own is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from pointsman.checks.failures import Failure, expectation, failed, gtest
from pointsman.checks.frames import spoken_exception
from pointsman.checks.items import located
from pointsman.checks.tool import Output
from pointsman.terms import Problem

SIZE_LIMIT = 32 << 20
CASE_LIMIT = 50_000
_KINDS = {"failure": "failed", "error": "error", "skipped": "skipped", "passed": "passed"}
STATES = {"pending": "skipped", "todo": "skipped", "disabled": "skipped", "passed": "passed", "failed": "failed"}
"""The words of other reports for how a test went."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a test tool's report says. `tests` maps each test to how it went."""

    problems: tuple[Problem, ...]
    tests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """`kind` is "passed", "failure", "error" or "skipped"; `line` as the tool wrote it, whatever it counts from."""

    classname: str
    name: str
    kind: str
    file: str = ""
    line: int | None = None
    message: str = ""
    text: str = ""
    type: str = ""
    printed: str = ""
    """What the test wrote, for tools that tell nothing else."""


def cases(document: str) -> list[Case] | None:
    """Every case of a document; None if it is not one. Some tools put cases outside of any suite."""
    root = parsed(document)
    if root is None:
        return None
    found = [case for element in list(root.iter("testcase"))[:CASE_LIMIT] for case in _read(element)]
    return found + [case for suite in root.iter("testsuite") for case in _own(suite)]


def parsed(document: str) -> ET.Element | None:
    """The root of a report; None for what is too big, has entities of its own, is cut off, or is something else."""
    if len(document) > SIZE_LIMIT or re.search(r"<!(DOCTYPE|ENTITY)", document[:4096]):
        return None
    try:
        root = ET.fromstring(document)  # noqa: S314 - bounded, and without entities
    except ET.ParseError:
        return None
    return root if root.tag in {"testsuites", "testsuite"} else None


def _own(suite: ET.Element) -> list[Case]:
    """What failed in a suite outside of its cases."""
    return [
        Case(
            "",
            suite.get("name", ""),
            child.tag,
            suite.get("file", ""),
            message=child.get("message", ""),
            text=child.text or "",
            type=child.get("type", ""),
        )
        for child in suite
        if child.tag in {"failure", "error"}
    ]


def documents(output: Output) -> list[str]:
    """The reports of a run: its XML artefacts, else what it printed."""
    texts = [text for text in output.run.artefacts.values() if "<testsuite" in text]
    if texts:
        return texts
    for stream in (output.run.stdout, output.run.stderr):
        start = re.search(r"<\?xml|<testsuites?[ >]", stream)
        end = max(stream.rfind("</testsuite>") + 12, stream.rfind("</testsuites>") + 13)
        if start and end > start.start():
            texts.append(stream[start.start() : end])
    return texts


def read(tool: str, output: Output) -> Report | None:
    """Problems and tests of a run; None if there is no report that can be read to its end."""
    read_ = [cases(text.encode("utf-8", "replace").decode()) for text in documents(output)]
    if not read_ or any(found is None for found in read_):
        return None
    found = [case for each in read_ for case in each or ()]
    tests = {name(case): _KINDS[case.kind] for case in found}
    problems = [
        problem for case in found if case.kind in {"failure", "error"} for problem in _problems(tool, case, output)
    ]
    return Report(tuple(dict.fromkeys(problems)), tests)


def name(case: Case) -> str:
    if not case.classname or case.name == case.classname or case.name.startswith(case.classname):
        return case.name
    return f"{case.classname}.{case.name}"


def _problems(tool: str, case: Case, output: Output) -> list[Problem]:
    test = name(case)
    if not case.text.strip() and (found := gtest(tool, test, case.printed, output)):
        return found
    if re.match(r"(\S.*:\d+|unknown file)\n", case.message):
        return [expectation(tool, test, case.message, output, case.file, case.line)]
    detail = case.text or ("" if case.message else case.printed)
    message = case.message or _first(detail, case)
    if not case.message and detail.lstrip().startswith(("(in test file", "(from function")):
        message = f"{case.name}: {_first(detail.partition(')')[2], case)}"
    kind = case.type if spoken_exception(f"{case.type}: x") else ""
    if kind and not message.startswith(kind) and not spoken_exception(message):
        message = f"{kind}: {message}"
    file = case.file or next((word for word in (case.classname, case.name) if "/" in word or "." in word), "")
    known = file if file and located_file(output, file) else ""
    return [failed(tool, Failure(test, message or test, detail, file=known, line=case.line), output)]


def located_file(output: Output, file: str) -> bool:
    path = located(output, file)
    return path is not None and output.texts(path) is not None


def _first(text: str, case: Case) -> str:
    """The first line that is not the test's own name, which some tools put there."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if not (case.name in line and "::" in line)), "")


def _read(element: ET.Element) -> list[Case]:
    """One case an entry; a test that fails and then fails to tear down has two."""
    line = element.get("line", "")
    printed = "".join(child.text or "" for child in element if child.tag in {"system-out", "system-err"})
    common = {
        "classname": element.get("classname", ""),
        "name": element.get("name", ""),
        "file": element.get("file", ""),
        "line": int(line) if line.isdecimal() else None,
    }
    todo = any(child.tag == "skipped" and child.get("type") == "todo" for child in element)
    found = [
        Case(
            **common,  # type: ignore[arg-type]
            kind="skipped" if todo else child.tag,
            message=child.get("message", ""),
            text=child.text or "",
            type=child.get("type", ""),
            printed=printed,
        )
        for child in element
        if child.tag in {"failure", "error", "skipped"}
    ]
    return found or [Case(**common, kind="passed")]  # type: ignore[arg-type]

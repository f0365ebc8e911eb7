"""Read a tool's output: the outcome, and the problems as Pointsman writes them.

A tool that is not known, or that has no such format, is read by the format's name, and where that is not known either,
by what the output looks like.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pointsman.checks import dialects
from pointsman.checks.matchers import Matcher
from pointsman.checks.outcomes import USUAL
from pointsman.checks.readers import SHARED, Reader, text, tool
from pointsman.checks.tool import Outcome, Output, Texts, plain
from pointsman.checks.tools import TOOLS
from pointsman.terms import Problem, Run, Verdict

_ALIASES = {
    "unittest-xml-reporting": "unittest",
    "basedpyright": "pyright",
    "ruff format": "ruff",
    "surefire": "maven",
    "mvn": "maven",
    "gtest": "googletest",
    "rustfmt": "cargo fmt",
    "clippy": "cargo clippy",
    "g++": "gcc",
    "clang++": "clang",
    "sh": "bash",
}
_SIGNS: tuple[tuple[str, str], ...] = (
    (r"<testsuites?[ >]", "junit-xml"),
    (r"<checkstyle[ >]", "checkstyle-xml"),
    (r"<results version=", "cppcheck-xml"),
    (r"^##teamcity\[", "teamcity"),
    (r"^TAP version \d+|^1\.\.\d+\s*$", "tap"),
    (r'^\s*\{[\s\S]*"runs"\s*:\s*\[[\s\S]*"results"', "sarif"),
    (r'^\{"reason":|"\$message_type"', "cargo-json"),
    (r'"testResults"\s*:', "jest-json"),
    (r'"examples"\s*:\s*\[[\s\S]*"summary_line"', "rspec-json"),
    (r'"Action"\s*:\s*"', "go-test-json"),
)


def parse(
    tool: str,
    run: Run,
    root: str,
    files: Texts,
    format: str = "",  # noqa: A002 - the word of the command line
) -> tuple[Verdict, tuple[Problem, ...]]:
    """Outcome and problems of one run. `files` gives the texts the tool saw; `format` empty means the tool's own."""
    outcome = read(tool, Output(run, root, files), format)
    return outcome.verdict, outcome.problems


def read(name: str, output: Output, format: str = "") -> Outcome:  # noqa: A002 - as above
    """All a run says, with the state of each test."""
    output = _plain(output)
    known = _known(name)
    formats = TOOLS[known].formats if known else {}
    wanted = format or next(iter(formats), "")
    label = known or name
    if wanted in formats:
        outcome = formats[wanted](output)
        if wanted != "text" or outcome.verdict is not Verdict.DID_NOT_RUN or output.run.trouble:
            return outcome
        form = _looks_like(output)  # some change their format where nobody watches
        return _by(label, form, SHARED[form], output) if form else outcome
    if wanted in SHARED:
        return _by(label, wanted, SHARED[wanted], output)
    if other := next((tool for tool in TOOLS.values() if wanted != "text" and wanted in tool.formats), None):
        return other.formats[wanted](output)
    form = _looks_like(output)
    if form:
        return _by(label, form, SHARED[form], output)
    own = [formats[form](output) for form in sorted(formats, key=lambda form: form == "text")]
    usual = own[-1] if own else _by(label, "text", text(*dialects.ANY), output)
    return next((each for each in own if each.verdict is Verdict.FAILED), usual)


def by_matchers(name: str, matchers: Sequence[Matcher], output: Output) -> Outcome:
    """As the user says that it is to be read."""
    return _by(name, "text", text(*matchers), _plain(output))


def _plain(output: Output) -> Output:
    """The same without colours and what was overwritten: some tools write for a terminal wherever they are."""
    run = output.run
    return replace(output, run=replace(run, stdout=plain(run.stdout), stderr=plain(run.stderr)))


def _by(name: str, form: str, reader: Reader, output: Output) -> Outcome:
    return tool(name, {form: reader}, USUAL).formats[form](output)


def _known(name: str) -> str | None:
    """`maven+surefire` is maven with a plugin, `/usr/bin/gcc-12` is gcc, `npx eslint` is eslint."""
    words = name.strip().lower().rpartition("/")[2]
    candidates = [words, *reversed(words.split("+")), *words.split("+"), " ".join(words.split()[:2]), *words.split()]
    candidates += [re.sub(r"[-.]?\d[\d.]*$", "", each) for each in candidates]
    return next((known for each in candidates if (known := _ALIASES.get(each, each)) in TOOLS), None)


def _looks_like(output: Output) -> str | None:
    texts = (*output.run.artefacts.values(), output.run.stdout, output.run.stderr)
    return next(
        (form for text_ in texts for sign, form in _SIGNS if re.search(sign, text_[:200_000], re.MULTILINE)), None
    )

"""Real outputs of real tools, each with what must be read from it. `UPDATE=1` writes what is read as expected."""

import dataclasses
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.checks.parse import parse
from pointsman.checks.tool import Output
from pointsman.checks.tools import TOOLS
from pointsman.terms import Command, Problem, Run, Verdict

CASES = sorted((Path(__file__).parents[2] / "cases" / "checks").glob("*.json"))


def run_of(case, **changes):
    values = {name: case[name] for name in ("exit_code", "stdout", "stderr", "artefacts")}
    return Run(Command(tuple(case["argv"]), case["root"]), seconds=0.0, **(values | changes))


def shown(problem: Problem) -> dict[str, object]:
    """Without the long texts, which the case has already, and without what is empty."""
    fields = dataclasses.asdict(problem)
    fields["related"] = [f"{place.path}:{place.line}" for place in problem.related]
    return {name: value for name, value in fields.items() if value and name not in {"detail", "tool"}}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path):
    case = json.loads(path.read_text("utf-8"))
    verdict, problems = parse(case["tool"], run_of(case), case["root"], case["files"].get, case["format"])
    found = {"outcome": verdict, "problems": [shown(problem) for problem in problems]}
    if os.environ.get("UPDATE"):
        path.write_text(json.dumps(case | found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    else:
        assert found == {"outcome": case["outcome"], "problems": case["problems"]}


def test_the_formats_of_a_tool_agree():
    """The same project, read from lines, XML and text, has the same failing tests in the same places."""
    read = {}
    for name in ("pytest-lines", "pytest-lines-xdist", "pytest-xunit1", "pytest-text-long"):
        case = json.loads(next(path for path in CASES if path.stem == name).read_text("utf-8"))
        _, problems = parse(case["tool"], run_of(case), case["root"], case["files"].get, case["format"])
        read[name] = {(problem.test, problem.path) for problem in problems}
    first = read.pop("pytest-lines")
    assert all(other == first for other in read.values())


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("trouble", ["x is not installed", "timed out after 5 s"])
def test_trouble_is_never_clean(tool, trouble):
    for form in TOOLS[tool].formats:
        run = Run(Command((tool,), "/project"), None, "", "", 0.0, trouble)
        verdict, problems = parse(tool, run, "/project", lambda _: None, form)
        assert (verdict, problems) == (Verdict.DID_NOT_RUN, ())


@pytest.mark.parametrize(
    "said",
    ["sh: 1: vitest: not found", "/bin/sh: line 1: vitest: command not found", "bash: vitest: command not found"],
)
def test_what_a_shell_did_not_find_is_what_is_missing(said):
    run = Run(Command(("npm", "test"), "/project"), 127, "", f"{said}\n", 0.0)
    outcome = TOOLS["npm"].formats["text"](Output(run, "/project", lambda _: None))
    assert (outcome.verdict, outcome.summary) == (Verdict.DID_NOT_RUN, "vitest is not installed")


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        (
            "cargo test",
            "error: no matching package named `serde` found\nAs a reminder, you're using offline mode (--offline)",
        ),
        ("go test", "go: example.com/pack@v1.2.3: module lookup disabled by GOPROXY=off"),
        ("maven", "[ERROR] Cannot access central (https://repo.maven.apache.org) in offline mode"),
        ("gradle", "> No cached version of junit:junit:4.13 available for offline mode."),
    ],
)
def test_what_is_not_fetched_yet_is_told_with_the_way_out(tool, said):
    run = Run(Command((tool,), "/project"), 1, "", f"{said}\n", 0.0)
    outcome = next(iter(TOOLS[tool].formats.values()))(Output(run, "/project", lambda _: None))
    assert outcome.verdict is not Verdict.PASSED
    assert outcome.summary.endswith(": fetch the project's dependencies first, since checks have no network")


@given(st.text(), st.text(), st.sampled_from([1, 2, 3, 4, 5, 101, 127, -9, -11]), st.sampled_from(list(TOOLS)))
def test_whatever_a_tool_writes_a_failing_exit_is_never_a_pass(stdout, stderr, code, tool):
    for form in TOOLS[tool].formats:
        for artefacts in ({}, {"pytest.jsonl": stdout, "report.xml": stderr}):
            run = Run(Command((tool,), "/project"), code, stdout, stderr, 0.0, artefacts=artefacts)
            verdict, _ = parse(tool, run, "/project", lambda _: None, form)
            assert verdict is not Verdict.PASSED


def test_a_cut_output_is_never_a_pass():
    for path in CASES:
        case = json.loads(path.read_text("utf-8"))
        if case["exit_code"] == 0:
            continue
        half = {name: text[: len(text) // 2] for name, text in case["artefacts"].items()}
        run = run_of(case, stdout=case["stdout"][: len(case["stdout"]) // 2], artefacts=half)
        verdict, _ = parse(case["tool"], run, case["root"], case["files"].get, case["format"])
        assert verdict is not Verdict.PASSED


def test_line_ends_of_windows_change_nothing():
    for path in CASES:
        case = json.loads(path.read_text("utf-8"))
        crlf = {name: case[name].replace("\n", "\r\n") for name in ("stdout", "stderr")}
        usual = parse(case["tool"], run_of(case), case["root"], case["files"].get, case["format"])
        other = parse(case["tool"], run_of(case, **crlf), case["root"], case["files"].get, case["format"])
        assert [shown(problem) for problem in other[1]] == [shown(problem) for problem in usual[1]]


def test_a_tool_that_is_not_known_is_read_by_the_format_or_by_its_looks():
    texts = {"a/main.c": "int x;\n"}
    run = Run(Command(("x",), "/project"), 1, "a/main.c:1:5: error: no [-Wno]\n", "", 0.0)
    for form in ("", "text", "no-such-format"):
        verdict, problems = parse("x", run, "/project", texts.get, form)
        assert verdict is Verdict.FAILED
        assert [(p.path, p.line, p.column, p.code, p.message) for p in problems] == [("a/main.c", 1, 5, "-Wno", "no")]
    tap = Run(Command(("x",), "/project"), 1, "1..1\nnot ok 1 - adds\n", "", 0.0)
    assert [p.message for p in parse("x", tap, "/project", texts.get)[1]] == ["adds"]
    assert [p.message for p in parse("x", tap, "/project", texts.get, "tap")[1]] == ["adds"]


def test_every_problem_of_a_case_is_of_a_file_that_there_is():
    for path in CASES:
        case = json.loads(path.read_text("utf-8"))
        assert {problem.get("path") for problem in case["problems"]} - {None} <= case["files"].keys(), path.stem

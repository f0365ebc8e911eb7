"""TAP 13 and 14: nested subtests, YAML blocks, and the comments in which most producers say what is wrong.

A parent fails because its child does; only the innermost failures are told.
"""

import re
from dataclasses import dataclass, field, replace

from pointsman.checks.failures import Failure, failed
from pointsman.checks.frames import spoken_exception
from pointsman.checks.junit import Report, located_file
from pointsman.checks.sections import uncaught
from pointsman.checks.tool import Output, plain
from pointsman.terms import Problem

_POINT = re.compile(r"^(?P<indent>\s*)(?P<not>not )?ok\b(?: (?P<number>\d+))?(?: ?-)? ?(?P<rest>.*)$")
_TIME = re.compile(r"\s+# time=[\d.]+ *m?s\b")
_DIRECTIVE = re.compile(r"\s+#\s*(?P<word>skip|todo)\b.*$", re.IGNORECASE)
_PLAN = re.compile(r"^(?P<indent>\s*)1\.\.(?P<count>\d+)(?P<skip>\s+# ?skip.*)?", re.IGNORECASE)
_BAIL = re.compile(r"^\s*Bail out!\s*(?P<why>.*)$")
_YAML = re.compile(r"^\s*(?P<key>error|message|location|failureType|stack|code|name|file|line|at):(?: (?P<value>.*))?$")
_AT = re.compile(r"^\s*at (?P<path>\S.*?) line (?P<line>\d+)\.?$")
_BESIDE = re.compile(
    r"^#\s+Failed test(?: '(?P<name>.*)'\n#\s+)? ?at (?P<path>\S.*) line (?P<line>\d+)\.$", re.MULTILINE
)
"""Perl says where on the other stream."""
_NOT_LOADED = "test failed"
"""node's words for a file that ended before its tests; it says why in comments before the test point."""
_BASH = re.compile(r"^(?P<path>\S+): line (?P<line>\d+): ")
_NOISE = re.compile(
    r"^(?:Failed (?:\(TODO\) )?test\b|Looks like you|at \S.* line \d+|in test file|from function|got:|expected:|\(|---)"
)
_WORDED = re.compile(r"^(?:Failure|Error) message: (?:(?P<path>[^\s:]+):(?P<line>\d+): )?(?P<text>.*)$")


@dataclass(slots=True)
class _Point:
    name: str
    ok: bool
    skipped: bool
    indent: int
    before: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    failed_child: bool = False
    adopted: bool = False


def read(tool: str, output: Output) -> Report | None:
    """None if there is no test point and no plan."""
    text = next((text for text in (*output.run.artefacts.values(), output.run.stdout) if _seen(text)), output.text)
    points, bail, planned = _points(plain(text))
    if not points and planned is None and not bail:
        return None
    beside = [match.groupdict("") for match in _BESIDE.finditer(output.run.stderr)]
    bad = [point for point in points if not point.ok and not point.failed_child]
    found = [_problem(tool, point, output, beside) for point in bad]
    if bail:
        found.append(failed(tool, Failure(None, bail), output))
    top = [point for point in points if point.indent == min(each.indent for each in points)]
    if planned is not None and len(top) < planned and not bail:
        found.append(failed(tool, Failure(None, f"{planned} tests were planned, and {len(top)} came"), output))
    tests = {point.name: "skipped" if point.skipped else "passed" if point.ok else "failed" for point in points}
    return Report(tuple(dict.fromkeys(found)), tests)


def _seen(text: str) -> bool:
    return re.search(r"^\s*(?:not )?ok\b|^1\.\.\d+|^TAP version", text, re.MULTILINE) is not None


def _points(text: str) -> tuple[list[_Point], str, int | None]:
    points: list[_Point] = []
    around: list[_Point] = []
    comments: list[str] = []
    bail, planned = "", None
    for line in text.split("\n"):
        match, plan = _POINT.match(line), _PLAN.match(line)
        if match:
            point = _point(match)
            point.before, comments = comments, []
            _adopt(points, point)
            point.adopted = bool(around)
            for parent in around:
                parent.failed_child = parent.failed_child or not point.ok
            points.append(point)
            around += [point] if match["rest"].endswith(" {") else []
        elif line.strip() == "}" and around:
            around.pop()
        elif plan:
            planned = planned if plan["indent"] else int(plan["count"])
        elif stop := _BAIL.match(line):
            bail = stop["why"] or "Bail out!"
        elif not re.match(r"^\s*# Subtest", line):
            comments += [re.sub(r"^# ?", "", line)] if line.startswith("#") else []
            if points and not (line.startswith("#") and "  ..." in points[-1].body):
                points[-1].body.append(line)
    return points, bail, planned


def _point(match: re.Match[str]) -> _Point:
    rest = _TIME.sub("", match["rest"].removesuffix(" {"))
    directive = _DIRECTIVE.search(f" {rest}")
    name = _DIRECTIVE.sub("", f" {rest}").strip() if directive else rest.strip()
    word = directive["word"].lower() if directive else ""
    name = re.sub(r"\\(.)", r"\1", name)
    return _Point(name, not match["not"] or word in {"todo", "skip"}, word == "skip", len(match["indent"]))


def _adopt(points: list[_Point], parent: _Point) -> None:
    """Nested points come before their parent, deeper indented; or after it, in braces."""
    for point in reversed(points):
        if point.indent <= parent.indent or point.adopted:
            return
        parent.failed_child = parent.failed_child or not point.ok


def _problem(tool: str, point: _Point, output: Output, beside: list[dict[str, str]]) -> Problem:
    lines = [re.sub(r"^\s*# ?", "", line) if line.lstrip().startswith("#") else line for line in point.body]
    fields = _yaml(lines)
    if fields.get("error") == _NOT_LOADED and (why := uncaught(tool, "\n".join(point.before), output)):
        return replace(why[0], test=point.name, message=f"{_NOT_LOADED}: {why[0].message}")
    file, line, column = _place(fields, lines)
    told = next((each for each in beside if each["name"] == point.name), None)
    if told and not file:
        beside.remove(told)
        file, line = told["path"], int(told["line"])
    said = fields.get("error") or fields.get("message") or _comment(lines)
    kind = fields.get("name", "")
    if kind and kind != "Error" and spoken_exception(f"{kind}: x") and not said.startswith(kind):
        said = f"{kind}: {said}"
    name = point.name or "the test failed"
    message = f"{name}: {said}" if said and said not in name else name
    code = (
        fields.get("code")
        if fields.get("code", "").startswith("ERR_") and fields["code"] != "ERR_TEST_FAILURE"
        else None
    )
    detail = "\n".join(lines).strip("\n")
    file = file or (point.name if located_file(output, point.name) else "")  # the suite itself
    return failed(tool, Failure(point.name, message, detail, code, file, line, column), output)


def _yaml(lines: list[str]) -> dict[str, str]:
    """The few flat fields that matter, of a block between `---` and `...`; a text of several lines gives its first."""
    found: dict[str, str] = {}
    inside = False
    for number, line in enumerate(lines):
        if line.strip() == "---":
            inside = True
        elif line.strip() == "...":
            break
        elif inside and (match := _YAML.match(line)):
            value = (match["value"] or "").strip()
            if value.startswith(("|", ">")):
                block = [each.strip() for each in lines[number + 1 :] if each.strip()]
                value = next((each for each in block if not _NOISE.match(each)), block[0] if block else "")
            found.setdefault(match["key"], _unquoted(value))
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"').replace("\\n", "\n").partition("\n")[0]
    return value


def _place(fields: dict[str, str], lines: list[str]) -> tuple[str, int | None, int | None]:
    if match := re.match(
        r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?$", fields.get("location") or fields.get("at", "")
    ):
        return match["path"], int(match["line"]), int(match["column"]) if match["column"] else None
    if fields.get("file"):
        return fields["file"], int(fields["line"]) if fields.get("line", "").isdecimal() else None, None
    for line in lines:
        if match := re.match(r"^(?P<path>\S+) @ (?P<line>\d+)$", line.strip()) or _AT.match(line) or _BASH.match(line):
            return match["path"], int(match["line"]), None
    return "", None, None


def _comment(lines: list[str]) -> str:
    """The first comment that says what is wrong, and not where."""
    for line in (line.strip() for line in lines):
        if match := _WORDED.match(line):
            return match["text"]
    spoken = [line.strip() for line in lines if line.strip()]
    quoted = next((line for line in spoken if line.startswith("`") and "failed" in line), "")
    return quoted or next(
        (line for line in spoken if not _NOISE.match(line) and not re.match(r"^\S+ @ \d+$", line)), ""
    )

"""Events of tasks, as `--json` and `pointsman/event` give them, as pieces for the screen."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pointsman.cli.pieces import BAD, DIM, GOOD, NOTE, Diff, Heading, Line, Piece, Status

Texts = Callable[[str, int | None], str]
"""The text that a document had in one of its versions."""
PROBLEMS = 5
"""Shown of one check: a broken function can fail a hundred tests."""
_STYLES = {"passed": GOOD, "failed": BAD}


def pieces(event: Mapping[str, Any], texts: Texts) -> Iterator[Piece]:
    """Nothing for events that say nothing new to a user."""
    if event["event"] == "checking":
        title = f"Reply {event['turn']} applies; in the shadow run: {', '.join(event['checks']) or 'no checks'}"
        yield Diff(title, candidate(event["candidate"], texts))
    elif handler := _EVENTS.get(event["event"]):
        yield from handler(event)


def _started(event: Mapping[str, Any]) -> Iterator[Piece]:
    yield Heading(event["title"])


def _routed(event: Mapping[str, Any]) -> Iterator[Piece]:
    why = event["why"].removesuffix(".")
    yield Line(f"Route {event['slot']}: {event['model']} of {event['provider']} ({why})", NOTE)


def _progress(event: Mapping[str, Any]) -> Iterator[Piece]:
    yield Status(event["message"])


def _rejected(event: Mapping[str, Any]) -> Iterator[Piece]:
    reject = event["reject"]
    again = "the same model is told so" if event["again"] else "there are no more turns"
    yield Line(f"Reply {event['turn']} is rejected ({reject['code']}), and {again}:", BAD)
    yield Line(reject["message"].partition("\n\n")[0], DIM, depth=1)


def _checked(event: Mapping[str, Any]) -> Iterator[Piece]:
    report = event["report"]
    verdict = report["verdict"].replace("_", " ").capitalize()
    where = f" in a shadow of the project ({report['shadow']})" if report["shadow"] else ""
    again = "; what is new goes back to the same model" if event["again"] else ""
    yield Line(f"{verdict}{where}{again}", _STYLES.get(report["verdict"], NOTE))
    for result in report["results"]:
        style = _STYLES.get(result["verdict"], NOTE)
        yield Line(f"{result['check']}: {result['summary'] or result['verdict']}", style, depth=1)
        for problem in result["problems"][:PROBLEMS]:
            yield from _problem(problem)
        if (more := len(result["problems"]) - PROBLEMS) > 0:
            yield Line(f"... and {more} more", DIM, depth=2)
    yield from (Line(note, DIM, depth=1) for note in report["notes"])


def _problem(problem: Mapping[str, Any]) -> Iterator[Piece]:
    place = ":".join(str(problem[key]) for key in ("path", "line") if problem[key])
    yield Line(f"{place}  {problem['test'] or ''}  {problem['message']}", DIM, depth=2)
    if problem["source_line"]:
        yield Line(problem["source_line"].strip(), DIM, depth=3)


def _verified(event: Mapping[str, Any]) -> Iterator[Piece]:
    yield Line(f"Verified by {event['receipt']['checks']}", GOOD)


def _unverified(event: Mapping[str, Any]) -> Iterator[Piece]:
    yield Line(f"Not verified: {event['reason']}", BAD)


def _nofix(event: Mapping[str, Any]) -> Iterator[Piece]:
    yield Line(event["reason"], BAD)


def _failed(event: Mapping[str, Any]) -> Iterator[Piece]:
    yield Line(event["message"], BAD)


def _applied(event: Mapping[str, Any]) -> Iterator[Piece]:
    yield Diff("In the editor, and read back", event["diff"], main=True)


def _proposed(event: Mapping[str, Any]) -> Iterator[Piece]:
    yield Diff(f"Kept as a proposal: {event['reason']}", event["diff"], main=True)


def candidate(candidate: Mapping[str, Any], texts: Texts) -> str:
    """The lines a candidate takes out and puts in: its new texts against the documents they are for."""
    parts: list[str] = []
    for change in candidate["changes"]:
        before = texts(change["before"]["uri"], change["before"]["version"]) if change["before"] else ""
        rows = difflib.unified_diff(before.split("\n"), (change["after"] or "").split("\n"), n=0, lineterm="")
        parts += [change["path"], *(row for row in rows if not row.startswith(("---", "+++", "@@")))]
    return "\n".join(parts)


_EVENTS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Piece]]] = {
    "started": _started,
    "routed": _routed,
    "progress": _progress,
    "rejected": _rejected,
    "checked": _checked,
    "verified": _verified,
    "unverified": _unverified,
    "no-fix": _nofix,
    "failed": _failed,
    "applied": _applied,
    "proposed": _proposed,
}

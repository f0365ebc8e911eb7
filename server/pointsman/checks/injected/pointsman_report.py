"""A pytest plugin that writes what happens, as it happens, one JSON object a line.

It is put on the import path of the project's own Python, whatever version that is, so it uses pytest and the standard
library only. Each line is written at once: a run that is killed, or aborts, still tells how far it came.
"""

import json
import os
from typing import Any, Dict, List

import pytest

VARIABLE = "POINTSMAN_REPORT"
MESSAGE_LIMIT = 4000
DETAIL_LIMIT = 20000
FRAME_LIMIT = 60
CHAIN_LIMIT = 8


class Reporter:
    def __init__(self, path: str) -> None:
        self.descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, event: str, **values: Any) -> None:
        line = json.dumps(dict(values, event=event), ensure_ascii=False) + "\n"
        os.write(self.descriptor, line.encode("utf-8", "backslashreplace"))

    def pytest_sessionstart(self, session: Any) -> None:
        self.write("start", version=pytest.__version__, root=str(session.config.rootdir))

    def pytest_collection_finish(self, session: Any) -> None:
        self.write("collected", count=len(getattr(session, "items", ())))

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        self.write("running", test=nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" or not report.passed:
            self.write("test", test=report.nodeid, **_told(report))
        elif report.when == "teardown":
            self.write("finished", test=report.nodeid)

    def pytest_collectreport(self, report: Any) -> None:
        if not report.passed:
            self.write("collect", test=report.nodeid, **_told(report))

    def pytest_internalerror(self, excrepr: Any) -> None:
        self.write("internal", detail=str(excrepr)[:DETAIL_LIMIT])

    def pytest_sessionfinish(self, session: Any, exitstatus: int) -> None:
        self.write("end", exit=int(exitstatus))


def _told(report: Any) -> Dict[str, Any]:
    location = getattr(report, "location", None) or (None, None, None)
    return {
        "when": report.when if hasattr(report, "when") else "collect",
        "outcome": report.outcome,
        "xfail": hasattr(report, "wasxfail"),
        "file": location[0],
        "line": None if location[1] is None else location[1] + 1,
        "seconds": round(getattr(report, "duration", 0.0), 4),
        "detail": _text(report),
        "error": getattr(report, "pointsman_error", None),
    }


def _text(report: Any) -> str:
    if report.outcome != "failed":
        return ""
    try:
        return str(report.longreprtext)[:DETAIL_LIMIT]
    except Exception:  # the representation of the user's objects is the user's code
        return ""


def _error(info: Any) -> Dict[str, Any]:
    """What was raised and where; attached to the report, which travels from worker to controller as it is."""
    chain: List[Any] = []
    seen = set()
    error = info.value
    while error is not None and id(error) not in seen and len(chain) < CHAIN_LIMIT:
        seen.add(id(error))
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames: List[List[Any]] = []
    for link in reversed(chain[1:]):
        frames.extend(_frames_of(link.__traceback__))
    own = [[str(entry.path), entry.lineno + 1] for entry in info.traceback if not _hidden(entry, info)]
    return {
        "type": type(info.value).__name__,
        "message": info.exconly()[:MESSAGE_LIMIT],
        "frames": (frames + own)[-FRAME_LIMIT:],
    }


def _hidden(entry: Any, info: Any) -> bool:
    try:
        return bool(entry.ishidden(info))
    except TypeError:  # before pytest 7 it took nothing
        return bool(entry.ishidden())


def _frames_of(traceback: Any) -> List[List[Any]]:
    found: List[List[Any]] = []
    while traceback is not None and len(found) < FRAME_LIMIT:
        found.append([traceback.tb_frame.f_code.co_filename, traceback.tb_lineno])
        traceback = traceback.tb_next
    return found


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Any:
    outcome = yield
    if call.excinfo is not None:
        try:
            outcome.get_result().pointsman_error = _error(call.excinfo)
        except Exception:  # reporting must never change a verdict
            return


def pytest_configure(config: Any) -> None:
    path = os.environ.get(VARIABLE)
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Reporter(path), "pointsman-reporter")

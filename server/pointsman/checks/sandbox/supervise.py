"""Run one command to its end, or to its limit, and leave nothing of it behind."""

import contextlib
import os
import resource
import signal
import time

from pointsman.checks.sandbox.memory import Watch

GRACE = 2.0
"""Seconds between the polite signal and the last one: time for a test tool to write down where it hangs."""


class Ended:
    """How it ended: an exit code (negative for a signal), or the trouble that kept it from one."""

    def __init__(self, code: int | None, trouble: str = "") -> None:
        self.code = code
        self.trouble = trouble


def run(argv: list[str], cwd: str, env: dict[str, str], timeout: float, memory: Watch) -> Ended:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _become(argv, cwd, env, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        failure = pipe.read().decode()  # ends with the exec, which closes the other side
    status = _wait(child, timeout, memory)
    if failure:
        return Ended(None, failure)
    if status is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)
        if _wait(child, GRACE) is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return Ended(None, str(memory) if memory.exceeded else f"timed out after {timeout:g} s")
    return Ended(os.waitstatus_to_exitcode(status))


def kill_children() -> None:
    """End whatever is left of a run: all of it was adopted by this process. Bounded, for the case of a fork bomb."""
    for _ in range(200):
        for child in _children():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)


def _children() -> list[int]:
    me = os.getpid()
    with contextlib.suppress(OSError), open(f"/proc/{me}/task/{me}/children", encoding="ascii") as names:
        return [int(name) for name in names.read().split()]
    return []


def _become(argv: list[str], cwd: str, env: dict[str, str], complaint: int) -> None:
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a test that aborts should not fill the disk
        os.chdir(cwd)
        os.execvpe(argv[0], argv, env)  # noqa: S606 - that is what it is for
    except OSError as error:
        # Of a bare name that is on no path, the last folder looked at decides what the error is called.
        missing = os.path.isdir(cwd) and ("/" not in argv[0] or isinstance(error, FileNotFoundError))
        text = f"{argv[0]} is not installed" if missing else f"{argv[0]} cannot be started: {error.strerror}"
        os.write(complaint, text.encode())
    finally:
        os._exit(127)


def _wait(child: int, seconds: float, memory: Watch | None = None) -> int | None:
    """The wait status of `child`, or None if it still runs, or uses too much. Orphans that end meanwhile are buried."""
    deadline = time.monotonic() + seconds
    pause = 0.001
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return 0
        if pid == child:
            return status
        if pid:
            continue
        left = deadline - time.monotonic()
        if left <= 0 or (memory and memory.look()):
            return None
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, 0.02)

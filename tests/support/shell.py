"""The `pointsman` command as a user runs it: a process of its own, with or without a terminal."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)
"""Makes the terminal the process's own, so that what is typed there can interrupt it."""
PATIENCE = 120.0
"""Seconds until a command is given up; never a measure of anything."""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


async def start(*args: str, cwd: Path, **environment: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pointsman.cli.main", *args),
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
    )


async def ended(process: asyncio.subprocess.Process) -> Done:
    try:
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    except TimeoutError:
        process.kill()
        raise
    return Done(process.returncode, out.decode(), err.decode())


async def pointsman(*args: str, cwd: Path, **environment: str) -> Done:
    return await ended(await start(*args, cwd=cwd, **environment))


async def at_terminal(*args: str, cwd: Path, answers: Mapping[str, str]) -> Done:
    """With a terminal for questions, and standard output in a pipe; each question is answered when it is asked."""
    ours, theirs = os.openpty()

    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", TAKE_TERMINAL, sys.executable, "-m", "pointsman.cli.main", *args),
            cwd=cwd,
            stdin=theirs,
            stdout=asyncio.subprocess.PIPE,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        talking = asyncio.create_task(_talk(ours, dict(answers)))
        out, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        return Done(process.returncode, out.decode(), await talking)
    finally:
        os.close(ours)


async def _talk(terminal: int, answers: dict[str, str]) -> str:
    """Answer what is asked; all that was shown."""
    shown = ""
    with contextlib.suppress(OSError):  # how a terminal tells that nobody is on the other side any more
        while data := await asyncio.to_thread(os.read, terminal, 1 << 16):
            shown += data.decode("utf-8", "replace")
            for question in [question for question in answers if question in shown]:
                await asyncio.sleep(0.1)  # a person reads first
                answer = answers.pop(question)
                os.write(terminal, (answer if answer == "\x03" else f"{answer}\n").encode())
    return shown

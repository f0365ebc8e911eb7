"""The `pointsman` command as a user runs it: a process of its own, with or without a terminal."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

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

"""Start the sandbox's helper for one command, and read how it ended."""

import asyncio
import base64
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from pointsman.checks.process import Finished, Launch, execute
from pointsman.checks.sandbox.spec import Ended, Spec
from pointsman.errors import CheckError
from pointsman.terms import Command, Run

SLACK = 20.0
"""Seconds past a command's own limit, which the helper keeps: setting up a large copy's layer, and ending."""
PACKAGES = str(Path(__file__).resolve().parents[3])
_PROGRAM = (
    "import sys; sys.path.append(sys.argv.pop(1)); from pointsman.checks.sandbox.helper import main; sys.exit(main())"
)

Layer = Mapping[str, bytes | None]
"""Files to lay over the project's, by workspace path; None for a file that is not there."""


class NoWorld(CheckError):
    """The private world could not be made; nothing ran."""


def encode(layer: Layer) -> dict[str, str | None]:
    return {path: None if data is None else base64.b64encode(data).decode() for path, data in layer.items()}


async def enter(spec: Spec, command: Command, wrap: Sequence[str] = ()) -> Run:
    """Run the command as `spec` says. Raises NoWorld where its world cannot be made.

    `wrap` is a program with its arguments that makes the world itself, and starts the helper in it.
    """
    text = json.dumps(spec).encode()
    started = time.monotonic()
    reading, writing = os.pipe()
    answer = asyncio.create_task(_read_all(reading))
    try:
        launch = Launch(
            argv=(*wrap, sys.executable, "-I", "-S", "-c", _PROGRAM, PACKAGES, str(writing)),
            cwd="/",
            env=spec["env"],
            timeout=command.timeout + SLACK,
            output_limit=command.output_limit,
            feed=b"%012d%s" % (len(text), text),
            pass_fds=(writing,),
        )
        done = await execute(launch)
    except BaseException:
        answer.cancel()
        raise
    finally:
        os.close(writing)
    ended = _decode(await answer)
    if wrap and not ended and (said := done.stderr.strip()).startswith(f"{Path(wrap[0]).name}: "):
        raise NoWorld(f"No private world: {said[-500:]}.")
    return _as_run(command, done, ended, time.monotonic() - started)


def _as_run(command: Command, done: Finished, ended: Ended, seconds: float) -> Run:
    if "setup" in ended:
        raise NoWorld(f"No private world: {ended['setup']}.")
    trouble = ended.get("trouble", "")
    if "exit" not in ended:
        detail = "it did not end in time" if done.timed_out else done.stderr.strip()[-500:] or "it was killed"
        trouble = f"the shadow broke down: {detail}"
    return Run(
        command, ended.get("exit"), done.stdout, done.stderr, seconds, trouble, artefacts=ended.get("artefacts", {})
    )


async def _read_all(descriptor: int) -> bytes:
    reader = asyncio.StreamReader(limit=1 << 20)
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    try:
        return await reader.read()
    finally:
        transport.close()


def _decode(answer: bytes) -> Ended:
    """Checks share the helper's user and could write here, so what is no answer counts as none."""
    try:
        message = json.loads(answer)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}  # type: ignore[return-value]

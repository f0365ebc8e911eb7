"""The Runner for commands that need no shadow: they read, or they are our own probes."""

import time
from dataclasses import replace
from tempfile import TemporaryDirectory
from uuid import uuid4

from pointsman.checks import environment
from pointsman.checks.process import Launch, execute
from pointsman.checks.sandbox import artefacts
from pointsman.terms import Command, Run

_MARK = "POINTSMAN_RUN"


class Processes:
    """Runs commands where they are, in the cleaned environment."""

    async def run(self, command: Command) -> Run:
        mark = uuid4().hex
        with TemporaryDirectory(prefix="pointsman-", ignore_cleanup_errors=True) as folder:
            placed = place_artefacts(command, folder)
            env = environment.clean(extra={**placed.env, _MARK: mark})
            launch = Launch(placed.argv, placed.cwd, env, placed.timeout, placed.output_limit, mark=f"{_MARK}={mark}")
            started = time.monotonic()
            try:
                done = await execute(launch)
            except OSError as error:
                return Run(command, None, "", "", 0.0, trouble=start_trouble(command, error))
            trouble = f"timed out after {command.timeout:g} s" if done.timed_out else ""
            files = artefacts.left_in(folder)
        return Run(command, done.exit_code, done.stdout, done.stderr, time.monotonic() - started, trouble, files)


def place_artefacts(command: Command, folder: str) -> Command:
    return replace(
        command,
        argv=tuple(word.replace(environment.ARTEFACTS, folder) for word in command.argv),
        env={name: value.replace(environment.ARTEFACTS, folder) for name, value in command.env.items()},
    )


def start_trouble(command: Command, error: OSError) -> str:
    # Of a bare name that is on no path, the last folder looked at decides what the error is called.
    bare = "/" not in command.argv[0]
    if error.filename != command.cwd and (bare or isinstance(error, FileNotFoundError)):
        return f"{command.argv[0]} is not installed"
    return f"{command.argv[0]} cannot be started: {error.strerror}"

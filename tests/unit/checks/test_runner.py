"""Processes: bounded in time and output, and never survived by their children."""

import asyncio
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.checks import environment
from pointsman.checks.process import HeadTail
from pointsman.checks.runner import Processes
from pointsman.terms import Command
from support.projects import running

ME = f".{os.getpid()}"
"""Makes the processes of this run known from others of the same test."""


def sh(tmp_path, script, **options):
    return Command(("/bin/sh", "-c", script), str(tmp_path), **options)


async def test_a_run(tmp_path):
    run = await Processes().run(
        sh(tmp_path, 'pwd; echo e >&2; cat; echo "$X" > "$OUT/a"; exit 4', env={"X": "1", "OUT": "{artefacts}"})
    )
    assert (run.exit_code, run.stdout, run.stderr, run.artefacts) == (4, f"{tmp_path}\n", "e\n", {"a": "1\n"})


async def test_what_cannot_start(tmp_path):
    run = await Processes().run(Command(("no-such-tool",), str(tmp_path)))
    assert run.trouble == "no-such-tool is not installed"
    run = await Processes().run(Command(("/bin/sh",), str(tmp_path / "gone")))
    assert "cannot be started" in run.trouble


async def test_a_limit_of_time(tmp_path):
    run = await Processes().run(sh(tmp_path, f"echo begun; (setsid sleep 3701{ME} &); sleep 3701{ME}", timeout=0.4))
    assert (run.exit_code, run.stdout, run.trouble) == (None, "begun\n", "timed out after 0.4 s")
    assert not running("sleep", f"3701{ME}")


async def test_a_daemon_that_holds_the_output_does_not_hold_us(tmp_path):
    run = await Processes().run(sh(tmp_path, f"setsid sleep 3702{ME} & echo end"))
    assert run.stdout == "end\n"
    assert not running("sleep", f"3702{ME}")


async def test_cancelling(tmp_path):
    marker = f"3703{ME}"
    task = asyncio.create_task(Processes().run(sh(tmp_path, f"(setsid sleep {marker} &); sleep {marker}")))
    for _ in range(500):
        if running("sleep", marker):
            break
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not running("sleep", marker)


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13, 40])
async def test_cancelling_while_it_starts(tmp_path, turns):
    marker = f"3704{ME}"
    task = asyncio.create_task(Processes().run(sh(tmp_path, f"(setsid sleep {marker} &); sleep {marker} & wait")))
    for _ in range(turns):
        await asyncio.sleep(0.0005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not running("sleep", marker)


async def test_output_that_is_no_text(tmp_path):
    program = "import sys; sys.stdout.buffer.write(b'a\\xff\\n')"
    run = await Processes().run(Command((sys.executable, "-c", program), str(tmp_path)))
    assert run.stdout == "a\ufffd\n"


@given(st.lists(st.binary(max_size=40), max_size=40), st.integers(2, 200))
def test_head_and_tail(chunks, limit):
    whole = b"".join(chunks)
    kept = HeadTail(limit)
    for chunk in chunks:
        kept.add(chunk)
    half = limit // 2
    left_out = max(0, len(whole) - 2 * half)
    assert ("bytes left out" in kept.text) == bool(left_out)
    if not left_out:
        assert kept.text == whole[:half].decode("utf-8", "replace") + whole[half:].decode("utf-8", "replace")
    assert kept.tail_size <= half + max(map(len, chunks), default=0)


@pytest.mark.parametrize(
    "name",
    [
        "GITHUB_TOKEN",
        "aws_secret_access_key",
        "OPENAI_API_KEY",
        "SSH_AUTH_SOCK",
        "DBUS_SESSION_BUS_ADDRESS",
        "DOCKER_HOST",
        "PGPASSWORD",
    ],
)
def test_secrets_stay_out(name):
    assert name not in environment.clean({name: "x"})
    assert name not in environment.clean({}, {name: "x"})


def test_fixed_values_win_over_the_users():
    assert environment.clean({"TERM": "xterm", "NO_COLOR": "", "PATH": "/bin"})["TERM"] == "dumb"
    assert environment.clean({"PATH": "/bin"})["PATH"] == "/bin"


def test_a_check_loads_the_plugins_of_pytest_that_its_user_loads():
    chosen = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "shop.fixtures"}
    assert chosen.items() <= environment.clean(chosen).items()

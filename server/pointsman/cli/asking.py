"""Questions on a terminal, asked beside a running event loop: an interrupt still ends everything at once."""

import asyncio
import os
import sys
from threading import Thread

import click

LIMIT = 20_000


def can_ask() -> bool:
    """Whether there is somebody to ask: answers come from standard input, questions go to standard error."""
    return sys.stdin.isatty() and sys.stderr.isatty()


async def ask(question: str) -> str:
    """The line that was typed; empty for none, or the input's end."""
    click.echo(f"{question} ", nl=False, err=True)
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()

    def deliver(line: str) -> None:
        if not answer.done():
            answer.set_result(line)

    def read() -> None:
        # Not sys.stdin: its lock, held by a thread that waits, would block the interpreter's end.
        line = os.read(sys.stdin.fileno(), LIMIT).decode("utf-8", "replace").strip()
        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver, line)

    Thread(target=read, daemon=True).start()
    return await answer


async def agree(question: str) -> bool:
    return (await ask(f"{question} [y/N]")).casefold() in {"y", "yes"}

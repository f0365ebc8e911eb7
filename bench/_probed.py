"""`pointsman serve` with its event loop watched: python bench/_probed.py FILE serve ...

A coroutine sleeps for a millisecond again and again. Into FILE goes a line for each time it was woken late: when, in
seconds of the system's monotonic clock; how late; and for how much of that this process was at work, which is less
where the machine has other things to do.
"""

import asyncio
import gc
import sys
import time
from pathlib import Path
from typing import TextIO

STEP = 0.001
WORTH_TELLING = 0.0005


async def probe(out: TextIO) -> None:
    while True:
        began, worked = time.monotonic(), time.process_time()
        await asyncio.sleep(STEP)
        now, at_work = time.monotonic(), time.process_time() - worked
        late = now - began - STEP
        if late > WORTH_TELLING:
            out.write(f"{now} {late} {min(late, at_work)}\n")


def main() -> None:
    gc.disable()  # as the command does first of all
    from pointsman.cli.main import main as pointsman
    from pointsman.lsp import server

    path, pump = sys.argv.pop(1), server.pump

    async def watched(*streams: object) -> None:
        probing = asyncio.create_task(probe(out))
        await pump(*streams)
        probing.cancel()

    server.pump = watched
    with Path(path).open("w", buffering=1) as out:
        pointsman()


if __name__ == "__main__":  # the workers of the index import this module too
    main()

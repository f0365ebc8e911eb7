"""Indexing a workspace beside everything else, with a count in the editor where it takes a while."""

import asyncio
from contextlib import nullcontext

from pointsman.files.workspace import Workspace
from pointsman.index.store import Index
from pointsman.lsp.progress import Progressing
from pointsman.lsp.server import PointsmanServer

QUIET_SECONDS = 0.7
"""A scan that is done by then is not worth a display: most only look at what changed."""
_TICK_SECONDS = 0.25


async def scan(server: PointsmanServer, index: Index, workspace: Workspace) -> None:
    """Bring an index up to date. Cancelled from the editor, what is done stays and the rest waits for the next scan."""
    with nullcontext() if index.catalogue else server.making_what_stays():
        await _scan(server, index, workspace)


async def _scan(server: PointsmanServer, index: Index, workspace: Workspace) -> None:
    work = asyncio.create_task(index.scan(workspace))
    try:
        await asyncio.wait({work}, timeout=QUIET_SECONDS)
        if not work.done():
            async with Progressing(server, "indexing", work.cancel) as progress:
                while not work.done():
                    progress.say(index.progress)
                    await asyncio.wait({work}, timeout=_TICK_SECONDS)
    finally:
        if not work.done():
            work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    if not work.cancelled() and (error := work.exception()):
        raise error

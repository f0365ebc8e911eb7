"""Indexing shows in the editor when it takes a while, and only then."""

import asyncio
import gc
from dataclasses import replace

import pytest

from pointsman.lsp import indexing


class Slow:
    """An index whose scan goes on until it is let go."""

    catalogue = ()
    progress = "Indexing: 30 of 120 files"

    def __init__(self):
        self.go = asyncio.Event()
        self.stopped = False
        self.error = None

    async def scan(self, _):
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.stopped = True
            raise
        if self.error:
            raise self.error


@pytest.fixture
def greeted(wire, monkeypatch):
    monkeypatch.setattr(indexing, "QUIET_SECONDS", 0.01)
    monkeypatch.setattr(indexing, "_TICK_SECONDS", 0.01)
    wire.server.client = replace(wire.server.client, work_done_progress=True)

    async def agreed(*_, **__):
        return None

    monkeypatch.setattr(wire.server, "ask_client", agreed)
    return wire


def shown(wire):
    return [message["params"]["value"] for message in wire.sent if message.get("method") == "$/progress"]


async def until(true):
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to that")


async def test_a_long_scan_counts(greeted):
    index = Slow()
    work = asyncio.create_task(indexing.scan(greeted.server, index, None))
    await until(lambda: len(shown(greeted)) > 1)
    index.go.set()
    await work
    begin, report, *_, end = shown(greeted)
    assert (begin["kind"], begin["title"]) == ("begin", "Pointsman: indexing")
    assert report["message"] == "Indexing: 30 of 120 files"
    assert end["kind"] == "end"


async def test_the_collector_does_not_look_through_a_first_index_while_it_is_made(greeted):
    indexes = Slow(), Slow()
    works = [asyncio.create_task(indexing.scan(greeted.server, index, None)) for index in indexes]
    await asyncio.sleep(0)
    assert not gc.isenabled()
    for index, work in zip(indexes, works, strict=True):
        assert not gc.isenabled()
        index.go.set()
        await work
    assert gc.isenabled()
    assert gc.get_freeze_count() > 10_000
    gc.unfreeze()


async def test_a_short_scan_is_silent(greeted):
    index = Slow()
    index.go.set()
    await indexing.scan(greeted.server, index, None)
    assert shown(greeted) == []


async def test_the_editor_stops_it(greeted):
    index = Slow()
    work = asyncio.create_task(indexing.scan(greeted.server, index, None))
    await until(lambda: greeted.server.cancellers)
    next(iter(greeted.server.cancellers.values()))()
    await asyncio.wait_for(work, 5)
    assert index.stopped
    assert shown(greeted)[-1]["kind"] == "end"


async def test_the_end_of_the_server_stops_it(greeted):
    index = Slow()
    work = asyncio.create_task(indexing.scan(greeted.server, index, None))
    await until(lambda: shown(greeted))
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert index.stopped
    assert shown(greeted)[-1]["kind"] == "end"


async def test_trouble_is_not_swallowed(greeted):
    index = Slow()
    index.error = OSError("no disk")
    index.go.set()
    with pytest.raises(OSError, match="no disk"):
        await indexing.scan(greeted.server, index, None)

"""What our side of a model call adds to a bare HTTP client's, on a loopback provider in a process of its own.

    python bench/router.py [--rounds 5] [--calls 20]

Both send the same body and read the same stream; calls alternate, so that the machine's load hits both alike. The bare
client is httpx2 with its own event reader and one `json.loads` an event: the least that yields the text.

    first    from the call to the first piece of text: ratio of medians, and our share (median and p95) in milliseconds
    delta    time per piece above the bare client's, from replies of 2,000 pieces, in microseconds
    cancel   from cancelling the task to the provider seeing the hang-up, in milliseconds

Promised: first <= 3 at 2 KB and <= 2 at 100 and 800 KB; p95 of our share <= 15 ms at 100 KB; delta <= 30; cancel <= 50.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import httpx2

from pointsman.cli.demo.dialects import DIALECTS
from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.models import wires
from pointsman.terms import Context, Delta, Lease, Message, Model, Offer, Request, Secret, Slot
from pointsman.text import Span

SIZES = {"2 KB": 2_000, "100 KB": 100_000, "800 KB": 800_000}
SHORT, LONG = 100, 2_000
"""Pieces of a reply."""
SHARE_LIMIT, DELTA_LIMIT, CANCEL_LIMIT = 15, 30, 50
CODE = "def area(width, height):\n    return width * height\n\n"
CONTEXT = Context(Offer("fix", "Fix", "a.py", Span(0, 0)), "/", (), {}, 0)

Call = Callable[[], Awaitable[tuple[float, float]]]
"""Seconds to the first piece, and in all."""


@dataclass
class Figures:
    bare_first: list[float] = field(default_factory=list)
    our_first: list[float] = field(default_factory=list)
    bare_total: list[float] = field(default_factory=list)
    our_total: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.median(self.our_first) / statistics.median(self.bare_first)

    @property
    def shares(self) -> list[float]:
        """Milliseconds before the first piece that are ours, call by call, above the bare client's median."""
        usual = statistics.median(self.bare_first)
        return [(took - usual) * 1_000 for took in self.our_first]


def lease(url: str) -> Lease:
    return Lease("bench", Slot.REFACTOR, "bench", "scripted", "openai-chat", url, Secret("sk-bench"), "bench")


def request(url: str, size: int) -> Request:
    text = (CODE * (size // len(CODE) + 1))[:size]
    return Request(lease(url), (Message("system", "Be brief."), Message("user", text)), CONTEXT, None)  # type: ignore[arg-type]


def bare_call(client: httpx2.AsyncClient, asked: Request) -> Call:
    messages = [{"role": message.role, "content": message.content} for message in asked.messages]
    options = {"stream": True, "stream_options": {"include_usage": True}}

    async def call() -> tuple[float, float]:
        began, first = time.perf_counter(), 0.0
        body = json.dumps({"model": "scripted", "messages": messages, **options}, ensure_ascii=False).encode()
        headers = {"authorization": "Bearer sk-bench", "content-type": "application/json"}
        async with client.stream("POST", asked.lease.url, content=body, headers=headers) as response:
            async for event in httpx2.EventSource(response):
                if event.data != "[DONE]":
                    choices = json.loads(event.data)["choices"]
                    if not first and choices and choices[0]["delta"].get("content"):
                        first = time.perf_counter() - began
        return first, time.perf_counter() - began

    return call


def our_call(model: Model, asked: Request) -> Call:
    async def call() -> tuple[float, float]:
        began, first = time.perf_counter(), 0.0
        async for piece in model.stream(asked):
            if not first and isinstance(piece, Delta):
                first = time.perf_counter() - began
        return first, time.perf_counter() - began

    return call


async def compare(bare: Call, ours: Call, calls: int, figures: Figures) -> None:
    for call in (bare, ours):
        await call()  # the connection, and warm caches
    for number in range(calls):
        order = ((bare, True), (ours, False)) if number % 2 else ((ours, False), (bare, True))
        for call, is_bare in order:
            first, total = await call()
            (figures.bare_first if is_bare else figures.our_first).append(first)
            (figures.bare_total if is_bare else figures.our_total).append(total)


async def cancelled(times: int) -> list[float]:
    """Milliseconds from cancelling to the provider's noticing."""
    took = []
    async with ScriptedProvider(lambda _: Reply("x" * 100, piece=10, delay=5)) as provider:
        model = wires()["openai-chat"]()
        for _ in range(times):
            stream = model.stream(request(provider.url, 2_000))
            await anext(stream)
            task = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0.01)
            began = time.monotonic()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await provider.exchanges[-1].over.wait()
            took.append(((provider.exchanges[-1].hung_up or 0) - began) * 1_000)
        await model.aclose()
    return took


@contextlib.asynccontextmanager
async def provider_process() -> AsyncIterator[str]:
    """The URL of a provider in another process: its work must not be counted as ours."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, __file__, "--serve", stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()


def canned(pieces: int) -> Reply:
    """A reply whose bytes are ready: the provider's work would hide the difference."""
    stream = DIALECTS["/v1/chat/completions"].stream
    text = ["x" * 24] * pieces
    start, deltas, end = stream(model="scripted", reasoning=(), text=text, finish="stop", tokens=(1, 1))
    return Reply(steps=(start, *deltas, end))


async def serve() -> None:
    """Answer until the standard input ends. A request for "long" has a long answer."""
    replies = {True: canned(LONG), False: canned(SHORT)}
    async with ScriptedProvider(lambda asked: replies[asked.last.startswith("long")]) as provider:
        print(provider.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def measure(rounds: int, calls: int) -> bool:
    firsts, deltas = {name: Figures() for name in SIZES}, []
    async with provider_process() as url, httpx2.AsyncClient(trust_env=False, timeout=60) as client:
        model = wires()["openai-chat"]()
        for _ in range(rounds):
            for name, size in SIZES.items():
                asked = request(url, size)
                await compare(bare_call(client, asked), our_call(model, asked), calls, firsts[name])
            long, asked = Figures(), Request(lease(url), (Message("user", "long"),), CONTEXT, None)  # type: ignore[arg-type]
            await compare(bare_call(client, asked), our_call(model, asked), max(3, calls // 4), long)
            extra = statistics.median(long.our_total) - statistics.median(long.bare_total)
            deltas.append(extra / LONG * 1_000_000)
        await model.aclose()
    fine = True
    for name, figures in firsts.items():
        limit = 3 if name == "2 KB" else 2
        p95 = statistics.quantiles(figures.shares, n=20)[-1]
        bare = statistics.median(figures.bare_first) * 1_000
        share = statistics.median(figures.shares)
        fine &= figures.ratio <= limit and (name != "100 KB" or p95 <= SHARE_LIMIT)
        print(f"first   {name:>6}  ratio {figures.ratio:4.2f} (<= {limit})  bare {bare:5.2f} ms", end="  ")
        print(f"our share {share:5.2f} ms, p95 {p95:5.2f} ms")
    hang_ups = await cancelled(10)
    spread = f"rounds {min(deltas):+.1f} to {max(deltas):+.1f}"
    print(f"delta   {statistics.median(deltas):+.1f} us each, {spread} (<= {DELTA_LIMIT})")
    print(f"cancel  {statistics.median(hang_ups):.1f} ms, longest {max(hang_ups):.1f} ms (<= {CANCEL_LIMIT})")
    return fine and statistics.median(deltas) <= DELTA_LIMIT and max(hang_ups) <= CANCEL_LIMIT


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
    else:
        sys.exit(0 if asyncio.run(measure(options.rounds, options.calls)) else 1)

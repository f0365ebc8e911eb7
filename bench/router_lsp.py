"""What lies between a command in the editor and the model, and back: context assembly, routing, the wire, the events.

    python bench/router_lsp.py [--rounds 3] [--tasks 15] [--idle 60]

A real server works on a project of 200 files; its index is warm. The prompt's size is that of the file in focus. A bare
httpx2 client sends the same body to the same provider, in turn with it.

    out      from the editor's command to the provider having the whole request
    back     from the provider's first piece to the editor hearing of it
    first    both together: ratio of medians to the bare client's, and our share (median and p95) in milliseconds
    prefix   how many different beginnings (system prompt and map) the prompts of all tasks on one file had
    idle     how many connections two turns so many seconds apart took

Promised: first <= 3 at 2 KB and <= 2 at 100 and 800 KB; p95 of our share <= 15 ms at 100 KB; one prefix; one
connection.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import httpx2

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from support import project
from support.lsp import Editor, session

SIZES = {"2 KB": 20, "100 KB": 250, "800 KB": 2_000}
"""Characters of each of the 400 lines that a file in focus is shown with; fewer lines for the smallest."""
LIMITS = {"2 KB": 3.0, "100 KB": 2.0, "800 KB": 2.0}
SHARE_LIMIT = 15.0
FILES = 200


@dataclass
class Figures:
    """Seconds, task by task."""

    out: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)

    @property
    def first(self) -> list[float]:
        return [one + other for one, other in zip(self.out, self.back, strict=True)]


def make(root: Path) -> dict[str, Path]:
    """The project; its files in focus by the size of the prompt."""
    for number in range(FILES):
        text = f"def f{number}(a, b):\n    return a + b\n\n\nclass C{number}:\n    def m(self):\n        pass\n"
        (root / f"m{number}.py").write_text(text)
    focus = {}
    for name, width in SIZES.items():
        focus[name] = root / f"focus_{width}.py"
        lines = 40 if width < 100 else 390
        body = "".join(f"    x{n} = {'1' * max(1, width - 12)}\n" for n in range(lines))
        focus[name].write_text(f"def work():\n{body}    return x0\n")
    return focus


async def task(editor: Editor, file: Path, provider: ScriptedProvider, ours: Figures) -> dict[str, Any]:
    """One explanation; the body that was sent."""
    offered = await editor.actions(file, 6, only=["pointsman.explain"])
    action = next(each for each in offered if each["title"].startswith("Explain"))
    heard, made = len(editor.events("wrote")), len(provider.exchanges)
    began = time.monotonic()
    picked = asyncio.ensure_future(editor.pick(action))
    await editor.until(lambda: len(editor.events("wrote")) > heard)
    saw = time.monotonic()
    await picked
    exchange = provider.exchanges[made]
    ours.out.append(exchange.arrived - began)
    ours.back.append(saw - (exchange.first_byte or saw))
    # Until it is shown: a task that is asked for again before that gives way, and that would be measured with the next.
    await editor.until(lambda: len(editor.all("window/showDocument")) >= len(editor.events("started")))
    return dict(exchange.request.body)


def prefix(body: dict[str, Any]) -> str:
    """The system prompt and the map: what comes before the task's own material."""
    system, user = (message["content"] for message in body["messages"])
    return str(system + user.partition("\n\n## ")[0])


async def warm(editor: Editor, file: Path, provider: ScriptedProvider) -> None:
    """Until the map does not grow any more: then the whole project is in the index."""
    before = ""
    for _ in range(100):
        now = prefix(await task(editor, file, provider, Figures()))
        if now == before and f"{FILES}" in now:
            return
        before = now
        await asyncio.sleep(0.2)
    raise SystemExit("The index never became warm.")


async def bare(client: httpx2.AsyncClient, body: dict[str, Any], provider: ScriptedProvider, them: Figures) -> None:
    made = len(provider.exchanges)
    began = time.monotonic()
    content = json.dumps(body, ensure_ascii=False).encode()
    saw = 0.0
    async with client.stream("POST", provider.url, content=content) as response:
        async for event in httpx2.EventSource(response):
            if not saw and event.data != "[DONE]" and json.loads(event.data)["choices"][0]["delta"].get("content"):
                saw = time.monotonic()
                break
    exchange = provider.exchanges[made]
    them.out.append(exchange.arrived - began)
    them.back.append(saw - (exchange.first_byte or saw))


async def measure(rounds: int, tasks: int, idle: float) -> bool:
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        root.mkdir()
        focus = make(root)
        async with (
            ScriptedProvider(lambda _: Reply("It adds.", piece=100)) as provider,
            httpx2.AsyncClient(trust_env=False, timeout=60) as client,
            session(root, config=project.config(Path(folder), provider.url)) as editor,
        ):
            for file in focus.values():
                editor.open(file)
                await editor.ready(file)
            for name, file in focus.items():
                await warm(editor, file, provider)
                fine &= await size(name, file, (rounds, tasks), (editor, client, provider))
            if idle:
                await asyncio.sleep(idle)
                await task(editor, file, provider, Figures())
                # The bare client's requests have no key.
                ours = [each.request for each in provider.exchanges if "authorization" in each.request.headers]
                connections = len({request.connection for request in ours[-2:]})
                print(f"idle    {connections} connection for two turns {idle:g} s apart (1)")
                fine &= connections == 1
    return fine


async def size(
    name: str, file: Path, repeat: tuple[int, int], who: tuple[Editor, httpx2.AsyncClient, ScriptedProvider]
) -> bool:
    editor, client, provider = who
    ours, them = Figures(), Figures()
    prefixes = set()
    rounds, tasks = repeat
    for number in range(rounds * tasks + 2):
        mine, theirs = (Figures(), Figures()) if number < 2 else (ours, them)  # the first two warm up
        body = await task(editor, file, provider, mine)
        await bare(client, body, provider, theirs)
        prefixes.add(prefix(body))
    usual = statistics.median(them.first)
    shares = [(took - usual) * 1_000 for took in ours.first]
    ratio, p95 = statistics.median(ours.first) / usual, statistics.quantiles(shares, n=20)[-1]
    out, back = (statistics.median(each) * 1_000 for each in (ours.out, ours.back))
    print(
        f"first   {name:>6}  ratio {ratio:5.2f} (<= {LIMITS[name]:g})  out {out:.2f} ms  back {back:.2f} ms", end="  "
    )
    print(f"our share {statistics.median(shares):.2f} ms, p95 {p95:.2f} ms  prefixes {len(prefixes)} (1)")
    return ratio <= LIMITS[name] and (name != "100 KB" or p95 <= SHARE_LIMIT) and len(prefixes) == 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tasks", type=int, default=15)
    parser.add_argument("--idle", type=float, default=60.0)
    options = parser.parse_args()
    sys.exit(0 if asyncio.run(measure(options.rounds, options.tasks, options.idle)) else 1)

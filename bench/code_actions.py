"""Time to answer a code action request in an open file of 5,000 lines, over the wire, against the limit of 20 ms.

python bench/code_actions.py [REQUESTS]
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.lsp import session

LINES = 5_000
LIMIT = 20.0


async def measure(requests: int) -> list[float]:
    """Milliseconds of each request, at places all over the file, with two foreign diagnostics each."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        file = root / "big.py"
        function = "def f{0}(a, b):\n    if a:\n        return b\n    return a + {0}\n\n"
        file.write_text("".join(function.format(n) for n in range(LINES // 5)))
        took = []
        async with session(root) as editor:
            editor.open(file)
            await editor.ready(file)
            for number in range(requests):
                line = number * 37 % LINES
                place = {"start": {"line": line, "character": 0}, "end": {"line": line + 1, "character": 3}}
                problem = {"range": place, "message": "something", "severity": 1, "source": "pyright"}
                context = {"diagnostics": [problem, problem], "triggerKind": 1}
                params = {"textDocument": {"uri": file.as_uri()}, "range": place, "context": context}
                began = time.perf_counter()
                await editor.request("textDocument/codeAction", params)
                took.append((time.perf_counter() - began) * 1_000)
        return took


def main() -> None:
    took = asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 300))
    p99 = statistics.quantiles(took, n=100)[98]
    median = statistics.median(took)
    print(f"code actions, {LINES} lines: median {median:.1f} ms, p99 {p99:.1f} ms, p99 / limit {p99 / LIMIT:.2f}")


if __name__ == "__main__":
    main()

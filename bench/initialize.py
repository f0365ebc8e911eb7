"""Time to the answer of `initialize`: Pointsman against a bare pygls server, in turn, as whole processes.

    python bench/initialize.py [ROUNDS]

The promise is a ratio of at most 1.3.
"""

import json
import statistics
import subprocess
import sys
import time

BARE = """
from pygls.lsp.server import LanguageServer
LanguageServer("bare", "1").start_io()
"""
SERVERS = {"bare pygls": ["-c", BARE], "pointsman": ["-m", "pointsman.cli.main"]}
LIMIT = 1.3
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"processId": None, "rootUri": None, "capabilities": {}},
}


def seconds(argv: list[str]) -> float:
    """From the start of the process to the last byte of the answer."""
    body = json.dumps(HELLO).encode()
    began = time.perf_counter()
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, *argv], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        process.stdin.flush()
        length = 0
        while line := process.stdout.readline().strip():
            if line.lower().startswith(b"content-length"):
                length = int(line.partition(b":")[2])
        process.stdout.read(length)
        took = time.perf_counter() - began
        process.stdin.close()
        process.wait()
    return took


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    for argv in SERVERS.values():
        seconds(argv)
    pairs = [(seconds(SERVERS["bare pygls"]), seconds(SERVERS["pointsman"])) for _ in range(rounds)]
    ratio = statistics.median(ours / bare for bare, ours in pairs)
    bare, ours = (statistics.median(column) * 1_000 for column in zip(*pairs, strict=True))
    print(f"initialize: bare pygls {bare:.0f} ms, pointsman {ours:.0f} ms, ratio {ratio:.2f} (limit {LIMIT})")


if __name__ == "__main__":
    main()

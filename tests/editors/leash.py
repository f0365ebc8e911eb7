"""Runs a program that ends when whoever started it does, however that ends: `leash.py PROGRAM ARGUMENTS...`.

Its standard input is a pipe that nobody writes into. When the other end has gone, the program is ended,
with all it started.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

PATIENCE = 10
"""Seconds that a program has to end by itself."""


def main() -> None:
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)

    def end(number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)

    def follow() -> None:
        code = child.wait()
        end(signal.SIGKILL)
        os._exit(code if code >= 0 else 128 - code)

    threading.Thread(target=follow, daemon=True).start()
    while os.read(0, 1):
        pass
    end(signal.SIGTERM)
    time.sleep(PATIENCE)
    end(signal.SIGKILL)
    time.sleep(PATIENCE)  # what follows the program ends this


if __name__ == "__main__":
    main()

"""What an editor and a server really said to each other: a proxy between them that changes nothing and keeps all.

As a program, `tap.py LOG -- SERVER ARGUMENTS...` stands in for the server. As a module, `Wire` reads the log while it
grows. It is the ground truth of the tests here: what was sent, not what a manual says.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CHUNK = 1 << 16
TEXT_LIMIT = 1 << 16


class Frames:
    """Cuts a byte stream into the messages of the protocol."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Any]:
        self._rest += data
        messages = []
        while (end := self._rest.find(b"\r\n\r\n")) >= 0:
            length = _length(self._rest[:end])
            if len(self._rest) < end + 4 + length:
                break
            messages.append(_read(self._rest[end + 4 : end + 4 + length]))
            self._rest = self._rest[end + 4 + length :]
        return messages


class Wire:
    """The log of a tap. A record is `{"at": seconds, "by": "editor" or "server", "message": {...}}`."""

    def __init__(self, path: Path, wait: Callable[..., Any]) -> None:
        self.path = path
        self._wait = wait

    def records(self) -> list[dict[str, Any]]:
        whole, _, _ = self.path.read_text().rpartition("\n") if self.path.exists() else ("", "", "")
        return [json.loads(line) for line in whole.splitlines()]

    def all(self, method: str, by: str = "") -> list[dict[str, Any]]:
        """The messages of a method."""
        return [
            record["message"]
            for record in self.records()
            if record["message"].get("method") == method and by in {"", record["by"]}
        ]

    def message(self, method: str, number: int = 1) -> dict[str, Any]:
        """The n-th message of a method, waited for."""
        found = self._wait(lambda: self.all(method)[number - 1 : number], f"{method} number {number}")
        return found[0]

    def answer(self, method: str, number: int = 1) -> dict[str, Any]:
        """The answer to the n-th request of a method, waited for: a message with `result` or `error`."""
        request = self.message(method, number)
        place = [index for index, record in enumerate(self.records()) if record["message"] == request][-1]
        asked_by = self.records()[place]["by"]

        def found() -> list[dict[str, Any]]:  # after it: a server that is started again counts its messages anew
            return [
                record["message"]
                for record in self.records()[place:]
                if record["by"] != asked_by
                and record["message"].get("id") == request["id"]
                and "method" not in record["message"]
            ]

        return self._wait(found, f"an answer to {method} number {number}")[0]

    def server_pid(self) -> int:
        """The process of the server that was started last."""
        return self._wait(lambda: self.all("$/tap/start"), "a server")[-1]["params"]["pid"]

    def exit_code(self) -> int:
        """How the server ended, waited for."""
        return self._wait(lambda: self.all("$/tap/exit"), "the end of the server")[0]["params"]["code"]


def command(log: Path, server: list[str]) -> list[str]:
    """The command line of a server behind a tap."""
    return [sys.executable, str(Path(__file__)), str(log), "--", *server]


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


def _shortened(found: dict[str, Any]) -> dict[str, Any]:
    """A record is read again and again while a test waits, so that of a huge text only the begin is in it."""
    return {name: value[:TEXT_LIMIT] if isinstance(value, str) else value for name, value in found.items()}


def _read(body: bytes) -> Any:
    try:
        return json.loads(body, object_hook=_shortened)
    except ValueError:
        return {"unreadable": body[:200].decode(errors="replace")}


def _pump(source: int, sink: int, note: Callable[[Any], None]) -> None:
    """Pass bytes on as they come. A message is noted first, so that no answer is noted before its question."""
    frames = Frames()
    while data := os.read(source, CHUNK):
        for message in frames.feed(data):
            note(message)
        try:
            while data:
                data = data[os.write(sink, data) :]
        except OSError:
            break  # who should read has gone; what is left is nobody's
    os.close(sink)


def main() -> int:
    log, _, *server = sys.argv[1:]
    lock = threading.Lock()
    with Path(log).open("a", encoding="utf-8", buffering=1) as file:

        def note(by: str, message: Any) -> None:
            with lock:
                file.write(json.dumps({"at": round(time.time(), 3), "by": by, "message": message}) + "\n")

        child = subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        note("tap", {"method": "$/tap/start", "params": {"pid": child.pid, "command": server}})
        up = (0, os.dup(child.stdin.fileno()), lambda message: note("editor", message))
        child.stdin.close()
        threading.Thread(target=_pump, args=up, daemon=True).start()
        _pump(child.stdout.fileno(), 1, lambda message: note("server", message))
        code = child.wait()
        note("tap", {"method": "$/tap/exit", "params": {"code": code}})
    os._exit(code if code >= 0 else 128 - code)  # the other thread may still wait for an editor that stays silent


if __name__ == "__main__":
    sys.exit(main())

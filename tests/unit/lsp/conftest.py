"""A server without a process: messages go in as bytes, and what it sends is kept."""

import json

import pytest

from pointsman.lsp.server import PointsmanServer

URI = "file:///nowhere/a.py"


class Wire:
    """The client's end, in memory."""

    def __init__(self):
        self.server = PointsmanServer()
        self.sent = []
        self._next = 0
        self.server.protocol.set_writer(self)

    def write(self, data):
        head, _, body = data.partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head
        self.sent.append(json.loads(body))

    def say(self, method, params):
        self.receive({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method, params):
        """The whole answer, which must be there at once; None if there is none."""
        self._next += 1
        self.receive({"jsonrpc": "2.0", "id": self._next, "method": method, "params": params})
        return self.answer(self._next)

    def receive(self, message):
        self.server.protocol.receive(json.dumps(message).encode())

    def answer(self, number):
        found = [message for message in self.sent if message.get("id") == number and "method" not in message]
        assert len(found) <= 1, "answered twice"
        return found[0] if found else None

    def hello(self, capabilities=None, **params):
        return self.ask(
            "initialize", {"processId": None, "rootUri": None, "capabilities": capabilities or {}, **params}
        )

    def open(self, text, uri=URI, version=0):
        item = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.say("textDocument/didOpen", {"textDocument": item})

    def change(self, version, *changes, uri=URI):
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": list(changes)}
        self.say("textDocument/didChange", params)


@pytest.fixture
def wire():
    """A client whose server was greeted."""
    made = Wire()
    made.hello()
    made.sent.clear()
    return made

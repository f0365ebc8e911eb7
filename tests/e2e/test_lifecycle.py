"""Birth and death of the server, and everything a client may say in between that makes no sense."""

import asyncio
import json
import sys

import pytest

from support import project
from support.lsp import FULL, RpcError, session

HEAVY = (
    "pydantic",
    "httpx2",
    "tree_sitter",
    "rich",
    "unidiff",
    "pointsman.task",
    "pointsman.config",
    "pointsman.index",
)
URI = "file:///nowhere/a.py"


def frame(message):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


async def talk(*messages, end=b""):
    """What a server says to some messages, and its exit code."""
    argv = [sys.executable, "-m", "pointsman.cli.main"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe, stderr=pipe)
    out, err = await asyncio.wait_for(process.communicate(b"".join(map(frame, messages)) + end), 60)
    replies = []
    while out:
        head, _, rest = out.partition(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
        replies.append(json.loads(rest[:length]))
        out = rest[length:]
    return replies, process.returncode, err.decode()


def request(number, method, params=None):
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


HELLO = request(1, "initialize", {"processId": None, "rootUri": None, "capabilities": {}})


async def test_shutdown_then_exit_ends_with_0():
    _, code, _ = await talk(HELLO, request(2, "shutdown"), {"jsonrpc": "2.0", "method": "exit"})
    assert code == 0


async def test_exit_without_shutdown_ends_with_1():
    _, code, _ = await talk(HELLO, {"jsonrpc": "2.0", "method": "exit"})
    assert code == 1


async def test_the_end_of_the_input_ends_the_server():
    replies, code, _ = await talk(HELLO)
    assert replies[0]["result"]["serverInfo"]["name"] == "pointsman"
    assert code == 0


async def test_a_cut_message_ends_the_server():
    _, code, _ = await talk(HELLO, end=b"Content-Length: 100\r\n\r\n{")
    assert code == 0


async def test_requests_before_initialize_are_refused_and_after_shutdown_too():
    replies, _, _ = await talk(
        request(7, "textDocument/hover", {}), HELLO, request(2, "shutdown"), request(8, "textDocument/hover", {})
    )
    found = {reply["id"]: reply.get("error", {}).get("code") for reply in replies}
    assert found == {7: -32002, 1: None, 2: None, 8: -32600}


async def test_what_is_no_json_is_answered_and_survived():
    replies, _, _ = await talk(b"{nonsense", b"[]", HELLO, request(2, "shutdown"))
    assert [reply.get("error", {}).get("code") for reply in replies] == [-32700, None, None]
    assert replies[-1]["id"] == 2


MISFITS = {
    "wrong shape": request(9, "textDocument/codeAction", {"textDocument": 3}),
    "no params": request(9, "textDocument/codeAction"),
    "negative line": request(
        9,
        "textDocument/codeAction",
        {
            "textDocument": {"uri": URI},
            "range": {"start": {"line": -4, "character": -1}, "end": {"line": 0, "character": 0}},
            "context": {"diagnostics": []},
        },
    ),
    "odd diagnostic": request(
        9,
        "textDocument/codeAction",
        {
            "textDocument": {"uri": URI},
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
            "context": {
                "triggerKind": 7,
                "diagnostics": [
                    {
                        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
                        "message": "x",
                        "severity": 9,
                        "tags": [7, -1],
                        "data": {"jsonrpc": "2.0", "id": 4},
                    }
                ],
            },
        },
    ),
    "unknown method": request(9, "textDocument/nonsense", {}),
    "unknown command": request(9, "workspace/executeCommand", {"command": "pointsman.nonsense"}),
    "command without arguments": request(9, "workspace/executeCommand", {"command": "pointsman.fix"}),
    "command with a number": request(9, "workspace/executeCommand", {"command": "pointsman.fix", "arguments": [3]}),
}


@pytest.mark.parametrize("name", MISFITS)
async def test_every_request_is_answered_whatever_is_in_it(name):
    replies, code, _ = await talk(HELLO, MISFITS[name], request(2, "shutdown"))
    answers = [reply for reply in replies if reply.get("id") == 9]
    assert len(answers) == 1
    assert code == 0


async def test_notifications_that_do_not_fit_show_no_pop_up():
    odd = [
        {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {"uri": URI, "version": 2}}},
        {
            "jsonrpc": "2.0",
            "method": "textDocument/didChange",
            "params": {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": "x"}]},
        },
        {"jsonrpc": "2.0", "method": "textDocument/didClose", "params": {"textDocument": {"uri": URI}}},
        {"jsonrpc": "2.0", "method": "workspace/didChangeConfiguration", "params": {}},
        {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 99}},
        {"jsonrpc": "2.0", "method": "$/setTrace", "params": {"value": "loud"}},
        {"jsonrpc": "2.0", "method": "window/workDoneProgress/cancel", "params": {"token": "none"}},
        {"jsonrpc": "2.0", "method": "custom/thing", "params": {"a": {"jsonrpc": "2.0"}}},
    ]
    replies, code, _ = await talk(HELLO, *odd, request(2, "shutdown"))
    assert [reply.get("id") for reply in replies] == [1, 2]
    assert code == 0


async def test_the_log_never_holds_what_a_client_sent():
    secret = "correct-horse-battery-staple" * 20
    hello = request(
        1, "initialize", {"processId": None, "rootUri": None, "capabilities": {}, "initializationOptions": secret}
    )
    text = {"textDocument": {"uri": URI, "languageId": "x", "version": 0, "text": secret}}
    bad = {"jsonrpc": "2.0", "id": 5, "method": "textDocument/codeAction", "params": {"textDocument": secret}}
    _, _, log = await talk(hello, {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": text}, bad)
    assert secret not in log


async def test_nothing_heavy_is_imported_before_initialize_is_answered():
    script = f"""
import sys
from pointsman.lsp.server import PointsmanServer
server = PointsmanServer()
print([name for name in sys.modules if name.startswith({HEAVY!r})])
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out.decode().strip() == "[]"


async def test_a_stray_print_never_reaches_the_client(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        "import os\nimport pointsman.lsp.transport as t\nold = t.Sink.__init__\n"
        "def new(self, stream):\n    print('stray'); os.system('echo stray'); old(self, stream)\n"
        "t.Sink.__init__ = new\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    replies, _, err = await talk(HELLO, request(2, "shutdown"))
    assert "stray" in err
    assert [reply["id"] for reply in replies] == [1, 2]


async def test_a_client_that_names_no_encoding_gets_utf_16():
    replies, _, _ = await talk(HELLO)
    assert replies[0]["result"]["capabilities"]["positionEncoding"] == "utf-16"


async def test_a_second_initialize_is_an_error():
    async with session(None) as editor:
        with pytest.raises(RpcError):
            await editor.request("initialize", {"processId": None, "capabilities": FULL, "rootUri": None})


async def test_tcp_serves_one_client_on_loopback_only():
    argv = [sys.executable, "-m", "pointsman.cli.main", "--tcp", "0"]
    process = await asyncio.create_subprocess_exec(
        *argv, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    line = (await process.stderr.readline()).decode()
    assert "127.0.0.1:" in line
    reader, writer = await asyncio.open_connection("127.0.0.1", int(line.rpartition(":")[2]))
    writer.write(frame(HELLO) + frame(request(2, "shutdown")) + frame({"jsonrpc": "2.0", "method": "exit"}))
    answers = await asyncio.wait_for(reader.read(), 60)
    assert b'"id": 2' in answers
    assert await process.wait() == 0
    assert await process.stdout.read() == b""
    writer.close()


async def test_tasks_are_logged_to_standard_error_where_the_config_says_so(tmp_path, capfd):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    config = project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions", LOG=True)
    async with session(root, config=config) as editor:
        editor.open(file)
        await editor.ready(file)
        await editor.pick((await editor.actions(file, 120, 160, only=["pointsman"]))[0])
        await editor.event("failed")
    assert "default: coder via scripted" in capfd.readouterr().err


async def test_a_shadow_that_there_is_not_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("POINTSMAN_SHADOW", "nonsense")
    async with session(project.make(tmp_path)) as editor:
        await editor.until(lambda: any("nonsense" in p["message"] for p in editor.all("window/showMessage")))

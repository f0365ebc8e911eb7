"""The faults of pygls that the server must not have, one test or more for each, and garbage of every kind."""

import asyncio
import gc
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types as lsp

from pointsman.lsp.names import COMMANDS, KINDS
from unit.lsp.conftest import URI, Wire

SPOT = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}


def actions(**context):
    context = {"diagnostics": [], **context}
    return {"textDocument": {"uri": URI}, "range": SPOT, "context": context}


# --- every request has one answer ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/codeAction", None),
        ("textDocument/codeAction", []),
        ("textDocument/codeAction", {"textDocument": "x"}),
        ("textDocument/hover", {"textDocument": {"uri": URI}, "position": {"line": -1, "character": 0}}),
        ("workspace/executeCommand", {}),
        ("workspace/executeCommand", {"command": "pointsman.fix", "arguments": 3}),
    ],
)
def test_params_that_do_not_fit_are_answered_with_the_place(wire, method, params):
    error = wire.ask(method, params)["error"]
    assert error["code"] == -32602
    assert error["message"].startswith(f"{method}: ")


def test_a_request_before_initialize_is_told_so():
    error = Wire().ask("textDocument/codeAction", actions())["error"]
    assert error["code"] == -32002
    assert "initialize" in error["message"]


def test_an_unknown_request_is_not_found(wire):
    assert wire.ask("textDocument/nonsense", {})["error"]["code"] == -32601


def test_a_notification_with_an_id_is_answered(wire):
    assert wire.ask("textDocument/didClose", {"textDocument": {"uri": URI}})["error"]["code"] == -32602


@pytest.mark.parametrize("odd", [{}, [], 1.5, True, None])
def test_an_id_that_is_none_is_answered_without_one(wire, odd):
    wire.receive({"jsonrpc": "2.0", "id": odd, "method": "textDocument/codeAction", "params": actions()})
    assert [message["error"]["code"] for message in wire.sent] == [-32600]
    assert wire.sent[0]["id"] is None


def test_json_that_is_nested_beyond_reason_is_answered(wire):
    wire.server.protocol.receive(b"[" * 200_000)
    assert wire.sent[0]["error"]["code"] == -32700


def test_nested_data_that_looks_like_a_message_is_data(wire):
    odd = {"range": SPOT, "message": "m", "data": {"jsonrpc": "2.0", "id": 7, "method": "exit"}}
    assert wire.ask("textDocument/codeAction", actions(diagnostics=[odd]))["result"] == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just(URI) | st.just(SPOT),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["textDocument", "range", "context", "uri", "text", "contentChanges", "command", "version"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
UNTOUCHED = {lsp.INITIALIZE, lsp.INITIALIZED, lsp.SHUTDOWN, lsp.EXIT}
METHODS = st.sampled_from(sorted(set(lsp.METHOD_TO_TYPES) - UNTOUCHED)) | st.text(max_size=5)


@settings(max_examples=400)
@given(st.lists(st.tuples(st.booleans(), METHODS, JSON), min_size=1, max_size=8))
def test_whatever_is_asked_is_answered_once(wire_for_all, messages):
    wire = wire_for_all
    wire.sent.clear()
    for is_request, method, params in messages:
        if is_request:
            assert wire.ask(method, params) is not None
        else:
            wire.say(method, params)
    assert all("id" in message for message in wire.sent), "something popped up"
    assert not wire.server.protocol._request_futures


@given(st.binary(max_size=30) | st.builds(lambda value: json.dumps(value).encode(), JSON))
def test_no_bytes_raise(wire_for_all, body):
    wire_for_all.server.protocol.receive(body)


@pytest.fixture(scope="module")
def wire_for_all():
    made = Wire()
    made.hello()
    return made


# --- what is said at the beginning ----------------------------------------------------------------------------------


def test_what_is_announced_is_exactly_this():
    answer = Wire().hello({"general": {"positionEncodings": ["utf-32", "utf-16"]}})["result"]
    assert answer["serverInfo"]["name"] == "pointsman"
    assert answer["capabilities"] == {
        "positionEncoding": "utf-32",
        "textDocumentSync": {"openClose": True, "change": 2, "save": True},
        "codeActionProvider": {"codeActionKinds": list(KINDS)},
        "executeCommandProvider": {"commands": list(COMMANDS)},
        "hoverProvider": True,
        "workspace": {
            "workspaceFolders": {"supported": True, "changeNotifications": True},
            "fileOperations": {},
        },
    }


@pytest.mark.parametrize("root", [None, "untitled:x", "vscode-remote://ssh/x", "file:///a%20b/c", "file:///C%3A/x"])
def test_any_root_is_greeted(root):
    wire = Wire()
    wire.ask("initialize", {"processId": None, "rootUri": root, "capabilities": {}})
    assert "result" in wire.sent[0]
    assert wire.server.roots == {"file:///a%20b/c": ["/a b/c"], "file:///C%3A/x": ["C:/x"]}.get(root, [])


def test_folders_come_and_go(wire):
    def folder(path):
        return {"uri": f"file://{path}", "name": path}

    def now(added, removed):
        event = {"added": [folder(path) for path in added], "removed": [folder(path) for path in removed]}
        wire.say("workspace/didChangeWorkspaceFolders", {"event": event})
        return wire.server.roots

    assert now(["/w", "/w/inner"], []) == ["/w", "/w/inner"]
    assert now(["/w"], ["/w/inner"]) == ["/w"]
    assert now([], ["/nowhere"]) == ["/w"]


# --- nothing is left behind -----------------------------------------------------------------------------------------


def test_notifications_leave_nothing_behind(wire):
    wire.open("")
    for version in range(1, 101):
        wire.change(version, {"text": str(version)})
    assert not wire.server.protocol._request_futures
    assert not wire.server.protocol._result_types


async def test_a_cancelled_request_is_told_so_and_its_work_stops(wire):
    stopped = asyncio.Event()

    @wire.server.feature("custom/slow")
    async def slow(_):
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            stopped.set()
            raise

    wire.ask("custom/slow", {})
    await asyncio.sleep(0)
    wire.say("$/cancelRequest", {"id": wire._next})
    await asyncio.wait_for(stopped.wait(), 60)
    await asyncio.sleep(0.01)  # the answer is sent by a callback of the work that ended
    assert wire.answer(wire._next)["error"]["code"] == -32800


async def test_a_shutdown_with_work_in_flight_is_answered(wire):
    go_on = asyncio.Event()

    @wire.server.feature("custom/slow")
    async def slow(_):
        await go_on.wait()

    for _ in range(5):
        wire.ask("custom/slow", {})
    wire.ask("shutdown", None)
    asked = wire._next
    await asyncio.sleep(0.01)
    assert wire.answer(asked)["result"] is None
    go_on.set()
    await wire.server.protocol.settle(60)
    assert all("error" not in message for message in wire.sent)
    assert wire.ask("textDocument/codeAction", actions())["error"]["code"] == -32600


async def test_exit_tells_whether_shutdown_came_first(wire):
    wire.say("exit", None)
    assert wire.server.exit_code == 1
    wire.ask("shutdown", None)
    await asyncio.sleep(0.01)
    wire.say("exit", None)
    assert wire.server.exit_code == 0


def test_an_error_in_a_handler_shows_no_message(wire):
    @wire.server.feature("custom/broken")
    def broken(_):
        raise RuntimeError("no")

    wire.say("custom/broken", {})
    assert wire.sent == []
    assert wire.ask("custom/broken", {})["error"]["code"] == -32603


def test_no_thread_of_pygls_is_ever_started(wire):
    assert wire.server._thread_pool is None


# --- questions to the client ------------------------------------------------------------------------------------------


async def ask(wire, patience=60.0):
    """Ask the client something; the task, and the id it was asked under."""
    before = len(wire.sent)
    params = lsp.ShowMessageRequestParams(lsp.MessageType.Info, "well?", [lsp.MessageActionItem("Yes")])
    task = asyncio.create_task(wire.server.ask_client("window/showMessageRequest", params, patience))
    while len(wire.sent) == before:  # noqa: ASYNC110 - the task sends it in its first step
        await asyncio.sleep(0)
    return task, wire.sent[-1]["id"]


@pytest.mark.parametrize(
    "reply",
    [
        {"error": {"code": -32601, "message": "no such method"}},
        {"error": {"code": -32603, "message": "Edits require version 0, you have 1"}},
        {"error": {"code": 1, "message": "x", "data": {"jsonrpc": "2.0"}}},
        {"error": "very"},
        {"error": None},
        {"result": "Yes"},
        {"result": 3},
        {"result": None},
        {},
    ],
)
async def test_a_client_that_refuses_or_talks_nonsense_has_said_nothing(wire, reply):
    task, asked = await ask(wire)
    wire.receive({"jsonrpc": "2.0", "id": asked, **reply})
    assert await asyncio.wait_for(task, 60) is None
    assert not wire.server.protocol._request_futures


async def test_a_proper_reply_is_read(wire):
    task, asked = await ask(wire)
    wire.receive({"jsonrpc": "2.0", "id": asked, "result": {"title": "Yes"}})
    assert (await task).title == "Yes"


async def test_a_reply_that_comes_too_late_or_twice_is_ignored(wire):
    task, asked = await ask(wire, patience=0.01)
    assert await task is None
    wire.sent.clear()
    for reply in ({"result": {"title": "Yes"}}, {"error": {"code": -32800, "message": "cancelled"}}):
        wire.receive({"jsonrpc": "2.0", "id": asked, **reply})
    assert wire.sent == []
    assert not wire.server.protocol._request_futures
    assert not wire.server.protocol._result_types


async def test_a_question_given_up_is_forgotten(wire, caplog):
    task, asked = await ask(wire)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not wire.server.protocol._request_futures
    wire.receive({"jsonrpc": "2.0", "id": asked, "error": {"code": -32800, "message": "cancelled"}})
    assert caplog.text == ""
    wire.receive({"jsonrpc": "2.0", "id": asked, "result": None})
    assert "nothing that was asked" in caplog.text


async def test_a_reply_to_the_clients_own_request_is_ignored(wire):
    @wire.server.feature("custom/slow")
    async def slow(_):
        await asyncio.sleep(0.01)
        return 1

    wire.ask("custom/slow", {})
    wire.receive({"jsonrpc": "2.0", "id": wire._next, "result": 2})
    await wire.server.protocol.settle(60)
    await asyncio.sleep(0)
    assert wire.answer(wire._next)["result"] == 1


@pytest.mark.parametrize("fails", [False, True])
async def test_what_is_loaded_is_not_looked_through_by_the_collector_again(wire, monkeypatch, fails):
    async def make(_):
        if fails:
            raise RuntimeError

    monkeypatch.setattr("pointsman.lsp.server._import_workshop", lambda: make)
    gc.disable()
    try:
        await wire.server._prepare()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.enable()
        gc.unfreeze()

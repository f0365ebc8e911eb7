"""What fits, what is left out, and what is refused with the place of the fault."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp

from pointsman.lsp.messages import Misfit, converter, read

READER = converter()
CLIENTS = Path(__file__).parents[2] / "cases/clients"
SPOT = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def actions(*diagnostics, **context):
    params = {
        "textDocument": {"uri": "file:///a"},
        "range": SPOT,
        "context": {"diagnostics": list(diagnostics), **context},
    }
    raw = {"jsonrpc": "2.0", "id": 1, "method": "textDocument/codeAction", "params": params}
    return read(READER, raw, lsp.CodeActionRequest).params


def hello(capabilities, **params):
    params = {"processId": None, "rootUri": None, "capabilities": capabilities, **params}
    raw = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    return read(READER, raw, lsp.InitializeRequest).params


GOOD = {"range": SPOT, "message": "good"}
ODD = {
    "severity 0": {"severity": 0},
    "severity 9": {"severity": 9},
    "tag 7": {"tags": [7, 1]},
    "tag -1": {"tags": [-1]},
    "code of a strange kind": {"code": ["x"]},
    "data with a message in it": {"data": {"jsonrpc": "2.0", "id": 1, "method": "x"}},
    "related without a place": {"relatedInformation": [{"message": "there"}]},
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_part_of_a_diagnostic_costs_only_itself(name):
    found = actions(GOOD | ODD[name], GOOD).context.diagnostics
    assert [item.message for item in found] == ["good", "good"]


@pytest.mark.parametrize("bad", [{"range": SPOT}, {"message": "x"}, {"message": "x", "range": {"start": 3}}, None, 3])
def test_a_diagnostic_that_is_none_costs_only_itself(bad):
    found = actions(GOOD, bad, GOOD).context.diagnostics
    assert [item.message for item in found] == ["good", "good"]


def test_data_of_a_diagnostic_comes_back_as_it_was():
    data = {"jsonrpc": "2.0", "id": 4, "deep": [{"jsonrpc": None}]}
    assert actions(GOOD | {"data": data}).context.diagnostics[0].data == data


def test_a_message_in_markdown_is_read_as_its_text():
    markup = {"kind": "markdown", "value": "`x` is unused"}
    assert actions(GOOD | {"message": markup}).context.diagnostics[0].message == "`x` is unused"


def test_an_unknown_trigger_is_as_if_it_were_not_said():
    assert actions(GOOD, triggerKind=9).context.trigger_kind is None


def test_what_cannot_be_left_out_is_refused_with_its_place():
    params = {"textDocument": 3, "range": SPOT, "context": {"diagnostics": []}}
    raw = {"jsonrpc": "2.0", "id": 1, "method": "textDocument/codeAction", "params": params}
    with pytest.raises(Misfit, match=r"params\.textDocument"):
        read(READER, raw, lsp.CodeActionRequest)


def test_other_messages_are_never_mended():
    change = {"range": {"start": {"line": -1, "character": 0}, "end": SPOT["end"]}, "text": "x"}
    params = {"textDocument": {"uri": "file:///a", "version": 1}, "contentChanges": [change]}
    raw = {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}
    with pytest.raises(Misfit):
        read(READER, raw, lsp.DidChangeTextDocumentNotification)


def test_a_position_at_the_end_of_the_world_is_a_position():
    found = READER.structure({"line": 0, "character": 2**32 - 1}, lsp.Position)
    assert found.character == 2**31 - 1


ODD_CAPABILITIES = {
    "resolve support without properties": {"textDocument": {"codeAction": {"resolveSupport": {}}}},
    "unknown failure handling": {"workspace": {"workspaceEdit": {"failureHandling": "hope"}}},
    "unknown operations": {"workspace": {"workspaceEdit": {"resourceOperations": ["create", "melt"]}}},
    "unknown encoding": {"general": {"positionEncodings": ["utf-7", "utf-8"]}},
    "a number for a section": {"textDocument": 3},
    "null sections": {"textDocument": None, "workspace": None, "window": None, "general": None},
}


@pytest.mark.parametrize("name", ODD_CAPABILITIES)
def test_odd_capabilities_are_no_reason_to_stay_silent(name):
    odd = ODD_CAPABILITIES[name]
    found = hello({"window": {"workDoneProgress": True}} | odd)
    assert found.capabilities.window is None or found.capabilities.window.work_done_progress
    if name == "unknown operations":
        assert [kind.value for kind in found.capabilities.workspace.workspace_edit.resource_operations] == ["create"]


SECTIONS = ["textDocument", "workspace", "window", "general", "notebookDocument", "experimental"]


@given(st.dictionaries(st.sampled_from(SECTIONS), JSON))
def test_no_capabilities_keep_a_client_from_being_greeted(capabilities):
    hello(capabilities)


def _places(value, above=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield (*above, key)
        yield from _places(part, (*above, key))


RECORDED = {path.stem: json.loads(path.read_text()) for path in sorted(CLIENTS.glob("*.json"))}


@given(st.sampled_from(sorted(RECORDED)), st.data(), JSON)
def test_a_recorded_client_with_one_odd_value_is_greeted(name, data, odd):
    capabilities = json.loads(json.dumps(RECORDED[name]["capabilities"]))
    *above, last = data.draw(st.sampled_from(list(_places(capabilities))))
    part = capabilities
    for key in above:
        part = part[key]
    part[last] = odd
    hello(capabilities)


def test_the_reason_never_holds_what_was_there():
    raw = {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": "correct-horse"}}
    with pytest.raises(Misfit) as caught:
        read(READER, raw, lsp.DidOpenTextDocumentNotification)
    assert "correct-horse" not in str(caught.value)


def test_settings_may_be_missing_from_the_news_that_they_changed():
    raw = {"jsonrpc": "2.0", "method": "workspace/didChangeConfiguration", "params": {}}
    assert read(READER, raw, lsp.DidChangeConfigurationNotification).params.settings is None

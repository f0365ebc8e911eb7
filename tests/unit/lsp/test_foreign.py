"""Diagnostics of other servers, as a plugin tells of them."""

import pytest
from lsprotocol import types as lsp

from pointsman.lsp.foreign import Foreign, merged
from pointsman.lsp.messages import converter

URI = "file:///nowhere/a.py"


def item(line, message="odd", **more):
    place = {"start": {"line": line, "character": 1}, "end": {"line": line, "character": 4}}
    return {"range": place, "message": message, **more}


def lines(first, last):
    return lsp.Range(lsp.Position(first, 0), lsp.Position(last, 0))


@pytest.fixture
def foreign():
    return Foreign(converter())


def on(foreign, first, last, version=3):
    return [found.message for found in foreign.on_lines(URI, version, lines(first, last))]


def test_those_that_touch_the_lines_are_known(foreign):
    foreign.take({"uri": URI, "version": 3, "diagnostics": [item(1, "one"), item(2, "two"), item(9, "nine")]})
    assert on(foreign, 1, 2) == ["one", "two"]


def test_the_newest_set_replaces_the_one_before(foreign):
    foreign.take({"uri": URI, "version": 3, "diagnostics": [item(1, "old")]})
    foreign.take({"uri": URI, "version": 3, "diagnostics": []})
    assert on(foreign, 0, 9) == []


def test_those_of_another_version_of_the_text_do_not_count(foreign):
    foreign.take({"uri": URI, "version": 2, "diagnostics": [item(1)]})
    assert on(foreign, 1, 1) == []


def test_a_closed_document_is_forgotten(foreign):
    foreign.take({"uri": URI, "diagnostics": [item(1)]})
    foreign.forget(URI)
    assert on(foreign, 1, 1) == []


@pytest.mark.parametrize("odd", [None, 3, "x", {}, {"range": None, "message": "m"}, {"message": "no range"}])
def test_what_is_no_diagnostic_costs_nobody_the_others(foreign, odd):
    foreign.take({"uri": URI, "version": 3, "diagnostics": [odd, item(1, "good", severity=9, tags=[77])]})
    assert on(foreign, 1, 1) == ["good"]


@pytest.mark.parametrize("params", [None, 3, [], {}, {"uri": 3}, {"uri": URI, "diagnostics": "many"}])
def test_odd_notifications_are_survived(foreign, params):
    foreign.take(params)
    assert on(foreign, 0, 99) == []


def test_what_the_client_sends_as_well_counts_once(foreign):
    foreign.take({"uri": URI, "diagnostics": [item(1, "both", source="ruff"), item(1, "told", source="ruff")]})
    told = foreign.on_lines(URI, 3, lines(1, 1))
    assert [found.message for found in merged(told[:1], told)] == ["both", "told"]

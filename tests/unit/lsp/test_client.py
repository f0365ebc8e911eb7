"""What is believed of each recorded client, and of clients that say nothing."""

import json
from pathlib import Path

import pytest

from pointsman.lsp.client import Client, choose_encoding, read_client
from pointsman.text import Encoding
from unit.lsp.test_messages import hello

CLIENTS = Path(__file__).parents[2] / "cases/clients"

ALL = {"configuration", "work_done_progress", "document_changes", "resource_operations", "show_document"}
VERSIONS = {"zero_is_no_version", "first_version_only"}
EXPECTED = {
    "vscode": (
        ALL | {"show_message_request", "dynamic_configuration", "llm_tag", "previews", "related_information"},
        "utf-16",
    ),
    "nvim-0.12": (ALL | VERSIONS | {"show_message_request", "related_information"}, "utf-8"),
    "nvim-0.10": (ALL | VERSIONS | {"show_message_request", "related_information"}, "utf-16"),
    "hx-25.07": (ALL | {"show_message_request"}, "utf-8"),
    "hx-25.01": (ALL - {"show_document"}, "utf-8"),
    "emacs-30": (ALL - {"resource_operations"} | {"show_message_request"}, "utf-32"),
    "kate-22.12": ({"work_done_progress", "related_information"}, "utf-16"),
}


def read(name):
    recorded = json.loads((CLIENTS / f"{name}.json").read_text())
    return hello(recorded["capabilities"], clientInfo=recorded.get("clientInfo"))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_facts_of_a_recorded_client(name):
    params = read(name)
    client = read_client(params)
    facts = {fact for fact in Client.__dataclass_fields__ if getattr(client, fact) is True}
    assert (facts, choose_encoding(params.capabilities)) == EXPECTED[name]


def test_every_recorded_client_is_expected():
    assert {path.stem for path in CLIENTS.glob("*.json")} == set(EXPECTED)


def test_a_client_that_says_nothing_can_nothing():
    assert read_client(hello({})) == Client()


def test_our_own_plugins_say_so():
    client = read_client(hello({"experimental": {"pointsman": {"events": True, "explain": True}}}))
    assert client.events
    assert client.explain


@pytest.mark.parametrize("odd", [3, [], "x", {"pointsman": 3}, {"pointsman": {"events": None}}])
def test_odd_experiments_are_nothing(odd):
    assert read_client(hello({"experimental": odd})) == Client()


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-7"], "utf-16"),
        (["utf-7", "utf-32", "utf-8"], "utf-32"),
        (["utf-8", "utf-16"], "utf-8"),
    ],
)
def test_the_clients_first_encoding_is_taken(offered, chosen):
    assert choose_encoding(hello({"general": {"positionEncodings": offered}}).capabilities) is Encoding(chosen)

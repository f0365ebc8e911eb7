"""Hosts for checks: reached in one way, never by an option of ssh, and named by the user alone."""

import json

import pytest
from pydantic import ValidationError

from pointsman.checks.executors.remote import reached
from pointsman.config.load import load
from pointsman.config.model import Host


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"ssh": "me@builder", "command": ["docker", "exec", "-i", "box"]},
        {"ssh": "-oProxyCommand=evil"},
        {"ssh": "me@builder -v"},
        {"command": ["true"], "slots": 0},
    ],
)
def test_what_is_no_host(given):
    with pytest.raises(ValidationError):
        Host(name="x", **given)


@pytest.mark.parametrize(
    ("given", "start", "words"),
    [
        ({"ssh": "me@builder"}, ("ssh",), 1),
        ({"command": ["docker", "exec", "-i", "box"]}, ("docker", "exec", "-i", "box", "python3"), 5),
    ],
)
def test_how_one_is_reached(given, start, words):
    """For ssh all is one word for a shell; other commands take words as they are."""
    argv = reached(Host(name="x", **given))._argv
    assert argv[: len(start)] == start
    after = argv[argv.index("me@builder") + 1 :] if "ssh" in given else argv[4:]
    assert len(after) == words


def test_a_repository_names_no_host(tmp_path):
    hosts = {"checks": {"hosts": [{"name": "evil", "ssh": "evil"}], "onSave": True}}
    own = tmp_path / "config.json"
    own.write_text("{}")
    root = tmp_path / "project"
    root.mkdir()
    (root / ".pointsman.json").write_text(json.dumps(hosts))
    found = load(own, [str(root)])
    at = found.at(str(root)).config.checks
    assert (at.hosts, at.onSave) == ([], False)
    codes = [finding.code for finding in (*found.findings, *found.at(str(root)).findings)]
    assert "not-for-workspaces" in codes

"""claude-code-router files and what becomes of them; UPDATE=1 rewrites what is expected."""

import json
import os
from pathlib import Path

import pytest

from pointsman.config import jsonc
from pointsman.config.draft import Engine, draft, keys_in, written
from pointsman.config.importer import imported
from pointsman.config.load import load
from pointsman.profiles.hosts import VENDORS
from pointsman.terms import Severity

CASES = Path(__file__).parents[2] / "cases/config/import"


@pytest.mark.parametrize("file", sorted(CASES.glob("*.case")), ids=lambda file: file.stem)
def test_import(file):
    text = file.read_text("utf-8")
    head, _, _ = text.partition("--- made\n")
    made = imported(jsonc.parse(head.removeprefix("--- file\n"), loose=True).value)
    found = f"{head}--- made\n{written(made.settings, made.notes, 'schema')}"
    if os.environ.get("UPDATE"):
        file.write_text(found, "utf-8")
    assert found == file.read_text("utf-8")


def test_what_has_our_shape_is_imported_without_loss():
    head, _, _ = (CASES / "golden.case").read_text("utf-8").partition("--- made\n")
    data = jsonc.parse(head.removeprefix("--- file\n")).value
    made = imported(data)
    assert made.settings == data
    assert made.notes == []


def loaded(tmp_path, settings, environ):
    path = tmp_path / "config.json"
    path.write_text(written(settings, ["a\nremark"], "s"), "utf-8")
    path.chmod(0o600)
    return load(path, environ=environ)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_draft_from_any_key_has_no_errors(vendor, tmp_path):
    environ = {vendor.variables[-1]: "k-1"}
    found = loaded(tmp_path, draft(keys_in(environ), []), environ)
    assert [finding for finding in found.findings if finding.severity is Severity.ERROR] == []
    assert found.config.provider(vendor.name).api_key == "k-1"


def test_a_draft_has_at_most_five_models_and_the_first_found_has_the_slots(tmp_path):
    environ = {"OPENAI_API_KEY": "k-1", "DEEPSEEK_API_KEY": "k-2", "XAI_API_KEY": "k-3"}
    settings = draft(keys_in(environ), [Engine("ollama", 11434, ("coder", "other"))])
    assert sum(len(provider["models"]) for provider in settings["Providers"]) == 5
    assert {route.partition(",")[0] for route in settings["Router"].values()} == {"openai"}
    assert "k-1" not in json.dumps(settings)
    assert loaded(tmp_path, settings, environ).broken is None


def test_an_engine_alone_answers_everything(tmp_path):
    settings = draft([], [Engine("ollama", 11434, ("coder", "other", "third", "fourth"))])
    assert settings["Router"] == {"default": "ollama,coder"}
    assert settings["Providers"][0]["models"] == ["coder", "other", "third"]
    assert loaded(tmp_path, settings, {}).findings == ()

import json
import stat

import pytest
from click.testing import CliRunner

from pointsman.cli import init
from pointsman.config import jsonc, prompts
from pointsman.profiles import hosts

ROUTER = {
    "Providers": [{"name": "p", "api_base_url": "http://localhost:1/v1/chat/completions", "models": ["m"]}],
    "Router": {"default": "p,m", "background": "p,m"},
    "APIKEY": "x",
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(hosts, "ENGINES", (("ollama", 9),))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("POINTSMAN_CONFIG", str(tmp_path / "conf/config.json"))
    for vendor in hosts.VENDORS:
        for variable in vendor.variables:
            monkeypatch.delenv(variable, raising=False)
    return tmp_path


def run(*args):
    return CliRunner().invoke(init.init_command, [str(arg) for arg in args], catch_exceptions=False)


def test_a_key_in_the_environment_makes_a_config(home, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    done = run()
    assert done.exit_code == 0
    assert "OPENAI_API_KEY is set: openai." in done.output
    path = home / "conf/config.json"
    assert "sk-secret" not in path.read_text() + done.output
    assert jsonc.parse(path.read_text()).value["Providers"][0]["api_key"] == "$OPENAI_API_KEY"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads((path.parent / "config.schema.json").read_text())["title"] == "Pointsman"


def test_what_is_there_is_left_alone(home, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    path = home / "mine.json"
    path.write_text("{}")
    done = run("--config", path)
    assert done.exit_code == 1
    assert f"{path} is there already" in done.output
    assert path.read_text() == "{}"
    shown = run("--config", path, "--print")
    assert jsonc.parse(shown.output).value["Router"]["default"] == "openai,gpt-5.4"
    assert path.read_text() == "{}"


def test_a_claude_code_router_file_goes_first_and_what_is_left_behind_is_listed(home, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    file = home / init.ROUTER_FILE
    file.parent.mkdir()
    file.write_text(json.dumps(ROUTER))
    done = run()
    assert done.exit_code == 0
    assert f"Imported from {file}." in done.output
    assert "`APIKEY` was not taken over." in done.output
    assert "`Router.background` is `Router.quickEdit` now." in done.output
    made = jsonc.parse((home / "conf/config.json").read_text()).value
    assert made["Router"] == {"default": "p,m", "quickEdit": "p,m"}


def test_what_is_wrong_with_the_result_is_said(home):
    file = home / "router.json"
    file.write_text(json.dumps({**ROUTER, "Router": {"default": "p,gone"}}))
    assert "error: `Router.default`: 'gone' is not in" in run("--from", file).output


@pytest.mark.parametrize("text", ["{", "[]", b"\xff"])
def test_a_file_that_cannot_be_imported_is_named(home, text):
    file = home / "router.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = run("--from", file)
    assert done.exit_code == 1
    assert "cannot be imported" in done.output
    assert "Mend it" in done.output or "Save it anew" in done.output
    assert not (home / "conf").exists()


def test_only_geminis_own_address_is_changed(home):
    vertex = {"name": "v", "api_base_url": "https://x-aiplatform.googleapis.com/", "api_key": "k", "models": ["m"]}
    file = home / "router.json"
    file.write_text(json.dumps({"Providers": [vertex], "Router": {"default": "v,m"}}))
    assert "OpenAI endpoint" not in run("--from", file).output


def test_nothing_to_begin_with_says_what_would_do(home):
    done = run()
    assert done.exit_code == 1
    assert "OPENROUTER_API_KEY" in done.output
    assert not (home / "conf").exists()


def test_prompts_of_the_users_own_are_named(home, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setattr(prompts, "folder", lambda: home / "prompts")
    (home / "prompts").mkdir()
    (home / "prompts/fix.md").write_text("Mend it. $instruction")
    (home / "prompts/fixx.md").write_text("Mend it. $instruction")
    done = run()
    assert f"Your own prompt {home / 'prompts/fix.md'} is used for `fix`." in done.output
    assert "There is no prompt 'fixx'" in done.output


def test_a_file_without_providers_and_routes_is_not_imported(home):
    file = home / "other.json"
    file.write_text('{"gateway": {"port": 1}}')
    done = run("--from", file)
    assert done.exit_code == 1
    assert "neither `Providers` nor `Router`" in done.output
    assert not (home / "conf").exists()

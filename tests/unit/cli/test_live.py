import json
import stat

import pytest

from pointsman.cli.demo import live
from pointsman.cli.demo.provider import ScriptedProvider
from pointsman.cli.demo.stage import write_config
from pointsman.errors import PointsmanError


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    monkeypatch.setattr(live, "ENGINES", (("ollama", 9),))


def test_without_anything_it_says_what_would_do(tmp_path):
    with pytest.raises(PointsmanError) as caught:
        live.find({}, file=tmp_path / "none.json")
    assert "OPENAI_API_KEY" in caught.value.hint
    assert "ollama on 9" in caught.value.hint


def test_the_configuration_goes_first_and_its_variables_stay_variables(tmp_path):
    file = tmp_path / "config.json"
    provider = {
        "name": "p",
        "api_base_url": "https://p.example/v1/chat/completions",
        "api_key": "$KEY",
        "models": ["m"],
    }
    file.write_text(json.dumps({"Providers": [provider], "Router": {"default": "p,m"}}))
    found = live.find({"KEY": "secret", "OPENAI_API_KEY": "other"}, file=file)
    assert str(file) in found.why
    assert found.settings["Providers"][0]["api_key"] == "$KEY"


def test_a_broken_configuration_is_not_passed_over(tmp_path):
    file = tmp_path / "config.json"
    provider = {"name": "p", "api_base_url": "https://p.example/v1/chat/completions", "api_key": "k", "models": ["m"]}
    file.write_text(json.dumps({"Providers": [provider], "Router": {"default": "p,typo"}}))
    with pytest.raises(PointsmanError, match="typo"):
        live.find({"OPENAI_API_KEY": "k"}, file=file)


def test_a_key_is_named_and_never_copied(tmp_path):
    found = live.find({"OPENROUTER_API_KEY": "sk-secret"}, model="a/b", file=tmp_path / "none.json")
    assert "a/b of openrouter" in found.why
    text = json.dumps(found.settings)
    assert "sk-secret" not in text
    assert "$OPENROUTER_API_KEY" in text


async def test_an_engine_on_this_machine_is_asked_for_its_models(tmp_path, monkeypatch):
    import asyncio

    async with ScriptedProvider(lambda _: None, models=("local-7b",)) as engine:
        port = int(engine.base.rpartition(":")[2])
        monkeypatch.setattr(live, "ENGINES", (("llamacpp", 9), ("ollama", port)))
        found = await asyncio.to_thread(live.find, {}, file=tmp_path / "none.json")
    assert found.why == f"local-7b of ollama, which listens on 127.0.0.1:{port}"
    assert found.settings["Router"] == {"default": "ollama,local-7b"}


def test_the_file_is_its_owners_alone(tmp_path):
    path = write_config(tmp_path, {"checks": {"timeout": 5}})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(json.loads(path.read_text())["checks"]) == {"timeout", "python"}

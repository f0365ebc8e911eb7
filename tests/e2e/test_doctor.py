"""`pointsman doctor`: what is found and what is wrong, without a key in sight and without running anything."""

import asyncio
import json
import os
import sys

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.cli.doctor import examine
from pointsman.config.finding import CODES
from pointsman.profiles import AS_OF
from support import project


async def doctor(root, config, *options):
    argv = [sys.executable, "-m", "pointsman.cli.main", "doctor", str(root), "--config", str(config), *options]
    process = await asyncio.create_subprocess_exec(
        *argv, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode()


async def test_a_working_set_up_is_listed_and_ends_with_0(tmp_path):
    root = project.make(tmp_path)
    config = project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions")
    config.write_text(config.read_text().replace('"api_key": "k"', '"api_key": "sk-secret-1234567890"'))
    config.chmod(0o600)
    code, text = await doctor(root, config)
    assert code == 0, text
    for words in (
        "scripted: coder, thinker, reader",
        "default: scripted,coder",
        "quickEdit: scripted,coder. Router.quickEdit is empty, so Router.default answers.",
        '"temperature": 0.1',
        "-m pytest",
        sys.executable,
    ):
        assert words in text
    assert "not allowed yet" in text
    assert "sk-secret" not in text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
async def test_a_pipe_in_place_of_the_file_is_an_error(tmp_path):
    root = project.make(tmp_path)
    os.mkfifo(tmp_path / "pipe.json")
    code, text = await doctor(root, tmp_path / "pipe.json", "--json")
    (wrong,) = (line for line in json.loads(text) if line["code"] == "unreadable")
    assert (code, wrong["file"]) == (1, str(tmp_path / "pipe.json"))
    assert "it is a pipe" in wrong["message"]
    assert wrong["hint"]


async def test_an_error_of_the_configuration_ends_with_1_and_has_its_code(tmp_path):
    root = project.make(tmp_path)
    config = project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions", router={"default": "scripted,none"})
    code, text = await doctor(root, config, "--json")
    assert code == 1
    found = json.loads(text)
    assert [line["severity"] for line in found if line["code"] == "unknown-model"] == ["error"]
    (wrong,) = (line for line in found if line["code"] == "unknown-model")
    written = config.read_text().splitlines()[wrong["line"] - 1]
    assert wrong["file"] == str(config)
    assert wrong["line"] == wrong["end_line"]
    assert written[wrong["column"] - 1 : wrong["end_column"] - 1] == '"scripted,none"'
    assert wrong["message"].startswith(f"config.json:{wrong['line']}:{wrong['column']}: ")
    assert {line["section"] for line in found} >= {"Configuration", "Models", "Project", "Shadow"}


BROKEN = {
    "empty": b"", "null": b"null", "deep": b"[" * 100_000, "binary": bytes(range(256)), "two": b"{} {}",
    "utf-16": "{}".encode("utf-16"), "odd": b'{"Providers": [null, 5, {}], "Router": [], "fallback": 1, "checks": "x"}',
    "large": b" " * (2 << 20), "surrogate": b'{"PROXY_URL": "\\ud83d"}', "number": b'{"LOG": ' + b"9" * 9_000 + b"}",
}  # fmt: skip


@pytest.mark.parametrize("name", [*BROKEN, "folder", "circle", "missing"])
async def test_whatever_is_in_the_place_of_the_configuration_is_a_finding(tmp_path, name):
    config = tmp_path / "config.json"
    if name in BROKEN:
        config.write_bytes(BROKEN[name])
    elif name == "folder":
        config.mkdir()
    elif name == "circle":
        config.symlink_to(config)
    lines = await examine(tmp_path, config)
    wrong = [line for line in lines if line.severity == "error" and line.code]
    assert wrong
    assert all(line.code in CODES and line.message for line in wrong)
    assert all(line.place or line.code == "no-file" for line in wrong)
    assert all(json.loads(json.dumps(line.fields)) for line in lines)


async def test_costs_name_their_list_and_its_day(tmp_path):
    url = "https://api.openai.com/v1/chat/completions"
    models = ["gpt-5.4", "gpt-5.4-mini", "homemade"]
    provider = {"name": "o", "api_base_url": url, "api_key": "sk-1", "models": models,
                "prices": {"gpt-5.4-mini": {"input": 1, "output": 2}}}  # fmt: skip
    router = {"default": "o,gpt-5.4", "quickEdit": "o,gpt-5.4-mini", "refactor": "o,homemade"}
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"Providers": [provider], "Router": router}))
    said = [line.message for line in await examine(tmp_path, config)]
    assert f"Costs by list prices of {AS_OF}: o,gpt-5.4" in said
    assert "No price is known for: o,homemade" in said


async def test_nothing_of_the_project_runs(tmp_path):
    root = project.make(tmp_path)
    (root / "tests/conftest.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    await doctor(root, project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions"))
    assert not (tmp_path / "ran").exists()


async def test_live_asks_each_model_for_a_word(tmp_path):
    root = project.make(tmp_path)
    replies = {"coder": Reply("ready"), "thinker": Reply(status=401, body=b"{}")}
    async with ScriptedProvider(lambda request: replies[request.model]) as provider:
        config = project.config(tmp_path, provider.url, router={"reasonPlan": "scripted,thinker"})
        code, text = await doctor(root, config, "--live", "--json")
    said = {line["message"]: line["severity"] for line in json.loads(text) if line["section"] == "Live"}
    assert code == 1
    assert sorted(said.values()) == ["error", "ok"]
    assert any(message.startswith("scripted,coder: first word after ") for message in said)
    assert any(message.startswith("scripted,thinker: ") and "401" in message for message in said)

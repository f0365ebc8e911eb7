"""`pointsman doctor`: what is found and what is wrong, without a key in sight and without running anything."""

import asyncio
import json
import sys

from pointsman.cli.demo.provider import Reply, ScriptedProvider
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


async def test_an_error_of_the_configuration_ends_with_1_and_has_its_code(tmp_path):
    root = project.make(tmp_path)
    config = project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions", router={"default": "scripted,none"})
    code, text = await doctor(root, config, "--json")
    assert code == 1
    found = json.loads(text)
    assert [line["severity"] for line in found if line["code"] == "unknown-model"] == ["error"]
    assert any(line["message"].startswith("config.json:1:") for line in found)
    assert {line["section"] for line in found} >= {"Configuration", "Models", "Project", "Shadow"}


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

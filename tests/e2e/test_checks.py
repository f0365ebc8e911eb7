"""The checks without a model: their findings on show, their cancelling, and the project's own fixers on them."""

import asyncio

from support import project
from support.lsp import session

UNUSED = "import os\n\n\n" + project.SOURCE.partition("\n\n\n")[2]


async def run_checks(editor, file):
    arguments = [{"uri": file.as_uri()}]
    return await editor.request("workspace/executeCommand", {"command": "pointsman.runChecks", "arguments": arguments})


async def test_findings_are_shown_and_a_fixer_mends_one_without_any_model(tmp_path):
    root = project.make(tmp_path, source=UNUSED)
    (root / "ruff.toml").write_text('[lint]\nselect = ["F"]\n')
    file = root / "shop/price.py"
    async with session(root, config=project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions")) as editor:
        editor.open(file)
        await editor.ready(file)
        await run_checks(editor, file)
        await editor.event("checks-run")
        assert [d["code"] for d in editor.diagnostics(file)] == ["F401"]
        assert any("known trouble" in d["message"] for d in editor.diagnostics(root / "tests/test_price.py"))
        found = await editor.actions(file, 0, diagnostics=editor.diagnostics(file))
        fix = next(action for action in found if action["title"].startswith("Fix with ruff"))
        assert fix["diagnostics"] == editor.diagnostics(file)
        await editor.pick(fix)
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "applied", end
        assert "import os" not in editor.text(file)
        assert "builtin" in end["receipt"]
        await editor.until(lambda: not editor.diagnostics(file))


async def test_a_fixer_that_has_nothing_to_say_leads_to_the_model(tmp_path):
    used = UNUSED.replace("import os", "import os  # noqa: F401")
    root = project.make(tmp_path, source=used)
    (root / "ruff.toml").write_text('[lint]\nselect = ["F"]\n')
    file = root / "shop/price.py"
    config = project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions", builtinFixers="always")
    async with session(root, config=config) as editor:
        editor.open(file)
        await editor.ready(file)
        spot = {"start": {"line": 0, "character": 7}, "end": {"line": 0, "character": 9}}
        problem = {"range": spot, "message": "unused", "code": "F401", "source": "Ruff", "severity": 1}
        found = await editor.actions(file, 0, diagnostics=[problem])
        await editor.pick(next(action for action in found if action["title"].startswith("Fix with")))
        await editor.event("no-fix")
        found = await editor.actions(file, 0)
        assert [action for action in found if action["title"].startswith("Ask the model")]
        assert editor.text(file) == used


async def test_cancel_ends_the_checks_and_what_they_started(tmp_path):
    root = project.make(tmp_path)
    (root / "tests/conftest.py").write_text("import time\ntime.sleep(600)\n")
    file = root / "shop/price.py"
    async with session(root, config=project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions")) as editor:
        editor.open(file)
        await editor.ready(file)
        await run_checks(editor, file)
        await editor.until(lambda: editor.all("window/workDoneProgress/create"))
        await asyncio.sleep(1)
        answer = await editor.request("workspace/executeCommand", {"command": "pointsman.cancel", "arguments": []})
        assert answer["cancelled"] == [str(root)]
        await editor.until(lambda: [p for p in editor.all("$/progress") if p["value"]["kind"] == "end"])
        assert not editor.events("checks-run")


async def test_they_run_on_save_where_that_is_wanted_and_never_ask_then(tmp_path):
    root = project.make(tmp_path, source=UNUSED)
    (root / "ruff.toml").write_text('[lint]\nselect = ["F"]\n')
    file = root / "shop/price.py"
    settings = {"checks": {"onSave": True}}
    config = project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions", **settings)
    async with session(root, config=config) as editor:
        editor.open(file)
        await editor.ready(file)
        saved = {"textDocument": {"uri": file.as_uri()}}
        editor.tell("textDocument/didSave", saved)
        await run_checks(editor, file)  # allows them
        await editor.until(lambda: editor.all("window/showMessage"))  # which comes after the event
        assert len(editor.events("checks-run")) == 1
        spoken = len(editor.all("window/showMessage"))
        editor.tell("textDocument/didSave", saved)
        await editor.until(lambda: len(editor.events("checks-run")) == 2)
        assert len(editor.all("window/showMessage")) == spoken
        assert [d["code"] for d in editor.diagnostics(file)] == ["F401"]

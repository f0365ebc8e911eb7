"""The configuration is mended where it is written: findings in the editor, and edits that do away with them."""

import json

import pytest

from support import project
from support.lsp import session

URL = "http://127.0.0.1:9/v1/chat/completions"
PROVIDERS = [{"name": "local", "api_base_url": URL, "models": ["coder-1", "thinker"]}]
BROKEN = {
    "a model that is nearly right": ({"Router": {"default": "local,coder"}}, 'Write "local,coder-1"'),
    "a model that is not listed": ({"Router": {"default": "local,huge"}}, "Add huge to the models of local"),
    "a provider that is nearly right": ({"Router": {"default": "locale,thinker"}}, 'Write "local,thinker"'),
    "a route without a provider": ({"Router": {"default": "coder-1"}}, 'Write "local,coder-1"'),
    "no default": ({"Router": {"quickEdit": "local,coder-1"}}, "Make local,thinker the default"),
    "an empty default": ({"Router": {"default": ""}}, 'Write "local,coder-1"'),
    "an unknown setting": ({"Router": {"default": "local,coder-1"}, "aply": "ask"}, 'Write "apply"'),
}


async def picked(editor, file, title):
    """Take the quick fix of this title, as an editor does with an action that holds an edit."""
    for _ in range(600):
        actions = await editor.actions(file, 0, len(editor.text(file)), only=["quickfix"])
        if found := [action for action in actions if action["title"] == title]:
            assert editor.apply(found[0]["edit"])
            return found[0]
        if actions:
            break
    raise AssertionError([action["title"] for action in actions])


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("profile", ["", "nvim-0.12"])
async def test_a_quick_fix_mends_the_file(tmp_path, name, profile):
    settings, title = BROKEN[name]
    root, file = project.make(tmp_path), tmp_path / "config.json"
    file.write_text(json.dumps({"Providers": PROVIDERS, **settings}, indent=2))
    async with session(root, config=file, profile=profile) as editor:
        editor.open(file)
        shown = await editor.until(lambda: editor.diagnostics(file))
        action = await picked(editor, file, title)
        assert action["diagnostics"][0] in shown
        editor.save(file)
        await editor.until(lambda: not editor.diagnostics(file))


async def test_no_fix_is_offered_for_a_text_that_was_not_read(tmp_path):
    root, file = project.make(tmp_path), tmp_path / "config.json"
    file.write_text(json.dumps({"Providers": PROVIDERS, "Router": {"default": "local,coder"}}))
    async with session(root, config=file) as editor:
        editor.open(file)
        await editor.until(lambda: editor.diagnostics(file))
        assert await editor.actions(file, 0, 200, only=["quickfix"])
        editor.type(file, 0, " ")
        assert not await editor.actions(file, 0, 200, only=["quickfix"])

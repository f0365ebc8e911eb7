"""Explanations: with links to what they name, grounded in the index, by the best means each editor has."""

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.files.paths import from_uri
from support import project
from support.lsp import session
from support.shell import pointsman

WORDS = "`total` adds **prices**, unlike `shout`. See `shop/price.py`, `nowhere`.\n\n```python\n`total`\n```\n"


async def explain(editor, file):
    found = await editor.actions(file, editor.text(file).index("return sum"), only=["pointsman"])
    await editor.pick(next(action for action in found if action["title"] == "Explain total"))


async def hover(editor, file, line=5):
    params = {"textDocument": {"uri": file.as_uri()}, "position": {"line": line, "character": 4}}
    return (await editor.request("textDocument/hover", params))["contents"]["value"]


def checked(text, root, file):
    """What every explanation has below its words."""
    assert f"- Defined: [`total`]({file.as_uri()}#L4), shop/price.py:4" in text
    tests = root / "tests/test_price.py"
    assert f"[`tests/test_price.py:5`]({tests.as_uri()}#L5)" in text
    assert f"- Tests: [`tests/test_price.py`]({tests.as_uri()})" in text
    assert " start" in text.partition("- Changed: ")[2], "the title of the last commit"


async def test_it_links_what_it_names_and_says_what_the_index_knows(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(lambda _: Reply(WORDS)) as provider,
        session(root, config=project.config(tmp_path, provider.url), ours=("events", "explain")) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        await explain(editor, file)
        (shown,) = await editor.until(lambda: editor.all("pointsman/explain"))
        text = shown["markdown"]
        assert f"[`total`]({file.as_uri()}#L4) adds **prices**, unlike [`shout`]({file.as_uri()}#L9)." in text
        assert f"[`shop/price.py`]({file.as_uri()}), `nowhere`." in text
        assert "```python\n`total`\n```" in text, "code is left alone"
        checked(text, root, file)
        assert "coder via scripted · 1 turn" in text
        assert "tests/test_price.py:5: assert total(" in provider.requests[0].messages[1][1]


@pytest.mark.parametrize(("profile", "means"), [("hx-25.07", "file"), ("emacs-30", "file"), ("kate-22.12", "hover")])
async def test_each_editor_shows_it_by_what_it_has(tmp_path, profile, means):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(lambda _: Reply(WORDS)) as provider,
        session(root, config=project.config(tmp_path, provider.url), profile=profile) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        await explain(editor, file)
        if means == "file":
            (shown,) = await editor.until(lambda: editor.all("window/showDocument"))
            checked(from_uri(shown["uri"]).read_text(), root, file)
        else:
            told = await editor.until(lambda: editor.all("window/showMessage"))
            assert "Hover" in told[-1]["message"]
        checked(await hover(editor, file), root, file)


async def test_asked_for_twice_an_answer_that_came_is_shown(tmp_path):
    """The client takes half a second to say that it shows the first; by then the second is asked for."""
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(lambda _: Reply(WORDS)) as provider,
        session(root, config=project.config(tmp_path, provider.url), quirks=("slow",)) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        for times in (1, 2):
            await explain(editor, file)
            await editor.until(lambda times=times: len(editor.all("window/showDocument")) == times)
        assert [event["event"] for event in editor.events() if event["event"] in ("explained", "cancelled")] == [
            "explained",
            "explained",
        ]


async def test_without_a_model_the_index_is_shown_with_the_way_to_one(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    config = tmp_path / "config.json"
    config.write_text("{}")
    async with session(root, config=config) as editor:
        editor.open(file)
        await editor.ready(file)
        await explain(editor, file)
        (shown,) = await editor.until(lambda: editor.all("window/showDocument"))
        text = from_uri(shown["uri"]).read_text()
        checked(text, root, file)
        assert "pointsman init" in text
    said = await pointsman("explain", "shop/price.py:6", "--config", str(config), cwd=root)
    assert said.code == 2
    checked(said.out, root, file)
    assert "No model is configured" in said.err

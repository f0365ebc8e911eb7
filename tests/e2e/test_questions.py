"""A model's one question reaches the user as each editor can ask, and the task goes on from the answer."""

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from support import project
from support.lsp import session


def answer(request):
    told = "The answer to your question: In percent" in request.messages[-1][1]
    return Reply(project.RIGHT if told else "QUESTION: Is the discount in percent?")


async def asked(editor, file):
    editor.open(file)
    await editor.ready(file)
    found = await editor.actions(file, editor.text(file).index("return sum"), only=["refactor"])
    await editor.pick(next(action for action in found if action["title"] == "Simplify total"))
    return await editor.event("asked")


async def reply(editor, **given):
    return await editor.request("workspace/executeCommand", {"command": "pointsman.answer", "arguments": [given]})


async def test_a_plugin_that_takes_words_is_not_asked_twice(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(answer) as provider,
        session(root, config=project.config(tmp_path, provider.url), ours=("events", "input")) as editor,
    ):
        event = await asked(editor, file)
        assert event["question"]["text"] == "Is the discount in percent?"
        await reply(editor, task=event["task"], answer="In percent")
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "applied", end
        told = [request["message"] for request in editor.all("window/showMessageRequest")]
        assert not any("The model asks" in message for message in told)


@pytest.mark.parametrize("profile", ["hx-25.01", "kate-22.12"])
async def test_where_nobody_can_be_asked_it_is_said_and_waits_for_words(tmp_path, profile):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(answer) as provider,
        session(
            root, config=project.config(tmp_path, provider.url, checks={"enabled": False}), profile=profile
        ) as editor,
    ):
        event = await asked(editor, file)
        told = await editor.until(lambda: editor.all("window/showMessage"))
        assert any("percent" in said["message"] and "pointsman.answer" in said["message"] for said in told)
        offered = [action["title"] for action in await editor.actions(file, 0)]
        assert sum("Is the discount in percent?" in title for title in offered) == 3
        await reply(editor, task=event["task"], answer="In percent")
        assert (await editor.event("applied", "proposed", "failed"))["event"] == "proposed"


async def test_no_answer_stops_the_task_in_one_line(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(answer) as provider,
        session(root, config=project.config(tmp_path, provider.url), ours=("events", "input")) as editor,
    ):
        event = await asked(editor, file)
        await reply(editor, task=event["task"])
        assert "percent" in (await editor.event("failed"))["message"]
        assert "error" in await reply(editor, task=event["task"], answer="late")
        assert editor.text(file) == project.SOURCE

"""A model's one question reaches the user as each editor can ask, and the task goes on from the answer."""

import pytest

from pointsman.cli.demo.provider import Reply
from support import project
from support.editing import editing, run, simplify
from support.scenes import UNCHECKED


def answer(request):
    told = "The answer to your question: In percent" in request.messages[-1][1]
    return Reply(project.RIGHT if told else "QUESTION: Is the discount in percent?")


async def test_a_plugin_that_takes_words_is_not_asked_twice(tmp_path):
    async with editing(tmp_path, answer, ours=("events", "input")) as (editor, file):
        event = await simplify(editor, file, "asked")
        assert event["question"]["text"] == "Is the discount in percent?"
        await run(editor, "pointsman.answer", task=event["task"], answer="In percent")
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "applied", end
        told = [request["message"] for request in editor.all("window/showMessageRequest")]
        assert not any("The model asks" in message for message in told)


@pytest.mark.parametrize("profile", ["hx-25.01", "kate-22.12"])
async def test_where_nobody_can_be_asked_it_is_said_and_waits_for_words(tmp_path, profile):
    async with editing(tmp_path, answer, profile=profile, settled=UNCHECKED) as (editor, file):
        event = await simplify(editor, file, "asked")
        told = await editor.until(lambda: editor.all("window/showMessage"))
        assert any("percent" in said["message"] and "pointsman.answer" in said["message"] for said in told)
        offered = [action["title"] for action in await editor.actions(file, 0)]
        assert sum("Is the discount in percent?" in title for title in offered) == 3
        await run(editor, "pointsman.answer", task=event["task"], answer="In percent")
        assert (await editor.event("applied", "proposed", "failed"))["event"] == "proposed"


async def test_no_answer_stops_the_task_in_one_line(tmp_path):
    async with editing(tmp_path, answer, ours=("events", "input")) as (editor, file):
        event = await simplify(editor, file, "asked")
        await run(editor, "pointsman.answer", task=event["task"])
        assert "percent" in (await editor.event("failed"))["message"]
        assert "error" in await run(editor, "pointsman.answer", task=event["task"], answer="late")
        assert editor.text(file) == project.SOURCE

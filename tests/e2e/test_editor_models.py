"""The editor's own language models answer: `vscode-lm`, with the same contract, the same lease and the same care."""

import asyncio
import contextlib

import pytest

from support import project
from support.lsp import session

SERVED = {"id": "gpt-4.1", "version": "2025-04-14", "vendor": "copilot", "family": "gpt-4.1", "name": "GPT 4.1"}
OURS = ("events", "models")


class Speaker:
    """A model of the editor: sends its answer in pieces, then `end` as the response, or `error`; None says nothing."""

    def __init__(self, editor, *answers, end=None, error=None, silent=False):
        self.editor, self.answers = editor, list(answers)
        self.end, self.error, self.silent = end or {}, error, silent
        self.asked, self.ids = [], []

    def __call__(self, number, params):
        self.asked.append(params)
        self.ids.append(number)
        if self.silent:
            return
        text = self.answers.pop(0)
        half = len(text) // 2
        for order, piece in enumerate((text[:half], text[half:]), 1):
            said = {"stream": params["stream"], "number": order, "text": piece}
            self.editor.tell("pointsman/model/delta", said)
        end = {"finish": "stop", "pieces": 2, "model": SERVED, **self.end}
        self.editor.send({"id": number, **({"error": self.error} if self.error else {"result": end})})


@contextlib.asynccontextmanager
async def editing(tmp_path, *answers, ours=OURS, router="vscode-lm,gpt-4.1", **speaker):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    config = project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions", router={"default": router})
    async with session(root, config=config, ours=ours) as editor:
        editor.on_model = Speaker(editor, *answers, **speaker)
        editor.open(file)
        await editor.ready(file)
        found = await editor.actions(file, editor.text(file).index("return sum"), only=["refactor"])
        await editor.pick(next(action for action in found if action["title"] == "Simplify total"))
        yield editor, file


async def test_it_edits_in_two_turns_on_one_lease_and_the_receipt_says_whose_word_it_is(tmp_path):
    async with editing(tmp_path, "I would rather chat.", project.RIGHT) as (editor, file):
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "applied", end
        assert editor.text(file) == project.DONE
        assert "gpt-4.1 2025-04-14 (as the editor says) via vscode-lm · 2 turns" in end["receipt"]
        first, second = editor.on_model.asked
        assert (first["model"], first["slot"]) == ("gpt-4.1", "quickEdit")
        assert [message["role"] for message in second["messages"]][-2:] == ["assistant", "user"]
        assert second["messages"][-2]["content"] == "I would rather chat."


# What the response says, and words of the message the user gets. None of them may become an edit.
ENDS = {
    "no finish": ({"finish": None}, {}, "ended in the middle"),
    "a lost piece": ({"pieces": 3}, {}, "2 pieces of 3"),
    "not allowed": ({}, {"code": -32000, "message": "no", "data": {"code": "NoPermissions"}}, "Allow Pointsman"),
    "blocked": ({}, {"code": -32000, "message": "limit", "data": {"code": "Blocked"}}, "quota"),
    "not there": (
        {},
        {"code": -32000, "message": "none", "data": {"code": "NotFound", "models": ["copilot/gpt-4o"]}},
        "copilot/gpt-4o",
    ),
    "anything else": ({}, {"code": -32603, "message": "it broke"}, "it broke"),
    "odd data": ({}, {"code": -32603, "message": "it broke", "data": ["x"]}, "it broke"),
}


@pytest.mark.parametrize("name", ENDS)
async def test_an_answer_without_a_proper_end_is_no_edit(tmp_path, name):
    end, error, words = ENDS[name]
    async with editing(tmp_path, project.RIGHT, end=end, error=error) as (editor, file):
        failed = await editor.event("applied", "proposed", "failed")
        assert failed["event"] == "failed", failed
        assert words in failed["message"]
        assert editor.text(file) == project.SOURCE
        assert len(editor.on_model.asked) == 1


async def test_another_model_than_the_one_asked_for_is_said(tmp_path):
    async with editing(tmp_path, project.RIGHT, router="vscode-lm,claude-sonnet") as (editor, _):
        await editor.event("applied")
        assert any("asked for claude-sonnet, and gpt-4.1" in said["message"] for said in editor.events("progress"))


async def test_a_cancelled_task_cancels_the_request(tmp_path):
    async with editing(tmp_path, silent=True) as (editor, _):
        await editor.until(lambda: editor.on_model.asked)
        await editor.request("workspace/executeCommand", {"command": "pointsman.cancel", "arguments": []})
        await editor.event("cancelled")
        cancels = await editor.until(lambda: editor.all("$/cancelRequest"))
        assert [cancel["id"] for cancel in cancels] == editor.on_model.ids


async def test_an_editor_without_models_says_where_there_are_some(tmp_path):
    async with editing(tmp_path, ours=("events",)) as (editor, _):
        failed = await editor.event("failed")
        assert "VS Code" in failed["message"]
        await asyncio.sleep(0)
        assert not editor.on_model.asked

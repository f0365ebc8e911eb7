"""A plan that waits: read and edited in the editor or at a terminal, then carried out, or not."""

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.files.paths import from_uri
from support import project
from support.lsp import session
from support.shell import at_terminal, pointsman

PLAN = "1. Divide first.\n2. Keep the name."
REFACTOR = ("refactor", "shop/price.py:6", "-m", "divide first")


def planner(request):
    return Reply(PLAN if request.model == "thinker" else project.RIGHT)


def configured(tmp_path, provider, **settings):
    router = {"default": "scripted,coder", "reasonPlan": "scripted,thinker"}
    return project.config(tmp_path, provider.url, router=router, checks={"enabled": False}, **settings)


class Planning:
    """An editor in which a plan waits."""

    def __init__(self, tmp_path, provider, **options):
        self.root = project.make(tmp_path)
        self.file = self.root / "shop/price.py"
        self.provider = provider
        self.options = {"config": configured(tmp_path, provider, plan="show"), **options}

    async def begin(self, editor):
        editor.open(self.file)
        await editor.ready(self.file)
        at = editor.text(self.file).index("return sum")
        found = await editor.actions(self.file, at, only=["refactor"])
        answer = await editor.pick(next(action for action in found if action["title"].startswith("Plan, then")))
        planned = await editor.event("planned")
        assert planned["waits"] is True
        assert planned["text"] == PLAN
        return answer["run"]

    def told(self):
        """What the coder was asked."""
        return self.provider.requests[1].last


def press(button):
    return lambda _, choices: button if button in choices else None


async def test_the_plan_is_a_document_and_what_stands_there_is_carried_out(tmp_path):
    async with ScriptedProvider(planner) as provider:
        planning = Planning(tmp_path, provider, choose=press("nothing"))
        async with session(planning.root, **planning.options) as editor:
            await planning.begin(editor)
            shown = await editor.until(lambda: editor.all("window/showDocument"))
            document = from_uri(shown[0]["uri"])
            assert PLAN in document.read_text()
            editor.open(document)
            editor.type(document, editor.text(document).index("Keep the name"), "Do not ")
            found = await editor.actions(document, 0)
            assert len(provider.requests) == 1, "nothing goes on before its reader says so"
            await editor.pick(next(action for action in found if action["title"].startswith("Carry out the plan")))
            await editor.event("proposed", "applied")
            assert "2. Do not Keep the name." in planning.told()
            assert "<!--" not in planning.told()
            assert [request.model for request in provider.requests] == ["thinker", "coder"]
            assert not [action for action in await editor.actions(document, 0) if "plan:" in action["title"]]


async def test_the_message_with_buttons_does_the_same(tmp_path):
    async with ScriptedProvider(planner) as provider:
        planning = Planning(tmp_path, provider, choose=press("Carry out the plan"))
        async with session(planning.root, **planning.options) as editor:
            await planning.begin(editor)
            await editor.event("proposed", "applied")
            assert PLAN in planning.told()


async def test_a_plugin_shows_the_plan_itself(tmp_path):
    async with ScriptedProvider(planner) as provider:
        planning = Planning(tmp_path, provider, choose=press("nothing"), ours=("events", "plan"))
        async with session(planning.root, **planning.options) as editor:
            task = await planning.begin(editor)
            carry_out = {"command": "pointsman.carryOut", "arguments": [{"task": task, "plan": " "}]}
            assert "empty" in (await editor.request("workspace/executeCommand", carry_out))["error"]
            carry_out["arguments"][0]["plan"] = "Only divide."
            await editor.request("workspace/executeCommand", carry_out)
            await editor.event("proposed", "applied")
            assert "Only divide." in planning.told()
            assert PLAN not in planning.told()
            assert not editor.all("window/showDocument")
            assert "error" in await editor.request("workspace/executeCommand", carry_out)


@pytest.mark.parametrize("button", ["nothing", "Stop"])
async def test_a_plan_can_be_stopped(tmp_path, button):
    async with ScriptedProvider(planner) as provider:
        planning = Planning(tmp_path, provider, choose=press(button))
        async with session(planning.root, **planning.options) as editor:
            await planning.begin(editor)
            if button == "nothing":
                await editor.until(lambda: editor.all("window/showDocument"))
                found = await editor.actions(planning.file, 0, 2)
                await editor.pick(next(action for action in found if action["title"].startswith("Cancel: ")))
            await editor.event("cancelled", "failed")
            assert len(provider.requests) == 1
            assert editor.text(planning.file) == project.SOURCE


async def test_without_a_terminal_the_plan_is_the_result(tmp_path):
    root = project.make(tmp_path)
    async with ScriptedProvider(planner) as provider:
        config = configured(tmp_path, provider)
        done = await pointsman(*REFACTOR, "--plan", "show", "--config", str(config), cwd=root)
        assert (done.code, done.out) == (1, f"{PLAN}\n")
        assert "Nothing was changed" in done.err
        assert len(provider.requests) == 1


async def test_a_plan_that_is_passed_on_leaves_only_the_diff(tmp_path):
    root = project.make(tmp_path)
    async with ScriptedProvider(planner) as provider:
        config = configured(tmp_path, provider)
        done = await pointsman(*REFACTOR, "--plan", "pass", "--config", str(config), cwd=root)
        assert "+++ b/shop/price.py" in done.out
        assert PLAN not in done.out
        assert PLAN in provider.requests[1].last


async def test_at_a_terminal_the_user_decides_and_may_add_words(tmp_path):
    root = project.make(tmp_path)
    async with ScriptedProvider(planner) as provider:
        config = configured(tmp_path, provider)
        answers = {"Carry out this plan?": "keep the comment"}
        await at_terminal(*REFACTOR, "--plan", "show", "--config", str(config), cwd=root, answers=answers)
        assert "Besides: keep the comment" in provider.requests[1].last

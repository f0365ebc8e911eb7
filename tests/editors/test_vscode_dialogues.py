"""What Pointsman asks and shows in a real VS Code beside its edits: questions, plans, trust, folders, first steps."""

import json
import shutil
import threading

import pytest
from terminal import PATIENCE

from pointsman.cli.demo.provider import Reply
from support import project
from support.scenes import NEW, OLD, TYPO, UNCHECKED, patch

pytestmark = pytest.mark.xdist_group("vscode")
PLAN = "1. Divide first.\n2. Keep the name."
WORDS = "--- a/shop/words.py\n+++ b/shop/words.py\n@@ -1 +1 @@\n-WORDS = []\n+WORDS = ['sum']\n"
"""A patch of a second file."""
TRUST = {"security.workspace.trust.enabled": True, "security.workspace.trust.startupPrompt": "never"}


@pytest.fixture
def play(play_in_code):
    return play_in_code


def refactor(window):
    window.go_to(6)
    window.command("Pointsman: Refactor as Described")
    window.answer("take the discount off")


def proposed(window):
    window.until(lambda: "1 proposed" in window.status(), "the proposal")


async def test_a_plan_is_edited_before_the_coder_runs_and_its_question_is_answered_in_an_input_box(play):
    coding = threading.Event()

    def answer(request):
        if request.model == "thinker":
            return Reply(PLAN)
        coding.set()
        told = "The answer to your question: In percent" in request.last
        return Reply(patch(NEW) if told else "QUESTION: Is the discount in percent?")

    def scene(window):
        window.go_to(6)
        window.command("Pointsman: Plan, then Change")
        plan = window.page.locator(".tab", has_text="Plan, then change")
        window.until(plan.count, "the plan")
        window.until(lambda: "the plan waits for you" in window.status(), "that it waits")
        assert not coding.is_set()
        plan.click()
        window.press("Control+End")
        window.type("\n3. Name no constant.")
        window.capture("plan")
        window.command("Pointsman: Carry Out This Plan")
        assert coding.wait(PATIENCE)
        window.until(lambda: "Is the discount in percent?" in window.asked(), "the question")
        window.capture("question")
        window.answer("In percent")
        proposed(window)

    router = {"default": "scripted,coder", "reasonPlan": "scripted,thinker"}
    thinker, first, second = await play(answer, scene, router=router, plan="show", **UNCHECKED)
    assert (thinker.model, first.model, second.model) == ("thinker", "coder", "coder")
    assert f"{PLAN}\n3. Name no constant." in first.last
    assert second.messages[: len(first.messages)] == first.messages, "the same task goes on"


async def test_without_trust_nothing_runs_and_it_is_said_until_the_user_trusts(play, root):
    def scene(window):
        refactor(window)
        window.until(lambda: "restricted · 1 proposed" in window.status(), "the proposal")
        window.told("the editor does not trust this workspace")
        assert window.text() == TYPO
        window.command("Pointsman: Show Status")
        window.pick("no check runs, and edits are only proposed")
        window.page.locator(".workspace-trust-editor .monaco-button", has_text="Trust").first.click()
        window.until(lambda: "Pointsman · 1 proposed" in window.status(), "the end of the restriction")
        window.open("price.py")
        refactor(window)
        window.allow()
        assert window.wait_for_text(NEW) == project.SOURCE

    await play(lambda _: Reply(patch(NEW)), scene, user=TRUST)


async def test_one_server_serves_all_folders_and_an_edit_of_several_files_is_one_undo(play, root):
    second = root.parent / "second"
    shutil.copytree(root, second)
    (second / "shop/price.py").rename(second / "shop/cost.py")
    workspace = root.parent / "all.code-workspace"

    def folders(*paths):
        workspace.write_text(json.dumps({"folders": [{"path": str(path)} for path in paths]}))

    def scene(window):
        folders(root, second)
        window.wire.message("workspace/didChangeWorkspaceFolders")
        window.open("cost.py")
        refactor(window)
        proposed(window)
        window.command("Pointsman: Apply Proposal")
        assert window.wait_for_text(NEW) == project.SOURCE
        window.until(lambda: len(window.modified()) == 2, "both files")
        window.undo()
        assert window.wait_for_text(OLD) == TYPO
        window.until(lambda: not window.modified(), "both files as they were, by one undo")
        window.press("Control+y")
        window.wait_for_text(NEW)
        window.command("File: Save All Files")
        window.until(lambda: (second / "shop/cost.py").read_text() == project.SOURCE, "the saved files")
        window.until(lambda: (second / "shop/words.py").read_text() == "WORDS = ['sum']\n", "the saved files")
        assert (root / "shop/price.py").read_text() == TYPO
        assert (root / "shop/words.py").read_text() == "WORDS = []\n"
        assert len(window.wire.all("initialize")) == 1

    folders(root)
    edit = WORDS + patch(NEW).replace("shop/price.py", "shop/cost.py")
    await play(lambda _: Reply(edit), scene, workspace=workspace, **UNCHECKED)


@pytest.mark.slow
async def test_the_first_steps_are_shown(play):
    def scene(window):
        window.press("Control+b")  # pictures are shown where there is room for them
        window.command("Welcome: Open Walkthrough")
        window.pick("Get started with Pointsman")
        steps = window.page.locator(".gettingStartedDetailsContent .getting-started-step")
        window.until(lambda: steps.count() == 4, "the steps")
        window.until(lambda: "reasonPlan" in window.markdown(), "what is beside the first")
        window.capture("first-steps")
        steps.filter(has_text="Fix a problem").click()
        window.until(lambda: "One undo takes it back" in window.markdown(), "what is beside the second")
        steps.filter(has_text="See what it does").click()
        window.page.locator(".monaco-button", has_text="Show status").click()
        window.until(lambda: "Open configuration" in window.asked(), "the status")

    await play(lambda _: Reply(""), scene, **UNCHECKED)

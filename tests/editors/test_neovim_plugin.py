"""Our plugin in a real Neovim: what it adds to the protocol, pressed and seen as by its user."""

import threading

from terminal import PATIENCE

from pointsman.cli.demo.provider import Reply
from support import project, scenes
from support.scenes import FIX, NEW, OLD, TYPO, UNCHECKED, patch

EDITORS = ("nvim",)


def saying(first):
    """What a model was told, and the model, which answers with words first and then with a patch."""
    told = []

    def answer(request):
        told.append(request.last)
        return Reply(first if len(told) == 1 else patch(NEW))

    return told, answer


async def test_the_stock_key_offers_a_fix_for_another_servers_problem(play, root):
    def scene(window):
        window.until(lambda: window.diagnostics("Ruff"), "the other server's problem")
        window.wire.message("pointsman/diagnostics")
        window.go_to(6)
        window.choose(FIX)
        window.pick("Allow checks here")
        assert window.wait_for_text(NEW) == project.SOURCE
        window.undo()
        assert window.wait_for_text(OLD) == TYPO

    await play(lambda _: Reply(patch(NEW)), scene, beside={"ruff": scenes.RUFF})


async def test_an_explanation_is_shown_in_a_float_while_it_is_written(play, held):
    asked, go, holding = held

    def scene(window):
        window.go_to(6)
        window.execute("explain")
        assert asked.wait(PATIENCE)
        window.terminal.wait("Pointsman · default → coder")
        window.capture("working")
        go.set()
        window.terminal.wait("takes off.*discount")
        window.capture("explained")
        window.type("q")
        window.until(lambda: window.lua("return #vim.api.nvim_list_wins()") == 1, "the end of the float")

    await play(holding(Reply("It **takes off** a discount.")), scene)


async def test_an_instruction_is_asked_for_and_the_proposal_is_shown_and_applied(play, root):
    def scene(window):
        window.go_to(6)
        window.execute("refactor", "take the discount off")
        window.proposed()
        window.command("Pointsman diff")
        window.terminal.wait(r"\+    return sum\(prices\) \* \(100 - discount\)")
        window.capture("diff")
        window.type("q")
        window.command("Pointsman apply")
        assert window.wait_for_text(NEW) == project.SOURCE
        window.proposed(0)

    await play(lambda _: Reply(patch(NEW)), scene, **UNCHECKED)


async def test_a_task_is_cancelled_from_the_command_line(play, root):
    asked = threading.Event()

    def answer(_):
        asked.set()
        return Reply(patch(NEW), first_delay=600)

    def scene(window):
        window.go_to(6)
        window.execute("refactor take the discount off")
        assert asked.wait(PATIENCE)
        window.terminal.wait("Pointsman · refactor")
        window.command("Pointsman cancel")
        window.until(lambda: window.lua("return require('pointsman').statusline()") == "", "the end of the task")
        assert window.text() == TYPO

    await play(answer, scene, **UNCHECKED)


async def test_what_is_wrong_is_said_by_checkhealth_and_by_the_command(play):
    def scene(window):
        window.command("Pointsman nonsense")
        window.terminal.wait("no subcommand")
        window.terminal.press("Enter")
        window.command("checkhealth pointsman")
        window.terminal.wait("the server is ")
        window.capture("health")

    await play(lambda _: Reply(""), scene)


async def test_a_plan_is_changed_by_its_reader_and_carried_out(play, root):
    told, answer = saying("1. Take the discount off.")

    def scene(window):
        window.go_to(6)
        window.execute("plan")
        window.terminal.wait("Take the discount off")
        window.terminal.wait(":w carries it out")
        window.command("%s/Take/Subtract/")
        window.capture("plan")
        window.command("write")
        window.until(lambda: len(told) == 2, "the second model's turn")
        assert "Subtract the discount off" in told[1]
        window.proposed()
        window.command("Pointsman apply")
        assert window.wait_for_text(NEW) == project.SOURCE

    await play(answer, scene, plan="show", **UNCHECKED)


async def test_the_models_question_is_answered_in_words(play, root):
    told, answer = saying("QUESTION: Is the discount in percent?")

    def scene(window):
        window.go_to(6)
        window.execute("refactor take the discount off")
        window.terminal.wait("The model asks: Is the discount in percent")
        window.type("yes, in percent")
        window.terminal.press("Enter")
        window.until(lambda: len(told) == 2, "the second turn")
        assert "yes, in percent" in told[1]

    await play(answer, scene, **UNCHECKED)

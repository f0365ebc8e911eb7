"""What a user does, in every editor that a terminal can show: begun by keys, judged by text, files and one undo.

Where editors differ, the difference is the expectation: `research` of none of them is assumed to hold, all were seen.
"""

import os
import signal
import time
from functools import partial

import pytest
from terminal import PATIENCE

from pointsman.cli.demo.provider import Reply
from support import project, scenes


def body(new, old=project.OLD):
    return scenes.patch(new, old)


@pytest.fixture
def root(tmp_path):
    return scenes.make(tmp_path, project.SOURCE)


@pytest.fixture
def play(play):
    """Checks were allowed in the shell."""
    return partial(play, trusted=True)


async def test_quick_fix_of_another_servers_problem(play, root, editor):
    file = root / "shop/price.py"
    file.write_text(scenes.TYPO)

    def scene(window):
        if editor.name == "emacs":  # it has one server a buffer, and tells it of its own problems only
            window.go_to(6)
            window.refactor()
        else:
            window.go_to_problem()
            window.choose(scenes.FIX)
        assert window.wait_for_text("discount) / 100") == project.SOURCE
        window.undo()
        assert window.wait_for_text("discont) / 100") == scenes.TYPO

    beside = {} if editor.name == "emacs" else {"ruff": scenes.RUFF}
    await play(lambda _: Reply(body(scenes.NEW, scenes.OLD)), scene, beside=beside)


async def typing_meanwhile(play, held, typed, seconds=0):
    """While a model thinks, after so many seconds of it."""
    asked, go, holding = held

    def scene(window):
        window.go_to(6)
        window.refactor()
        assert asked.wait(PATIENCE)
        time.sleep(seconds)
        window.insert_above(1, typed)
        go.set()
        assert window.wait_for_text(project.NEW) == f"{typed}\n{project.DONE}"

    await play(holding(Reply(project.RIGHT)), scene)


async def test_typing_while_the_model_thinks(play, held):
    await typing_meanwhile(play, held, "# typed meanwhile \N{GRINNING FACE}")


@pytest.mark.slow
async def test_a_model_slower_than_any_limit_of_an_editor(play, held):
    """Emacs gives a request up after 10 s, Helix after 20."""
    await typing_meanwhile(play, held, "# typed meanwhile", seconds=22)


async def test_a_failing_check_is_shown_and_mended_by_the_same_model(play):
    wrong = body("    return sum(prices) * (100 - diskount) / 100")
    asked = []

    def answer(request):
        asked.append(request)
        return Reply(wrong if len(asked) <= 2 else project.RIGHT)

    def scene(window):
        window.go_to(6)
        window.refactor()
        window.told("kept as a proposal")
        window.choose("Fix: Undefined name `diskount`")
        assert window.wait_for_text(project.NEW) == project.DONE
        window.undo()
        assert window.wait_for_text(project.OLD) == project.SOURCE

    await play(answer, scene)


async def test_explain(play, editor):
    def scene(window):
        window.go_to(6)
        window.choose("Explain total")
        if editor.id == "hx-trixie":  # it cannot be shown a document
            window.terminal.wait("Hover over line")
            window.type(" k")
        window.terminal.wait("takes off")
        window.capture("explained")

    await play(lambda _: Reply("It takes off a discount."), scene)


async def test_a_refactoring_of_several_files_with_a_new_one_and_a_moved_one(play, root, editor):
    def scene(window):
        window.go_to(6)
        window.refactor()
        window.told("kept as a proposal")
        take = "Write files" if editor.name == "emacs" else "Apply"
        window.choose(f"{take}: Simplify total")
        if editor.name == "emacs":  # it has no file operations, so the files are written once the user agrees
            assert not (root / "shop/rate.py").exists()
            window.pick("Write files")
        assert window.wait_for_text(project.NEW) == project.DONE
        window.save()
        window.until((root / "shop/text.py").exists, "the moved file")
        window.until(lambda: "def rate" in (window.text(root / "shop/rate.py") or ""), "the new file")
        assert not (root / "shop/words.py").exists()
        assert (root / "shop/text.py").read_text() == "WORDS = []\n"

    await play(lambda _: Reply(scenes.MOVED + project.RIGHT), scene, trusted=False, **scenes.UNCHECKED)


async def test_cancel(play, held, editor):
    asked, _, holding = held

    def scene(window):
        window.go_to(6)
        window.refactor()
        assert asked.wait(PATIENCE)
        if editor.name == "emacs":  # it has no key for a server's command
            window.choose("Cancel: Simplify total")
        else:
            window.run("pointsman.cancel")
        window.told("Cancelled")
        assert window.text() == project.SOURCE

    await play(holding(Reply(project.RIGHT)), scene)


async def test_a_server_that_was_killed_is_started_again(play, root):
    def scene(window):
        window.go_to(6)
        os.kill(window.wire.server_pid(), signal.SIGKILL)
        window.wire.exit_code()
        window.restart_server()
        window.wire.answer("initialize", 2)
        window.refactor()
        assert window.wait_for_text(project.NEW) == project.DONE

    await play(lambda _: Reply(project.RIGHT), scene)

"""Proposals that outlive a server, or are seen by two, in a real Neovim with our plugin."""

from neovim import PLUGIN
from window import Setup

from pointsman.cli.demo.provider import Reply
from support import project
from support.scenes import NEW, TYPO, UNCHECKED, patch

EDITORS = ("nvim",)
ASK = "refactor take the discount off"


def right(_):
    return Reply(patch(NEW))


async def test_a_proposal_is_there_again_after_a_restart(play):
    def scene(window):
        window.go_to(6)
        window.execute(ASK)
        window.proposed()
        window.restart_server()
        window.wire.answer("initialize", 2)
        window.until(lambda: window.lua("return require('pointsman.client').get(0).initialized"), "the new server")
        window.proposed()
        window.command("Pointsman apply")
        assert window.wait_for_text(NEW) == project.SOURCE

    await play(right, scene, **UNCHECKED)


async def test_two_editors_on_one_folder(play, root, open_window):
    def scene(window):
        window.go_to(6)
        window.execute(ASK)
        window.proposed()
        server = window.wire.message("$/tap/start")["params"]["command"]
        other = open_window(root / "shop/price.py", Setup(server, init=PLUGIN))
        other.proposed()
        window.command("Pointsman discard")
        window.wire.answer("workspace/executeCommand", 2)
        other.command("Pointsman apply")
        other.told("not there any more")
        assert other.text() == TYPO

    await play(right, scene, **UNCHECKED)

"""Our wires against a real engine: llama.cpp, with a model that says at random what the engine lets it say."""

import asyncio
import json
import os
import subprocess

import httpx2
import pytest

from llama import setup
from pointsman.errors import Unavailable
from pointsman.files.workspace import Workspace
from pointsman.models import wires
from pointsman.patch import contract, forms
from pointsman.patch.place import place
from pointsman.terms import FileSet, Message, Patch, Question, Request
from support import project, shell
from support.dialogue import CONTEXT, lease, request, turn
from support.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("llama")]
PATHS = {
    "openai-chat": "/v1/chat/completions",
    "openai-responses": "/v1/responses",
    "anthropic-messages": "/v1/messages",
}
STARTS_WITHIN = 60
"""Seconds; never a measure of anything."""
TOKENS = 5_000
FILE = "shop/price.py"


@pytest.fixture(scope="module")
def engine():
    """The address of a server that runs as long as these tests do."""
    if not setup.server().exists() or not setup.model().exists():
        pytest.fail("no engine: run make test-llama") if os.environ.get("CI") else pytest.skip("make test-llama")
    address = f"http://127.0.0.1:{free_port()}"
    options = ["--ctx-size", "65536", "--parallel", "1", "--threads", "1", "--host", "127.0.0.1", "--alias", "tiny"]
    argv = [str(setup.server()), "--model", str(setup.model()), "--port", address.rpartition(":")[2], *options]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            asyncio.run(ready(address, process))
            yield address
        finally:
            process.terminate()


async def ready(address, process):
    async with httpx2.AsyncClient() as client:
        for _ in range(10 * STARTS_WITHIN):
            assert process.poll() is None, "the engine ended"
            try:
                if (await client.get(f"{address}/health")).status_code == httpx2.codes.OK:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.1)
    pytest.fail("the engine does not listen")


async def ask(engine, messages, wire="openai-chat", form=None, **parameters):
    limit = "max_output_tokens" if wire == "openai-responses" else "max_tokens"
    held = lease(engine + PATHS[wire], wire, "tiny", parameters={"temperature": 1.0, limit: TOKENS, **parameters})
    speaker = wires()[wire]()
    try:
        return await turn(speaker, Request(held, messages, request(held).context, None, form=form))
    finally:
        await speaker.aclose()


async def applied(git, root):
    run = await asyncio.to_thread(subprocess.run, git, cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def told(*texts):
    return tuple(Message("user", text) for text in texts)


@pytest.mark.parametrize("seed", range(16))
async def test_a_forced_diff_is_one_that_we_place_and_git_applies(engine, tmp_path, seed):
    root = project.make(tmp_path)
    workspace = Workspace(root)
    form = forms.form("gbnf", {path: workspace.read(path) for path in (FILE, "tests/test_price.py")})
    got = await ask(engine, told("Change something."), form=form, seed=seed)
    answer = contract.read(got.text)
    assert isinstance(answer, Patch | Question), answer
    if isinstance(answer, Patch):
        placed = place(answer, workspace)
        assert isinstance(placed, FileSet), placed
        reply = tmp_path / "reply.diff"
        reply.write_text(got.text)
        git = ["git", "apply", "--recount", "--unidiff-zero", "--whitespace=nowarn", str(reply)]
        await applied(git, root)
        for change in placed.changes:
            assert (root / change.path).read_text() == change.after


async def test_a_forced_schema_is_kept(engine):
    kept = 0
    for seed in range(12):
        try:
            got = await ask(engine, told("Change something."), form=forms.form("schema", {}), seed=seed)
        except Unavailable:  # the engine reads its own answers too, and does not take all that it let through
            continue
        data = json.loads(got.text)
        assert data.keys() == {"question", "files"}
        assert all(file.keys() == {"path", "op", "new_path", "content", "hunks"} for file in data["files"])
        kept += 1
    assert kept


@pytest.mark.parametrize("wire", PATHS)
async def test_every_wire_it_speaks_is_read_to_its_end(engine, wire):
    got = await ask(engine, told("Say something."), wire)
    assert got.end.served == "tiny"
    assert got.end.usage.completion > 0
    assert got.end.usage.prompt > len("Say something.")


@pytest.mark.parametrize("wire", PATHS)
async def test_what_is_said_again_comes_from_the_cache_and_the_receipt_says_so(engine, wire):
    beginning = f"{wire}: " + "the map of the repository, which stays. " * 50
    first = await ask(engine, told(beginning + "Do this."), wire)
    second = await ask(engine, told(beginning + "Now that."), wire)
    assert first.end.usage.cached < len(beginning)
    assert len(beginning) <= second.end.usage.cached < second.end.usage.prompt


async def test_an_answer_that_is_not_wanted_any_more_is_not_written_on(engine):
    held = lease(engine + PATHS["openai-chat"], "openai-chat", "tiny", parameters={"ignore_eos": True})
    speaker = wires()["openai-chat"]()
    stream = speaker.stream(Request(held, told("Say much."), CONTEXT, None))
    await anext(stream)
    await stream.aclose()
    await speaker.aclose()
    async with httpx2.AsyncClient() as client:
        for _ in range(10 * STARTS_WITHIN):
            (slot,) = (await client.get(f"{engine}/slots")).json()
            if not slot["is_processing"]:
                break
            await asyncio.sleep(0.1)
    assert not slot["is_processing"]


async def test_a_task_gets_a_diff_from_it_that_git_applies(engine, tmp_path):
    root = tmp_path / "project"
    root.mkdir()
    (root / "poem.txt").write_text("roses\nare\nred\nand\nso on\n")
    free = {"temperature": 1.0, "top_p": None, "max_tokens": TOKENS}  # chance is all this model has
    url = engine + PATHS["openai-chat"]
    local = {"name": "local", "api_base_url": url, "models": ["tiny"], "contract": "grammar", "parameters": {"*": free}}
    config = project.config(tmp_path, url, Providers=[local], Router={"default": "local,tiny"})
    argv = ["refactor", "poem.txt:1-3", "-m", "Write it otherwise.", "--config", str(config)]
    for _ in range(8):  # it may ask a question instead
        done = await shell.pointsman(*argv, cwd=root)
        if done.out.startswith("diff --git "):
            break
    patch = tmp_path / "made.diff"
    patch.write_text(done.out)
    await applied(["git", "apply", "--check", str(patch)], root)

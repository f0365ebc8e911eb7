"""Tasks in the shell: the real command on a real project, with real checks, and a scripted model over HTTP."""

import asyncio
import json
import signal
import subprocess

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from support import project
from support.shell import at_terminal, ended, pointsman, start

PLACE = "shop/price.py:6"
KNOWN = "known trouble"
FAULTY = project.SOURCE.replace(project.OLD, project.BAD)


def fix(new, old=project.BAD):
    return project.patch(new).replace(project.OLD, old)


RIGHT, WRONG = fix(project.NEW), fix("    return sum(prices)")


def loop(request):
    """No patch, the wrong one; and the right one when the new failure, its line and the last patch are there."""
    turn = sum(role == "assistant" for role, _ in request.messages)
    if turn and KNOWN in request.last:
        return Reply("A failure that was there before was fed back.")
    if not turn:
        return Reply("I think the percentage is wrong.")
    said = "\n".join(text for _, text in request.messages)
    told = "test_total" in request.last and "assert total" in request.last and WRONG in said
    return Reply(RIGHT if told else WRONG)


@pytest.fixture
def root(tmp_path):
    return project.make(tmp_path, source=FAULTY)


@pytest.fixture
def given(root):
    return contents(root)


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}


def applies(root, diff):
    return subprocess.run(["git", "apply", "--check"], input=diff, cwd=root, text=True, check=False).returncode == 0


class Shell:
    """The command with a config that leads to the scripted provider."""

    def __init__(self, root, provider, **settings):
        self.root = root
        self.config = project.config(root.parent, provider.url, **settings)

    async def __call__(self, *args, **environment):
        return await pointsman(*args, "--config", str(self.config), cwd=self.root, **environment)


# --- fix ----------------------------------------------------------------------------------------------------------


async def test_fix_prints_the_verified_diff_and_nothing_else(root, given):
    async with ScriptedProvider(loop) as provider:
        done = await Shell(root, provider)("fix", PLACE, "--trust")
    assert done.code == 0, done.err
    assert done.out.startswith("diff --git a/shop/price.py b/shop/price.py\n")
    assert f"+{project.NEW}\n" in done.out
    assert applies(root, done.out)
    for part in ("rejected (no_patch)", "Failed in a shadow", "Passed in a shadow", "coder via scripted · 3 turns"):
        assert part in done.err
    assert contents(root) == given


async def test_apply_writes_it(root, given):
    async with ScriptedProvider(lambda _: Reply(RIGHT)) as provider:
        done = await Shell(root, provider)("fix", "shop/price.py:4", "--trust", "--apply")
    assert done.code == 0, done.err
    file = root / "shop/price.py"
    assert contents(root) == given | {file: FAULTY.replace(project.BAD, project.NEW).encode()}
    assert "Written: shop/price.py" in done.err


async def test_what_no_check_passes_is_not_for_a_pipe(root, given):
    async with ScriptedProvider(lambda _: Reply(WRONG)) as provider:
        done = await Shell(root, provider)("fix", PLACE, "--trust", "--apply")
    assert (done.code, done.out) == (1, "")
    assert "Not verified: checks still fail" in done.err
    assert "Nothing was written" in done.err
    assert "+    return sum(prices)\n" in done.err
    assert contents(root) == given


async def test_words_are_enough_where_no_check_complains(root):
    instruction = "Take the discount off the whole sum."
    async with ScriptedProvider(lambda _: Reply(RIGHT)) as provider:
        done = await Shell(root, provider)("fix", "shop/__init__.py:1", "-m", instruction, "--trust")
        assert instruction in provider.requests[0].last
    assert done.code == 0, done.err


async def test_nothing_to_fix(root):
    async with ScriptedProvider(loop) as provider:
        done = await Shell(root, provider)("fix", "shop/price.py:1", "--trust")
        assert not provider.requests
    assert (done.code, done.out) == (1, "")
    assert "nothing to fix at shop/price.py:1" in done.err
    assert "tests/test_price.py:" in done.err


async def test_without_consent_nothing_runs_and_nobody_is_asked(root):
    async with ScriptedProvider(loop) as provider:
        done = await Shell(root, provider)("fix", PLACE)
        assert not provider.requests
    assert (done.code, done.out) == (3, "")
    assert "-m pytest" in done.err
    assert "--trust" in done.err


async def test_checks_that_do_not_run_leave_a_diff_that_nobody_vouches_for(root, given):
    async with ScriptedProvider(lambda _: Reply(RIGHT)) as provider:
        shell = Shell(root, provider)
        done = await shell("fix", PLACE, "-m", "mend it", "--trust", "--apply", POINTSMAN_SHADOW="none")
        none = await Shell(root, provider, checks={"enabled": False})("fix", PLACE, "-m", "mend it")
    for one in (done, none):
        assert one.code == 4, one.err
        assert f"+{project.NEW}\n" in one.out
    assert "there is no shadow" in done.err
    assert contents(root) == given


@pytest.mark.parametrize(
    ("router", "said"),
    [({"default": "scripted,typo"}, "typo"), ({"default": "nobody,coder"}, "nobody"), ({"default": ""}, "default")],
)
async def test_a_configuration_that_leads_nowhere(root, router, said):
    async with ScriptedProvider(loop) as provider:
        done = await Shell(root, provider, router=router)("fix", PLACE, "--trust")
        assert not provider.requests
    assert (done.code, done.out) == (2, "")
    assert said in done.err


async def test_no_configuration_at_all(root):
    done = await pointsman("fix", PLACE, "--trust", cwd=root)
    assert (done.code, done.out) == (2, "")
    assert "config.json" in done.err


async def test_without_a_model_the_projects_own_fixers_answer(root):
    (root / "ruff.toml").touch()
    (root / "shop/price.py").write_text("import os\n\n" + FAULTY)
    done = await pointsman("fix", "shop/price.py:1", "--trust", "--apply", cwd=root)
    assert (done.code, (root / "shop/price.py").read_text()) == (0, "\n" + FAULTY), done.err
    assert "-import os\n" in done.out


async def test_the_projects_own_fixers_answer_first_and_then_a_model(root):
    (root / "ruff.toml").touch()
    (root / "shop/price.py").write_text("import os\n\n" + FAULTY)
    async with ScriptedProvider(loop) as provider:
        fixed = await Shell(root, provider)("fix", "shop/price.py:1", "--trust", "--apply")
        assert not provider.requests
        model = await Shell(root, provider)("fix", PLACE, "--trust")
        assert provider.requests
    assert ("ruff" in fixed.err, fixed.code, model.code) == (True, 0, 0), fixed.err + model.err


async def test_a_provider_that_is_not_there(root):
    async with ScriptedProvider(loop) as provider:
        shell = Shell(root, provider)
    done = await shell("refactor", PLACE, "-m", "mend it", "--trust")
    assert (done.code, done.out) == (1, "")
    assert provider.base.removeprefix("http://") in done.err


async def test_a_question_without_anybody_to_answer_it(root, given):
    async with ScriptedProvider(lambda _: Reply("QUESTION: Before or after taxes?")) as provider:
        done = await Shell(root, provider)("fix", PLACE, "--trust")
    assert (done.code, done.out) == (1, "")
    assert "Before or after taxes?" in done.err


async def test_json_is_one_event_a_line(root):
    async with ScriptedProvider(loop) as provider:
        done = await Shell(root, provider)("fix", PLACE, "--trust", "--json", "--apply")
    assert done.code == 0, done.err
    events = [json.loads(line) for line in done.out.splitlines()]
    names = [event["event"] for event in events if event["event"] not in {"progress", "wrote"}]
    assert names == [
        *("started", "routed", "rejected"),
        *("checking", "checked", "checking", "checked", "verified", "applied"),
    ]
    assert f"+{project.NEW}\n" in events[-1]["diff"]
    assert "k" not in [value for event in events for value in event.values()], "the key is in the events"


async def test_an_interrupt_ends_it_and_leaves_nothing(root, given):
    async with ScriptedProvider(lambda _: Reply(RIGHT, first_delay=60)) as provider:
        config = project.config(root.parent, provider.url)
        process = await start("fix", PLACE, "-m", "x", "--trust", "--config", str(config), cwd=root)
        for _ in range(1_000):
            if provider.exchanges or process.returncode is not None:
                break
            await asyncio.sleep(0.05)
        process.send_signal(signal.SIGINT)
        done = await ended(process)
        await asyncio.wait_for(provider.exchanges[0].over.wait(), 10)
        assert provider.exchanges[0].hung_up is not None
    assert (done.code, done.out) == (130, "")
    assert "Cancelled" in done.err
    assert contents(root) == given


async def test_a_terminal_is_asked_for_consent_and_for_the_answer_to_a_question(root):
    def asking(request):
        return Reply(RIGHT if "after taxes" in request.last else "QUESTION: Before or after?")

    async with ScriptedProvider(asking) as provider:
        config = project.config(root.parent, provider.url)
        answers = {"Allow them? [y/N]": "y", "Before or after?": "after taxes"}
        done = await at_terminal("fix", PLACE, "--config", str(config), cwd=root, answers=answers)
    assert done.code == 0, done.err
    assert f"+{project.NEW}\n" in done.out
    assert "diff --git" not in done.err


@pytest.mark.parametrize(("typed", "code"), [("n", 3), ("", 3), ("\x03", 130)])
async def test_a_terminal_may_say_no(root, given, typed, code):
    async with ScriptedProvider(loop) as provider:
        config = project.config(root.parent, provider.url)
        answers = {"Allow them? [y/N]": typed}
        done = await at_terminal("fix", PLACE, "--config", str(config), cwd=root, answers=answers)
        assert not provider.requests
    assert (done.code, done.out) == (code, "")
    assert contents(root) == given


# --- refactor, explain --------------------------------------------------------------------------------------------


async def test_refactor(root):
    async with ScriptedProvider(lambda _: Reply(RIGHT)) as provider:
        done = await Shell(root, provider)("refactor", "shop/price.py:4-6", "-m", "Take it off.", "--trust")
        assert "lines 4 to 6" in provider.requests[0].last
        assert "Take it off." in provider.requests[0].last
    assert done.code == 0, done.err
    assert f"+{project.NEW}\n" in done.out


async def test_explain_prints_words_and_runs_no_check(root):
    words = "It *doubles* the price.\x1b[2J"
    async with ScriptedProvider(lambda _: Reply(words)) as provider:
        done = await Shell(root, provider)("explain", PLACE)
        assert "lines 4 to 6" in provider.requests[0].last
    assert done.code == 0, done.err
    assert done.out.startswith("It *doubles* the price.")
    assert "\x1b" not in done.out


# --- check, trust -------------------------------------------------------------------------------------------------


async def test_check_and_trust(tmp_path):
    clean = project.TESTS.partition("def test_known_to_fail")[0]
    root = project.make(tmp_path, tests=clean)
    config = ("--config", str(project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions")))
    refused = await pointsman("check", *config, cwd=root)
    assert (refused.code, refused.out) == (3, "")
    allowed = await pointsman("trust", *config, cwd=root)
    assert allowed.code == 0, allowed.err
    assert "-m pytest" in allowed.out
    passed = await pointsman("check", *config, cwd=root / "shop")
    assert (passed.code, passed.out) == (0, ""), passed.err
    assert "2 passed" in passed.err
    (root / "shop/price.py").write_text(FAULTY)
    failed = await pointsman("check", "--json", *config, cwd=root)
    assert failed.code == 1
    found = json.loads(failed.out)
    assert found["outcome"] == "failed"
    assert [problem["test"] for problem in found["problems"]] == ["tests/test_price.py::test_total"]
    missing = await pointsman("check", *config, cwd=root, POINTSMAN_SHADOW="none")
    assert missing.code == 4
    assert "did not run" in missing.err
    revoked = await pointsman("trust", "--revoke", *config, cwd=root)
    assert revoked.code == 0
    assert (await pointsman("check", *config, cwd=root)).code == 3


async def test_a_project_without_checks_is_not_called_clean(tmp_path):
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("hello\n")
    done = await pointsman("check", "notes.txt", cwd=tmp_path)
    assert (done.code, done.out) == (4, "")
    assert "no checks" in done.err


# --- wide reads ---------------------------------------------------------------------------------------------------


def wide(root, provider, threshold):
    router = {"default": "scripted,coder", "longContext": "scripted,reader", "longContextThreshold": threshold}
    return Shell(root, provider, router=router)


@pytest.mark.parametrize(("threshold", "model"), [(1000, "reader"), (100_000, "coder")])
async def test_explain_of_a_folder_attaches_all_of_it_and_is_routed_by_its_size(root, threshold, model):
    long = "".join(f"VALUE_{number} = {number}\n" for number in range(900))
    (root / "shop/long.py").write_text(long)
    async with ScriptedProvider(lambda _: Reply("Two modules.")) as provider:
        done = await wide(root, provider, threshold)("explain", "shop")
        assert done.code == 0, done.err
        assert done.out == "Two modules.\n"
        assert provider.requests[0].model == model
        said = provider.requests[0].last
        assert "  899|VALUE_898 = 898" in said
        assert all(f"File {path} " in said for path in ("shop/long.py", "shop/price.py"))
        assert "tests/test_price.py (numbered" not in said


async def test_attached_files_are_whole_and_count_before_the_slot_is_chosen(root):
    (root / "notes.md").write_text("a word of advice\n" * 2000)
    async with ScriptedProvider(lambda _: Reply(fix("    return 1"))) as provider:
        shell = wide(root, provider, 5000)
        place = ["refactor", "shop/price.py:6", "-m", "return one", "--trust"]
        await shell(*place)
        await shell(*place, "--files", "notes.md", "--files", "tests")
        first, second = (request for request in provider.requests if len(request.messages) == 2)
        assert (first.model, second.model) == ("coder", "reader")
        assert "2000|a word of advice" in second.last
        assert "File tests/test_price.py " in second.last


async def test_what_cannot_be_attached_is_misuse(root, tmp_path):
    (tmp_path / "elsewhere.py").write_text("1\n")
    async with ScriptedProvider(lambda _: Reply("")) as provider:
        done = await Shell(root, provider)("explain", "shop/price.py:6", "--files", "../elsewhere.py")
        assert done.code == 64
        assert "is not in" in done.err


# --- the web ------------------------------------------------------------------------------------------------------


def searching(root, provider, model):
    shell = Shell(root, provider, router={"default": "scripted,coder", "webSearch": f"scripted,{model}"})
    shell.config.write_text(shell.config.read_text().replace('"reader"', '"sonar"'))
    return shell


async def test_a_lookup_lists_its_sources(root):
    chunks = [
        {"choices": [{"index": 0, "delta": {"content": "Python 3.14 has it."}}], "citations": ["https://a.example/x"]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    async with ScriptedProvider(
        lambda _: Reply(headers={"Content-Type": "text/event-stream"}, body=body.encode())
    ) as it:
        done = await searching(root, it, "sonar")("explain", "shop/price.py:6", "--web")
        assert done.code == 0, done.err
        assert done.out == "Python 3.14 has it.\n\n## Sources\n\n1. <https://a.example/x>\n"


def cited(text, *urls):
    """A reply that names its sources, as Perplexity does."""
    first = {"choices": [{"index": 0, "delta": {"content": text}}], "citations": urls}
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in (first, last)) + "data: [DONE]\n\n"
    return Reply(headers={"Content-Type": "text/event-stream"}, body=body.encode())


async def test_a_fix_may_be_looked_up_and_lists_its_sources(root):
    pages = "https://docs.example/price", "https://b.example/\x1b[31m"
    async with ScriptedProvider(lambda _: cited(fix("    return net + net * rate"), *pages)) as provider:
        shell = searching(root, provider, "sonar")
        done = await shell("fix", "shop/price.py:6", "-m", "the formula has changed", "--web", "--trust")
        assert "+    return net + net * rate" in done.out + done.err
        assert "Source: https://docs.example/price" in done.err
        assert "\x1b[31m" not in done.err
        assert provider.requests[0].model == "sonar"
        assert "First look up on the web" in provider.requests[0].last
        told = await shell("fix", "shop/price.py:6", "-m", "the formula", "--web", "--trust", "--json")
        ended = next(row for row in map(json.loads, told.out.splitlines()) if row["event"] in ("proposed", "applied"))
        assert ended["sources"][0] == ["", "https://docs.example/price"]


async def test_a_fix_by_a_model_that_cannot_search_asks_nobody_and_names_the_way_out(root):
    async with ScriptedProvider(lambda _: Reply(fix("    return 1"))) as provider:
        done = await searching(root, provider, "coder")("fix", "shop/price.py:6", "-m", "x", "--web", "--trust")
        assert done.code == 2
        assert "cannot search the web" in done.err
        assert "Router.webSearch" in done.err
        assert not provider.requests


async def test_a_lookup_by_a_model_that_cannot_search_asks_nobody_and_names_the_way_out(root):
    async with ScriptedProvider(lambda _: Reply("I remember.")) as provider:
        done = await searching(root, provider, "coder")("explain", "shop/price.py:6", "--web")
        assert done.code == 2
        assert "cannot search the web" in done.err
        assert "Router.webSearch" in done.err
        assert not provider.requests

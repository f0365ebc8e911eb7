"""From an action to an edit that passed its checks: the real server, real checks in a real shadow, a scripted model."""

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.terms import Slot
from support import project
from support.lsp import FULL, session

FAILS = "test_total"
KNOWN = "known trouble"


def loop(request):
    """A model that mends its patch only when it is told what went wrong, with its own patch before it."""
    said = "\n".join(text for _, text in request.messages)
    news = request.messages[-1][1]
    turn = sum(role == "assistant" for role, _ in request.messages)
    if turn and KNOWN in news:  # a failure that was there before was fed back
        return Reply(status=400, body=b'{"error": {"message": "told of a known failure"}}')
    if turn < 2:  # no patch at first, and the wrong one when told so
        return Reply(project.WRONG if turn else "Gladly! I would change line 6.")
    told = FAILS in news and "assert total([10, 20], 10) == 27" in news and project.WRONG in said
    return Reply(f"```diff\n{project.RIGHT}```" if told else project.WRONG)


async def comment(editor, file):
    """Write a comment, and pick the action it makes."""
    at = editor.text(file).index("    return sum")
    editor.type(file, at, "    # pointsman: the discount is taken off\n")
    found = await editor.actions(file, at + 10)
    return next(action for action in found if action["title"].startswith("Do what it says"))


async def simplify(editor, file):
    found = await editor.actions(file, editor.text(file).index("return sum"), only=["refactor"])
    return next(action for action in found if action["title"] == "Simplify total")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_a_patch_is_rejected_then_fails_then_passes_and_is_applied(tmp_path, encoding):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    before = {path: path.read_bytes() for path in root.rglob("*.py")}
    async with (
        ScriptedProvider(loop) as provider,
        session(root, config=project.config(tmp_path, provider.url), encoding=encoding) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        answer = await editor.pick(await simplify(editor, file))
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "applied", end
        assert end["task"] == answer["run"]
        names = [event["event"] for event in editor.events()]
        order = ["started", "routed", "consent-needed", "rejected", "checking", "checked", "checking", "checked"]
        assert [name for name in names if name in order] == order
        first, second = editor.events("checked")
        assert (first["report"]["verdict"], second["report"]["verdict"]) == ("failed", "passed")
        assert editor.text(file) == project.DONE
        assert {request.model for request in provider.requests} == {"coder"}
        assert len(editor.all("workspace/applyEdit")) == 1
        edit = editor.all("workspace/applyEdit")[0]["edit"]["documentChanges"]
        assert [part["textDocument"]["version"] for part in edit] == [0]
        assert len(edit[0]["edits"]) == 1
    assert {path: path.read_bytes() for path in root.rglob("*.py")} == before, "somebody wrote to the tree"


async def test_typing_elsewhere_is_kept_and_the_edit_is_carried_over_it(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(lambda _: Reply(project.RIGHT, first_delay=0.5)) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        await editor.pick(await simplify(editor, file))
        await editor.event("routed")
        editor.type(file, 0, "# typed meanwhile 😀\n")
        assert (await editor.event("applied", "proposed", "failed"))["event"] == "applied"
        expected = "# typed meanwhile 😀\n" + project.DONE
        assert editor.text(file) == expected


async def test_typing_on_the_same_line_keeps_the_typing_and_makes_a_proposal(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(lambda _: Reply(project.RIGHT, first_delay=0.5)) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        await editor.pick(await simplify(editor, file))
        await editor.event("routed")
        editor.type(file, editor.text(file).index("(100 - discount)"), "mine_")
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "proposed"
        assert "changed meanwhile" in end["reason"]
        assert "mine_(100" in editor.text(file)
        assert not editor.all("workspace/applyEdit")


@pytest.mark.parametrize("quirk", ["lies", "refuses"])
async def test_an_editor_that_does_not_apply_is_found_out(tmp_path, quirk):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(lambda _: Reply(project.RIGHT)) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        if quirk == "lies":
            editor.quirks.add("lies")
        else:  # typing at the very moment the edit arrives makes its version stale
            editor.on_apply = lambda: editor.type(file, 0, "#\n")
        await editor.pick(await simplify(editor, file))
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "proposed"
        editor.quirks.clear()
        editor.on_apply = lambda: None
        found = await editor.actions(file, 0)
        apply = next(action for action in found if action["title"].startswith("Apply"))
        await editor.pick(apply)
        await editor.event("applied")
        assert project.NEW in editor.text(file)
        left = await editor.actions(file, 0)
        assert not [action for action in left if action["title"].startswith(("Apply", "Discard"))]


async def test_a_comment_asks_for_an_edit_and_goes_with_it(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    note = "    # pointsman: the discount is taken off"
    keeps = project.RIGHT.replace(f"-{project.OLD}", f" {note}\n-{project.OLD}")
    right = project.RIGHT.replace(f"-{project.OLD}", f"-{note}\n-{project.OLD}")

    def answer(request):
        return Reply(right if "Remove it" in request.messages[-1][1] else keeps)

    async with (
        ScriptedProvider(answer) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        await editor.pick(await comment(editor, file))
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "applied", end
        assert editor.events("rejected")[0]["reject"]["code"] == "note_left"
        assert "the discount is taken off" in provider.requests[0].messages[1][1]
        assert editor.text(file) == project.DONE


async def test_failures_that_are_left_show_in_the_file_and_their_fix_goes_on_with_the_same_model(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"

    def answer(request):
        return Reply(project.RIGHT if "Go on" in request.messages[-1][1] else project.WRONG)

    async with (
        ScriptedProvider(answer) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        await editor.pick(await simplify(editor, file))
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "proposed"
        shown = await editor.until(lambda: editor.diagnostics(file) or editor.diagnostics(root / "tests/test_price.py"))
        assert shown[0]["source"] == "pointsman:pytest"
        assert KNOWN not in str(shown)
        tests = root / "tests/test_price.py"
        place = file if editor.diagnostics(file) else tests
        if place == tests:
            editor.open(tests)
        line = shown[0]["range"]["start"]["line"]
        at = sum(len(words) + 1 for words in editor.text(place).split("\n")[:line])
        found = await editor.actions(place, at, diagnostics=shown)
        follow = next(action for action in found if "continue with the same model" in action["title"])
        turns = len(provider.requests)
        await editor.pick(follow)
        await editor.event("applied")
        said = [role for role, _ in provider.requests[turns].messages]
        assert said.count("assistant") >= 1, "the dialogue did not go on"
        await editor.until(lambda: not editor.diagnostics(place))


async def test_one_question_reaches_the_user_and_its_answer_the_same_model(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"

    def answer(request):
        return Reply(project.RIGHT if "Yes" in request.messages[-1][1] else "QUESTION: Is the discount in percent?")

    def choose(message, choices):
        return "Yes" if "percent" in message else choices[0]

    async with (
        ScriptedProvider(answer) as provider,
        session(root, config=project.config(tmp_path, provider.url), choose=choose) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        await editor.pick(await simplify(editor, file))
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "applied", end
        assert len(provider.requests) == 2


async def test_a_second_question_is_rejected(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(lambda _: Reply("QUESTION: And why?")) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        await editor.pick(await simplify(editor, file))
        await editor.event("failed")
        assert [event["reject"]["code"] for event in editor.events("rejected")] == ["second_question"] * 3


async def test_without_consent_nothing_runs_and_the_edit_stays_a_proposal(tmp_path):
    root = project.make(tmp_path)
    (root / "tests/conftest.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(lambda _: Reply(project.RIGHT)) as provider,
        session(root, config=project.config(tmp_path, provider.url), choose=lambda _, choices: choices[-1]) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        await editor.pick(await simplify(editor, file))
        end = await editor.event("applied", "proposed", "failed")
        assert (end["event"], end["reason"]) == ("proposed", "checks were not allowed to run")
        assert editor.text(file) == project.SOURCE
    assert not (tmp_path / "ran").exists()


async def test_where_nobody_can_be_asked_consent_is_a_code_action(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    silent = {**FULL, "window": {"workDoneProgress": True}}
    async with (
        ScriptedProvider(lambda _: Reply(project.RIGHT)) as provider,
        session(root, config=project.config(tmp_path, provider.url), capabilities=silent) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        await editor.pick(await simplify(editor, file))
        need = await editor.event("consent-needed")
        assert any("pytest" in command for command in need["commands"])
        found = await editor.actions(file, 0)
        await editor.pick(next(action for action in found if action["title"] == "Allow checks here"))
        assert (await editor.event("applied", "proposed", "failed"))["event"] == "applied"


ROUTER = {slot.value: f"scripted,{name}" for slot, name in zip(Slot, [*"abcde", "sonar"], strict=True)}
ROUTES = [
    ("Fix: undefined name", Slot.QUICK_EDIT),
    ("Simplify total", Slot.QUICK_EDIT),
    ("Add types to total", Slot.QUICK_EDIT),
    ("Write tests for total", Slot.REFACTOR),
    ("Rewrite total", Slot.REFACTOR),
    ("Explain total", Slot.DEFAULT),
    ("Plan, then change total", Slot.REASON_PLAN),
    ("Look it up: undefined name", Slot.WEB_SEARCH),
    ("Explain total", Slot.LONG_CONTEXT),
]


@pytest.mark.parametrize(("title", "slot"), ROUTES)
async def test_every_slot_of_the_router_is_reached_from_a_real_action(tmp_path, title, slot):
    source = project.SOURCE + ("# much to read\n" * 400 if slot is Slot.LONG_CONTEXT else "")
    root = project.make(tmp_path, source)
    file = root / "shop/price.py"
    async with ScriptedProvider(lambda _: Reply("words")) as provider:
        config = project.config(tmp_path, provider.url, router={**ROUTER, "longContextThreshold": 1_000})
        config.write_text(
            config.read_text().replace('["coder", "thinker", "reader"]', '["a", "b", "c", "d", "e", "sonar"]')
        )
        async with session(root, config=config) as editor:
            editor.open(file)
            await editor.ready(file)
            at = editor.text(file).index("return sum")
            line = editor.text(file)[:at].count("\n")
            spot = {"start": {"line": line, "character": 4}, "end": {"line": line, "character": 9}}
            problem = {"range": spot, "message": "undefined name", "severity": 1, "source": "pyright"}
            only = ["quickfix", "refactor", "pointsman"]
            found = await editor.actions(file, at, diagnostics=[problem], only=only)
            await editor.pick(next(action for action in found if action["title"] == title))
            routed = await editor.event("routed")
            assert routed["slot"] == slot.value
            await editor.until(lambda: provider.requests)
            assert provider.requests[0].model == ROUTER[slot.value].partition(",")[2]
            if slot is Slot.REASON_PLAN:
                await editor.until(lambda: len(provider.requests) > 1)
                assert provider.requests[1].model == ROUTER["refactor"].partition(",")[2]
                assert len(editor.events("planned")) == 1
                assert "words" in provider.requests[1].messages[1][1]


async def test_an_explanation_is_shown_and_kept_for_hover(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(lambda _: Reply("It **adds** prices.")) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        uri = editor.open(file)
        await editor.ready(file)
        at = editor.text(file).index("return sum")
        found = await editor.actions(file, at, only=["pointsman"])
        await editor.pick(next(action for action in found if action["title"] == "Explain total"))
        await editor.until(lambda: editor.all("window/showDocument"))
        hover = await editor.request(
            "textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 5, "character": 4}}
        )
        assert "adds" in hover["contents"]["value"]
        editor.type(file, 0, "\n")
        gone = await editor.request(
            "textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 6, "character": 4}}
        )
        assert gone is None

"""A real library with a broken function, from its failing tests to passing ones: in an editor, and in the shell."""

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from support import library, project
from support.lsp import session
from support.shell import pointsman

KNOWN = "trouble known before"
KNOWN_FILE = 'def test_of_old():\n    assert not "trouble" " known" " before"\n'
"""A failure that nobody asked about; its words are in no file as they are in the output."""
FAILS_ANEW = "test_ordinal[-1--1st]"
LINE_AT_FAULT = "assert ordinalized == number + inflection.ordinal(number)"
WORSE = "    if number % 10 in (1, 2, 3):\n"


def patch(new):
    context = "    number = abs(int(number))\n"
    head = f"--- a/{library.FILE}\n+++ b/{library.FILE}\n@@ -225,2 +225,2 @@\n"
    return f"{head} {context}-{library.BROKEN}+{new}"


class Model:
    """It repeats the worse patch until it is told what that broke, and notes if it was told what it should not be."""

    def __init__(self):
        self.turns = 0
        self.told_of_old = False

    def __call__(self, request):
        self.turns += 1
        said = "\n".join(text for _, text in request.messages)
        self.told_of_old |= KNOWN in said
        assert library.BROKEN in said, "the model was not shown the code at fault"
        told = FAILS_ANEW in request.last and LINE_AT_FAULT in request.last and patch(WORSE) in said
        return Reply(patch(library.RIGHT if told else WORSE))


@pytest.fixture
def model():
    return Model()


async def test_in_an_editor(tmp_path, model):
    root = library.unpack(tmp_path)
    (root / "test_of_old.py").write_text(KNOWN_FILE)
    assert library.FAILING in library.run_tests(root).stdout
    source, tests = root / library.FILE, root / "test_inflection.py"
    before = library.state(root)
    async with (
        ScriptedProvider(model) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        for path in (source, tests):
            editor.open(path)
        await editor.ready(tests)
        await editor.request(
            "workspace/executeCommand", {"command": "pointsman.runChecks", "arguments": [{"uri": tests.as_uri()}]}
        )
        await editor.event("checks-run")
        shown = [item for item in editor.diagnostics(tests) if library.FAILING in item["message"]]
        actions = await editor.actions(
            tests, editor.text(tests).index(LINE_AT_FAULT), diagnostics=shown, only=["quickfix"]
        )
        fix = next(action for action in actions if action["title"].startswith("Fix: "))
        answer = await editor.pick(fix)
        end = await editor.event("applied", "proposed", "failed")
        assert end["event"] == "applied", end
        assert end["task"] == answer["run"]
        first, second = (event["report"] for event in editor.events("checked"))
        assert (first["verdict"], second["verdict"]) == ("failed", "passed")
        fixed = {problem["test"] for result in second["results"] for problem in result["fixed"]}
        assert f"test_inflection.py::{library.FAILING}" in fixed
        assert model.turns == 2
        assert not model.told_of_old
        assert library.RIGHT in editor.text(source)
        assert library.state(root) == before, "somebody else than the editor wrote to the tree"
        editor.save(source)
    changed = {path for path, state in library.state(root).items() if before[path] != state}
    assert changed == {library.FILE}
    (root / "test_of_old.py").unlink()
    assert library.run_tests(root).returncode == 0


@pytest.mark.parametrize(("place", "options"), [("fault", []), ("test", ["--apply"])], ids=["fault", "test"])
async def test_in_the_shell(tmp_path, model, place, options):
    root = library.unpack(tmp_path)
    source = root / library.FILE
    line = source.read_text().split(library.BROKEN)[0].count("\n") + 1
    test = (root / "test_inflection.py").read_text().split(LINE_AT_FAULT)[0].count("\n") + 1
    where = f"{library.FILE}:{line}" if place == "fault" else f"test_inflection.py:{test}"
    before = library.state(root)
    async with ScriptedProvider(model) as provider:
        config = project.config(tmp_path, provider.url)
        done = await pointsman("fix", where, "--config", str(config), "--trust", *options, cwd=root)
    assert done.code == 0, done.err
    assert f"-{library.BROKEN}+{library.RIGHT}" in done.out
    if options:
        assert library.run_tests(root).returncode == 0
    else:
        assert library.state(root) == before

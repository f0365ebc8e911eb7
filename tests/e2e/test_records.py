"""What was done is listed in the shell, and can be undone there."""

import json

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from support import project
from support.shell import pointsman

KEY = "sk-very-secret-0123456789"


async def fixed(tmp_path):
    """A project in which a task was applied by the shell."""
    root = project.make(tmp_path, source=project.SOURCE.replace(project.OLD, project.BAD))
    right = project.patch(project.NEW).replace(project.OLD, project.BAD)
    async with ScriptedProvider(lambda _: Reply(right)) as provider:
        config = project.config(tmp_path, provider.url)
        config.write_text(config.read_text().replace('"api_key": "k"', f'"api_key": "{KEY}"'))
        argv = ["fix", "shop/price.py:6", "--trust", "--apply", "--config", str(config)]
        done = await pointsman(*argv, cwd=root)
        assert done.code == 0, done.err
    return root


async def test_a_task_is_listed_summed_up_and_undone_and_its_key_is_nowhere(tmp_path, home):
    root = await fixed(tmp_path)
    file = root / "shop/price.py"
    listed = await pointsman("log", "--json", cwd=root)
    (entry,) = map(json.loads, listed.out.splitlines())
    assert (entry["outcome"], entry["files"], entry["intent"]) == ("applied", ["shop/price.py"], "fix")
    assert "coder via scripted" in (await pointsman("log", cwd=root)).out
    figures = json.loads((await pointsman("report", "--json", cwd=root)).out)
    assert figures["scripted,coder"]["outcomes"] == {"applied": 1}
    assert not any(KEY.encode() in path.read_bytes() for path in home.rglob("*") if path.is_file())

    typed = "# typed since\n" + file.read_text()
    file.write_text(typed)
    checked = await pointsman("revert", "--check", cwd=root)
    assert f"+{project.BAD}\n" in checked.out
    assert file.read_text() == typed
    undone = await pointsman("revert", entry["task"], cwd=root)
    assert undone.code == 0, undone.err
    assert file.read_text() == typed.replace(project.NEW, project.BAD)
    again = await pointsman("revert", entry["task"], cwd=root)
    assert (again.code, "undone already" in again.err) == (1, True)


async def test_what_cannot_be_undone_is_said_and_left(tmp_path):
    root = await fixed(tmp_path)
    file = root / "shop/price.py"
    typed = file.read_text().replace("1 - discount", "1 - mine")
    file.write_text(typed)
    refused = await pointsman("revert", cwd=root)
    assert refused.code == 1
    assert "shop/price.py" in refused.err
    assert file.read_text() == typed


async def test_where_nothing_was_done(tmp_path):
    root = project.make(tmp_path)
    assert "Nothing was done here" in (await pointsman("log", cwd=root)).err
    refused = await pointsman("revert", cwd=root)
    assert (refused.code, "pointsman log" in refused.err) == (1, True)

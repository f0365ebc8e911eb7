"""`pointsman demo`, as a user runs it: what it prints follows what the server does, and nothing else."""

import asyncio
import hashlib
import re
import signal
from importlib.resources import files
from pathlib import Path

from pointsman.cli.demo import script
from pointsman.cli.demo.provider import ScriptedProvider
from pointsman.cli.demo.stage import lay_out
from support import project
from support.shell import PATIENCE, ended, pointsman, start

SAMPLE = Path(str(files("pointsman.cli.demo") / "sample"))
FIRST, SECOND = (patch[1].strip() for patch in (script.FIRST, script.SECOND))


def steps(text, *parts):
    """Whether the parts come in this order."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0, f"{part!r} does not come after what should be before it, in:\n{text}"
        at = found + len(part)


def bundled():
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in SAMPLE.rglob("*.*") if path.is_file()}


async def test_from_two_findings_to_none(tmp_path, home):
    before = bundled()
    done = await pointsman("demo", cwd=tmp_path)
    assert done.code == 0, done.out + done.err
    assert "\x1b" not in done.out
    head = done.out.split("\n== ")[0]
    assert "a scripted provider, embedded in this command" in head
    assert re.search(r"http://127\.0\.0\.1:\d+/v1/chat/completions", head)
    assert "quickEdit → scripted,quick" in head
    steps(
        done.out,
        "== Checks of splitbill",
        "Allow checks here",
        "✗ splitbill/receipt.py:3  pointsman:ruff [F401]: `textwrap` imported but unused",
        "✗ tests/test_shares.py:8  pointsman:pytest",
        "== Offered at splitbill/receipt.py:3",
        "Fix with ruff",
        "Route quickEdit: fixers of builtin",
        "-import textwrap",
        "✓ Passed in a shadow",
        "cleared: pointsman:ruff [F401]",
        "read back",
        "== Offered at tests/test_shares.py:8",
        "Route quickEdit: quick of scripted (Router.quickEdit",
        "Reply 1 is rejected (no_patch), and the same model is told so",
        "Reply 2 applies",
        f"+    {FIRST}",
        "✗ Failed in a shadow",
        script.BROKEN_BY_THE_FIRST,
        script.LINE_THAT_FAILS,
        "Reply 3 applies",
        f"+    {SECOND}",
        "✓ Passed in a shadow",
        "The editor applies",
        "splitbill/shares.py: 1 edit of version 1",
        "read back",
        "quick via scripted · 3 turns",
        "== Checks of splitbill",
        "✓ tests/test_shares.py  cleared",
        "16 passed",
    )
    assert bundled() == before
    assert not list(tmp_path.glob("*.*"))
    assert not [path for path in home.rglob("*") if "trust" in path.name], "the demo left consent behind"


async def test_another_fault_in_a_copy_of_the_project_is_another_demo(tmp_path):
    """Nothing of the text is about the bundled fault or the usual shadow."""
    other = lay_out(tmp_path)
    shares = other / "splitbill/shares.py"
    text = shares.read_text()
    shares.write_text(text.replace("[cents // people] * people", "[cents // people + 1] * people"))
    receipt = other / "splitbill/receipt.py"
    receipt.write_text(receipt.read_text().replace("import textwrap\n\n", ""))
    done = await pointsman("demo", "--sample", str(other), cwd=tmp_path, POINTSMAN_SHADOW="copy")
    assert done.code == 0, done.out + done.err
    steps(
        done.out,
        "assert 1002 == 1000",
        "Reply 2 applies",
        "-    return [cents // people + 1] * people",
        "Passed in a shadow of the project (copy)",
        "checked in a copy",
        "cleared: pointsman:pytest",
    )
    assert "999" not in done.out
    assert "F401" not in done.out
    assert "overlay" not in done.out
    assert shares.read_text() != text, "the given sample is only copied"


async def test_a_model_that_never_sends_a_patch_changes_nothing(tmp_path):
    done = await pointsman("demo", "--with", "rejects", cwd=tmp_path)
    assert done.code == 1
    steps(done.out, "Reply 1 is rejected", "Reply 2 is rejected", "Reply 3 is rejected", "no more turns", "Nothing was")
    fix = done.out[done.out.index("== Offered at tests") :]
    assert "The editor applies" not in fix
    assert "1 failed, 15 passed" in fix


async def test_typing_on_the_line_makes_it_a_proposal(tmp_path):
    done = await pointsman("demo", "--with", "conflict", cwd=tmp_path)
    assert done.code == 1
    steps(done.out, "✓ Verified", "Kept as a proposal: splitbill/shares.py changed meanwhile", "1 failed, 15 passed")
    assert "The editor applies" not in done.out[done.out.index("✓ Verified by ruff clean, 16 tests pass") :]


async def test_typing_elsewhere_is_carried_over(tmp_path):
    done = await pointsman("demo", "--with", "typing", cwd=tmp_path)
    assert done.code == 0, done.out + done.err
    steps(done.out, "The editor applies", "splitbill/shares.py: 1 edit of version 2", "16 passed")


async def test_live_it_is_played_with_the_users_own_model(tmp_path):
    async with ScriptedProvider(script.answer) as provider:
        config = project.config(tmp_path, provider.url)
        done = await pointsman("demo", "--live", cwd=tmp_path, POINTSMAN_CONFIG=str(config))
        assert {request.model for request in provider.requests} == {"coder"}
    assert done.code == 0, done.out + done.err
    assert done.out.startswith(f"pointsman demo\nThe model is real: your configuration, {config}.\n")
    assert "scripted provider, embedded" not in done.out
    steps(done.out, "coder of scripted (Router.", "Reply 3 applies", "coder via scripted · 3 turns", "16 passed")


async def test_an_interrupt_ends_it_and_leaves_nothing(tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = await start("demo", cwd=tmp_path, TMPDIR=str(temporary))
    while b"Allow checks here" not in await asyncio.wait_for(process.stdout.readline(), PATIENCE):
        assert not process.stdout.at_eof()
    process.send_signal(signal.SIGINT)
    done = await ended(process)
    assert done.code == 130
    assert not list(temporary.glob("pointsman-demo-*"))


async def test_without_a_shadow_nothing_is_vouched_for(tmp_path):
    done = await pointsman("demo", cwd=tmp_path, POINTSMAN_SHADOW="none")
    assert done.code == 1
    assert "did not run: there is no shadow" in done.out
    assert "Passed" not in done.out
    assert "Verified by" not in done.out

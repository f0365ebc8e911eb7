"""Ways to try a candidate that give wrong verdicts, or reach the user's files: each trap, sprung on the naive method.

A trap is real only if the naive method falls into it, so that is asserted too.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass

import pytest

from pointsman.checks import environment
from pointsman.checks.shadow.choose import Shadow
from pointsman.terms import Command
from support.projects import fingerprint, write

LONG_AGO = 1_000_000_000
MAKEFILE = "out: in.txt\n\tcp in.txt out\n"
WORKSPACES = {
    "package.json": "{}",
    "packages/lib/package.json": '{"name": "lib", "main": "index.js"}',
    "packages/lib/index.js": "module.exports = 'old'\n",
    "app.js": "console.log(require('lib'))\n",
}


@pytest.fixture(params=["auto", "copy"])
def shadow(request, tmp_path):
    return Shadow(tmp_path / "cache", request.param)


async def tried(shadow, root, layer, *argv):
    run = await shadow.run(str(root), layer, Command(argv, str(root)))
    assert run.exit_code == 0, run
    return run.stdout


def naively(folder, *argv):
    return subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.fixture
def workspaces(tmp_path):
    root = write(tmp_path / "project", WORKSPACES)
    (root / "node_modules").mkdir()
    (root / "node_modules/lib").symlink_to("../packages/lib")
    return root


async def test_a_package_of_the_workspace_is_the_candidates(shadow, workspaces):
    layer = {"packages/lib/index.js": b"module.exports = 'new'\n"}
    assert await tried(shadow, workspaces, layer, "node", "app.js") == "new\n"


async def test_a_package_of_the_workspace_linked_by_its_whole_path(shadow, workspaces):
    (workspaces / "node_modules/lib").unlink()
    (workspaces / "node_modules/lib").symlink_to(workspaces / "packages/lib")
    layer = {"packages/lib/index.js": b"module.exports = 'new'\n"}
    assert await tried(shadow, workspaces, layer, "node", "app.js") == "new\n"


def test_a_linked_node_modules_would_load_the_users_package(workspaces, tmp_path):
    naive = shutil.copytree(workspaces, tmp_path / "naive", ignore=shutil.ignore_patterns("node_modules"))
    (naive / "node_modules").symlink_to(workspaces / "node_modules")
    (naive / "packages/lib/index.js").write_text("module.exports = 'new'\n")
    assert naively(naive, "node", "app.js") == "old\n"


@pytest.fixture
def built(tmp_path):
    """A project that the user has built."""
    root = write(tmp_path / "project", {"Makefile": MAKEFILE, "in.txt": "old\n"})
    os.utime(root / "in.txt", (LONG_AGO, LONG_AGO))
    write(root, {"out": "old\n"})
    os.utime(root / "out", (LONG_AGO + 10, LONG_AGO + 10))
    return root


async def test_what_was_built_of_a_candidate_is_not_taken_for_the_next(shadow, built):
    build = ("sh", "-c", "make -s && cat out")
    assert await tried(shadow, built, {}, *build) == "old\n"
    assert await tried(shadow, built, {"in.txt": b"new\n"}, *build) == "new\n"
    assert await tried(shadow, built, {}, *build) == "old\n"
    assert await tried(shadow, built, {"in.txt": b"one\n"}, *build) == "one\n"
    assert naively(built, "sh", "-c", "make -s && cat out") == "old\n"


def test_a_copy_that_keeps_times_would_keep_the_candidates_build(built, tmp_path):
    naive = shutil.copytree(built, tmp_path / "naive")
    (naive / "in.txt").write_text("new\n")
    assert naively(naive, "sh", "-c", "make -s && cat out") == "new\n"
    shutil.copy2(built / "in.txt", naive / "in.txt")
    assert naively(naive, "sh", "-c", "make -s && cat out") == "new\n"


@dataclass(frozen=True)
class Writer:
    """A tool that writes where it is."""

    script: str


WRITERS = [
    Writer("printf x >> in.txt"),
    Writer("printf x > in.txt"),
    Writer("chmod 755 in.txt"),
    Writer("""node -e 'require("fs").writeFileSync("in.txt", "x")'"""),
    Writer('python3 -c \'open("in.txt", "r+").write("x")\''),
]


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.script.split()[0] + writer.script[-8:])
async def test_a_tool_that_writes_in_place_writes_the_shadow(shadow, built, tmp_path, writer):
    before = fingerprint(built)
    await tried(shadow, built, {}, "sh", "-c", writer.script)
    assert fingerprint(built) == before
    naive = tmp_path / "naive"
    shutil.copytree(built, naive, copy_function=os.link)
    naively(naive, "sh", "-c", writer.script)
    assert fingerprint(built) != before


@pytest.mark.parametrize("name", ["CARGO_TARGET_DIR", "CMAKE_BINARY_DIR", "PYTHONPYCACHEPREFIX", "PYTHONPATH"])
def test_no_build_directory_is_shared_with_the_user(name):
    """The user's next `cargo run` would execute what was built of a candidate that nobody has seen."""
    assert name not in environment.clean({name: "/shared", "PATH": "/bin"})


async def test_an_old_time_of_a_file_of_a_candidate_is_no_reason_to_keep_what_was_built(shadow, tmp_path):
    """The user's build is newer than the file, and the candidate newer than both."""
    root = write(tmp_path / "project", {"Makefile": MAKEFILE, "in.txt": "old\n", "out": "old\n"})
    assert await tried(shadow, root, {"in.txt": b"new\n"}, "sh", "-c", "make -s && cat out") == "new\n"
    assert (root / "out").read_text() == "old\n"

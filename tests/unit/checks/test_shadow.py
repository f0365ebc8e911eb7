"""What a shadow promises, the same for each kind that works here."""

import asyncio
import os
import py_compile
import socket
import sys
import time
import venv
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pointsman.checks.sandbox.overlay import states
from pointsman.checks.shadow.choose import Shadow
from pointsman.errors import ConfigError
from pointsman.terms import Command, Run
from support.projects import fingerprint, running, write

sys.path.insert(0, str(Path(__file__).parents[2] / "editors"))

import install

ME = f".{os.getpid()}"
"""Makes the processes of this run known from others of the same test."""
FILES = {
    "a.txt": "old\n",
    "gone.txt": "old\n",
    "folder/inner.txt": "old\n",
    "run.sh": "#!/bin/sh\necho ran\n",
    "bytes.txt": "old\r\n",
}


@pytest.fixture(scope="session")
def overlay_trouble(tmp_path_factory):
    shadow = Shadow(tmp_path_factory.mktemp("cache"))
    asyncio.run(shadow.probe())
    return "" if shadow.kind == "overlay" else shadow.reason


@pytest.fixture(params=["overlay", "bwrap bookworm", "bwrap trixie", "copy"])
def shadow(request, tmp_path, overlay_trouble, monkeypatch):
    kind, _, suite = request.param.partition(" ")
    if kind == "overlay" and overlay_trouble:
        pytest.skip(overlay_trouble)
    if kind == "bwrap":
        monkeypatch.setenv("PATH", f"{bubblewrap(suite).parent}:{os.environ['PATH']}")
    return Shadow(tmp_path / "cache", kind)


def bubblewrap(suite):
    """A real one, from Debian; it is skipped outside of CI if it cannot be had, or may not make private worlds."""
    recipe = next(recipe for recipe in install.BUBBLEWRAPS if recipe.suite == suite)
    try:
        program = install.install(recipe)
        install.run(
            [str(program), "--ro-bind", "/", "/", "--unshare-user-try", "--unshare-pid", "--unshare-net", "true"]
        )
    except install.CannotInstallError as error:
        if os.environ.get("CI"):
            pytest.fail(f"bubblewrap ({suite}) cannot be had: {error}")
        pytest.skip(f"bubblewrap ({suite}) cannot be had: {error}. To try again: python tests/editors/install.py")
    return program


@pytest.fixture
def project(tmp_path):
    root = write(tmp_path / "project", FILES)
    (root / "run.sh").chmod(0o755)
    return root


def sh(root, script, *, timeout=20.0, collect=(), env=None, limit=1 << 20):
    return Command(("/bin/sh", "-c", script), str(root), env or {}, timeout, limit, collect)


def left_in(cache: Path) -> list[Path]:
    """What an overlay's runs left; the copies are kept on purpose."""
    return list((cache / "shadow").glob("*")) if (cache / "shadow").exists() else []


async def test_a_layer_lies_over_the_project(shadow, project):
    layer = {"a.txt": b"new\n", "gone.txt": None, "bytes.txt": b"\xef\xbb\xbfcrlf\r\n\xff", "new/deep.txt": b"x"}
    script = "cat a.txt new/deep.txt; ls; od -An -tx1 bytes.txt; cat folder/inner.txt; ./run.sh"
    run = await shadow.run(str(project), layer, sh(project, script))
    assert (run.exit_code, run.stderr, run.trouble) == (0, "", "")
    assert run.stdout.split() == (
        [
            "new",
            "xa.txt",
            "bytes.txt",
            "folder",
            "new",
            "run.sh",
            "ef",
            "bb",
            "bf",
            "63",
            "72",
            "6c",
            "66",
            "0d",
            "0a",
            "ff",
            "old",
            "ran",
        ]
    )


async def test_no_check_changes_the_users_tree(shadow, project, tmp_path):
    before = fingerprint(project)
    script = """
    echo evil >> a.txt; rm -rf folder; mv gone.txt moved; chmod 600 run.sh; touch -d 2001-01-01 bytes.txt
    mkdir folder && echo x > folder/inner.txt; ln -sf /etc/passwd a.txt; echo y > new
    """
    run = await shadow.run(str(project), {"a.txt": b"new\n"}, sh(project, script))
    assert run.exit_code == 0, run
    assert fingerprint(project) == before
    again = await shadow.run(str(project), {}, sh(project, "ls; cat folder/inner.txt bytes.txt"))
    assert again.stdout.split() == ["a.txt", "bytes.txt", "folder", "gone.txt", "run.sh", "old", "old"]
    assert left_in(tmp_path / "cache") == []


async def test_writes_outside_are_refused(shadow, project, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    home = Path.home() / ".pointsman-must-not-exist"
    script = f"echo x > {outside}/file; echo x > {home}; echo x > /etc/pointsman; echo done"
    run = await shadow.run(str(project), {}, sh(project, script))
    assert run.stdout == "done\n"
    assert list(outside.iterdir()) == []
    assert not home.exists()
    assert "pointsman" not in {entry.name for entry in os.scandir("/etc")}


async def test_the_time_of_a_layer_is_now_and_again_now_when_it_is_gone(shadow, project):
    os.utime(project / "a.txt", (1_000_000_000, 1_000_000_000))
    started = time.time() - 2
    patched = await shadow.run(str(project), {"a.txt": b"new\n"}, sh(project, "stat -c %Y a.txt"))
    assert int(patched.stdout) >= started
    plain = await shadow.run(str(project), {}, sh(project, "stat -c %Y a.txt; cat a.txt"))
    stamp, text = plain.stdout.split()
    assert text == "old"
    if shadow.kind == "copy":  # a build tool of the copy must not take what it made of the candidate for current
        assert int(stamp) >= started


async def test_paths_are_the_projects_own(shadow, project):
    layer = {"sub/b.txt": b"x"}
    run = await shadow.run(str(project), layer, sh(project, 'pwd; pwd >&2; pwd > "$OUT/x"', env={"OUT": "{artefacts}"}))
    assert run.stdout.strip() == run.stderr.strip() == run.artefacts["x"].strip() == str(project)


@pytest.mark.parametrize("name", ["with space", "comma,colon:x", "nön-ascii 😀", "back\\slash", "quote'\""])
async def test_any_name_of_a_project(shadow, tmp_path, name):
    root = write(tmp_path / name, FILES)
    run = await shadow.run(str(root), {"a.txt": b"new\n"}, sh(root, "cat a.txt; pwd"))
    assert run.stdout == f"new\n{root}\n", run


async def test_a_project_below_tmp_is_seen_and_its_neighbours_are_not(shadow, overlay_trouble):
    import tempfile

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        root = write(Path(folder) / "deep" / "project", FILES)
        (Path(folder) / "secret").write_text("x")
        run = await shadow.run(str(root), {"a.txt": b"new\n"}, sh(root, f"cat a.txt; ls {folder}"))
        assert run.stdout.startswith("new\n")
        if shadow.kind != "copy":
            assert "secret" not in run.stdout


async def test_the_environment_is_clean_and_input_is_empty(shadow, project, monkeypatch):
    for name in ("MY_TOKEN", "AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK", "OPENAI_API_KEY", "ANYTHING_ELSE"):
        monkeypatch.setenv(name, "leak")
    run = await shadow.run(str(project), {}, sh(project, "env; cat; echo end", env={"X_TOKEN": "leak", "MINE": "yes"}))
    assert "leak" not in run.stdout
    lines = set(run.stdout.split())
    assert {"MINE=yes", "NO_COLOR=1", "CI=1", "TERM=dumb", "PYTHONDONTWRITEBYTECODE=1", "end"} <= lines


async def test_what_comes_back(shadow, project):
    script = 'echo 1 > "$OUT/one"; ln -s /etc/passwd "$OUT/link"; mkfifo "$OUT/pipe"; echo changed > a.txt; exit 3'
    command = sh(project, script, collect=("a.txt", "missing"), env={"OUT": "{artefacts}"})
    run = await shadow.run(str(project), {}, command)
    assert run.exit_code == 3
    assert run.artefacts == {"one": "1\n", "a.txt": "changed\n"}
    assert run.command == command


async def test_long_output_keeps_head_and_tail(shadow, project):
    run = await shadow.run(str(project), {}, sh(project, "echo first; yes | head -c 300000; echo last", limit=10_000))
    assert run.stdout.startswith("first\n")
    assert run.stdout.endswith("last\n")
    assert len(run.stdout) < 11_000
    assert "bytes left out" in run.stdout


async def test_a_limit_of_time_ends_all_and_keeps_what_was_written(shadow, project):
    script = f'echo begun > "$OUT/log"; setsid sleep 3600{ME} & exec sleep 3601{ME}'
    run = await shadow.run(str(project), {}, sh(project, script, timeout=0.5, env={"OUT": "{artefacts}"}))
    assert (run.exit_code, run.trouble) == (None, "timed out after 0.5 s")
    assert run.artefacts == {"log": "begun\n"}
    assert not running("sleep", f"3600{ME}", f"3601{ME}")


async def test_a_limit_of_memory_holds_for_all_its_processes_together(shadow, project):
    """Three of 60 MB each, below a limit of 120 MB that none of them breaks alone."""
    hog = f"{sys.executable} -S -c 'import time; x = bytearray(60 << 20); time.sleep(3606)' {ME}"
    script = f"{hog} & {hog} & exec {hog}"
    run = await shadow.run(str(project), {}, replace(sh(project, script), memory_limit=120 << 20))
    assert (run.exit_code, run.trouble) == (None, "used more than 120 MB of memory")
    assert not running(Path(sys.executable).name, ME)
    one = await shadow.run(str(project), {}, replace(sh(project, "sleep 0.6; echo end"), memory_limit=120 << 20))
    assert one.stdout == "end\n"


async def test_orphans_end_with_the_check(shadow, project):
    run = await shadow.run(
        str(project), {}, sh(project, f"(setsid sleep 3602{ME} &) ; nohup sleep 3603{ME} & echo end")
    )
    assert run.exit_code == 0
    assert not running("sleep", f"3602{ME}", f"3603{ME}")


async def test_cancelling_ends_everything(shadow, project, tmp_path):
    marker = f"3604{ME}"
    script = f"(setsid sleep {marker} &); sleep {marker}"
    task = asyncio.create_task(shadow.run(str(project), {}, sh(project, script, timeout=60)))
    for _ in range(500):
        if running("sleep", marker):
            break
        await asyncio.sleep(0.01)
    assert running("sleep", marker)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not running("sleep", marker)
    assert left_in(tmp_path / "cache") == []


async def test_cancelling_at_any_moment_leaves_nothing(shadow, project, tmp_path):
    marker = f"3605{ME}"
    await shadow.probe()
    for pause in (0, 0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12):
        task = asyncio.create_task(
            shadow.run(str(project), {}, sh(project, f"(setsid sleep {marker} &); sleep {marker}"))
        )
        await asyncio.sleep(pause)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not running("sleep", marker)
        assert left_in(tmp_path / "cache") == []
    run = await shadow.run(str(project), {}, sh(project, "echo works"))
    assert run.stdout == "works\n"
    open_files = len(list(os.scandir("/proc/self/fd")))
    for _ in range(12):
        task = asyncio.create_task(shadow.run(str(project), {}, sh(project, "sleep 9")))
        await asyncio.sleep(0.004)
        task.cancel()
        await asyncio.wait([task])
    assert len(list(os.scandir("/proc/self/fd"))) <= open_files + 1


async def test_what_cannot_be_started_did_not_run(shadow, project):
    run = await shadow.run(str(project), {}, Command(("no-such-tool-here", "x"), str(project)))
    assert (run.exit_code, run.trouble) == (None, "no-such-tool-here is not installed")


async def test_a_signal_is_told(shadow, project):
    run = await shadow.run(str(project), {}, sh(project, "kill -ABRT $$"))
    assert run.exit_code == -6


async def test_runs_side_by_side_do_not_meet(shadow, project):
    async def one(number):
        layer = {"a.txt": f"{number}\n".encode()}
        run = await shadow.run(str(project), layer, sh(project, "cat a.txt; sleep 0.2; cat a.txt"))
        return run.stdout

    assert await asyncio.gather(one(1), one(2), one(3)) == ["1\n1\n", "2\n2\n", "3\n3\n"]


async def test_a_virtual_environment_inside_is_seen_and_safe(shadow, project):
    (project / ".venv/bin").mkdir(parents=True)
    (project / ".venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    (project / ".venv/data").write_text("old\n")
    run = await shadow.run(str(project), {}, sh(project, "cat .venv/data; echo x > .venv/data; echo end"))
    assert run.stdout.startswith("old\n")
    assert (project / ".venv/data").read_text() == "old\n"


async def test_loopback_is_up_and_nothing_else_is(shadow, project, overlay_trouble):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        program = (
            "import socket, sys\n"
            "own = socket.create_server(('127.0.0.1', 0))\n"
            "socket.create_connection(own.getsockname(), 2).close()\n"
            "print('own')\n"
            "try:\n    socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)\n    print('outside')\n"
            "except OSError:\n    pass\n"
        )
        port = str(listener.getsockname()[1])
        run = await shadow.run(str(project), {}, Command((sys.executable, "-c", program, port), str(project)))
    assert run.stdout.split()[0] == "own", run
    if shadow.kind != "copy":
        assert run.stdout.split() == ["own"]


async def test_keys_are_out_of_sight(shadow, project, tmp_path, monkeypatch, overlay_trouble):
    home = write(tmp_path / "home", {".ssh/id_ed25519": "secret", ".netrc": "secret", ".profile": "plain"})
    monkeypatch.setenv("HOME", str(home))
    script = "cat $HOME/.ssh/id_ed25519 $HOME/.netrc $HOME/.profile"
    run = await shadow.run(str(project), {}, sh(project, script))
    if shadow.kind != "copy":
        assert "secret" not in run.stdout


async def test_what_build_tools_keep_in_a_home_can_be_written_and_stays_as_it_was(shadow, project, monkeypatch):
    cache = Path(__file__).parents[3] / ".cache"
    cache.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=cache) as home:  # what is in /tmp is hidden
        write(Path(home), {".gradle/lock": "old\n", ".m2/settings-security.xml": "secret", ".other/kept": "old\n"})
        monkeypatch.setenv("HOME", home)
        before = fingerprint(Path(home))
        script = "cd $HOME; for it in .gradle/lock .gradle/new .other/kept; do echo x > $it; cat $it; done"
        run = await shadow.run(str(project), {}, sh(project, f"{script}; echo; cat .m2/*"))
        assert fingerprint(Path(home)) == before
    written, _, keys = run.stdout.partition("\n\n")
    assert written.split() == ["x", "x", "old"] if shadow.kind == "overlay" else written.endswith("old")
    assert keys == "" or shadow.kind == "copy"


async def test_a_cache_that_a_tool_wants_can_be_written_and_the_users_own_stays_as_it_was(shadow, project, monkeypatch):
    """Where a layer can lie over it, it is the user's own: what the user built need not be built again."""
    base = Path(__file__).parents[3] / ".cache"
    base.mkdir(exist_ok=True)
    for name in ("GOCACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    with TemporaryDirectory(dir=base) as home:  # what is in /tmp is hidden
        write(Path(home), {".cache/go-build/built": "before\n"})
        monkeypatch.setenv("HOME", home)
        before = fingerprint(Path(home))
        script = (
            "cache=${GOCACHE:-$HOME/.cache/go-build}; mkdir -p $cache; cat $cache/*; echo x > $cache/built && echo end"
        )
        runs = [await shadow.run(str(project), {}, sh(project, script)) for _ in range(2)]
        assert fingerprint(Path(home)) == before
    assert [run.stdout.removeprefix("before\n") for run in runs] == ["end\n", "end\n"]
    assert runs[0].stdout == runs[1].stdout
    if shadow.kind == "overlay":
        assert runs[0].stdout == "before\nend\n"


def test_a_user_without_a_name_has_only_the_home_that_is_told(project, monkeypatch):
    monkeypatch.setattr("pwd.getpwuid", lambda uid: {}[uid])
    assert states(str(project), "") == []


async def test_nonsense_kinds_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="no shadow of kind"):
        Shadow(tmp_path, "cloud")


async def test_the_choice_says_why(tmp_path, overlay_trouble):
    shadow = Shadow(tmp_path / "cache")
    await shadow.probe()
    assert (shadow.kind, bool(shadow.reason)) == ("copy" if overlay_trouble else "overlay", True)


async def test_a_project_an_overlay_cannot_show_goes_to_the_copy(tmp_path, project, monkeypatch):
    shadow = Shadow(tmp_path / "cache")
    await shadow.probe()

    async def refuse(*_):
        from pointsman.checks.shadow.world import NoWorld

        raise NoWorld("No private world: other owners.")

    monkeypatch.setattr(shadow._worlds["overlay"], "run", refuse)
    shadow._tried["bwrap"] = "not here"
    run = await shadow.run(str(project), {"a.txt": b"new\n"}, sh(project, "cat a.txt"))
    assert run.stdout == "new\n"
    assert shadow.kind_at(str(project)) == "copy"
    if shadow.kind == "overlay":
        assert "other owners" in shadow.reason_at(str(project))


@pytest.mark.parametrize(("broken", "kind"), [((), "overlay"), (("overlay",), "bwrap"), (("overlay", "bwrap"), "copy")])
async def test_the_first_that_works_is_chosen(tmp_path, broken, kind):
    from pointsman.checks.shadow.world import NoWorld

    class World:
        def __init__(self, name):
            self.name = name

        async def run(self, root, layer, command):
            if self.name in broken:
                raise NoWorld(f"No private world: no {self.name} here.")
            return Run(command, 0, "works\n", "", 0.1)

    shadow = Shadow(tmp_path / "cache")
    shadow._worlds = {name: World(name) for name in ("overlay", "bwrap", "copy")}
    await shadow.probe()
    assert shadow.kind == kind
    assert all(f"no {name} here" in shadow.reason for name in broken) or kind == "bwrap"
    assert bool(shadow.weaker_at("/x")) == (kind == "copy")


async def test_one_that_is_forced_and_does_not_work_did_not_run(tmp_path, project, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    run = await Shadow(tmp_path / "cache", "bwrap").run(str(project), {}, sh(project, "echo ran"))
    assert (run.exit_code, run.stdout) == (None, "")
    assert "bubblewrap is not installed" in run.trouble


async def test_an_editable_install_leads_to_the_candidate(shadow, tmp_path):
    """A copied or linked environment would import the user's files, and call a broken candidate good."""
    root = write(tmp_path / "project", {"pyproject.toml": "", "src/pkg.py": "X = 'old'\n", "flat.py": "Y = 'old'\n"})
    venv.create(root / ".venv", with_pip=False)
    site = next((root / ".venv/lib").glob("python3*/site-packages"))
    (site / "editable.pth").write_text(f"{root / 'src'}\n{root}\n")
    python = str(root / ".venv/bin/python")
    command = Command((python, "-c", "import pkg, flat; print(pkg.X, flat.Y)"), str(root))
    run = await shadow.run(str(root), {"src/pkg.py": b"X = 'new'\n", "flat.py": b"Y = 'new'\n"}, command)
    assert run.stdout == "new new\n", run


async def test_old_byte_code_is_not_run(shadow, tmp_path):
    """An edit of the same size within the second in which the user ran the old file."""
    root = write(tmp_path / "project", {"mod.py": "X = 1\n"})
    py_compile.compile(str(root / "mod.py"))
    os.utime(root / "mod.py")
    py_compile.compile(str(root / "mod.py"))
    command = Command((sys.executable, "-c", "import mod; print(mod.X)"), str(root))
    run = await shadow.run(str(root), {"mod.py": b"X = 2\n"}, command)
    assert run.stdout == "2\n"

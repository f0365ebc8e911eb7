"""Checks on other machines: over a real sshd on loopback, and by a command; hosts that die; what is spread where."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from pointsman.checks.executors import parcel
from pointsman.checks.executors.channel import LostError
from pointsman.checks.executors.pool import Pool
from pointsman.checks.executors.remote import Remote
from pointsman.terms import Command, Run
from support.projects import fingerprint, running, write

sys.path.insert(0, str(Path(__file__).parents[2] / "editors"))

import install

ME = f".{os.getpid()}"
FILES = {"a.txt": "old\n", "deep/b.txt": "b\n", "gone.txt": "x\n"}
PYTHON = sys.executable


@pytest.fixture(scope="session")
def sshd(tmp_path_factory):
    """A server with its own keys, that runs each connection for itself: no port is needed."""
    try:
        program = install.install(install.SSHD)
    except install.CannotInstallError as error:
        if os.environ.get("CI"):
            pytest.fail(f"sshd cannot be had: {error}")
        pytest.skip(f"sshd cannot be had: {error}. To try again: python tests/editors/install.py")
    if shutil.which("ssh") is None:
        pytest.skip("there is no ssh")
    folder = tmp_path_factory.mktemp("sshd")
    for name in ("host", "user"):
        argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(argv, check=True, timeout=60)
    shutil.copy(folder / "user.pub", folder / "authorized")
    config = (
        f"HostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\n"
        f"PidFile none\nLogLevel ERROR\n"
    )
    (folder / "config").write_text(config)
    proxy = f"{program} -i -f {folder}/config"
    if os.getuid() == 0:  # it wants a user and a folder of its own then; both are there for it alone
        lines = Path("/etc/passwd").read_text() + "sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n"
        (folder / "passwd").write_text(lines)
        script = (
            f"mount --bind {folder}/passwd /etc/passwd; mount -t tmpfs none /run; mkdir -m 755 /run/sshd; exec {proxy}"
        )
        proxy = f"unshare -m sh -c '{script}'"
    return ("ssh", "-T", "-F", "none", "-i", str(folder / "user"), "-o", "StrictHostKeyChecking=no",
            "-o", f"UserKnownHostsFile={folder}/known", "-o", "BatchMode=yes", "-o", f"ProxyCommand={proxy}",
            "loopback")  # fmt: skip


@pytest.fixture(params=["ssh", "command"])
def host(request, tmp_path):
    cache = tmp_path / "far"
    if request.param == "command":
        return Remote("box", ("env", f"XDG_CACHE_HOME={cache}"), python=PYTHON)
    prefix = (*request.getfixturevalue("sshd"), "env", f"XDG_CACHE_HOME={cache}")
    return Remote("builder", prefix, python=PYTHON, shell=True)


@pytest.fixture
def project(tmp_path):
    return write(tmp_path / "my project", FILES)


def sh(root, script, **options):
    return Command(("/bin/sh", "-c", script), str(root), **options)


async def test_a_check_runs_there_on_the_candidate_and_speaks_of_here(host, project):
    before = fingerprint(project)
    layer = {"a.txt": b"new\n", "gone.txt": None, "c/d.txt": b"\xff"}
    script = 'cat a.txt; ls; pwd; pwd >&2; echo x > a.txt; echo "$PWD" > "$OUT/place"; exit 3'
    run = await host.run(str(project), layer, sh(project, script, env={"OUT": "{artefacts}"}, collect=("a.txt",)))
    assert (run.exit_code, run.trouble) == (3, ""), run
    assert run.stdout.split("\n") == ["new", "a.txt", "c", "deep", str(project), ""]
    assert run.stderr.strip() == str(project)
    assert run.artefacts == {"place": f"{project}\n", "a.txt": "x\n"}
    assert fingerprint(project) == before


async def test_the_base_follows_the_users_tree(host, project):
    script = "cat a.txt; ls -a; cat deep/b.txt"
    await host.run(str(project), {"a.txt": b"candidate\n"}, sh(project, script))
    (project / "a.txt").write_text("edited\n")
    (project / "gone.txt").unlink()
    (project / "deep/link").symlink_to("b.txt")
    run = await host.run(str(project), {}, sh(project, script + "; cat deep/link"))
    assert run.stdout.split() == ["edited", ".", "..", "a.txt", "deep", "b", "b"]
    shutil.rmtree(project / "deep")
    write(project, {"deep": "a file now\n"})
    run = await host.run(str(project), {}, sh(project, "cat deep"))
    assert run.stdout == "a file now\n"


async def test_only_what_changed_is_sent(host, project, monkeypatch):
    sent = []
    pack = parcel.pack
    monkeypatch.setattr(parcel, "pack", lambda root, paths, into: (sent.append(sorted(paths)), pack(root, paths, into)))
    await host.run(str(project), {}, sh(project, "true"))
    (project / "a.txt").write_text("edited\n")
    await host.run(str(project), {}, sh(project, "true"))
    host._known.clear()  # another server, the same host
    await host.run(str(project), {}, sh(project, "true"))
    assert sent == [["a.txt", "deep", "deep/b.txt", "gone.txt"], ["a.txt"], []]


async def test_a_module_of_the_candidate_is_imported_and_our_plugin_is_there(host, tmp_path):
    root = write(tmp_path / "project", {"pkg.py": "X = 'old'\n"})
    plugin = parcel.PACKAGE / "checks/injected"
    program = "import pkg, pointsman_report; print(pkg.X, pkg.__file__)"
    command = Command((PYTHON, "-c", program), str(root), {"PYTHONPATH": str(plugin)})
    run = await host.run(str(root), {"pkg.py": b"X = 'new'\n"}, command)
    assert run.stdout == f"new {root}/pkg.py\n", run


async def test_a_limit_of_time_and_of_output(host, project):
    run = await host.run(str(project), {}, sh(project, "echo begun; exec sleep 60", timeout=0.5))
    assert (run.exit_code, run.trouble, run.stdout) == (None, "timed out after 0.5 s", "begun\n")
    script = "echo first; yes | head -c 300000; echo last"
    run = await host.run(str(project), {}, sh(project, script, output_limit=10_000))
    assert run.stdout.startswith("first\n")
    assert run.stdout.endswith("last\n")
    assert len(run.stdout) < 11_000


async def gone(marker):
    for _ in range(500):
        if not running("sleep", marker):
            return True
        await asyncio.sleep(0.01)
    return False


async def test_cancelling_ends_it_there(host, project, tmp_path):
    marker = f"3711{ME}"
    script = f"(setsid sleep {marker} &); sleep {marker}"
    task = asyncio.create_task(host.run(str(project), {}, sh(project, script)))
    for _ in range(1000):
        if len(running("sleep", marker)) > 1:
            break
        await asyncio.sleep(0.01)
    assert running("sleep", marker)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await gone(marker)
    for _ in range(200):
        left = [place.name for place in tmp_path.glob("far/pointsman-host/base-*/tmp*")]
        if not left:
            break
        await asyncio.sleep(0.01)
    assert left == []


async def test_a_host_that_cannot_be_reached_says_why(project):
    with pytest.raises(LostError, match=r"box was lost.*no such box"):
        await Remote("box", ("sh", "-c", "echo no such box >&2; exit 1")).run(str(project), {}, sh(project, "true"))
    with pytest.raises(LostError, match="cannot be started"):
        await Remote("box", ("/no/such/program",)).run(str(project), {}, sh(project, "true"))
    with pytest.raises(LostError):
        await Remote("box", ("echo", "Welcome to this host!")).run(str(project), {}, sh(project, "true"))


async def test_a_host_that_dies_in_the_midst_of_a_check_loses_nothing(host, project):
    """The connection is killed when the check runs there; the pool runs it elsewhere."""
    marker = f"3712{ME}"
    other = Scripted("other")
    pool = Pool([host, other])
    host.slots, other.slots, other.busy = 8, 1, True
    script = f"sleep {marker}"
    task = asyncio.create_task(pool.run(str(project), {}, sh(project, script)))
    for _ in range(1000):
        if running("sleep", marker):
            break
        await asyncio.sleep(0.01)
    if not other.runs:  # it chose the host
        for pid in running("sleep", marker):
            with contextlib.suppress(ProcessLookupError):
                os.kill(_helper_above(int(pid)), signal.SIGKILL)
    run = await task
    assert (run.stdout, other.runs) == ("other", 1)
    assert await gone(marker)


def _helper_above(pid):
    """The process that speaks with us, on the host."""
    while True:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if any(b"executors.far" in word for word in words) and words[0].endswith(b"python"):
            return pid
        pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        if pid <= 1:
            return 0


@dataclass
class Scripted:
    name: str
    slots: int = 2
    lost: bool = False
    warm: bool = False
    runs: int = 0
    busy: bool = False
    gate: asyncio.Event | None = None

    async def run(self, root, layer, command):
        self.runs += 1
        if self.lost:
            raise LostError(f"{self.name} was lost: it is off.")
        if self.gate:
            await self.gate.wait()
        return Run(command, 0, self.name, "", 0.1)

    def knows(self, root):
        return self.warm


COMMAND = Command(("x",), "/")


async def test_a_lost_check_runs_elsewhere_and_the_host_rests():
    dead, alive = Scripted("dead", lost=True, warm=True), Scripted("alive")
    pool = Pool([dead, alive])
    assert [(await pool.run("/", {}, COMMAND)).stdout for _ in range(3)] == ["alive"] * 3
    assert (dead.runs, alive.runs) == (1, 3)


async def test_where_no_host_is_left_it_did_not_run():
    run = await Pool([Scripted("one", lost=True), Scripted("two", lost=True)]).run("/", {}, COMMAND)
    assert run.exit_code is None
    assert "one was lost" in run.trouble
    assert "two was lost" in run.trouble


async def test_checks_are_spread_and_the_warm_machine_is_first():
    gate = asyncio.Event()
    cold, warm = Scripted("cold", gate=gate), Scripted("warm", warm=True, gate=gate)
    pool = Pool([cold, warm])
    tasks = [asyncio.create_task(pool.run("/", {}, COMMAND)) for _ in range(5)]
    await asyncio.sleep(0.01)
    assert (cold.runs, warm.runs) == (2, 2)
    gate.set()
    ran = [run.stdout for run in await asyncio.gather(*tasks)]
    assert ran[0] == "warm"
    assert sorted(ran[:4]) == ["cold", "cold", "warm", "warm"]

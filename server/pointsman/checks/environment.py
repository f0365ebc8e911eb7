"""What a check may know of the user's environment: a short list of names, and never a key.

Everything not named here stays out. The fixed values make outputs plain and equal from run to run.
"""

import os
import re
from collections.abc import Collection, Mapping

ARTEFACTS = "{artefacts}"
"""Stands, in a command's arguments and environment, for the directory whose files come back with the run."""

ALLOWED = frozenset({
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "SYSTEMROOT", "COMSPEC", "PATHEXT", "USERPROFILE",
    "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PKG_CONFIG_PATH",
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "PYENV_ROOT", "PYENV_VERSION", "CONDA_PREFIX", "VIRTUAL_ENV",
    "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "CARGO_HOME", "GOPATH", "GOROOT", "GOFLAGS", "GOCACHE", "GOMODCACHE",
    "JAVA_HOME", "MAVEN_OPTS", "GRADLE_USER_HOME", "NVM_DIR", "NODE_PATH", "VOLTA_HOME", "GEM_HOME", "GEM_PATH",
    "DOTNET_ROOT", "CC", "CXX", "CFLAGS", "CXXFLAGS", "LDFLAGS", "DJANGO_SETTINGS_MODULE", "ASDF_DATA_DIR",
    "ASDF_DIR", "MISE_DATA_DIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "NIX_PATH", "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
    "PYTEST_PLUGINS",
})  # fmt: skip
FIXED: Mapping[str, str] = {
    "CI": "1",
    "COLUMNS": "200",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "PYTHONDONTWRITEBYTECODE": "1",  # an edit of the same size within a second would run the old byte code
    "PYTHONHASHSEED": "0",
    "RUST_BACKTRACE": "0",
    "TERM": "dumb",
}
_SECRET = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|(^|_)API_?KEY|_KEY$|_SOCK$|^DBUS_|^DOCKER_HOST$", re.IGNORECASE)


_CACHES: Mapping[str, str] = {"GOCACHE": "go-build", "CCACHE_DIR": "ccache", "RUBOCOP_CACHE_ROOT": "rubocop_cache"}
"""Caches without which a tool does not start, or starts anew each time, and how they are called in the user's."""


def caches(environment: Mapping[str, str], layered: Collection[str], temporary: str) -> dict[str, str]:
    """Where tools find a cache they can write to: the user's own if a layer lies over it, else an empty one."""
    base = environment.get("XDG_CACHE_HOME") or f"{environment.get('HOME', '')}/.cache"
    own = {name: os.path.realpath(environment.get(name) or f"{base}/{folder}") for name, folder in _CACHES.items()}
    return {name: f"{temporary}/{_CACHES[name]}" for name, place in own.items() if place not in layered}


def clean(environment: Mapping[str, str] | None = None, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a check. `extra` is what the command itself sets; a secret is no less one for that."""
    source = os.environ if environment is None else environment
    kept = {name: value for name, value in source.items() if name.upper() in ALLOWED}
    wanted = {name: value for name, value in (extra or {}).items() if not _SECRET.search(name)}
    return {**kept, **FIXED, **wanted}

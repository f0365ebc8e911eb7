"""One thing that is wrong with the configuration, and the table of everything that can be.

The table decides how grave each is, and the page `docs/config-findings.md` is made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pointsman.terms import Severity
from pointsman.text import Edit, Span

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
Key = tuple[str | int, ...]
"""Where in the data a value is: `("Providers", 0, "name")`."""


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit of the file, and what a menu calls it."""

    title: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class Finding:
    """`path` and `span` are where it is written; None for what comes from an editor, or from nowhere.

    `key` is the setting it is about. `fixes` are edits that mend it, the likeliest first.
    """

    path: Path | None
    span: Span | None
    severity: Severity
    code: str
    message: str
    hint: str = ""
    key: Key = ()
    fixes: tuple[Fix, ...] = ()


CODES: Mapping[str, tuple[Severity, str]] = {
    "no-file": (ERROR, "The file named by `--config` or `POINTSMAN_CONFIG` is not there. Nothing is routed."),
    "unreadable": (ERROR, "The file cannot be read, is no regular file, is larger than 1 MiB, or is not UTF-8."),
    "syntax": (ERROR, "The file is not JSON. Comments and trailing commas are fine; everything else is strict."),
    "misfit": (ERROR, "A value has the wrong type, or is out of its range. It is left out."),
    "unknown-key": (WARNING, "There is no such setting. The nearest one is named."),
    "no-effect": (
        INFO,
        ("A setting of claude-code-router that means nothing here. `pointsman init` translates a file."),
    ),
    "unset-variable": (
        ERROR,
        (
            "A `$VARIABLE` is not set where Pointsman runs. It is never sent as it stands. An editor started from "
            "a desktop may not see what your shell sets."
        ),
    ),
    "keyring": (ERROR, "A `keyring:service/user` reference has no answer: no such entry, or no keyring here."),
    "not-for-workspaces": (
        WARNING,
        (
            "A repository (its `.pointsman.json`, or settings an editor may read from it) tried to set what only "
            "the user's own file may: providers, URLs, keys, proxies, programs. It is ignored."
        ),
    ),
    "looser": (
        WARNING,
        (
            "A repository asked for less care than the user's file: to apply edits without asking, or to turn off "
            "a restriction. It is ignored."
        ),
    ),
    "no-default": (WARNING, "`Router.default` is empty: slots that are empty lead nowhere."),
    "not-a-route": (ERROR, "A route is not of the form `provider,model`."),
    "unknown-provider": (ERROR, "A route names a provider that is not defined."),
    "unknown-model": (ERROR, "A route names a model that is not in its provider's `models`. Nothing is guessed."),
    "thinks-in-hot-path": (
        WARNING,
        (
            "`quickEdit` or `refactor` leads to a model whose thinking cannot be switched off: every small edit "
            "waits for it, and pays for it. Such a model belongs into `reasonPlan`."
        ),
    ),
    "cannot-search": (WARNING, "`Router.webSearch` leads to a model that cannot search the web there; a lookup fails."),
    "same-provider": (ERROR, "Two providers have the same name."),
    "same-model": (WARNING, "A provider lists the same model twice."),
    "bad-name": (ERROR, "A provider's name has a comma, or is the reserved `builtin`."),
    "bad-url": (ERROR, "`api_base_url` is not a URL of http or https."),
    "not-an-endpoint": (
        WARNING,
        (
            "`api_base_url` does not end in a known endpoint, such as `/chat/completions`. It is used as it is, "
            "with the OpenAI wire; name the `wire` to say that this is meant."
        ),
    ),
    "no-key": (ERROR, "A provider on another machine has no key. Only this machine's own servers need none."),
    "bad-key": (ERROR, "A key has spaces, line ends or other characters that no key has, or is a placeholder."),
    "key-for-another-host": (
        WARNING,
        (
            "A key is sent to a host that is not its owner's: a variable such as `OPENAI_API_KEY` stands beside "
            "another vendor's URL, or one key beside two hosts."
        ),
    ),
    "readable-by-others": (WARNING, "The file holds a key, and other users of this machine can read it."),
    "plain-http": (WARNING, "A provider on another machine is reached without TLS: key and code can be read."),
    "bad-proxy": (ERROR, "`PROXY_URL` is no proxy: not http or https, or not a host with a port."),
    "proxy-is-provider": (ERROR, "`PROXY_URL` points at a provider, or at the port this file gives to a router."),
    "many-models": (INFO, "More than five models. Three to five are enough for every slot, and easier to know well."),
    "sampling": (
        WARNING,
        (
            "An override makes answers more random (temperature above 0.2, top_p above 0.9, a penalty), or gives "
            "a model a parameter it refuses."
        ),
    ),
    "unused-parameters": (WARNING, "`parameters`, `prices` or `transformer` name a model that is not in `models`."),
    "transformer": (
        INFO,
        ("A transformer of claude-code-router that is not needed here: what it mends does not occur."),
    ),
    "broken-prompt": (
        ERROR,
        (
            "A prompt of your own, in the folder `prompts` of the configuration directory, cannot be used: it is "
            "empty, not UTF-8, has a `$name` that there is not, or leaves out one that must be there. What it is for "
            "fails."
        ),
    ),
    "unknown-prompt": (WARNING, "A file among your own prompts has the name of none. It has no effect."),
    "unknown-transformer": (WARNING, "A transformer that is not known, or cannot be taken over. It has no effect."),
}

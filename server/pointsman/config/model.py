"""The configuration, declared once: the schema, the documentation and every editor's settings come from here.

The shape of `Providers`, `Router` and `fallback` is that of claude-code-router's v1/v2 file, so that such a file works.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from pointsman.config.matchers import Pasted, known
from pointsman.profiles.hosts import wire_of
from pointsman.profiles.prices import AS_OF
from pointsman.terms import Slot

LONG_CONTEXT = 220_000
BUILTIN = "builtin"
FIXERS = "fixers"
"""The provider that is always there, and its one model: the project's own deterministic fixers."""
EDITOR = "vscode-lm"
"""The provider that stands for the language models of the editor itself; its models are the editor's to know."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prices(_Part):
    """What a model costs, in US dollars for a million tokens."""

    input: float = Field(ge=0, description="For a million tokens of the prompt.")
    output: float = Field(ge=0, description="For a million tokens of the answer.")
    cached: float | None = Field(default=None, ge=0, description="For those that came from the provider's cache.")


class Provider(_Part):
    """Somebody who serves models."""

    name: str = Field(min_length=1, max_length=100, description="How routes name it.")
    api_base_url: str = Field(
        description="The full URL of the endpoint, such as `https://openrouter.ai/api/v1/chat/completions`."
    )
    api_key: str = Field(
        default="",
        repr=False,
        description="The key. `$VAR` and `${VAR}` are read from the environment, `keyring:service/user` from the "
        "system's keyring. It may be empty for a server on this machine, and for no other.",
    )
    models: list[Annotated[str, Field(min_length=1)]] = Field(
        min_length=1, description="The models that routes may name."
    )
    wire: Literal["", "openai-chat", "anthropic-messages", "openai-responses", "ollama"] = Field(
        default="", description="The protocol it speaks; told by the end of the URL where empty."
    )
    contract: Literal["auto", "schema", "grammar", "text"] = Field(
        default="auto",
        description="How the form of a patch is forced: by a JSON schema, by a grammar, or not at all (`text`). `auto` "
        "takes what the model and its host are known for.",
    )
    transformer: dict[str, Any] = Field(
        default={},
        description="As in claude-code-router. `maxtoken`, `sampling`, `customparams` and `openrouter` are taken "
        "over; the others are not needed.",
    )
    parameters: dict[str, dict[str, Any]] = Field(
        default={},
        description="Request parameters by model, laid over those that Pointsman compiles for it; null leaves one "
        "out. `*` stands for every model of the provider.",
    )

    prices: dict[str, Prices] = Field(
        default={},
        description="US dollars for a million tokens by model, where the list price is not known or not yours "
        f"(Pointsman's list is of {AS_OF}): "
        "`input`, `output`, `cached`. `*` stands for every model of the provider.",
    )

    @property
    def spoken(self) -> str:
        """The wire in the end."""
        return wire_of(self.api_base_url, self.wire) or "openai-chat"

    def model(self, name: str) -> str | None:
        """The model of this name as it is listed, which is how the provider wants it written."""
        return next((model for model in self.models if model.casefold() == name.casefold()), None)


class Routes(_Part):
    """Which model answers what: `provider,model` for each slot. A slot that is empty takes the default."""

    default: str = Field(default="", description="For explanations, and for every slot that is empty.")
    quickEdit: str = Field(default="", description="Fixes, docstrings, types, simplifications.")  # noqa: N815
    refactor: str = Field(default="", description="Rewrites, extractions, tests, several files.")
    reasonPlan: str = Field(default="", description="Writes the plan of `Plan, then change`.")  # noqa: N815
    longContext: str = Field(default="", description="Takes a task whose material is above the threshold.")  # noqa: N815
    longContextThreshold: int = Field(  # noqa: N815
        default=LONG_CONTEXT, ge=1_000, le=100_000_000, description="In tokens, estimated when a task starts."
    )
    webSearch: str = Field(default="", description="`Look it up`; the provider must search the web.")  # noqa: N815

    def model_for(self, slot: Slot) -> str:
        return str(getattr(self, slot.value))


class Fallbacks(_Part):
    """Who answers instead, by slot, when a slot's model is known to be out of order as a task starts; never later."""

    default: list[str] = Field(default=[], description="Instead of `Router.default`.")
    quickEdit: list[str] = Field(default=[], description="Instead of `Router.quickEdit`.")  # noqa: N815
    refactor: list[str] = Field(default=[], description="Instead of `Router.refactor`.")
    reasonPlan: list[str] = Field(default=[], description="Instead of `Router.reasonPlan`.")  # noqa: N815
    longContext: list[str] = Field(default=[], description="Instead of `Router.longContext`.")  # noqa: N815
    webSearch: list[str] = Field(default=[], description="Instead of `Router.webSearch`.")  # noqa: N815

    def models_for(self, slot: Slot) -> list[str]:
        return list(getattr(self, slot.value))


class Budget(_Part):
    """What may be spent, in US dollars; a call that would go beyond it is not made. 0 is no limit."""

    perTask: float = Field(default=0.0, ge=0, description="For one task, all its turns together.")  # noqa: N815
    perDay: float = Field(  # noqa: N815
        default=0.0, ge=0, description="For all tasks of a day, of every editor and shell of yours."
    )


class Host(_Part):
    """Another machine for checks. It needs Python 3.11, and the project's tools."""

    name: str = Field(min_length=1, max_length=100, description="How messages name it.")
    ssh: str = Field(default="", pattern=r"^([^-\s]\S*)?$", description="Where `ssh` reaches it, such as `me@builder`.")
    command: list[str] = Field(
        default=[],
        description="Instead of `ssh`: what starts a program there with its input and output, such as "
        '`["docker", "exec", "-i", "box"]`.',
    )
    slots: int = Field(default=2, ge=1, le=64, description="Checks that it runs at once.")
    python: str = Field(default="python3", min_length=1, description="Its Python.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.ssh) == bool(self.command):
            raise ValueError("a host has either `ssh` or `command`")
        return self


class CheckCommand(_Part):
    """A check of your own."""

    name: str = Field(min_length=1, max_length=60, description="How messages name it.")
    command: list[str] = Field(min_length=1, description="A program and its arguments, run in the workspace's folder.")
    where: list[str] = Field(
        default=[], description="It is for workspaces that have one of these files; without any, for all of yours."
    )
    files: list[str] = Field(
        default=[],
        description="Endings such as `.proto`: the changed files that have one follow the command.",
    )
    tool: str = Field(
        default="",
        description="Whose output it writes, one of docs/checks.md; a check found for that is left out.",
    )
    format: str = Field(default="", description="And the format.")
    problemMatcher: Pasted | list[Pasted] | None = Field(  # noqa: N815
        default=None,
        description="How that is read: a problem matcher of VS Code, as it stands there, or its name.",
    )
    stage: Literal["lint", "types", "build", "test"] = Field(default="test", description="When it runs.")

    @field_validator("problemMatcher")
    @classmethod
    def _is_known(cls, told: Pasted | list[Pasted] | None) -> Pasted | list[Pasted] | None:
        for each in told if isinstance(told, list) else [told]:
            if isinstance(each, str):
                known(each)
        return told


class CheckSettings(_Part):
    """The project's own build, linters and tests."""

    enabled: bool = Field(default=True, description="Verify edits in a shadow of the project.")
    timeout: float = Field(default=120.0, gt=0, le=3_600, description="Seconds for one check.")
    memory: int = Field(
        default=0,
        ge=0,
        description="Megabytes for one check, all its processes together; 0 for three quarters of the machine's.",
    )
    python: str = Field(
        default="", description="The Python interpreter of the project, where it is not found by itself."
    )
    onSave: bool = Field(  # noqa: N815
        default=False, description="Run them when a file is saved, once they are allowed, and show what they find."
    )
    skip: list[str] = Field(default=[], description="Tools whose checks are not run, though they are found.")
    commands: list[CheckCommand] = Field(default=[], description="Checks of your own, beside those that are found.")
    hosts: list[Host] = Field(default=[], description="Machines that checks of edits are spread over, beside this one.")


class Config(_Part):
    """The whole file."""

    PROXY_URL: str = Field(
        default="", repr=False, description="Proxy for remote providers; never used for this machine."
    )
    LOG: bool = Field(default=False, description="Log tasks to standard error.")
    Providers: list[Provider] = Field(default=[], description="Who serves models.")
    Router: Routes = Field(default=Routes(), description="Which model answers what.")
    fallback: Fallbacks = Field(default=Fallbacks(), description="Who answers instead.")
    apply: Literal["verified", "ask", "never"] = Field(
        default="verified",
        description="`verified`: small edits that passed every check are applied by themselves. `ask`: nothing is "
        "applied before you say so. `never`: edits are only ever proposed.",
    )
    plan: Literal["pass", "show"] = Field(
        default="pass",
        description="What becomes of a plan before it is carried out: `pass` hands it straight on, `show` lets you "
        "read and edit it first.",
    )
    builtinFixers: Literal["auto", "always", "never"] = Field(  # noqa: N815
        default="auto",
        description="Offer the project's own fixers: `auto` for Pointsman's own findings and where no model is "
        "configured, `always`, or `never`.",
    )
    budget: Budget = Field(default=Budget(), description="What may be spent.")
    servedModel: Literal["warn", "stop"] = Field(  # noqa: N815
        default="warn",
        description="When another model answers than the one asked for: `warn` says so, `stop` makes it an error.",
    )
    checks: CheckSettings = Field(default=CheckSettings(), description="Verification.")
    symbols: bool = Field(
        default=False,
        description="Answer for symbols of files and workspaces, and for definitions, from the index: for languages "
        "without a server of their own.",
    )

    def provider(self, name: str) -> Provider | None:
        return next((provider for provider in self.Providers if provider.name.casefold() == name.casefold()), None)

    @property
    def proxy(self) -> str:
        """The proxy as a URL: a bare `host:port` means http."""
        return self.PROXY_URL if "://" in self.PROXY_URL or not self.PROXY_URL else f"http://{self.PROXY_URL}"


WORKSPACE_KEYS = frozenset({"Router", "fallback", "apply", "plan", "builtinFixers", "checks", "symbols"})
"""What a repository, or settings an editor reads from one, may say. They choose among what the user defined."""
WORKSPACE_CHECKS = frozenset({"enabled", "timeout"})
"""Of `checks`: no path, and nothing that names a program."""
FOREIGN = {
    "LOG_LEVEL": "`LOG` turns the log on.",
    "APIKEY": "Pointsman has no port to guard.",
    "HOST": "Pointsman has no port.",
    "PORT": "Pointsman has no port.",
    "NON_INTERACTIVE_MODE": "The server is never interactive.",
    "API_TIMEOUT_MS": "Time limits go by the kind of task.",
    "REWRITE_SYSTEM_PROMPT": "Prompts are one file for each action.",
    "CUSTOM_ROUTER_PATH": "Scripts are not run; the intent decides the route.",
    "forceUseImageAgent": "No images are sent.",
    "transformers": "Scripts are not run.",
    "StatusLine": "Editors show progress themselves.",
    "Router.background": "`quickEdit` takes its place.",
    "Router.think": "`reasonPlan` takes its place.",
    "Router.image": "No images are sent.",
}
"""Settings of claude-code-router that mean nothing here, and what to know instead."""

"""The configuration, declared once: the schema, the documentation and every editor's settings come from here.

The shape of `Providers` and `Router` is that of claude-code-router's frozen v1/v2 file, so that such a file works.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pointsman.terms import Slot

LONG_CONTEXT = 220_000


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Provider(_Part):
    """Somebody who serves models."""

    name: str = Field(min_length=1, description="How routes name it.")
    api_base_url: str = Field(
        description="The full URL of the endpoint, e.g. `https://openrouter.ai/api/v1/chat/completions`."
    )
    api_key: str = Field(
        default="", description="The key; `$VAR` and `${VAR}` are read from the environment. May be empty for loopback."
    )
    models: list[str] = Field(min_length=1, description="The models that routes may name.")
    wire: Literal["", "openai-chat", "anthropic-messages", "openai-responses", "ollama"] = Field(
        default="", description="The protocol it speaks; inferred from the URL where empty."
    )
    transformer: dict[str, Any] = Field(
        default={}, description="Of claude-code-router; kept, mapped where it has a meaning here."
    )
    parameters: dict[str, dict[str, Any]] = Field(
        default={},
        description="Request parameters by model, merged over those that Pointsman compiles; null removes one.",
    )


class Routes(_Part):
    """Which model answers what: `provider,model` for each slot. A slot that is empty takes the default."""

    default: str = Field(default="", description="For explanations, and for every slot that is empty.")
    quickEdit: str = Field(default="", description="Fixes, docstrings, types, simplifications.")  # noqa: N815
    refactor: str = Field(default="", description="Rewrites, extractions, tests, several files.")
    reasonPlan: str = Field(default="", description="Writes the plan of `Plan, then change`.")  # noqa: N815
    longContext: str = Field(default="", description="Takes a task whose material is above the threshold.")  # noqa: N815
    longContextThreshold: int = Field(default=LONG_CONTEXT, ge=1_000, description="Estimated tokens.")  # noqa: N815
    webSearch: str = Field(default="", description="`Look it up`; the provider must search the web.")  # noqa: N815

    def model_for(self, slot: Slot) -> str:
        return str(getattr(self, slot.value))


class CheckSettings(_Part):
    """The project's own build, linters and tests."""

    enabled: bool = Field(default=True, description="Verify edits in a shadow of the project.")
    timeout: float = Field(default=120.0, gt=0, le=3_600, description="Seconds for one check.")
    python: str = Field(
        default="", description="The Python interpreter of the project, where it is not found by itself."
    )


class Config(_Part):
    """The whole file."""

    PROXY_URL: str = Field(default="", description="Proxy for remote providers; never used for loopback.")
    LOG: bool = Field(default=False, description="Log tasks to standard error.")
    Providers: list[Provider] = Field(default=[], description="Who serves models.")
    Router: Routes = Field(default=Routes(), description="Which model answers what.")
    apply: Literal["verified", "ask", "never"] = Field(
        default="verified", description="When an edit is applied by itself: small and verified ones, or none."
    )
    builtinFixers: Literal["auto", "always", "never"] = Field(  # noqa: N815
        default="auto",
        description="Offer the project's own fixers: for our findings and without a model, always, or never.",
    )
    checks: CheckSettings = Field(default=CheckSettings(), description="Verification.")

    def provider(self, name: str) -> Provider | None:
        return next((provider for provider in self.Providers if provider.name.casefold() == name.casefold()), None)


WORKSPACE_KEYS = frozenset({"Router", "apply", "builtinFixers", "checks"})
"""What a repository, or settings an editor reads from one, may say. They choose among what the user defined."""
WORKSPACE_CHECKS = frozenset({"enabled", "timeout"})
"""Of `checks`: no path, and nothing that names a program."""

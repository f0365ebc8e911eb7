"""What is wrong with a configuration that reads well: routes that lead nowhere, keys that are missing or misplaced."""

from pointsman.config.lint.overrides import lint_overrides
from pointsman.config.lint.providers import lint_providers
from pointsman.config.lint.proxy import lint_proxy
from pointsman.config.lint.routes import lint_routes

__all__ = ["lint_overrides", "lint_providers", "lint_proxy", "lint_routes"]

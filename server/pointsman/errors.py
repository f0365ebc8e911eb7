"""The errors Pointsman raises, each with a message for a person.

    PointsmanError
    ├── ConfigError              a setting that cannot be used; names the key
    ├── RouteError               no lease can be made: no model for the slot
    │   └── OverBudget           the next call would cost more than the user allows
    ├── ProviderError            the model's side of the wire
    │   ├── AuthError            401, 402, 403: key missing, wrong or without credit
    │   ├── RateLimited          429, with the wait the provider asked for
    │   ├── Unavailable          cannot connect, 5xx, time-outs: trying again may help
    │   ├── Refused              400-class and refusals: trying the same again cannot help
    │   ├── Truncated            the stream ended without a proper finish
    │   └── BadReply             bytes that are not the protocol's
    ├── WorkspaceError
    │   ├── Missing              no such file
    │   ├── NotText              binary, or not UTF-8
    │   └── Unsafe               a path that leaves the workspace, or may not be touched
    ├── CheckError
    │   ├── NotInstalled         the tool is not there
    │   └── TimedOut             it took longer than its limit
    └── EditorError              the editor answered a request of ours with an error

Expected trouble on the way of a patch (a reply that breaks the contract, a failing check, a buffer that
moved) is a value, not an exception: see `terms`. Foreign exceptions become ours where they are met.
"""

from collections.abc import Mapping
from typing import Any


class PointsmanError(Exception):
    """What went wrong, and in `hint` the way out; both are shown to the user as they are."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def user_message(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class ConfigError(PointsmanError):
    pass


class RouteError(PointsmanError):
    pass


class OverBudget(RouteError):
    pass


class ProviderError(PointsmanError):
    retryable = False
    """Whether the same request, sent again to the same model, may succeed."""

    def __init__(
        self, message: str, hint: str = "", *, retry_after: float | None = None, retryable: bool | None = None
    ) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after
        """Seconds the provider asked us to wait, if it said so."""
        if retryable is not None:
            self.retryable = retryable


class AuthError(ProviderError):
    pass


class RateLimited(ProviderError):
    retryable = True


class Unavailable(ProviderError):
    retryable = True


class Refused(ProviderError):
    said: Mapping[str, Any] = {}
    """The provider's own error object: it may name the parameter at fault."""


class Truncated(ProviderError):
    pass


class BadReply(ProviderError):
    pass


class WorkspaceError(PointsmanError):
    pass


class Missing(WorkspaceError):
    pass


class NotText(WorkspaceError):
    pass


class Unsafe(WorkspaceError):
    pass


class CheckError(PointsmanError):
    pass


class NotInstalled(CheckError):
    pass


class TimedOut(CheckError):
    pass


class EditorError(PointsmanError):
    def __init__(self, message: str, data: object = None) -> None:
        super().__init__(message)
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        """What the editor says beside the message."""

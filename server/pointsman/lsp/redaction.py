"""The log without secrets: whatever anybody writes, a message or a traceback, leaves without the user's keys."""

import logging
from collections.abc import Iterable
from urllib.parse import urlsplit

SHORTEST = 6
"""Characters; what is shorter would blank out ordinary words."""


class Redacted(logging.Formatter):
    """Writes as it is told to, and `***` for each secret it knows."""

    secrets: tuple[str, ...] = ()

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


def redact(keys: Iterable[str], urls: Iterable[str]) -> None:
    """Tell the log what it must not show: keys, and the passwords in addresses. The longest go first."""
    secrets = {*keys, *map(_password, urls)}
    known = tuple(sorted((secret for secret in secrets if len(secret) >= SHORTEST), key=len, reverse=True))
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, Redacted):
            handler.formatter.secrets = known


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""

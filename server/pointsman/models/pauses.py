"""How long a provider asks us to wait, and whether it says that trying again is of use."""

import math
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any


def asked_pause(headers: Mapping[str, str], error: Mapping[str, Any]) -> float | None:
    """Seconds to wait, from the headers or from the error object; None if nothing usable was said."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    header = headers.get("retry-after")
    seconds = _number(header)
    if seconds is None and header:
        seconds = _until(header)
    return _in_body(error) if seconds is None else seconds


def may_retry(headers: Mapping[str, str], error: Mapping[str, Any]) -> bool | None:
    """What the provider says about trying again; None if it says nothing."""
    said = headers.get("x-should-retry", "").lower()
    if said in ("true", "false"):
        return said == "true"
    available = error.get("availability")
    flag = available.get("retryable") if isinstance(available, dict) else None
    return flag if isinstance(flag, bool) else None


def _in_body(error: Mapping[str, Any]) -> float | None:
    for holder in (error.get("availability"), error.get("metadata"), error):
        if isinstance(holder, dict):
            seconds = _number(holder.get("retry_after"))
            if seconds is not None:
                return seconds
    details = error.get("details")
    for item in details if isinstance(details, list) else ():
        delay = item.get("retryDelay") if isinstance(item, dict) else None
        if isinstance(delay, str):
            return _number(delay.removesuffix("s"))
    return None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _until(date: str) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None

"""Which models are not worth starting a task on just now.

Asked only when a task starts: inside a task nothing changes the model, and its own retries go on. After the pause one
task may try; it closes the circuit or opens it again. Keys are held as digests: another key is another circuit.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from pointsman.errors import AuthError, ProviderError
from pointsman.terms import Lease

FAILURES = 3
WITHIN = 60.0
PAUSE = 30.0
LONGEST = 600.0
"""Seconds a provider can keep itself closed by what it asks for."""
AUTH_PAUSE = 300.0
"""A refused key stays refused, but credit may be added without any sign of it here."""

Identity = tuple[str, str, str, bytes]


@dataclass(slots=True)
class _Circuit:
    failures: list[float] = field(default_factory=list)
    until: float = 0.0
    why: str = ""
    probing: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """Why a model is passed over, for the user, and for how many seconds more."""

    why: str
    seconds: float


class Circuits:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._circuits: dict[Identity, _Circuit] = {}

    def opened(self, lease: Lease) -> Open | None:
        """None if a task may start on this lease. The first to ask after the pause gets the one try."""
        circuit = self._circuits.get(_identity(lease))
        if circuit is None or not circuit.why:
            return None
        left = circuit.until - self._clock()
        if left <= 0:
            circuit.probing = True
            circuit.until = self._clock() + PAUSE  # a try that never reports must not close the way for good
            return None
        return Open(circuit.why, left)

    def answered(self, lease: Lease) -> None:
        self._circuits.pop(_identity(lease), None)

    def failed(self, lease: Lease, error: ProviderError) -> None:
        """Count an attempt. Errors that are about this request, not about the provider, do not count."""
        if not (error.retryable or isinstance(error, AuthError)):
            return
        now = self._clock()
        circuit = self._circuits.setdefault(_identity(lease), _Circuit())
        circuit.failures = [*(then for then in circuit.failures if now - then < WITHIN), now]
        if isinstance(error, AuthError):
            self._open(circuit, now + AUTH_PAUSE, error)
        elif len(circuit.failures) >= FAILURES or circuit.probing:
            self._open(circuit, now + min(error.retry_after or PAUSE, LONGEST), error)

    def reset(self) -> None:
        """The configuration was changed: everything may be tried."""
        self._circuits.clear()

    @staticmethod
    def _open(circuit: _Circuit, until: float, error: ProviderError) -> None:
        circuit.until, circuit.why, circuit.probing = until, error.message, False


def _identity(lease: Lease) -> Identity:
    digest = blake2b(lease.key.encode("utf-8", "replace"), digest_size=16).digest()
    return lease.provider, lease.url, lease.model, digest

"""What the journal remembers: each exchange and each delivery attempt, at its moment on the tenant's clock."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from contracts.model import Violation


class EntryKind(StrEnum):
    """A request with its answer, or one attempt at a callback."""

    EXCHANGE = "exchange"
    DELIVERY = "delivery"


class Entry(Struct, frozen=True, gc=False):
    """One line of the witness. Holds nothing that differs between two runs with the same seed and requests.

    ``headers`` are the request's, secrets redacted before they come here; bodies may be cut, and then
    ``request_bytes`` or ``response_bytes`` (the true sizes) exceed what is kept. It refers to nothing that
    could refer back, so the garbage collector need not look at the thousands that are kept.
    """

    tenant: str
    number: int
    at_ms: int
    kind: EntryKind
    provider: str
    operation: str
    method: str
    target: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    request: bytes = b""
    request_bytes: int = 0
    response: bytes = b""
    response_bytes: int = 0
    task_id: str | None = None
    error: str | None = None
    violations: tuple[Violation, ...] = ()
    faults: tuple[str, ...] = ()
    """Ids of the faults that fired."""
    response_digest: str = ""
    """Of a served file, as its ETag has it."""
    response_headers: tuple[tuple[str, str], ...] = ()
    """Those of the answer that are not the same for every answer, such as Retry-After."""

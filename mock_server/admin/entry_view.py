"""One journal entry as JSON."""

from __future__ import annotations

from contracts.model import Violation
from mock_server.admin.body_view import BodyView, body_view
from mock_server.admin.view import View, iso
from mock_server.core.journal import Entry, EntryKind


class EntryView(View):
    """An exchange, or an attempt at a delivery: then the request is ours, and ``status`` is 0 where no answer came.

    ``headers`` are the request's, secrets redacted. ``faults`` are the ids of those that fired, and ``response_digest``
    is that of a served file, as its ETag has it.
    """

    tenant: str
    number: int
    at_ms: int
    at: str
    kind: EntryKind
    provider: str
    operation: str
    method: str
    target: str
    status: int
    error: str | None
    task_id: str | None
    headers: tuple[tuple[str, str], ...]
    request: BodyView
    response: BodyView
    violations: tuple[Violation, ...]
    faults: tuple[str, ...]
    response_digest: str
    response_headers: tuple[tuple[str, str], ...]


def entry_view(entry: Entry) -> EntryView:
    """The entry, to be shown."""
    return EntryView(
        tenant=entry.tenant,
        number=entry.number,
        at_ms=entry.at_ms,
        at=iso(entry.at_ms),
        kind=entry.kind,
        provider=entry.provider,
        operation=entry.operation,
        method=entry.method,
        target=entry.target,
        status=entry.status,
        error=entry.error,
        task_id=entry.task_id,
        headers=entry.headers,
        request=body_view(entry.request, entry.request_bytes),
        response=body_view(entry.response, entry.response_bytes),
        violations=entry.violations,
        faults=entry.faults,
        response_digest=entry.response_digest,
        response_headers=entry.response_headers,
    )

"""Write down each exchange: secrets taken out, bodies cut, violations kept."""

from __future__ import annotations

from mock_server.core.journal import Entry, EntryKind
from mock_server.flow.call import Answer, Call
from mock_server.flow.redaction import HeaderRedaction, RawHeaders, redacted_body, redacted_target


class Witness:
    """Makes journal entries."""

    def __init__(self, body_bytes: int) -> None:
        self._body_bytes = body_bytes
        self._redaction = HeaderRedaction()

    def entry(self, call: Call, provider: str, raw_headers: RawHeaders, query: str, answer: Answer) -> Entry:
        """What the journal keeps of one exchange."""
        keep = self._body_bytes
        request = b"" if call.hides_body else call.raw
        response = b"" if call.hides_body else answer.body
        return Entry(
            tenant=call.tenant,
            number=call.number,
            at_ms=call.now_ms,
            kind=EntryKind.EXCHANGE,
            provider=provider,
            operation=call.operation.id if call.operation else "",
            method=call.method,
            target=redacted_target(call.path, query),
            status=answer.status,
            headers=self._redaction.headers(raw_headers),
            request=redacted_body(request if len(request) <= keep else request[:keep]),
            request_bytes=len(call.raw),
            response=redacted_body(response if len(response) <= keep else response[:keep]),
            response_bytes=len(answer.body),
            task_id=call.task_id,
            error=call.error,
            violations=call.violations,
            faults=call.faults,
            response_headers=_told(answer.headers) if answer.headers else (),
        )


def _told(headers: RawHeaders) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)

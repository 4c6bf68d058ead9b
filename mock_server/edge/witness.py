"""Write down each exchange: secrets taken out, bodies cut, violations kept."""

from __future__ import annotations

from mock_server.core.journal import Entry, EntryKind
from mock_server.flow.call import Answer, Call, RawHeaders
from mock_server.flow.redaction import redacted_headers, redacted_target

_EXCHANGE = EntryKind.EXCHANGE


class Witness:
    """Makes journal entries, with at most ``body_bytes`` of each body."""

    def __init__(self, body_bytes: int) -> None:
        self._body_bytes = body_bytes

    def entry(self, call: Call, provider: str, query: str, answer: Answer) -> Entry:
        """What the journal keeps of one exchange."""
        keep, home = self._body_bytes, call.home
        request = b"" if call.hides_body else call.raw
        response = b"" if call.hides_body else answer.body
        # an enum's member is dear to look up, and so are more than 15 arguments by name
        return Entry(
            home.tenant,
            call.number,
            call.now_ms,
            _EXCHANGE,
            provider,
            call.operation.id if call.operation else "",
            call.method,
            redacted_target(call.path, query),
            answer.status,
            redacted_headers(call.headers),
            request=request if len(request) <= keep else request[:keep],
            request_bytes=len(call.raw),
            response=response if len(response) <= keep else response[:keep],
            response_bytes=len(answer.body),
            task_id=call.task_id,
            error=call.error,
            violations=call.violations,
            faults=call.faults,
            response_headers=_told(answer.headers) if answer.headers else (),
        )


def _told(headers: RawHeaders) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)

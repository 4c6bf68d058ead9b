"""Write down each exchange: secrets taken out, bodies cut, violations kept."""

from __future__ import annotations

import re
from functools import lru_cache

from mock_server.core.journal import Entry, EntryKind
from mock_server.flow.call import Answer, Call, Headers

_SECRET_HEADERS = frozenset(
    {b"authorization", b"proxy-authorization", b"cookie", b"x-api-key", b"x-lipflap-admin-token"}
)
_PARAMETERS_TO_REDACT = "signature|credential|security-token|token|key|api_?key"
_SECRET_QUERY = re.compile(rf"(?i)(?<![\w-])((?:x-amz-)?(?:{_PARAMETERS_TO_REDACT})=)[^&]*")
REDACTED = "redacted"


class Witness:
    """Makes journal entries, with at most ``body_bytes`` of each body."""

    def __init__(self, body_bytes: int) -> None:
        self._body_bytes = body_bytes

    def entry(self, call: Call, provider: str, query: str, answer: Answer) -> Entry:
        """What the journal keeps of one exchange."""
        keep, home = self._body_bytes, call.home
        request = b"" if call.hides_body else call.raw
        response = b"" if call.hides_body else answer.body
        return Entry(
            tenant=home.tenant,
            number=call.number,
            at_ms=call.now_ms,
            kind=EntryKind.EXCHANGE,
            provider=provider,
            operation=call.operation.id if call.operation else "",
            method=call.method,
            target=f"{call.path}?{_without_secrets(query)}" if query else call.path,
            status=answer.status,
            headers=_redacted(call.headers),
            request=request if len(request) <= keep else request[:keep],
            request_bytes=len(call.raw),
            response=response if len(response) <= keep else response[:keep],
            response_bytes=len(answer.body),
            task_id=call.task_id,
            error=call.error,
            violations=call.violations,
        )


@lru_cache(maxsize=512)
def _redacted(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Entries of requests that share their headers share them too."""
    return tuple(
        (name.decode("latin-1"), REDACTED if name in _SECRET_HEADERS else value.decode("latin-1"))
        for name, value in headers.raw
    )


def _without_secrets(query: str) -> str:
    return _SECRET_QUERY.sub(rf"\1{REDACTED}", query)

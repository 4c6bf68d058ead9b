"""The edge's own answers are whole, in JSON, and the last of their connection."""

from __future__ import annotations

import json

from mock_server.hosting.refusal import Refusal


def test_a_refusal_is_a_whole_answer() -> None:
    head, _, body = Refusal(431, 'too "large"').rendered([(b"date", b"now")]).partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    assert first == b"HTTP/1.1 431 Request Header Fields Too Large"
    assert lines == [
        b"date: now",
        b"content-type: application/json",
        b"content-length: %d" % len(body),
        b"connection: close",
    ]
    assert json.loads(body) == {"error": 'too "large"'}

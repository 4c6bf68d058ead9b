"""The edge's own answers: short, in JSON, and the last of their connection."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus


class Refusal(Exception):
    """A request that is not served, before anybody knows which provider it was for. ``reason`` is shown."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason

    def rendered(self, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
        """The whole answer, with ``headers`` besides its own."""
        body = json.dumps({"error": self.reason}).encode()
        lines = [b"HTTP/1.1 %d %s" % (self.status, HTTPStatus(self.status).phrase.encode())]
        lines += [name + b": " + value for name, value in headers]
        lines += [b"content-type: application/json", b"content-length: %d" % len(body), b"connection: close"]
        return b"\r\n".join((*lines, b"", body))

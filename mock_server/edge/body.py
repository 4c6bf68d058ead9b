"""Read a request's body under a cap, whether its length is declared or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.model import Violation
from mock_server.core.errors import Refused

if TYPE_CHECKING:
    from starlette.types import Receive


class ClientGone(Exception):
    """The client went away before its request was complete: nobody is left to answer."""


async def read_body(receive: Receive, declared: str | None, cap_bytes: int) -> bytes:
    """The whole body. Raises Refused("too-large") as soon as the cap is known to be passed.

    Raises ClientGone where the client goes away first.
    """
    if declared is not None and _bytes_in(declared) > cap_bytes:
        raise _too_large(cap_bytes)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > cap_bytes:
            raise _too_large(cap_bytes)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def capped(body: bytes, cap_bytes: int) -> bytes:
    """A body that is there whole. Raises Refused("too-large")."""
    if len(body) > cap_bytes:
        raise _too_large(cap_bytes)
    return body


def _bytes_in(declared: str) -> int:
    """What a Content-Length says; 0 where it is no number."""
    return int(declared[:18]) if declared.isascii() and declared.isdigit() else 0


def _too_large(cap_bytes: int) -> Refused:
    return Refused(
        "too-large", (Violation("", "body-size", f"request body is larger than {cap_bytes} bytes"),)
    )

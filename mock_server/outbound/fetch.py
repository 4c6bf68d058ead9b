"""Download a file that a client named, under the target policy and hard caps."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from mock_server._version import __version__
from mock_server.core.errors import LipflapError
from mock_server.outbound.targets import TargetPolicy, TargetRefused, judge_url

if TYPE_CHECKING:
    import httpx

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# no cookies, no credentials, no referrer; identity, so that the cap on bytes is the cap on memory
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": f"lipflap/{__version__}"}


class FetchRefused(LipflapError):
    """The URL, or one it redirects to, may not be reached. Nothing was sent to it."""


class FetchFailed(LipflapError):
    """The file cannot be had; the text says why, and never quotes what was received."""


async def fetch(
    url: str,
    policy: TargetPolicy,
    *,
    max_bytes: int,
    timeout_s: float,
    redirects: int = 3,
    transport: httpx.AsyncBaseTransport | None = None,
) -> bytes:
    """The bytes behind ``url``, at most ``max_bytes``, within ``timeout_s`` in all.

    Follows at most ``redirects`` redirects and judges each target anew. ``transport`` replaces the checked
    one and stays open. Raises FetchRefused and FetchFailed.
    """
    # httpx costs a good part of the start-up, and most servers never fetch
    import httpx

    from mock_server.outbound.failure import words_for
    from mock_server.outbound.transport import PinnedTransport

    pinned = transport or PinnedTransport(policy)
    try:
        async with asyncio.timeout(timeout_s):
            return await _follow(pinned, url, max_bytes, redirects)
    except TargetRefused as refusal:
        raise FetchRefused(str(refusal)) from refusal
    except (httpx.TransportError, httpx.InvalidURL, TimeoutError) as error:
        raise FetchFailed(words_for(error)) from error
    finally:
        if transport is None:
            await pinned.aclose()


async def _follow(transport: httpx.AsyncBaseTransport, url: str, max_bytes: int, redirects: int) -> bytes:
    import httpx

    for _ in range(redirects + 1):
        judge_url(url)
        response = await transport.handle_async_request(httpx.Request("GET", url, headers=_HEADERS))
        try:
            if response.status_code not in _REDIRECTS:
                return await _body(response, max_bytes)
            url = _next_url(url, response)
        finally:
            await response.aclose()
    raise FetchFailed(f"more than {redirects} redirects")


def _next_url(url: str, response: httpx.Response) -> str:
    location: str | None = response.headers.get("location")
    if not location:
        raise FetchFailed(f"answered {response.status_code} without a location")
    try:
        return urljoin(url, location)
    except ValueError:
        raise FetchFailed(f"answered {response.status_code} with a location that is no URL") from None


async def _body(response: httpx.Response, max_bytes: int) -> bytes:
    if response.status_code != 200:
        raise FetchFailed(f"answered {response.status_code}")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise FetchFailed("the answer is compressed, though that was not asked for")
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and len(length) < 20 and int(length) > max_bytes:
        raise FetchFailed(f"larger than {max_bytes} bytes")
    received = bytearray()
    async for chunk in response.aiter_raw():
        received += chunk
        if len(received) > max_bytes:
            raise FetchFailed(f"larger than {max_bytes} bytes")
    return bytes(received)

"""One POST to one receiver: policy, deadline, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from mock_server.core.parcel import Parcel
from mock_server.outbound.targets import TargetPolicy, TargetRefused, judge_url

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES = 64 * 1024


class Outcome(Struct, frozen=True):
    """What came of one attempt. ``status`` is the receiver's answer; ``error`` is None only after a 2xx.

    ``is_refused`` means that the policy forbids the target, so that trying again is no use.
    """

    status: int | None
    error: str | None
    is_refused: bool = False


class Sender:
    """Sends parcels to where ``policy`` allows.

    ``timeout_s`` bounds the whole exchange (kling.md decision 22: 10 s). ``open_transport`` makes the
    transport at the first send.
    """

    def __init__(
        self,
        policy: TargetPolicy,
        *,
        timeout_s: float = 10.0,
        open_transport: Callable[[TargetPolicy], httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        self._policy = policy
        self._timeout_s = timeout_s
        self._open_transport = open_transport or _open_pinned
        self._transport: httpx.AsyncBaseTransport | None = None

    async def send(self, url: str, parcel: Parcel) -> Outcome:
        """POST ``parcel``; a redirect is a failure and not followed. Network errors become outcomes."""
        # httpx costs a good part of the start-up, and many servers never call back
        import httpx

        from mock_server.outbound.failure import words_for

        if self._policy is TargetPolicy.OFF:
            return Outcome(None, str(TargetRefused("callbacks are off")), is_refused=True)
        try:
            judge_url(url)
            async with asyncio.timeout(self._timeout_s):
                request = httpx.Request("POST", url, headers=dict(parcel.headers), content=parcel.body)
                status = await self._post(request)
        except TargetRefused as refusal:
            return Outcome(None, str(refusal), is_refused=True)
        except (httpx.TransportError, httpx.InvalidURL, TimeoutError) as error:
            return Outcome(None, words_for(error))
        return Outcome(status, _complaint(status))

    async def _post(self, request: httpx.Request) -> int:
        if self._transport is None:
            self._transport = self._open_transport(self._policy)
        response = await self._transport.handle_async_request(request)
        received_bytes = 0
        try:
            # read for politeness (a receiver should not meet a reset while it answers), but never without end
            async for chunk in response.aiter_raw():
                received_bytes += len(chunk)
                if received_bytes >= MAX_ANSWER_BYTES:
                    break
        finally:
            await response.aclose()
        return response.status_code

    async def aclose(self) -> None:
        """Close what is open; a later send opens it again."""
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()


def _open_pinned(policy: TargetPolicy) -> httpx.AsyncBaseTransport:
    from mock_server.outbound.transport import PinnedTransport

    return PinnedTransport(policy)


def _complaint(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return f"answered {status}; redirects are not followed"
    return f"answered {status}"

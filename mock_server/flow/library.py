"""Find the facts of a file that a client names: inline, ours, stated beforehand, hinted, fetched, or presumed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec.structs import replace

from contracts.model import Violation
from mock_server.core.cases import Found
from mock_server.core.errors import ProbeError, Refused
from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.media.blobs import BlobFolder
from mock_server.media.digest import digest_of
from mock_server.media.hints import PREFIX, facts_of_url, with_hints
from mock_server.media.inline import NotBase64Error, TooLargeError, decode_base64, decoded_bytes
from mock_server.stores.base import Store

if TYPE_CHECKING:
    from mock_server.flow.call import Call

OWN_MEDIA = "/__lipflap/media/"
OWN_RESULTS = "/__lipflap/results/"
MAX_URL_CHARACTERS = 2_048
_SCHEMES = ("https://", "http://")
_NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f]")
LARGE_BYTES = 256 * 1024
"""From this size on, decoding, hashing and writing leave the event loop to others."""

ReadOwn = Callable[[str], Awaitable[bytes | None]]
"""The bytes behind a path of ours, or None."""
Fetch = Callable[[str, int], Awaitable[bytes | None]]
"""The bytes behind a foreign URL, at most so many (one more where there are more), or None where it cannot be had."""


class Library:
    """Turns a reference to a file into facts. Foreign URLs are fetched only where ``fetch`` is given."""

    def __init__(
        self,
        store: Store,
        blobs: BlobFolder,
        read_own: ReadOwn,
        fetch: Fetch | None = None,
        *,
        is_durable: bool = False,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._read_own = read_own
        self._fetch = fetch
        self._is_durable = is_durable

    async def find(self, call: Call, reference: str, *, is_video: bool, max_bytes: int) -> Found:
        """The facts behind ``reference`` in the world of ``call``; for audio it may be Base64 text.

        A file that cannot be had or read is a fact too. Raises Refused("invalid-value") for a malformed hint only.
        """
        if not is_url(reference):
            return Found(_unreachable(reference)) if is_video else await self._found_in(reference, max_bytes)
        path = _path_in(reference) if len(reference) <= MAX_URL_CHARACTERS else None
        if path is None:
            return Found(_unreachable(reference))
        world = call.home
        stated = self._store.media(world.tenant, reference)
        if stated is not None:
            return Found(stated)
        if path.startswith((OWN_MEDIA, OWN_RESULTS)):
            return Found(await self._facts_of_file(reference, await self._read_own(path)))
        if self._fetch is not None and PREFIX not in reference:
            return Found(await self._facts_of_file(reference, await self._fetch(reference, max_bytes)))
        hints = world.hints.get("video" if is_video else "audio")
        url = with_hints(reference, hints) if hints else reference
        try:
            return Found(facts_of_url(url, call.choices, expects_video=is_video))
        except ProbeError as fault:
            raise Refused("invalid-value", (Violation("", "hint", str(fault)),)) from fault

    def keep(self, data: bytes) -> MediaFacts:
        """The facts of a file, and the file kept under its digest, readable or not. Blocks as long as the disk does."""
        facts = facts_of_bytes(data)
        return replace(facts, blob=self._blobs.put(data, durable=self._is_durable, digest=facts.digest))

    async def _found_in(self, text: str, max_bytes: int) -> Found:
        if len(text) < LARGE_BYTES:
            return self._facts_of_text(text, max_bytes)
        return await asyncio.to_thread(self._facts_of_text, text, max_bytes)

    def _facts_of_text(self, text: str, max_bytes: int) -> Found:
        try:
            data = decode_base64(text, max_bytes)
        except TooLargeError:
            return Found(MediaFacts(MediaFormat.UNKNOWN, 0, decoded_bytes(text), ""))
        except NotBase64Error:
            return Found(None)
        return Found(self._use(data))

    async def _facts_of_file(self, url: str, data: bytes | None) -> MediaFacts:
        return _unreachable(url) if data is None else await asyncio.to_thread(self._use, data)

    def _use(self, data: bytes) -> MediaFacts:
        """As ``keep``, for a file that a request names: what cannot be read is refused later, and not worth keeping."""
        facts = facts_of_bytes(data)
        if facts.format is MediaFormat.UNKNOWN:
            return facts
        return replace(facts, blob=self._blobs.put(data, durable=self._is_durable, digest=facts.digest))


def facts_of_bytes(data: bytes) -> MediaFacts:
    """The facts of one file; where it cannot be read, its size, its digest, and the format UNKNOWN."""
    # imported when the first file comes: start-up need not wait for it
    from mock_server.media.probe import probe

    try:
        return probe(data)
    except ProbeError:
        return MediaFacts(MediaFormat.UNKNOWN, 0, len(data), digest_of(data))


def is_url(reference: str) -> bool:
    # nearly all are written so: the second look is for those that shout
    return reference.startswith(_SCHEMES) or reference[:8].lower().startswith(_SCHEMES)


@lru_cache(maxsize=4096)
def _path_in(url: str) -> str | None:
    """None for a URL that is not well formed."""
    if _NOT_IN_A_URL.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.path if parts.netloc else None


def _unreachable(reference: str) -> MediaFacts:
    return MediaFacts(MediaFormat.UNKNOWN, 0, 0, reference[:80], is_reachable=False)

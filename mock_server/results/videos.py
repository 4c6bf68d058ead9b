"""The finished videos: rendered when they are first asked for, and kept while there is room."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from msgspec.structs import replace

from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.core.task import Clip, Task
from mock_server.media.blobs import BlobFolder
from mock_server.media.digest import digest_of
from mock_server.results.file import Content

CACHED_BYTES = 128 * 2**20


class _Ingredients(NamedTuple):
    """All that the bytes of a video depend on. Ids would not do: after a reset they are given out again."""

    video: MediaFacts
    clips: tuple[Clip, ...]
    is_untouched: bool


class Videos:
    """Kept up to ``cached_bytes``, but one at least; the oldest go first."""

    def __init__(self, blobs: BlobFolder, cached_bytes: int = CACHED_BYTES) -> None:
        self._blobs = blobs
        self._cached_bytes = cached_bytes
        self._kept: dict[_Ingredients, Content] = {}

    async def of(self, task: Task) -> Content:
        """The video of a task that has succeeded."""
        assert task.video is not None, "a finished video has a source"
        video = task.video
        if task.result_ms is not None:
            # the pictures of a source cannot be cut to any length: a face is drawn
            video = replace(video, duration_ms=task.result_ms, blob=None)
        ingredients = _Ingredients(video, task.clips, task.is_untouched)
        if ingredients not in self._kept:
            self._keep(ingredients, await asyncio.to_thread(self._render, ingredients))
        return self._kept[ingredients]

    def _render(self, made_of: _Ingredients) -> Content:
        source = self._bytes(made_of.video)
        if made_of.is_untouched and source is not None and made_of.video.format is MediaFormat.MP4:
            return Content(source, digest_of(source))
        # imported when the first video is rendered: start-up need not wait for it
        from mock_server.media.result import render_video

        heard = () if made_of.is_untouched else made_of.clips
        data = render_video(made_of.video, source, [(clip, self._bytes(clip.audio)) for clip in heard])
        return Content(data, digest_of(data))

    def _bytes(self, facts: MediaFacts) -> bytes | None:
        return self._blobs.get(facts.blob) if facts.blob else None

    def _keep(self, ingredients: _Ingredients, content: Content) -> None:
        self._kept[ingredients] = content
        total = sum(len(kept.data) for kept in self._kept.values())
        while total > self._cached_bytes and len(self._kept) > 1:
            oldest = next(iter(self._kept))
            total -= len(self._kept.pop(oldest).data)

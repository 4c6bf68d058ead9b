"""The finished videos: rendered when they are first asked for, and kept while there is room."""

from __future__ import annotations

import asyncio

from mock_server.core.media import MediaFacts
from mock_server.core.task import Clip, Task
from mock_server.media.blobs import BlobFolder
from mock_server.media.digest import digest_of
from mock_server.results.file import Content

CACHED_BYTES = 128 * 2**20

_Ingredients = tuple[MediaFacts, tuple[Clip, ...]]
"""All that the bytes of a video depend on. Ids would not do: after a reset they are given out again."""


class Videos:
    """Kept up to ``cached_bytes``, but one at least; the oldest go first."""

    def __init__(self, blobs: BlobFolder, cached_bytes: int = CACHED_BYTES) -> None:
        self._blobs = blobs
        self._cached_bytes = cached_bytes
        self._kept: dict[_Ingredients, Content] = {}

    async def of(self, task: Task) -> Content:
        """The video of a task that has succeeded."""
        assert task.video is not None, "a finished video has a source"
        ingredients = (task.video, task.clips)
        if ingredients not in self._kept:
            self._keep(ingredients, await asyncio.to_thread(self._render, *ingredients))
        return self._kept[ingredients]

    def _render(self, video: MediaFacts, clips: tuple[Clip, ...]) -> Content:
        # imported when the first video is rendered: start-up need not wait for it
        from mock_server.media.result import render_video

        data = render_video(video, self._bytes(video), [(clip, self._bytes(clip.audio)) for clip in clips])
        return Content(data, digest_of(data))

    def _bytes(self, facts: MediaFacts) -> bytes | None:
        return self._blobs.get(facts.blob) if facts.blob else None

    def _keep(self, ingredients: _Ingredients, content: Content) -> None:
        self._kept[ingredients] = content
        total = sum(len(kept.data) for kept in self._kept.values())
        while total > self._cached_bytes and len(self._kept) > 1:
            oldest = next(iter(self._kept))
            total -= len(self._kept.pop(oldest).data)

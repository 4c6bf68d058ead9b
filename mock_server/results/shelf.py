"""Find or make the file behind a path of ours. Results are rendered when they are first asked for."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from contracts.contract import load_contract
from mock_server.core.plan import Stage
from mock_server.core.task import Task
from mock_server.core.world import World
from mock_server.flow.library import OWN_MEDIA, OWN_RESULTS
from mock_server.media.blobs import BlobFolder
from mock_server.media.result import render_video
from mock_server.media.samples import SAMPLES, sample_bytes
from mock_server.media.thumbnail import face_png
from mock_server.stores.base import Store

CACHED_BYTES = 128 * 2**20
_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "aac": "audio/aac",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a file and their content type. The same path always gives the same bytes."""

    data: bytes
    content_type: str


class Shelf:
    """Serves files by path. Rendered videos are kept, up to ``CACHED_BYTES``, the oldest go first."""

    def __init__(self, store: Store, blobs: BlobFolder, now_ms: Callable[[World], int]) -> None:
        self._store = store
        self._blobs = blobs
        self._now_ms = now_ms
        self._videos: OrderedDict[str, bytes] = OrderedDict()

    async def read(self, path: str) -> bytes | None:
        """The bytes behind ``path``; None where there is nothing, not yet, or not any more."""
        file = await self.file(path)
        return file.data if file else None

    async def file(self, path: str) -> File | None:
        """As ``read``, with the content type."""
        stem, _, extension = path.rpartition(".")
        if extension not in _TYPES:
            return None
        if path.startswith(OWN_MEDIA):
            data = await self._stored(path)
        elif extension == "png":
            data = self._still(stem.removeprefix(OWN_RESULTS))
        else:
            data = await self._result(stem.removeprefix(OWN_RESULTS), extension)
        return None if data is None else File(data, _TYPES[extension])

    async def _stored(self, path: str) -> bytes | None:
        """A sample by its name, a stored file by its digest, or an upload by tenant and name."""
        name = path.removeprefix(OWN_MEDIA)
        if any(sample.name == name for sample in SAMPLES):
            return sample_bytes(name)
        if name.startswith("uploads/"):
            facts = await self._store.media(name.split("/")[1], path)
            return self._blobs.get(facts.blob) if facts and facts.blob else None
        return self._blobs.get(name.rpartition(".")[0])

    @staticmethod
    def _still(name: str) -> bytes:
        """A drawn face: nobody looks at the pixels of a video, so any id has one."""
        owner, _, face_id = name.partition(".face-")
        return face_png(face_id or "0", owner)

    async def _result(self, name: str, extension: str) -> bytes | None:
        result_id = name.removesuffix(".watermark")
        speech = await self._store.find_speech(result_id) if extension == "mp3" else None
        if speech is not None:
            return self._blobs.get(speech.audio.blob or "")
        task = await self._store.find_result(result_id)
        if task is None or extension != "mp4" or not await self._is_available(task):
            return None
        return await self._video(task)

    async def _is_available(self, task: Task) -> bool:
        """Whether the task has succeeded, not longer ago than its provider keeps results."""
        world = await self._store.world(task.tenant)
        if world is None:
            return False
        now_ms = self._now_ms(world)
        state = task.plan.at(now_ms)
        kept_s = next((rule.limits["max_age_s"] for rule in load_contract(task.provider).retention), None)
        is_kept = kept_s is None or now_ms - state.since_ms <= kept_s * 1000
        return state.stage is Stage.SUCCEEDED and is_kept

    async def _video(self, task: Task) -> bytes:
        cached = self._videos.get(task.result_id)
        if cached is not None:
            return cached
        assert task.video is not None, "a finished video has a source"
        source = self._blobs.get(task.video.blob) if task.video.blob else None
        clips = [(clip, self._blobs.get(clip.audio.blob) if clip.audio.blob else None) for clip in task.clips]
        data = await asyncio.to_thread(render_video, task.video, source, clips)
        self._videos[task.result_id] = data
        while sum(map(len, self._videos.values())) > CACHED_BYTES and len(self._videos) > 1:
            self._videos.popitem(last=False)
        return data

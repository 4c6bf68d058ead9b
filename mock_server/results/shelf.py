"""Find the file behind a path of ours: a sample, a stored file, an upload, a result, a still."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec import Struct

from contracts.contract import load_contract
from mock_server.core.file_rules import is_too_old
from mock_server.core.media import MediaFacts
from mock_server.core.plan import Stage
from mock_server.core.session import Speech
from mock_server.core.task import Task
from mock_server.core.world import World
from mock_server.flow.library import OWN_MEDIA, OWN_RESULTS
from mock_server.media.blobs import BlobFolder
from mock_server.media.digest import digest_of
from mock_server.media.samples import SAMPLES, sample_bytes
from mock_server.results.file import CONTENT_TYPES, Content, File
from mock_server.results.upload_address import UPLOADED
from mock_server.results.videos import Videos
from mock_server.stores.base import Store

_SAMPLES = {sample.name: sample for sample in SAMPLES}


class Found(Struct, frozen=True):
    """What is behind a path: the file, where it can be had; and what has made it, where that is known."""

    file: File | None
    owner: Task | Speech | None = None


class Shelf:
    """Serves files by path. ``now_ms`` tells the time of a tenant's world."""

    def __init__(self, store: Store, blobs: BlobFolder, now_ms: Callable[[World], int]) -> None:
        self._store = store
        self._blobs = blobs
        self._now_ms = now_ms
        self._videos = Videos(blobs)

    async def read(self, path: str) -> bytes | None:
        """The bytes behind ``path``; None where there is nothing, not yet, or not any more."""
        file = (await self.find(path)).file
        return file.content.data if file else None

    async def find(self, path: str) -> Found:
        """As ``read``, with the content type, and the task or the speech that made it."""
        stem, _, extension = path.rpartition(".")
        if extension not in CONTENT_TYPES:
            return Found(None)
        owner: Task | Speech | None = None
        if path.startswith(OWN_MEDIA):
            content = await self._stored(path)
        elif extension == "png":
            content = _still(stem.removeprefix(OWN_RESULTS))
        elif extension == "mp3":
            owner = self._store.find_speech(stem.removeprefix(OWN_RESULTS))
            content = await self._speech(owner) if owner else None
        else:
            owner = self._owner(stem.removeprefix(OWN_RESULTS)) if extension == "mp4" else None
            content = await self._video(owner) if owner else None
        return Found(File(content, CONTENT_TYPES[extension]) if content else None, owner)

    async def _stored(self, path: str) -> Content | None:
        """A sample by its name, an upload by its whole path, or a stored file by its digest."""
        name = path.removeprefix(OWN_MEDIA)
        sample = _SAMPLES.get(name)
        if sample is not None:
            return Content(sample_bytes(name), sample.facts.digest)
        if path.startswith(UPLOADED):
            tenant = path.removeprefix(UPLOADED).partition("/")[0]
            return await self._blob_of(self._store.media(tenant, path))
        return await self._blob(name.rpartition(".")[0])

    async def _speech(self, speech: Speech) -> Content | None:
        return await self._blob_of(speech.audio) if self._is_kept(speech, speech.created_ms) else None

    def _owner(self, name: str) -> Task | None:
        result_id = name.removesuffix(".watermark")
        task = self._store.find_result(result_id)
        return None if task is None or (result_id != name and not task.wants_watermark) else task

    async def _video(self, task: Task) -> Content | None:
        ends_ms = task.plan.ends_ms
        if ends_ms is None or task.plan.at(ends_ms).stage is not Stage.SUCCEEDED:
            return None
        return await self._videos.of(task) if self._is_kept(task, ends_ms) else None

    def _is_kept(self, made: Task | Speech, made_ms: int) -> bool:
        """Whether it has been made, and no longer ago than its provider keeps what it makes."""
        world = self._store.world(made.tenant)
        if world is None:
            return False
        now_ms = self._now_ms(world)
        age = next(rule for rule in load_contract(made.provider).retention if rule.id == "result-age")
        return made_ms <= now_ms and not is_too_old(made_ms, now_ms, age)

    async def _blob_of(self, facts: MediaFacts | None) -> Content | None:
        return await self._blob(facts.blob) if facts and facts.blob else None

    async def _blob(self, digest: str) -> Content | None:
        data = await asyncio.to_thread(self._blobs.get, digest)
        return None if data is None else Content(data, digest)


def _still(name: str) -> Content:
    """A drawn face: nobody looks at the pixels of a video, so any id has one."""
    owner, _, face_id = name.partition(".face-")
    # imported when the first still is drawn: start-up need not wait for it
    from mock_server.media.thumbnail import face_png

    data = face_png(face_id or "0", owner)
    return Content(data, digest_of(data))

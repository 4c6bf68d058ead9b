"""What a demo job has at hand: a client of the server, two sample files, and somebody to tell."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import cast

import httpx

from mock_server.core.errors import LipflapError

POLL_S = 0.5
PATIENCE_S = 600.0
"""How long a job is polled before the demo gives up: twice what the slowest pace takes."""

Json = Mapping[str, object]


class JobFailedError(LipflapError):
    """A job did not end with a video; the text is what the provider said."""


@dataclass(frozen=True)
class Visit:
    """One job. ``tell`` takes a step that is done, in words."""

    http: httpx.AsyncClient
    video_url: str
    audio_url: str
    tell: Callable[[str], None]

    async def post(self, path: str, body: Json) -> Json:
        return _answer(await self.http.post(path, json=body))

    async def get(self, path: str) -> Json:
        return _answer(await self.http.get(path))

    async def until_done(self, path: str, is_done: Callable[[Json], bool]) -> Json:
        """Poll ``path`` until ``is_done`` of its answer. Raises JobFailedError when patience ends."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await self.get(path)
                while not is_done(answer):
                    await asyncio.sleep(POLL_S)
                    answer = await self.get(path)
        except TimeoutError:
            raise JobFailedError(f"{path} did not end within {PATIENCE_S:.0f} s") from None
        return answer

    def clip(self, face_id: object) -> Json:
        """The first three seconds of the sample, laid over the video from second one on."""
        return {
            "face_id": face_id,
            "sound_file": self.audio_url,
            "sound_start_time": 0,
            "sound_end_time": 3000,
            "sound_insert_time": 1000,
            "sound_volume": 1,
            "original_audio_volume": 0,
        }


Job = Callable[[Visit], Awaitable[str]]
"""Runs to the end and gives the URL of the finished video. Raises JobFailedError."""


def at(value: object, *path: str | int) -> object:
    """What stands at ``path`` in a JSON value. Raises JobFailedError where nothing does."""
    for step in path:
        try:
            value = cast(Mapping[object, object], value)[step]
        except (KeyError, IndexError, TypeError):
            raise JobFailedError(f"the answer has no {'.'.join(map(str, path))}") from None
    return value


def _answer(response: httpx.Response) -> Json:
    if response.is_error:
        raise JobFailedError(
            f"{response.request.url.path} answered {response.status_code}: {response.text[:300]}"
        )
    body = response.json()
    if not isinstance(body, dict):
        raise JobFailedError(f"{response.request.url.path} answered no object")
    return body

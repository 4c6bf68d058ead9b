"""Finished videos: rendered once, kept while there is room, told apart by what they are made of."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.core.plan import Plan, Stage, Step
from mock_server.core.task import Clip, Task, TaskKind
from mock_server.media.blobs import BlobFolder
from mock_server.media.digest import digest_of
from mock_server.media.probe import probe
from mock_server.media.samples import sample_bytes
from mock_server.results.file import Content
from mock_server.results.videos import Videos

PLAN = Plan((Step(Stage.SUBMITTED, 0), Step(Stage.SUCCEEDED, 0)))
SOURCE = MediaFacts(MediaFormat.MP4, 2_000, 1, "source", 320, 240)
CLIP = Clip("0", MediaFacts(MediaFormat.MP3, 2_000, 1, "sound"), 0, 2_000, 0)
TASK = Task("1", "t", "kling", TaskKind.LIP_SYNC, 1, PLAN, "", result_id="1", video=SOURCE, clips=(CLIP,))


@pytest.fixture
def blobs() -> Iterator[BlobFolder]:
    folder = BlobFolder()
    yield folder
    folder.close()


def of(videos: Videos, task: Task) -> Content:
    return asyncio.run(videos.of(task))


def longer(task: Task, by_ms: int) -> Task:
    return replace(task, video=replace(SOURCE, duration_ms=SOURCE.duration_ms + by_ms))


def test_a_video_is_rendered_once(blobs: BlobFolder) -> None:
    videos = Videos(blobs)
    first = of(videos, TASK)
    assert of(videos, TASK) is first
    assert first.digest == digest_of(first.data)
    assert probe(first.data).width == 320


def test_tasks_made_of_the_same_share_one_and_an_id_alone_makes_no_video(blobs: BlobFolder) -> None:
    videos = Videos(blobs)
    assert of(videos, replace(TASK, id="2", result_id="2")) is of(videos, TASK)
    assert of(videos, longer(TASK, 500)).digest != of(videos, TASK).digest


def test_the_oldest_makes_room(blobs: BlobFolder) -> None:
    room = 2 * len(of(Videos(blobs), longer(TASK, 1_000)).data)
    videos = Videos(blobs, cached_bytes=room)
    first, second = of(videos, TASK), of(videos, longer(TASK, 500))
    of(videos, longer(TASK, 1_000))
    assert of(videos, longer(TASK, 500)) is second
    again = of(videos, TASK)
    assert again is not first
    assert again == first


def test_one_video_is_kept_however_large(blobs: BlobFolder) -> None:
    videos = Videos(blobs, cached_bytes=1)
    assert of(videos, TASK) is of(videos, TASK)


def test_many_who_ask_at_once_get_the_same(blobs: BlobFolder) -> None:
    videos = Videos(blobs)

    async def ask() -> list[Content]:
        return await asyncio.gather(*(videos.of(TASK) for _ in range(4)))

    assert len({content.digest for content in asyncio.run(ask())}) == 1


def test_an_untouched_video_is_the_source_where_its_bytes_are_known(blobs: BlobFolder) -> None:
    source = sample_bytes("silent.mp4")
    facts = replace(probe(source), blob=blobs.put(source))
    task = replace(TASK, video=facts, is_untouched=True)
    assert of(Videos(blobs), task) == Content(source, digest_of(source))


def test_an_untouched_video_without_bytes_has_the_pictures_and_not_the_new_sound(blobs: BlobFolder) -> None:
    videos = Videos(blobs)
    untouched = probe(of(videos, replace(TASK, is_untouched=True)).data)
    assert (untouched.width, untouched.duration_ms) == (320, probe(of(videos, TASK).data).duration_ms)
    assert not untouched.has_audio


def test_a_result_may_be_shorter_than_its_video_whether_its_bytes_are_known_or_not(blobs: BlobFolder) -> None:
    source = sample_bytes("silent.mp4")
    for video in (SOURCE, replace(probe(source), blob=blobs.put(source))):
        short = probe(of(Videos(blobs), replace(TASK, video=video, result_ms=700)).data)
        assert abs(short.duration_ms - 700) <= 40
        assert short.width == video.width


def test_a_task_and_its_faulty_twin_do_not_share_a_video(blobs: BlobFolder) -> None:
    videos = Videos(blobs)
    twins = (TASK, replace(TASK, is_untouched=True), replace(TASK, result_ms=700))
    assert len({of(videos, task).digest for task in twins}) == 3

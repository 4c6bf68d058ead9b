"""Faults of the media layer: a download that works, of a file that is not what it should be."""

from __future__ import annotations

from msgspec.structs import replace

from mock_server.core.errors import ProbeError
from mock_server.core.fault import Occasion
from mock_server.core.task import Task
from mock_server.faults.model import Expected, Fault, Layer, OnAnswer, OnTask, Param, Scene
from mock_server.flow.call import Answer
from mock_server.flow.file_answer import file_answer
from mock_server.media.boxes import BoxReader
from mock_server.media.digest import digest_of

_DOWNLOAD = (Occasion.DOWNLOAD,)
MP4 = "video/mp4"
_PAGE = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>
<body><p>This file cannot be shown. Sign in to download it.</p></body></html>
"""


def served_instead(scene: Scene, data: bytes, content_type: str) -> Answer:
    """``data`` as the file of this download, conditions and ranges included."""
    return file_answer(data, digest_of(data), content_type, scene.method, scene.headers)


def _page(answer: Answer, scene: Scene) -> Answer:  # noqa: ARG001
    return served_instead(scene, _PAGE, scene.text("content_type"))


def _without_index(answer: Answer, scene: Scene) -> Answer:  # noqa: ARG001
    return served_instead(scene, without_moov(scene.content), MP4)


def without_moov(movie: bytes) -> bytes:
    """The movie as a writer leaves it that dies before it writes the index: all boxes but ``moov``."""
    try:
        boxes = BoxReader(movie).top()
    except ProbeError:
        # a source that is handed out as it came may be odd at its end
        return movie[: len(movie) // 2]
    return b"".join(movie[box.header : box.end] for box in boxes if box.kind != b"moov")


def _nothing(answer: Answer, scene: Scene) -> Answer:  # noqa: ARG001
    return served_instead(scene, b"", MP4)


def _untouched(task: Task, scene: Scene) -> Task:  # noqa: ARG001
    return replace(task, is_untouched=True)


def _shortened(task: Task, scene: Scene) -> Task:
    heard_ms = max((clip.inserted.end_ms for clip in task.clips), default=0)
    return replace(task, result_ms=max(100, int(heard_ms * float(scene.params["fraction"]))))


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="media-is-html",
        layer=Layer.MEDIA,
        says="serves a page of HTML under the name of the video",
        client_must="look at the first bytes, and report that they are no video",
        hooks=(OnAnswer(_page, _DOWNLOAD),),
        expected=Expected.FAILURE,
        motive="error pages were stored as videos until somebody looked for the four letters that an MP4 begins with",
        link="https://github.com/daiki-beppu/youtube-automation/issues/4948",
        params=(
            Param(
                "content_type",
                MP4,
                "what the headers call it",
                choices=(MP4, "text/html", "application/octet-stream"),
            ),
        ),
    ),
    Fault(
        id="media-no-moov",
        layer=Layer.MEDIA,
        says="serves an MP4 without its index, as a writer leaves it that died",
        client_must="look for the index before it calls the file a video",
        hooks=(OnAnswer(_without_index, _DOWNLOAD),),
        expected=Expected.FAILURE,
        motive="uploads cut before the index were published and played nowhere",
        link="https://github.com/lbryio/spee.ch/issues/564",
    ),
    Fault(
        id="media-zero-bytes",
        layer=Layer.MEDIA,
        says="serves a file of no bytes with status 200",
        client_must="report it, and leave no empty file behind",
        hooks=(OnAnswer(_nothing, _DOWNLOAD),),
        expected=Expected.FAILURE,
        motive="a download that succeeded left files of no bytes, found days later",
        link="https://github.com/teng-lin/notebooklm-py/issues/162",
    ),
    Fault(
        id="media-unchanged-video",
        layer=Layer.MEDIA,
        says="succeeds, and the result is the video that was sent in",
        client_must="compare result and source if it can, and point out that nothing was changed",
        hooks=(OnTask(_untouched),),
        expected=Expected.EITHER,
        motive="five tickets in two weeks: the job was done and paid for, and the mouth never moved",
        link="https://github.com/scenario-labs/skills/pull/121",
        notes=dict.fromkeys(
            ("kling", "gmi", "kirin"),
            "the source's own bytes where it was an MP4 that the server has; else the same pictures without the sound",
        ),
    ),
    Fault(
        id="media-duration-mismatch",
        layer=Layer.MEDIA,
        says="succeeds, and the result is over before the sound that was asked for",
        client_must="compare the length of the file with that of the audio",
        hooks=(OnTask(_shortened),),
        expected=Expected.EITHER,
        motive="results came out shorter than their audio, and the last words were missing",
        link="https://github.com/bytedance/LatentSync/issues/57",
        params=(Param("fraction", 0.5, "how much of the sound's stretch the result lasts", 0.05, 0.95),),
    ),
)

"""Cases that keep every rule, to be bent one way at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from mock_server.core.cases import ClipCase, Entry, VideoCase
from mock_server.core.media import Interval, MediaFacts, MediaFormat
from mock_server.core.session import Face, Session, Speech

NOW_MS = 1_767_225_600_000
VIDEO = MediaFacts(MediaFormat.MP4, 10_000, 1_000_000, "video", 1280, 720)
AUDIO = MediaFacts(MediaFormat.MP3, 6_000, 100_000, "audio")
ALL_ALONG = Interval(0, 10_000)
SESSION = Session("session", "tenant", "kling", NOW_MS, "", "", VIDEO, (Face("0", ALL_ALONG),))
SPEECH = Speech("speech", "tenant", "kling", NOW_MS, "text", AUDIO)
ENTRY = Entry("face_choose[0]", "0", "sound_file", "", "https://cdn.test/line.mp3", 0, 3_000, 0)

MakeVideoCase = Callable[..., VideoCase]
MakeClipCase = Callable[..., ClipCase]


@pytest.fixture(scope="session")
def video_case() -> MakeVideoCase:
    """``video_case(width=100)``: a video of 10 s, 1280x720, with other facts; ``made_ms`` makes it a result."""

    def make(*, made_ms: int | None = None, now_ms: int = NOW_MS, **facts: object) -> VideoCase:
        field = "video_url" if made_ms is None else "video_id"
        return VideoCase("", field, now_ms, replace(VIDEO, **facts), made_ms)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def clip_case() -> MakeClipCase:
    """``clip_case(end_ms=1)``: 3 s of 6 s of audio on the one face of a fresh session, with other fields.

    ``audio`` and ``video`` are facts to change, ``session_age_ms`` and ``speech_age_ms`` ages; the latter makes
    the clip one of speech. ``interval`` is the face's.
    """

    def make(
        *,
        audio: dict[str, object] | None = None,
        video: dict[str, object] | None = None,
        interval: Interval = ALL_ALONG,
        session_age_ms: int = 0,
        speech_age_ms: int | None = None,
        **fields: object,
    ) -> ClipCase:
        sound = replace(AUDIO, **(audio or {}))  # type: ignore[arg-type]
        session = replace(
            SESSION,
            created_ms=NOW_MS - session_age_ms,
            video=replace(VIDEO, **(video or {})),  # type: ignore[arg-type]
            faces=(Face("0", interval),),
        )
        entry, speech = ENTRY, None
        if speech_age_ms is not None:
            entry = replace(entry, file_field="audio_id", speech_id="speech", sound="")
            speech = replace(SPEECH, created_ms=NOW_MS - speech_age_ms, audio=sound)
        entry = replace(entry, **fields)  # type: ignore[arg-type]
        return ClipCase(entry, NOW_MS, session, session.face(entry.face_id), speech, sound)

    return make

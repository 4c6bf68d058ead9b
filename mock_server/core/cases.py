"""What a rule is held against: a video, or one clip, with all that is known about what the request refers to."""

from __future__ import annotations

from msgspec import Struct

from mock_server.core.media import Interval, MediaFacts
from mock_server.core.session import Face, Session, Speech


class Found(Struct, frozen=True):
    """What became of a reference to a file. ``facts`` is None where inline text was not Base64."""

    facts: MediaFacts | None


class VideoCase(Struct, frozen=True):
    """A video that a request names. ``made_ms`` is set where it is one of the provider's own results.

    ``file_field`` is the field that names it, ``path`` leads to where that field stands.
    """

    path: str
    file_field: str
    now_ms: int
    video: MediaFacts
    made_ms: int | None = None


class ClipCase(Struct, frozen=True):
    """One entry of the faces to be driven.

    ``speech_id`` is the id of a speech clip where the entry names one, ``speech`` what it stands for;
    ``audio`` is the file, whichever way it was given, and ``file_field`` the field that names it.
    """

    path: str
    file_field: str
    now_ms: int
    session: Session | None
    face_id: str
    speech_id: str | None
    speech: Speech | None
    audio: Found | None
    start_ms: int
    end_ms: int
    insert_ms: int

    @property
    def inserted(self) -> Interval:
        """Where the clip lies on the video's clock."""
        return Interval(self.insert_ms, self.insert_ms + self.end_ms - self.start_ms)

    @property
    def face(self) -> Face | None:
        return self.session.face(self.face_id) if self.session else None

    @property
    def facts(self) -> MediaFacts | None:
        return self.audio.facts if self.audio else None

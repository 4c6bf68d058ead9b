"""What a rule is held against: a video, or one clip, with all that is known about what the request refers to."""

from __future__ import annotations

from msgspec import Struct

from mock_server.core.media import Interval, MediaFacts
from mock_server.core.session import Face, Session, Speech


class Found(Struct, frozen=True, gc=False):
    """What became of a reference to a file. ``facts`` is None where inline text was not Base64."""

    facts: MediaFacts | None


class VideoCase(Struct, frozen=True, gc=False):
    """A video that a request names. ``made_ms`` is set where it is one of the provider's own results.

    ``file_field`` is the field that names it, ``path`` leads to where that field stands.
    """

    path: str
    file_field: str
    now_ms: int
    facts: MediaFacts
    made_ms: int | None = None


class Entry(Struct, frozen=True, gc=False):
    """One entry of the faces to be driven, as the client wrote it; shape already checked. ``path`` leads to it.

    The audio is the speech clip ``speech_id``, else the file ``sound``; ``file_field`` is the field that names it.
    """

    path: str
    face_id: str
    file_field: str
    speech_id: str
    sound: str
    start_ms: int
    end_ms: int
    insert_ms: int
    volume: float = 1.0
    original_volume: float = 1.0

    @property
    def inserted(self) -> Interval:
        """Where the clip lies on the video's clock."""
        return Interval(self.insert_ms, self.insert_ms + self.end_ms - self.start_ms)


class ClipCase(Struct, frozen=True, gc=False):
    """An entry with what it refers to, each None where there is no such thing.

    ``facts`` are those of the audio, whichever way it was given; ``is_not_base64`` says that it was given as text
    from which no file could be decoded.
    """

    entry: Entry
    now_ms: int
    session: Session | None = None
    face: Face | None = None
    speech: Speech | None = None
    facts: MediaFacts | None = None
    is_not_base64: bool = False

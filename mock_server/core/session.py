"""What identify-face leaves behind: a session with its video and its faces; and what speech leaves: a voice clip."""

from __future__ import annotations

from msgspec import Struct

from mock_server.core.media import Interval, MediaFacts


class Face(Struct, frozen=True, gc=False):
    """One face track. ``interval`` is where it can be lip-synced, on the video's clock."""

    id: str
    interval: Interval


class Session(Struct, frozen=True, gc=False):
    """The faces of one video, for one tenant at one provider. ``video_url`` is as the client gave it, or empty."""

    id: str
    tenant: str
    provider: str
    created_ms: int
    video_url: str
    video_id: str
    video: MediaFacts
    faces: tuple[Face, ...]

    def face(self, face_id: str) -> Face | None:
        for face in self.faces:
            if face.id == face_id:
                return face
        return None


class Speech(Struct, frozen=True, gc=False):
    """A clip made from text: what an ``audio_id`` stands for."""

    id: str
    tenant: str
    provider: str
    created_ms: int
    text: str
    audio: MediaFacts

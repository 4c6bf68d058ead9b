"""Where the files of a task can be fetched: the links that answers and callbacks carry."""

from __future__ import annotations

from mock_server.flow.library import OWN_RESULTS


def video_link(base_url: str, result_id: str) -> str:
    """The finished video."""
    return f"{base_url}{OWN_RESULTS}{result_id}.mp4"


def watermark_link(base_url: str, result_id: str) -> str:
    """Its watermarked copy. Nothing is drawn: the copy has the same pictures."""
    return f"{base_url}{OWN_RESULTS}{result_id}.watermark.mp4"


def thumbnail_link(base_url: str, result_id: str) -> str:
    """A still of the finished video."""
    return f"{base_url}{OWN_RESULTS}{result_id}.png"


def speech_link(base_url: str, speech_id: str) -> str:
    """A clip made from text."""
    return f"{base_url}{OWN_RESULTS}{speech_id}.mp3"


def face_link(base_url: str, session_id: str, face_id: str) -> str:
    """The still of a face."""
    return f"{base_url}{OWN_RESULTS}{session_id}.face-{face_id}.png"

"""The facts of a file in the words of hints and of ``POST media``, so that an answer can be posted again."""

from __future__ import annotations

from typing import Literal

from mock_server.admin.view import View
from mock_server.core.media import MediaFacts, MediaFormat


class FactsView(View):
    """``face_intervals`` in ms is null where nobody said how many faces there are. ``is_kept``: the bytes are here."""

    format: MediaFormat
    duration_ms: int
    size_bytes: int
    width: int
    height: int
    has_audio: bool
    face_intervals: tuple[tuple[int, int], ...] | None
    moderation: Literal["reject", "pass"]
    reachable: bool
    digest: str
    is_kept: bool


def facts_view(facts: MediaFacts) -> FactsView:
    """The same facts, to be shown."""
    faces = facts.faces
    return FactsView(
        format=facts.format,
        duration_ms=facts.duration_ms,
        size_bytes=facts.size_bytes,
        width=facts.width,
        height=facts.height,
        has_audio=facts.has_audio,
        face_intervals=None if faces is None else tuple((face.start_ms, face.end_ms) for face in faces),
        moderation="reject" if facts.is_rejected_by_moderation else "pass",
        reachable=facts.is_reachable,
        digest=facts.digest,
        is_kept=facts.blob is not None,
    )

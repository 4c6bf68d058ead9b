"""The faces of a video. Nobody looks at pixels: they are stated with the media, or there is one all along."""

from __future__ import annotations

from mock_server.core.ids import Choices
from mock_server.core.media import Interval, MediaFacts
from mock_server.core.session import Face

END_OVERSHOOT_MS = 42
"""A reported end may exceed the true one by this much at most (kling.md § 3, "may exceed the true end")."""


def faces_of(video: MediaFacts, choices: Choices) -> tuple[Face, ...]:
    """The face tracks of ``video`` with ids "0", "1", … in order of their first moment.

    Stated intervals are reported as they are. A video about which nothing was said has one face, whose
    interval ends up to ``END_OVERSHOOT_MS`` after the video does.
    """
    intervals = video.faces
    if intervals is None:
        overshoot_ms = choices.number(0, END_OVERSHOOT_MS, "face-end", video.digest)
        intervals = (Interval(0, video.duration_ms + overshoot_ms),)
    ordered = sorted(intervals, key=lambda interval: (interval.start_ms, interval.end_ms))
    return tuple(Face(str(number), interval) for number, interval in enumerate(ordered))

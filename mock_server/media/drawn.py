"""The picture where the source is known by its facts only: a drawn face that talks during the clips."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from mock_server.core.media import Interval
from mock_server.media import h264, portrait
from mock_server.media.box_writer import box
from mock_server.media.isobmff import TrackKind
from mock_server.media.sample_entry import video_entry
from mock_server.media.track import MOVIE_TIMESCALE, Track, upright

FRAME_MS = 40
_KEY_INTERVAL = 100
_LONG_MS, _LONG_FRAME_MS = 600_000, 1_000
"""Beyond ten minutes one picture a second will do: nobody watches, and the file stays small."""
_MIN_PX, _MAX_PX = 16, 4096
_USUAL_PX = (1280, 720)
_MOUTHS = (portrait.CLOSED, 0.045, 0.075, portrait.OPEN, 0.075, 0.045)
"""One cycle of speaking; the first is a closed mouth."""
_FRAMES_PER_MOUTH = 2


def drawn_track(width: int, height: int, length_ms: int, talking: Sequence[Interval]) -> Track:
    """A video track of exactly ``length_ms``. The mouth moves within ``talking`` and is shut elsewhere.

    Sides are rounded up to even numbers and kept within 16 to 4096; a size of nothing becomes 1280x720.
    """
    width, height = (_side(px, usual) for px, usual in zip((width, height), _USUAL_PX, strict=True))
    frame_ms = FRAME_MS if length_ms <= _LONG_MS else _LONG_FRAME_MS
    count = max(1, -(-length_ms // frame_ms))
    configuration = h264.configuration(h264.parameter_sets(width, height))
    mouths = [_mouth(number, number * frame_ms, talking) for number in range(count)]
    return Track(
        kind=TrackKind.VIDEO,
        timescale=MOVIE_TIMESCALE,
        entry=video_entry(b"avc1", width, height, box(b"avcC", configuration)),
        samples=[_picture(width, height, number, mouths) for number in range(count)],
        durations=[frame_ms] * (count - 1) + [max(1, length_ms - frame_ms * (count - 1))],
        sync=[number % _KEY_INTERVAL == 0 for number in range(count)],
        display=upright(width, height),
    )


def _side(px: int, usual_px: int) -> int:
    even_px = px + px % 2 or usual_px
    return min(max(even_px, _MIN_PX), _MAX_PX)


def _mouth(number: int, at_ms: int, talking: Sequence[Interval]) -> int:
    is_talking = any(interval.start_ms <= at_ms < interval.end_ms for interval in talking)
    return number // _FRAMES_PER_MOUTH % len(_MOUTHS) if is_talking else 0


def _picture(width: int, height: int, number: int, mouths: Sequence[int]) -> bytes:
    if number % _KEY_INTERVAL == 0:
        return _key_picture(width, height, mouths[number])
    changed = _changes(width, height, mouths[number - 1], mouths[number])
    return h264.next_picture(changed, number % _KEY_INTERVAL)


@lru_cache(maxsize=32)
def _key_picture(width: int, height: int, mouth: int) -> bytes:
    return h264.key_picture(_mosaic(width, height, mouth))


@lru_cache(maxsize=128)
def _changes(width: int, height: int, before: int, after: int) -> str:
    return h264.changes(_mosaic(width, height, before), _mosaic(width, height, after))


@lru_cache(maxsize=32)
def _mosaic(width: int, height: int, mouth: int) -> h264.Mosaic:
    columns, rows = -(-width // h264.BLOCK_PX), -(-height // h264.BLOCK_PX)
    return [list(map(_colour, row)) for row in portrait.face(columns, rows, _MOUTHS[mouth])]


@lru_cache(maxsize=32)
def _colour(colour: portrait.Colour) -> h264.Colour:
    """BT.709, limited range: what players assume of high-definition video that does not say."""
    red, green, blue = (part / 255 for part in colour)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return h264.Colour(
        round(16 + 219 * luma),
        round(128 + 224 * (blue - luma) / 1.8556),
        round(128 + 224 * (red - luma) / 1.5748),
    )

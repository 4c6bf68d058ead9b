"""Facts of a URL that nobody fetches: what its own query hints at, the rest from the seed.

A hint is a query parameter whose name begins with ``lipflap.``. What is not hinted at is presumed to fit the
providers' rules, so that a made-up URL works out of the box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from mock_server.core.errors import ProbeError
from mock_server.core.ids import Choices
from mock_server.core.media import Interval, MediaFacts, MediaFormat
from mock_server.media.duration import MAX_DURATION_MS
from mock_server.media.hint_values import MAX_FACES, flag, intervals, media_format, up_to, verdict

PREFIX = "lipflap."
HINTS = (
    "duration_ms",
    "size_bytes",
    "format",
    "width",
    "height",
    "has_audio",
    "faces",
    "face_intervals",
    "moderation",
    "reachable",
    "fault",
)
"""Every hint there is, without its prefix. ``fault`` is no fact: ``fault_of_url`` reads it."""

_MAX_PARAMETERS = 100
_MAX_SIDE_PX = 16_384
_MAX_SIZE_BYTES = 2**40
_RESOLUTIONS = ((1280, 720), (1920, 1080))
_LOW_MS, _HIGH_MS = 56_000, 60_000
"""ASSUMED: just inside the longest that is allowed, so that any window a request names lies inside."""
_BYTES_PER_MS = {MediaFormat.MP3: 16, MediaFormat.M4A: 16, MediaFormat.AAC: 16, MediaFormat.WAV: 32}
_VIDEO_BYTES_PER_MS = 250
_USUAL_BYTES = {True: 40_000_000, False: 4_000_000}
"""By "a video is expected": a presumed size stays below the caps, so that a hint of a length breaks one rule only."""
_FOREIGN_SOUNDS = ("flac", "ogg", "opus", "wma")
_FOREIGN_PICTURES = ("avi", "flv", "gif", "jpeg", "jpg", "m3u8", "mkv", "png", "webm", "wmv")
_FOREIGN_EXTENSIONS = frozenset((*_FOREIGN_SOUNDS, *_FOREIGN_PICTURES, "pdf", "txt"))

_Value = TypeVar("_Value")
_Default = TypeVar("_Default")


@lru_cache(maxsize=4096)
def facts_of_url(url: str, choices: Choices, *, expects_video: bool) -> MediaFacts:
    """The facts of the file behind ``url``, never fetched. Same seed, tenant and URL: same facts.

    ``expects_video`` says what the file is taken for where its path has no telling extension. Raises
    ProbeError for a URL that cannot be read, and for a malformed or unknown hint, naming it.
    """
    hints = _hints(url)
    form = _hint(hints, "format", media_format, _format_of_path(url, expects_video=expects_video))
    is_video = form.is_video or (form is MediaFormat.UNKNOWN and expects_video)
    width, height = _RESOLUTIONS[choices.number(0, 1, "media-sides", url)] if is_video else (0, 0)
    usual_ms = choices.number(_LOW_MS, _HIGH_MS, "media-length", url)
    length_ms = _hint(hints, "duration_ms", up_to(MAX_DURATION_MS), usual_ms)
    usual_bytes = min(_USUAL_BYTES[expects_video], length_ms * _BYTES_PER_MS.get(form, _VIDEO_BYTES_PER_MS))
    return MediaFacts(
        format=form,
        duration_ms=length_ms,
        size_bytes=_hint(hints, "size_bytes", up_to(_MAX_SIZE_BYTES), usual_bytes),
        digest=choices.digest("media", url).hex()[:32],
        width=_hint(hints, "width", up_to(_MAX_SIDE_PX), width),
        height=_hint(hints, "height", up_to(_MAX_SIDE_PX), height),
        has_audio=_hint(hints, "has_audio", flag, True),
        faces=_faces(hints, length_ms),
        is_rejected_by_moderation=_hint(hints, "moderation", verdict, False),
        is_reachable=_hint(hints, "reachable", flag, True),
    )


def with_hints(url: str, hints: Mapping[str, str]) -> str:
    """The URL with ``hints`` (without their prefix) added. What it hints at itself wins."""
    if not hints:
        return url
    parts = urlsplit(url)
    stated = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if {PREFIX + "faces", PREFIX + "face_intervals"} & stated:
        # a count and intervals of two sources would contradict each other
        hints = {name: text for name, text in hints.items() if not name.startswith("face")}
    added = {PREFIX + name: text for name, text in hints.items() if PREFIX + name not in stated}
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    return urlunsplit(parts._replace(query=query))


@lru_cache(maxsize=4096)
def fault_of_url(url: str) -> str | None:
    """The id in the hint ``lipflap.fault``; None where there is none, or no URL that could carry one."""
    try:
        return dict(_query(url)).get(PREFIX + "fault") or None
    except ProbeError:
        return None


def _query(url: str) -> list[tuple[str, str]]:
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError as fault:
        raise ProbeError("is not a URL that can be read") from fault
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ProbeError("must be an http or https URL")
    return query


def _hints(url: str) -> Mapping[str, str]:
    hints = {name.removeprefix(PREFIX): text for name, text in _query(url) if name.startswith(PREFIX)}
    unknown = sorted(hints.keys() - set(HINTS))
    if unknown:
        raise ProbeError(f"hint {PREFIX}{unknown[0]} does not exist; there are {', '.join(HINTS)}")
    return hints


def _hint(
    hints: Mapping[str, str], name: str, parse: Callable[[str], _Value], otherwise: _Default
) -> _Value | _Default:
    if name not in hints:
        return otherwise
    try:
        return parse(hints[name])
    except ValueError as fault:
        raise ProbeError(f"hint {PREFIX}{name} must be {fault}") from fault


def _format_of_path(url: str, *, expects_video: bool) -> MediaFormat:
    extension = PurePosixPath(urlsplit(url).path).suffix.removeprefix(".").lower()
    if extension in set(MediaFormat):
        return MediaFormat(extension)
    if extension in _FOREIGN_EXTENSIONS:
        return MediaFormat.UNKNOWN
    return MediaFormat.MP4 if expects_video else MediaFormat.MP3


def _faces(hints: Mapping[str, str], length_ms: int) -> tuple[Interval, ...] | None:
    """The stated faces; a count without intervals means faces that are there for the whole length."""
    count = _hint(hints, "faces", up_to(MAX_FACES), None)
    stated = _hint(hints, "face_intervals", intervals, None)
    if stated is None:
        return None if count is None else (Interval(0, length_ms),) * count
    if count not in {None, len(stated)}:
        raise ProbeError(f"hint {PREFIX}faces must be the number of intervals in {PREFIX}face_intervals")
    return stated

"""For each rule with a number, a request that just fits and one that is a single step beyond."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from contracts.contract import Contract
from contracts.model import Rule

Facts = Mapping[str, object]

VIDEO_MS, SOUND_MS, CLIP_MS = 10_000, 6_000, 3_000
LATE_FACE_MS = 4_000


class Clip(Struct, frozen=True):
    """The times of one entry in ms."""

    start_ms: int = 0
    end_ms: int = CLIP_MS
    insert_ms: int = 0


class Attempt(Struct, frozen=True):
    """A request: the facts of its files, and the clip."""

    video: Facts
    sound: Facts
    clip: Clip = Clip()


_FITS = Attempt(
    video={"duration_ms": VIDEO_MS, "faces": 1, "width": 1280, "height": 720},
    sound={"duration_ms": SOUND_MS},
)


class Edge(Struct, frozen=True):
    """``at`` fits, ``beyond`` differs from it by one step. ``is_about_video`` says that identify-face decides."""

    says: str
    at: Attempt
    beyond: Attempt
    is_about_video: bool = False


def edges(contract: Contract) -> Iterator[Edge]:
    """Every edge of the video's and the clip's rules. Rules about age are about time, and not here."""
    for table, makers in (("video", _VIDEO), ("lip-sync", _CLIP)):
        for rule in contract.rules[table]:
            for name, number in ((name, number) for name, number in rule.limits.items() if name in _STEPS):
                maker = makers.get(rule.id)
                if maker is not None:
                    yield _edge(rule, name, int(number), maker, is_video=table == "video")
    yield from (_edge_of(says, at, beyond) for says, at, beyond in _RELATIONS)


_STEPS = {"min_ms": -1, "max_ms": 1, "max_bytes": 1, "min_px": -1, "max_px": 1}
Maker = Callable[[int], Attempt]


def _edge(rule: Rule, name: str, number: int, maker: Maker, *, is_video: bool) -> Edge:
    says = f"{rule.id} {name.partition('_')[0]} {number}"
    return Edge(says, maker(number), maker(number + _STEPS[name]), is_video)


def _video(**facts: object) -> Attempt:
    return replace(_FITS, video={**_FITS.video, **facts})


def _sides(px: int) -> Attempt:
    """One side has a resolution that is asked for, the other is ``px``."""
    return _video(width=px, height=720)


def _sound_of(length_ms: int) -> Attempt:
    """The clip takes no more of it than there may be."""
    return replace(_FITS, sound={"duration_ms": length_ms}, clip=Clip(end_ms=min(length_ms, CLIP_MS)))


def _overlapping(overlap_ms: int) -> Attempt:
    """A face that comes late, and a clip that ends ``overlap_ms`` after it came."""
    late = _video(face_intervals=f"{LATE_FACE_MS}-{VIDEO_MS}")
    return replace(late, clip=Clip(insert_ms=LATE_FACE_MS + overlap_ms - CLIP_MS))


_VIDEO: Mapping[str, Maker] = {
    "video-size": lambda size_bytes: _video(size_bytes=size_bytes),
    "video-length": lambda length_ms: _video(duration_ms=length_ms),
    "video-sides": _sides,
}
_CLIP: Mapping[str, Maker] = {
    "audio-size": lambda size_bytes: replace(_FITS, sound={**_FITS.sound, "size_bytes": size_bytes}),
    "audio-length": _sound_of,
    "clip-length": lambda length_ms: replace(_FITS, clip=Clip(500, 500 + length_ms)),
    "overlap": _overlapping,
}
"""By rule: the attempt in which the rule's quantity is the given number and everything else fits."""

_RELATIONS = (
    ("clip-end with the audio", SOUND_MS, "end_ms"),
    ("insert-end with the video", VIDEO_MS - CLIP_MS, "insert_ms"),
)
"""Rules that compare two quantities of the request: the clip's field, and where it is equal."""


def _edge_of(says: str, number: int, name: str) -> Edge:
    def having(value: int) -> Attempt:
        return replace(_FITS, clip=replace(_FITS.clip, **cast(dict[str, int], {name: value})))

    return Edge(says, having(number), having(number + 1))

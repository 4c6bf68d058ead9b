"""The rules of a clip against its audio, the video and the face, at each edge and one step beyond."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.providers.conftest import Surface

Hints = dict[str, object]

EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MB_5 = 5 * 1024 * 1024
LONGEST_MS = 2**63 - 1


@dataclass(frozen=True)
class Edge:
    """A request that just fits, what to change so that it does not, and the field that the refusal names."""

    says: str
    names: str
    beyond: Hints
    within: Hints = field(default_factory=dict)
    audio: tuple[Hints, Hints] = ({}, {})
    video: Hints = field(default_factory=dict)


def lasting(within_ms: int, beyond_ms: int) -> tuple[Hints, Hints]:
    return {"duration_ms": within_ms}, {"duration_ms": beyond_ms}


ORIGINAL = "original_audio_volume"
LATE_FACE: Hints = {"face_intervals": "4000-10000", "faces": 1}
EARLY_FACE: Hints = {"face_intervals": "0-4000", "faces": 1}

RULES = [
    Edge("clip of 2000 ms", "sound_end_time", {"end": 1999}, {"end": 2000}),
    Edge("clip of 2000 ms, later", "sound_end_time", {"start": 501, "end": 2500}, {"start": 500, "end": 2500}),
    Edge("clip ends after it starts", "sound_end_time", {"start": 3000, "end": 3000}, {"start": 1000, "end": 3000}),
    Edge("clip ends with the audio", "sound_end_time", {"end": 6001}, {"end": 6000}),
    Edge("insert touches the video's end", "sound_insert_time", {"insert": 7001}, {"insert": 7000}),
    Edge("overlap of 2000 ms before", "sound_insert_time", {"insert": 2999}, {"insert": 3000}, video=LATE_FACE),
    Edge("overlap of 2000 ms behind", "sound_insert_time", {"insert": 2001}, {"insert": 2000}, video=EARLY_FACE),
    Edge("audio of 2000 ms", "sound_file", {"end": 1999}, {"end": 2000}, lasting(2000, 1999)),
    Edge("audio of 60 000 ms", "sound_file", {}, {}, lasting(60_000, 60_001)),
    Edge("audio of 5 MB", "sound_file", {}, {}, ({"size_bytes": MB_5}, {"size_bytes": MB_5 + 1})),
    Edge("audio within reach", "sound_file", {}, {}, ({"reachable": 1}, {"reachable": 0})),
]  # fmt: skip
"""What only the service behind a gateway can judge."""

SHAPES = [
    Edge("sound_volume down to 0", "sound_volume", {"sound_volume": -0.01}, {"sound_volume": 0}),
    Edge("sound_volume up to 2", "sound_volume", {"sound_volume": 2.01}, {"sound_volume": 2}),
    Edge("original volume from 0", ORIGINAL, {ORIGINAL: -0.01}, {ORIGINAL: 0}),
    Edge("original volume up to 2", ORIGINAL, {ORIGINAL: 2.01}, {ORIGINAL: 2}),
    Edge("clip starts at 0", "sound_start_time", {"start": -1}, {"start": 0}),
    Edge("clip ends at 0 or later", "sound_end_time", {"end": -1}, {"end": 2000}),
    Edge("insert at 0", "sound_insert_time", {"insert": -1}, {"insert": 0}),
    Edge("whole numbers, 3000.0 among them", "sound_end_time", {"end": 3000.5}, {"end": 3000.0}),
    Edge("numbers, not text", "sound_end_time", {"end": "3000"}, {"end": 3000}),
    Edge("times of 64 bits", "sound_insert_time", {"insert": LONGEST_MS + 1}, {"insert": 0}),
]  # fmt: skip
"""What a provider refuses by the shape of the request alone."""


@pytest.mark.parametrize("edge", RULES + SHAPES, ids=lambda edge: edge.says)
def test_edge_is_accepted(surface: Surface, edge: Edge) -> None:
    assert surface.sync(edge.video, edge.audio[0], **edge.within).reason is None


@pytest.mark.parametrize("edge", RULES, ids=lambda edge: edge.says)
def test_one_step_beyond_a_rule_is_refused_naming_the_field(surface: Surface, edge: Edge) -> None:
    verdict = surface.sync(edge.video, edge.audio[1], **edge.beyond)
    assert verdict.place is surface.rules_show_at
    assert verdict.reason is not None
    assert verdict.reason.startswith(f"face_choose[0].{edge.names} ")


@pytest.mark.parametrize("edge", SHAPES, ids=lambda edge: edge.says)
def test_one_step_beyond_a_shape_is_refused_at_once_naming_the_field(surface: Surface, edge: Edge) -> None:
    verdict = surface.sync(edge.video, edge.audio[1], **edge.beyond)
    assert verdict.place == "create"
    assert verdict.reason is not None
    assert verdict.reason.startswith(f"{surface.shape_prefix}face_choose[0].{edge.names} must be ")


def test_times_at_the_end_of_64_bits_are_judged_as_any_other(surface: Surface) -> None:
    verdict = surface.sync(end=LONGEST_MS, insert=LONGEST_MS)
    assert verdict.place is surface.rules_show_at
    assert verdict.reason is not None
    assert "face_choose[0].sound_end_time is past the end of the audio" in verdict.reason
    assert "face_choose[0].sound_insert_time lets the clip end after the video" in verdict.reason


def test_every_broken_rule_of_timing_is_told_at_once(surface: Surface) -> None:
    verdict = surface.sync(EARLY_FACE, {"duration_ms": 4000}, start=0, end=5000, insert=6000)
    assert verdict.reason is not None
    assert re.findall(r"face_choose\[0\]\.(\w+)", verdict.reason) == [
        "sound_end_time",
        "sound_insert_time",
        "sound_insert_time",
    ]


def test_silent_video_takes_any_original_volume(surface: Surface) -> None:
    assert surface.sync({"has_audio": 0}, original_audio_volume=2).is_accepted


@dataclass(frozen=True)
class Window:
    """Lengths and moments in ms of one request: the files, the face, the clip."""

    video: int
    face: tuple[int, int]
    audio: int
    start: int
    end: int
    insert: int

    def fits(self) -> bool:
        """Rules 2 to 5, 7 and 8 in plain arithmetic."""
        length = self.end - self.start
        overlap = min(self.insert + length, self.face[1]) - max(self.insert, self.face[0])
        return (
            2000 <= self.audio <= 60_000
            and length >= 2000
            and self.end <= self.audio
            and self.insert + length <= self.video
            and overlap >= 2000
        )


NUDGE = st.sampled_from((-1, 0, 0, 1))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Requests on, beside and around the edges: each quantity is a bound, nudged by at most 1 ms, or free."""
    video = draw(st.integers(2000, 60_000))
    audio = draw(st.sampled_from((2000, 60_000)) | st.integers(1900, 60_100)) + draw(NUDGE)
    start = draw(st.integers(0, max(0, audio - 2000)))
    length = draw(st.sampled_from((2000, audio - start, video)) | st.integers(2000, 12_000)) + draw(NUDGE)
    insert = max(0, draw(st.sampled_from((0, video - length)) | st.integers(0, video)) + draw(NUDGE))
    face_start = draw(st.sampled_from((0, insert, max(0, insert + length - 2000))) | st.integers(0, video))
    face_start = max(0, face_start + draw(NUDGE))
    face_end = max(
        face_start + 1, draw(st.sampled_from((video, insert + 2000, face_start + 2000))) + draw(NUDGE)
    )
    return Window(video, (face_start, face_end), audio, start, max(0, start + length), insert)


@given(window=windows())
@settings(EXAMPLES, max_examples=100)
def test_request_is_accepted_exactly_when_its_arithmetic_holds(surface: Surface, window: Window) -> None:
    face = f"{window.face[0]}-{window.face[1]}"
    verdict = surface.sync(
        {"duration_ms": window.video, "face_intervals": face},
        {"duration_ms": window.audio},
        start=window.start,
        end=window.end,
        insert=window.insert,
    )
    assert verdict.is_accepted == window.fits(), verdict


@given(start=st.integers(0, 50_000), insert=st.integers(0, 50_000))
@EXAMPLES
def test_clip_is_measured_alike_wherever_it_starts(surface: Surface, start: int, insert: int) -> None:
    files = ({"duration_ms": 60_000}, {"duration_ms": 60_000})
    assert surface.sync(*files, start=start, end=start + 2000, insert=insert).is_accepted
    assert not surface.sync(*files, start=start, end=start + 1999, insert=insert).is_accepted


@given(audio_ms=st.integers(2000, 60_000))
@EXAMPLES
def test_clip_may_end_with_its_audio_whatever_the_length(surface: Surface, audio_ms: int) -> None:
    files = ({"duration_ms": 60_000}, {"duration_ms": audio_ms})
    assert surface.sync(*files, start=audio_ms - 2000, end=audio_ms).is_accepted
    assert not surface.sync(*files, start=audio_ms - 2000, end=audio_ms + 1).is_accepted


@given(video_ms=st.integers(4000, 60_000))
@EXAMPLES
def test_insert_may_touch_the_end_of_any_video(surface: Surface, video_ms: int) -> None:
    files = ({"duration_ms": video_ms}, {"duration_ms": 6000})
    assert surface.sync(*files, insert=video_ms - 3000).is_accepted
    assert not surface.sync(*files, insert=video_ms - 2999).is_accepted


@given(face_start=st.integers(1000, 30_000), face_ms=st.integers(2000, 20_000))
@EXAMPLES
def test_overlap_of_two_seconds_is_enough_at_either_end_of_any_interval(
    surface: Surface, face_start: int, face_ms: int
) -> None:
    video: Hints = {"duration_ms": 60_000, "face_intervals": f"{face_start}-{face_start + face_ms}"}
    first, last = face_start - 1000, face_start + face_ms - 2000
    assert surface.sync(video, end=3000, insert=first).is_accepted
    assert surface.sync(video, end=3000, insert=last).is_accepted
    assert not surface.sync(video, end=3000, insert=first - 1).is_accepted or first == 0
    assert not surface.sync(video, end=3000, insert=last + 1).is_accepted


@given(
    volume=st.floats(-0.5, 2.5) | st.sampled_from((0.0, 2.0, -1e-9, 2.0000001)),
    name=st.sampled_from(("sound_volume", "original_audio_volume")),
)
@EXAMPLES
def test_volume_is_accepted_exactly_from_0_to_2(surface: Surface, volume: float, name: str) -> None:
    changed: Hints = {name: volume}
    assert surface.sync({}, {}, **changed).is_accepted == (0 <= volume <= 2)

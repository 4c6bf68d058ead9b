"""Each rule of a clip by itself, at its edge and one step beyond; and what clips may not do together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contracts.model import Rule
from mock_server.core.clip_rules import CLIP_RULES, TOGETHER_RULES
from mock_server.core.media import Interval, MediaFacts, MediaFormat
from mock_server.core.task import Clip

if TYPE_CHECKING:
    from tests.core.conftest import MakeClipCase

DAY_MS = 86_400_000
MB_5 = 5 * 1024 * 1024
MAX_AGE_S = {"session-age": 86_400, "audio-age": 30 * 86_400}
AUDIO = MediaFacts(MediaFormat.MP3, 6_000, 1, "d")
Fields = dict[str, object]

EDGES: dict[str, list[tuple[Fields, Fields]]] = {
    "session-age": [({"session_age_ms": DAY_MS}, {"session_age_ms": DAY_MS + 1})],
    "face-known": [({}, {"face_id": "1"}), ({}, {"face_id": ""})],
    "audio-known": [({"speech_age_ms": 0}, {"speech_id": "unknown", "sound": ""})],
    "audio-age": [({"speech_age_ms": 30 * DAY_MS}, {"speech_age_ms": 30 * DAY_MS + 1})],
    "audio-reachable": [({}, {"audio": {"is_reachable": False}})],
    "audio-size": [({"audio": {"size_bytes": MB_5}}, {"audio": {"size_bytes": MB_5 + 1}})],
    "audio-format": [({"audio": {"format": MediaFormat.WAV}}, {"audio": {"format": MediaFormat.UNKNOWN}})],
    "audio-length": [
        ({"audio": {"duration_ms": 2_000}}, {"audio": {"duration_ms": 1_999}}),
        ({"audio": {"duration_ms": 60_000}}, {"audio": {"duration_ms": 60_001}}),
    ],
    "audio-moderation": [({}, {"audio": {"is_rejected_by_moderation": True}})],
    "clip-order": [({"start_ms": 2_999}, {"start_ms": 3_000}), ({}, {"start_ms": 3_001})],
    "clip-length": [({"end_ms": 2_000}, {"end_ms": 1_999})],
    "clip-end": [({"end_ms": 6_000}, {"end_ms": 6_001})],
    "insert-end": [({"insert_ms": 7_000}, {"insert_ms": 7_001})],
    "overlap": [
        ({"interval": Interval(1_000, 10_000)}, {"interval": Interval(1_001, 10_000)}),
        ({"interval": Interval(0, 2_000)}, {"interval": Interval(0, 1_999)}),
        ({"interval": Interval(500, 2_500)}, {"interval": Interval(500, 2_499)}),
    ],
}
STAGE_OF = {rule_id: stage for stage, judges in CLIP_RULES.items() for rule_id in judges}


def rule(rule_id: str) -> Rule:
    limits = {"min_ms": 2_000, "max_ms": 60_000, "max_bytes": MB_5, "max_age_s": MAX_AGE_S.get(rule_id, 0)}
    return Rule(1, rule_id, "says", "error", "source", limits, ("mp3", "wav"))


@pytest.mark.parametrize(
    ("rule_id", "within", "beyond"), [(rule_id, *edge) for rule_id, edges in EDGES.items() for edge in edges]
)
def test_the_edge_is_allowed_and_one_step_beyond_is_not(
    clip_case: MakeClipCase, rule_id: str, within: Fields, beyond: Fields
) -> None:
    judge = CLIP_RULES[STAGE_OF[rule_id]][rule_id]
    assert judge(clip_case(**within), rule(rule_id)) is None
    assert judge(clip_case(**beyond), rule(rule_id))


def test_text_that_is_no_base64_is_told_from_no_audio_at_all(clip_case: MakeClipCase) -> None:
    judge = CLIP_RULES["audio"]["audio-base64"]
    without = replace(clip_case(), facts=None)
    assert judge(without, rule("audio-base64")) is None
    unreadable = replace(without, is_not_base64=True)
    assert judge(unreadable, rule("audio-base64")) == "is neither a URL nor valid Base64"


def test_a_session_is_known_or_not(clip_case: MakeClipCase) -> None:
    judge = CLIP_RULES["identity"]["session-known"]
    assert judge(clip_case(), rule("session-known")) is None
    assert judge(replace(clip_case(), session=None, face=None), rule("session-known")) == "is unknown"


@pytest.mark.parametrize("rule_id", sorted(set(STAGE_OF) - {"session-known", "clip-order", "clip-length"}))
def test_what_was_not_found_leaves_the_other_rules_nothing_to_judge(
    clip_case: MakeClipCase, rule_id: str
) -> None:
    nothing = replace(clip_case(), session=None, face=None, facts=None)
    assert CLIP_RULES[STAGE_OF[rule_id]][rule_id](nothing, rule(rule_id)) is None


def test_every_rule_has_an_edge_here() -> None:
    assert set(EDGES) | {"session-known", "audio-base64"} == set(STAGE_OF)


@pytest.mark.parametrize("rule_id", STAGE_OF)
def test_a_good_clip_keeps_every_rule(clip_case: MakeClipCase, rule_id: str) -> None:
    assert CLIP_RULES[STAGE_OF[rule_id]][rule_id](clip_case(), rule(rule_id)) is None


@given(
    st.integers(0, 8_000),
    st.integers(0, 8_000),
    st.integers(0, 12_000),
    st.integers(0, 9_000),
    st.integers(0, 9_000),
)
def test_timing_agrees_with_a_count_of_milliseconds(
    clip_case: MakeClipCase, start_ms: int, end_ms: int, insert_ms: int, face_from_ms: int, face_for_ms: int
) -> None:
    interval = Interval(face_from_ms, face_from_ms + face_for_ms)
    case = clip_case(start_ms=start_ms, end_ms=end_ms, insert_ms=insert_ms, interval=interval)
    heard = range(insert_ms, insert_ms + max(0, end_ms - start_ms))
    seen = range(max(heard.start, interval.start_ms), min(heard.stop, interval.end_ms))
    broken = {
        "clip-order": end_ms <= start_ms,
        "clip-length": 0 < len(heard) < 2_000,
        "clip-end": end_ms > 6_000,
        "insert-end": insert_ms + end_ms - start_ms > 10_000,
        "overlap": len(heard) > 0 and len(seen) < 2_000,
    }
    judged = {name: judge(case, rule(name)) is not None for name, judge in CLIP_RULES["timing"].items()}
    assert judged == broken


def clip(face_id: str, insert_ms: int, length_ms: int = 2_000) -> Clip:
    return Clip(face_id, AUDIO, 0, length_ms, insert_ms)


@pytest.mark.parametrize(
    ("clips", "reason"),
    [
        ([clip("0", 0), clip("0", 2_000)], None),
        ([clip("0", 0), clip("1", 0)], None),
        ([clip("0", 0), clip("0", 1_999)], "inserts two overlapping clips on face_id '0'"),
        ([clip("0", 0), clip("1", 0), clip("1", 1_000)], "inserts two overlapping clips on face_id '1'"),
    ],
)
def test_two_clips_on_one_face_may_touch_and_not_overlap(clips: list[Clip], reason: str | None) -> None:
    assert TOGETHER_RULES["no-overlapping-inserts"](clips) == reason


@pytest.mark.parametrize(
    ("clips", "reason"),
    [
        ([clip("0", 0), clip("1", 0), clip("2", 0)], None),
        ([clip("0", 0), clip("1", 0), clip("0", 5_000)], "names face_id '0' more than once"),
    ],
)
def test_each_face_is_named_once(clips: list[Clip], reason: str | None) -> None:
    assert TOGETHER_RULES["one-entry-per-face"](clips) == reason


@pytest.mark.parametrize("name", TOGETHER_RULES)
def test_one_clip_has_nothing_to_clash_with(name: str) -> None:
    assert TOGETHER_RULES[name]([clip("0", 0)]) is None
    assert TOGETHER_RULES[name]([]) is None

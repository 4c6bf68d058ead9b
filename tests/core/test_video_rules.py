"""Each rule of a video by itself, at its edge and one step beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model import Rule
from mock_server.core.media import MediaFormat
from mock_server.core.video_rules import VIDEO_RULES

if TYPE_CHECKING:
    from tests.core.conftest import MakeVideoCase

NOW_MS = 1_767_225_600_000
DAYS_30_MS = 30 * 86_400_000
MB_100 = 100 * 1024 * 1024
LIMITS = {
    "max_age_s": DAYS_30_MS / 1000,
    "max_ms": 60_000,
    "min_ms": 2_000,
    "max_bytes": MB_100,
    "min_px": 512,
    "max_px": 2160,
}
Fields = dict[str, object]

EDGES: dict[str, list[tuple[Fields, Fields]]] = {
    "video-id-age": [({"made_ms": NOW_MS - DAYS_30_MS}, {"made_ms": NOW_MS - DAYS_30_MS - 1})],
    "video-id-length": [({"made_ms": 0, "duration_ms": 60_000}, {"made_ms": 0, "duration_ms": 60_001})],
    "video-reachable": [({}, {"is_reachable": False})],
    "video-size": [({"size_bytes": MB_100}, {"size_bytes": MB_100 + 1})],
    "video-format": [
        ({"format": MediaFormat.MOV}, {"format": MediaFormat.M4A}),
        ({"format": MediaFormat.MP4}, {"format": MediaFormat.UNKNOWN}),
    ],
    "video-length": [
        ({"duration_ms": 2_000}, {"duration_ms": 1_999}),
        ({"duration_ms": 60_000}, {"duration_ms": 60_001}),
    ],
    "video-sides": [
        ({"width": 512}, {"width": 511}),
        ({"height": 512}, {"height": 511}),
        ({"width": 2160}, {"width": 2161}),
        ({"height": 2160}, {"height": 2161}),
    ],
    "video-resolution": [
        ({"width": 720, "height": 600}, {"width": 719, "height": 600}),
        ({"width": 600, "height": 1080}, {"width": 600, "height": 1081}),
    ],
    "video-moderation": [({}, {"is_rejected_by_moderation": True})],
}


def rule(rule_id: str) -> Rule:
    accepts = ("720", "1080") if rule_id == "video-resolution" else ("mp4", "mov")
    return Rule(1, rule_id, "says", "error", "source", LIMITS, accepts)


@pytest.mark.parametrize(
    ("rule_id", "within", "beyond"), [(rule_id, *edge) for rule_id, edges in EDGES.items() for edge in edges]
)
def test_the_edge_is_allowed_and_one_step_beyond_is_not(
    video_case: MakeVideoCase, rule_id: str, within: Fields, beyond: Fields
) -> None:
    assert VIDEO_RULES[rule_id](video_case(**within), rule(rule_id)) is None
    assert VIDEO_RULES[rule_id](video_case(**beyond), rule(rule_id))


def test_every_rule_has_an_edge_here() -> None:
    assert set(EDGES) == set(VIDEO_RULES)


@given(made_ms=st.integers(0, NOW_MS), duration_ms=st.integers(0, 10**6))
def test_the_rules_of_ones_own_results_do_not_concern_other_videos(
    video_case: MakeVideoCase, made_ms: int, duration_ms: int
) -> None:
    foreign = video_case(duration_ms=duration_ms)
    own = video_case(duration_ms=duration_ms, made_ms=made_ms)
    assert VIDEO_RULES["video-id-age"](foreign, rule("video-id-age")) is None
    assert VIDEO_RULES["video-id-length"](foreign, rule("video-id-length")) is None
    assert (VIDEO_RULES["video-id-length"](own, rule("video-id-length")) is None) == (duration_ms <= 60_000)


@pytest.mark.parametrize(
    ("rule_id", "fields", "reason"),
    [
        ("video-id-age", {"made_ms": 0}, "was made more than 30 days ago"),
        ("video-id-length", {"made_ms": 0, "duration_ms": 60_001}, "is longer than 60000 ms (60001 ms)"),
        ("video-sides", {"width": 100}, "must have sides of 512 to 2160 px, not 100x720"),
        ("video-resolution", {"width": 700, "height": 700}, "must be 720p or 1080p, not 700x700"),
    ],
)
def test_the_reason_gives_the_numbers(
    video_case: MakeVideoCase, rule_id: str, fields: Fields, reason: str
) -> None:
    assert VIDEO_RULES[rule_id](video_case(**fields), rule(rule_id)) == reason

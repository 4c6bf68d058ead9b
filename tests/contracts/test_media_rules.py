"""What a provider refuses, by the facts of the files alone."""

from __future__ import annotations

import pytest

from contracts.media_rules import broken_rules, is_roomy


@pytest.mark.parametrize(
    ("video", "rule"),
    [
        ({"duration_ms": 1_999}, "video-length"),
        ({"size_bytes": 104_857_601}, "video-size"),
        ({"format": "wav"}, "video-format"),
        ({"width": 511, "height": 720}, "video-sides"),
        ({"width": 1_000, "height": 1_000}, "video-resolution"),
        ({"reachable": False}, "video-reachable"),
        ({"moderation": "reject"}, "video-moderation"),
        ({"faces": 0}, "faces"),
        ({"face_intervals": []}, "faces"),
    ],
)
def test_one_broken_fact_breaks_one_rule(video: dict[str, object], rule: str) -> None:
    assert broken_rules("kling", video, {}) == (rule,)


def test_what_is_not_stated_fits() -> None:
    assert broken_rules("kirin", {}, {}) == ()
    assert broken_rules("kirin", {"faces": 2}, {"format": "mp3"}) == ()


def test_kirin_takes_no_aac_and_kling_does() -> None:
    assert broken_rules("kirin", {}, {"format": "aac"}) == ("audio-format",)
    assert broken_rules("kling", {}, {"format": "aac"}) == ()


@pytest.mark.parametrize(
    ("video", "audio", "roomy"),
    [
        ({}, {}, True),
        ({"duration_ms": 3_499}, {}, False),
        ({}, {"duration_ms": 2_000}, False),
        ({"face_intervals": [[0, 1_000], [2_000, 6_000]]}, {}, True),
        ({"face_intervals": [[0, 3_000]]}, {}, False),
    ],
)
def test_a_client_needs_some_room(video: dict[str, object], audio: dict[str, object], roomy: bool) -> None:
    assert is_roomy(video, audio) is roomy

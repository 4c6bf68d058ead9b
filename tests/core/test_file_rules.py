"""Size, format, length, reach, content and age of any file, at each edge and one step beyond."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from contracts.model import Rule
from mock_server.core.file_rules import (
    FileJudge,
    days,
    is_too_old,
    rejected,
    too_large,
    unreachable,
    wrong_format,
    wrong_length,
)
from mock_server.core.media import MediaFacts, MediaFormat

MB_5 = 5 * 1024 * 1024
FACTS = MediaFacts(MediaFormat.MP3, 6_000, 100_000, "d")
RULE = Rule(
    1,
    "any",
    "says",
    "error",
    "source",
    {"max_bytes": MB_5, "min_ms": 2_000, "max_ms": 60_000, "max_age_s": 30 * 86_400},
    ("mp3", "wav"),
)


def facts_of(**facts: object) -> MediaFacts:
    return replace(FACTS, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("judge", "facts"),
    [
        (too_large, {"size_bytes": MB_5}),
        (wrong_format, {"format": MediaFormat.WAV}),
        (wrong_length, {"duration_ms": 2_000}),
        (wrong_length, {"duration_ms": 60_000}),
        (unreachable, {"is_reachable": True}),
        (rejected, {"is_rejected_by_moderation": False}),
    ],
)
def test_at_the_edge_the_rule_holds(judge: FileJudge, facts: dict[str, object]) -> None:
    assert judge(facts_of(**facts), RULE) is None


@pytest.mark.parametrize(
    ("judge", "facts", "reason"),
    [
        (too_large, {"size_bytes": MB_5 + 1}, "is larger than 5 MB (5242881 bytes)"),
        (
            wrong_format,
            {"format": MediaFormat.M4A},
            "format mismatch: the content is m4a, supported are mp3, wav",
        ),
        (
            wrong_format,
            {"format": MediaFormat.UNKNOWN},
            "format mismatch: the content is unreadable, supported are mp3, wav",
        ),
        (wrong_length, {"duration_ms": 1_999}, "must last 2000 to 60000 ms, not 1999 ms"),
        (wrong_length, {"duration_ms": 60_001}, "must last 2000 to 60000 ms, not 60001 ms"),
        (unreachable, {"is_reachable": False}, "cannot be downloaded"),
        (rejected, {"is_rejected_by_moderation": True}, "was rejected by content moderation"),
    ],
)
def test_one_step_beyond_the_reason_is_told(judge: FileJudge, facts: dict[str, object], reason: str) -> None:
    assert judge(facts_of(**facts), RULE) == reason


@pytest.mark.parametrize(
    ("age_ms", "is_old"), [(0, False), (30 * 86_400_000, False), (30 * 86_400_000 + 1, True)]
)
def test_a_thing_is_too_old_from_the_millisecond_after_its_last(age_ms: int, is_old: bool) -> None:
    assert is_too_old(1_000, 1_000 + age_ms, RULE) is is_old


def test_an_age_is_told_in_days() -> None:
    assert days(RULE) == 30

"""Tables of rules held against a case: which rules are judged, which are reported, and where they point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.contract import PROVIDERS, load_contract
from contracts.model import Rule
from mock_server.core.clip_rules import CLIP_RULES, TOGETHER_RULES
from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.core.rules import Rulebook
from mock_server.core.task import Clip
from mock_server.core.video_rules import VIDEO_RULES

if TYPE_CHECKING:
    from tests.core.conftest import MakeClipCase, MakeVideoCase

VIDEO_TABLES = ("video", "legacy-video")
CLIP_TABLES = ("lip-sync", "legacy-audio")
SPEECH_IDS = {"voice-known", "speed-range"}
"""Judged where speech is made: ``mock_server.flow.speech``."""
CLIP_IDS = {rule_id for judges in CLIP_RULES.values() for rule_id in judges}
STAGES = [(provider, stage) for provider in PROVIDERS for stage in CLIP_RULES]


def ids(tables: tuple[str, ...], *providers: str) -> set[str]:
    contracts = [load_contract(provider) for provider in providers or PROVIDERS]
    return {rule.id for contract in contracts for table in tables for rule in contract.rules.get(table, ())}


def row(rule_id: str, field: str = "", **limits: float) -> Rule:
    return Rule(1, rule_id, "says", f"error of {rule_id}", "source", limits, (), field)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_rule_of_a_contract_has_a_judge(provider: str) -> None:
    assert set(load_contract(provider).rules) <= {*VIDEO_TABLES, *CLIP_TABLES, "speech"}
    assert ids(VIDEO_TABLES, provider) <= set(VIDEO_RULES)
    assert ids(CLIP_TABLES, provider) <= CLIP_IDS | set(TOGETHER_RULES)
    assert ids(("speech",), provider) in (SPEECH_IDS, set())


def test_every_judge_is_wanted_by_a_contract() -> None:
    assert ids(VIDEO_TABLES) == set(VIDEO_RULES)
    assert ids(CLIP_TABLES) == CLIP_IDS | set(TOGETHER_RULES)


def test_no_rule_is_judged_at_two_stages() -> None:
    assert sum(len(judges) for judges in CLIP_RULES.values()) == len(CLIP_IDS)
    assert not CLIP_IDS & set(TOGETHER_RULES)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_good_video_keeps_every_rule_of_every_contract(provider: str, video_case: MakeVideoCase) -> None:
    contract = load_contract(provider)
    for table in VIDEO_TABLES:
        rules = contract.rules.get(table, ())
        assert Rulebook(rules).judge_video(video_case()) == ()
        assert Rulebook(rules).judge_video(video_case(made_ms=video_case().now_ms)) == ()


@pytest.mark.parametrize(("provider", "stage"), STAGES)
def test_a_good_clip_keeps_every_rule_of_every_contract(
    provider: str, stage: str, clip_case: MakeClipCase
) -> None:
    assert Rulebook(load_contract(provider).rules["lip-sync"]).judge_clip(stage, clip_case()) == ()
    assert (
        Rulebook(load_contract(provider).rules["lip-sync"]).judge_clip(stage, clip_case(speech_age_ms=0))
        == ()
    )


def test_of_a_video_the_first_broken_rule_in_the_order_of_the_table_is_told(
    video_case: MakeVideoCase,
) -> None:
    rules = [row("video-reachable"), row("video-size", max_bytes=10), row("video-length", min_ms=0, max_ms=1)]
    ((rule, violation),) = Rulebook(rules).judge_video(video_case())
    assert (rule.error, violation.rule) == ("error of video-size", "video-size")
    ((rule, _),) = Rulebook(rules[::-1]).judge_video(video_case())
    assert rule.error == "error of video-length"


def test_of_the_timing_everything_that_is_broken_is_told(clip_case: MakeClipCase) -> None:
    rules = [
        row("clip-length", "sound_end_time", min_ms=9_000),
        row("clip-order"),
        row("overlap", min_ms=9_000),
    ]
    assert [rule.id for rule, _ in Rulebook(rules).judge_clip("timing", clip_case())] == [
        "clip-length",
        "overlap",
    ]


def test_of_any_other_stage_the_first_is_told(clip_case: MakeClipCase) -> None:
    rules = [row("audio-size", max_bytes=10), row("audio-length", min_ms=0, max_ms=1)]
    assert [rule.id for rule, _ in Rulebook(rules).judge_clip("audio", clip_case())] == ["audio-size"]


def test_the_rules_of_other_stages_are_left_alone(clip_case: MakeClipCase) -> None:
    rules = [row("audio-size", max_bytes=10), row("one-entry-per-face")]
    assert Rulebook(rules).judge_clip("identity", clip_case()) == ()


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("", "face_choose[0].sound_file"),
        ("audio_id", "face_choose[0].audio_id"),
        ("/session_id", "session_id"),
    ],
)
def test_a_violation_points_where_its_row_says_or_to_the_file(
    clip_case: MakeClipCase, field: str, path: str
) -> None:
    ((_, violation),) = Rulebook([row("audio-size", field, max_bytes=10)]).judge_clip("audio", clip_case())
    assert violation.path == path


def test_at_the_root_a_violation_has_no_leading_dot(video_case: MakeVideoCase) -> None:
    ((_, violation),) = Rulebook([row("video-size", max_bytes=10)]).judge_video(video_case())
    assert violation.path == "video_url"


def test_clips_are_judged_together_by_the_first_row_that_knows_how() -> None:
    clips = [
        Clip("0", MediaFacts(MediaFormat.MP3, 6_000, 1, "d"), 0, 2_000, insert_ms) for insert_ms in (0, 1_000)
    ]
    rules = [row("clip-length"), row("no-overlapping-inserts"), row("one-entry-per-face")]
    ((rule, violation),) = Rulebook(rules).judge_together("face_choose", clips)
    assert (rule.id, violation.path) == ("no-overlapping-inserts", "face_choose")
    assert Rulebook(rules[:1]).judge_together("face_choose", clips) == ()

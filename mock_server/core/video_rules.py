"""The rules of a video: one pure function a rule, its numbers in the row of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contracts.model import Rule
from mock_server.core.cases import VideoCase
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

VideoJudge = Callable[[VideoCase, Rule], str | None]
"""The reason why the rule does not hold, or None."""


def _id_age(case: VideoCase, rule: Rule) -> str | None:
    if case.made_ms is None or not is_too_old(case.made_ms, case.now_ms, rule):
        return None
    return f"was made more than {days(rule)} days ago"


def _id_length(case: VideoCase, rule: Rule) -> str | None:
    if case.made_ms is None or case.facts.duration_ms <= rule.limits["max_ms"]:
        return None
    return f"is longer than {rule.limits['max_ms']} ms ({case.facts.duration_ms} ms)"


def _sides(case: VideoCase, rule: Rule) -> str | None:
    low, high = rule.limits["min_px"], rule.limits["max_px"]
    if low <= case.facts.width <= high and low <= case.facts.height <= high:
        return None
    return f"must have sides of {low} to {high} px, not {case.facts.width}x{case.facts.height}"


def _resolution(case: VideoCase, rule: Rule) -> str | None:
    if {str(case.facts.width), str(case.facts.height)} & set(rule.accepts):
        return None
    names = " or ".join(f"{side}p" for side in rule.accepts)
    return f"must be {names}, not {case.facts.width}x{case.facts.height}"


def _of_video(judge: FileJudge) -> VideoJudge:
    return lambda case, rule: judge(case.facts, rule)


VIDEO_RULES: Mapping[str, VideoJudge] = {
    "video-id-age": _id_age,
    "video-id-length": _id_length,
    "video-reachable": _of_video(unreachable),
    "video-size": _of_video(too_large),
    "video-format": _of_video(wrong_format),
    "video-length": _of_video(wrong_length),
    "video-sides": _sides,
    "video-resolution": _resolution,
    "video-moderation": _of_video(rejected),
}
"""Judges by the id of their rule."""

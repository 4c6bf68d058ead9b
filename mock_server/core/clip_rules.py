"""The rules of a clip: what it refers to, its audio, its times; and what several clips may not do together.

One pure function a rule, its numbers in the row of the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from contracts.model import Rule
from mock_server.core.cases import ClipCase
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
from mock_server.core.task import Clip

ClipJudge = Callable[[ClipCase, Rule], str | None]
"""The reason why the rule does not hold, or None; also None where an earlier rule has left nothing to judge."""
TogetherJudge = Callable[[Sequence[Clip]], str | None]


# identity: session, face, speech clip


def _session_known(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return "is unknown" if case.session is None else None


def _session_age(case: ClipCase, rule: Rule) -> str | None:
    if case.session is None or not is_too_old(case.session.created_ms, case.now_ms, rule):
        return None
    return f"has expired: sessions are valid for {int(rule.limits['max_age_s']) // 3600} hours"


def _face_known(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return "is not a face of this session" if case.face is None and case.session else None


def _audio_known(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return "is unknown" if case.speech is None and case.entry.speech_id else None


def _audio_age(case: ClipCase, rule: Rule) -> str | None:
    if case.speech is None or not is_too_old(case.speech.created_ms, case.now_ms, rule):
        return None
    return f"has expired: only audio generated within {days(rule)} days is supported"


# audio: the file itself


def _audio_base64(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return "is neither a URL nor valid Base64" if case.is_not_base64 else None


def _of_audio(judge: FileJudge) -> ClipJudge:
    def judged(case: ClipCase, rule: Rule) -> str | None:
        return None if case.facts is None else judge(case.facts, rule)

    return judged


# timing: the clip against its audio, the video, and the face


def _clip_order(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return None if case.entry.end_ms > case.entry.start_ms else "must be after the start of the clip"


def _clip_length(case: ClipCase, rule: Rule) -> str | None:
    length_ms = case.entry.end_ms - case.entry.start_ms
    if length_ms <= 0 or length_ms >= rule.limits["min_ms"]:
        return None
    return f"leaves a clip of {length_ms} ms; it must be at least {rule.limits['min_ms']} ms long"


def _clip_end(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    end_ms = case.entry.end_ms
    if case.facts is None or end_ms <= case.facts.duration_ms:
        return None
    return f"is past the end of the audio ({end_ms} > {case.facts.duration_ms} ms)"


def _insert_end(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    entry = case.entry
    end_ms = entry.insert_ms + entry.end_ms - entry.start_ms
    if case.session is None or end_ms <= case.session.video.duration_ms:
        return None
    return f"lets the clip end after the video ({end_ms} > {case.session.video.duration_ms} ms)"


def _overlap(case: ClipCase, rule: Rule) -> str | None:
    if case.face is None or case.entry.end_ms <= case.entry.start_ms:
        return None
    overlap_ms = case.entry.inserted.overlap_ms(case.face.interval)
    if overlap_ms >= rule.limits["min_ms"]:
        return None
    return f"overlaps the face's interval by {overlap_ms} ms; at least {rule.limits['min_ms']} ms are needed"


# across entries


def _one_entry_per_face(clips: Sequence[Clip]) -> str | None:
    for one, other in combinations(clips, 2):
        if one.face_id == other.face_id:
            return f"names face_id {one.face_id!r} more than once"
    return None


def _no_overlapping_inserts(clips: Sequence[Clip]) -> str | None:
    for one, other in combinations(clips, 2):
        if one.face_id == other.face_id and one.inserted.overlap_ms(other.inserted):
            return f"inserts two overlapping clips on face_id {one.face_id!r}"
    return None


AUDIO_RULES: Mapping[str, FileJudge] = {
    "audio-reachable": unreachable,
    "audio-size": too_large,
    "audio-format": wrong_format,
    "audio-length": wrong_length,
    "audio-moderation": rejected,
}
"""Judges of the audio file alone, by the id of their rule."""

CLIP_RULES: Mapping[str, Mapping[str, ClipJudge]] = {
    "identity": {
        "session-known": _session_known,
        "session-age": _session_age,
        "face-known": _face_known,
        "audio-known": _audio_known,
        "audio-age": _audio_age,
    },
    "audio": {
        "audio-base64": _audio_base64,
        **{rule_id: _of_audio(judge) for rule_id, judge in AUDIO_RULES.items()},
    },
    "timing": {
        "clip-order": _clip_order,
        "clip-length": _clip_length,
        "clip-end": _clip_end,
        "insert-end": _insert_end,
        "overlap": _overlap,
    },
}
"""Judges by stage, and within a stage by the id of their rule."""

TOGETHER_RULES: Mapping[str, TogetherJudge] = {
    "no-overlapping-inserts": _no_overlapping_inserts,
    "one-entry-per-face": _one_entry_per_face,
}
"""Judges of all clips of a request at once, by the id of their rule."""

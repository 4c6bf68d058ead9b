"""The rules across fields, files and time: one pure function a rule, one row of the contract its numbers.

A provider's ``rules.py`` says which rules hold and with which limits; this module only knows how to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from contracts.model import Rule, Violation
from mock_server.core.media import Interval, MediaFacts, MediaFormat
from mock_server.core.session import Face, Session, Speech
from mock_server.core.task import Clip


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a reference to a file. ``facts`` is None where inline text was not Base64."""

    facts: MediaFacts | None


@dataclass(frozen=True, slots=True)
class VideoCase:
    """A video that a request names. ``made_ms`` is set where it is one of the provider's own results.

    ``file_field`` is the field that names it, ``path`` leads to where that field stands.
    """

    path: str
    file_field: str
    now_ms: int
    video: MediaFacts
    made_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ClipCase:
    """One entry of the faces to be driven, with all that is known about what it refers to.

    ``speech_id`` is the id of a speech clip where the entry names one, ``speech`` what it stands for;
    ``audio`` is the file, whichever way it was given, and ``file_field`` the field that names it.
    """

    path: str
    file_field: str
    now_ms: int
    session: Session | None
    face_id: str
    speech_id: str | None
    speech: Speech | None
    audio: Found | None
    start_ms: int
    end_ms: int
    insert_ms: int

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def face(self) -> Face | None:
        return self.session.face(self.face_id) if self.session else None

    @property
    def facts(self) -> MediaFacts | None:
        return self.audio.facts if self.audio else None


VideoJudge = Callable[[VideoCase, Rule], str | None]
ClipJudge = Callable[[ClipCase, Rule], str | None]

VIDEO_RULES: dict[str, VideoJudge] = {}
CLIP_RULES: dict[str, ClipJudge] = {}
STAGE_OF_RULE: dict[str, str] = {}


def _video(rule_id: str) -> Callable[[VideoJudge], VideoJudge]:
    def register(judge: VideoJudge) -> VideoJudge:
        VIDEO_RULES[rule_id] = judge
        return judge

    return register


def _clip(rule_id: str, stage: str) -> Callable[[ClipJudge], ClipJudge]:
    def register(judge: ClipJudge) -> ClipJudge:
        CLIP_RULES[rule_id] = judge
        STAGE_OF_RULE[rule_id] = stage
        return judge

    return register


def judge_video(rules: Iterable[Rule], case: VideoCase) -> tuple[tuple[Rule, Violation], ...]:
    """The first rule in table order that ``case`` breaks, or nothing: later rules lean on earlier ones."""
    for rule in rules:
        reason = VIDEO_RULES[rule.id](case, rule)
        if reason is not None:
            return ((rule, _violation(case.path, rule, case.file_field, reason)),)
    return ()


def judge_clip(rules: Iterable[Rule], stage: str, case: ClipCase) -> tuple[tuple[Rule, Violation], ...]:
    """What ``case`` breaks among the rules of ``stage``: all of them for "timing", else the first in table order."""
    found: list[tuple[Rule, Violation]] = []
    for rule in rules:
        if STAGE_OF_RULE.get(rule.id) != stage:
            continue
        reason = CLIP_RULES[rule.id](case, rule)
        if reason is not None:
            found.append((rule, _violation(case.path, rule, case.file_field, reason)))
            if stage != "timing":
                break
    return tuple(found)


def _violation(path: str, rule: Rule, file_field: str, reason: str) -> Violation:
    field = rule.field or file_field
    if field.startswith("/"):
        return Violation(field[1:], rule.id, reason)
    return Violation(".".join(part for part in (path, field) if part), rule.id, reason)


# videos


@_video("video-id-age")
def _video_id_age(case: VideoCase, rule: Rule) -> str | None:
    too_old = case.made_ms is not None and case.now_ms - case.made_ms > rule.limits["max_age_s"] * 1000
    return f"was made more than {_days(rule)} days ago" if too_old else None


@_video("video-id-length")
def _video_id_length(case: VideoCase, rule: Rule) -> str | None:
    if case.made_ms is None or case.video.duration_ms <= rule.limits["max_ms"]:
        return None
    return f"is longer than {rule.limits['max_ms']} ms ({case.video.duration_ms} ms)"


@_video("video-reachable")
def _video_reachable(case: VideoCase, rule: Rule) -> str | None:  # noqa: ARG001
    return None if case.video.is_reachable else "cannot be downloaded"


@_video("video-size")
def _video_size(case: VideoCase, rule: Rule) -> str | None:
    return _too_large(case.video, rule)


@_video("video-format")
def _video_format(case: VideoCase, rule: Rule) -> str | None:
    return _wrong_format(case.video, rule)


@_video("video-length")
def _video_length(case: VideoCase, rule: Rule) -> str | None:
    return _wrong_length(case.video, rule)


@_video("video-sides")
def _video_sides(case: VideoCase, rule: Rule) -> str | None:
    low, high = rule.limits["min_px"], rule.limits["max_px"]
    if low <= case.video.width <= high and low <= case.video.height <= high:
        return None
    return f"must have sides of {low} to {high} px, not {case.video.width}x{case.video.height}"


@_video("video-resolution")
def _video_resolution(case: VideoCase, rule: Rule) -> str | None:
    if {str(case.video.width), str(case.video.height)} & set(rule.accepts):
        return None
    names = " or ".join(f"{side}p" for side in rule.accepts)
    return f"must be {names}, not {case.video.width}x{case.video.height}"


@_video("video-moderation")
def _video_moderation(case: VideoCase, rule: Rule) -> str | None:  # noqa: ARG001
    return "was rejected by content moderation" if case.video.is_rejected_by_moderation else None


# identity: session, face, speech clip


@_clip("session-known", "identity")
def _session_known(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return "is unknown" if case.session is None else None


@_clip("session-age", "identity")
def _session_age(case: ClipCase, rule: Rule) -> str | None:
    if case.session is None or case.now_ms - case.session.created_ms <= rule.limits["max_age_s"] * 1000:
        return None
    return f"has expired: sessions are valid for {int(rule.limits['max_age_s']) // 3600} hours"


@_clip("face-known", "identity")
def _face_known(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return "is not a face of this session" if case.session and case.face is None else None


@_clip("audio-known", "identity")
def _audio_known(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return "is unknown" if case.speech_id and case.speech is None else None


@_clip("audio-age", "identity")
def _audio_age(case: ClipCase, rule: Rule) -> str | None:
    if case.speech is None or case.now_ms - case.speech.created_ms <= rule.limits["max_age_s"] * 1000:
        return None
    return f"has expired: only audio generated within {_days(rule)} days is supported"


# audio: the file itself


@_clip("audio-reachable", "audio")
def _audio_reachable(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return None if case.facts is None or case.facts.is_reachable else "cannot be downloaded"


@_clip("audio-base64", "audio")
def _audio_base64(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return "is neither a URL nor valid Base64" if case.audio and case.facts is None else None


@_clip("audio-size", "audio")
def _audio_size(case: ClipCase, rule: Rule) -> str | None:
    return _too_large(case.facts, rule)


@_clip("audio-format", "audio")
def _audio_format(case: ClipCase, rule: Rule) -> str | None:
    return _wrong_format(case.facts, rule)


@_clip("audio-length", "audio")
def _audio_length(case: ClipCase, rule: Rule) -> str | None:
    return _wrong_length(case.facts, rule)


@_clip("audio-moderation", "audio")
def _audio_moderation(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    rejected = case.facts is not None and case.facts.is_rejected_by_moderation
    return "was rejected by content moderation" if rejected else None


# timing: the clip against its audio, the video, and the face


@_clip("clip-order", "timing")
def _clip_order(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    return None if case.start_ms < case.end_ms else "must be after the start of the clip"


@_clip("clip-length", "timing")
def _clip_length(case: ClipCase, rule: Rule) -> str | None:
    if case.length_ms <= 0 or case.length_ms >= rule.limits["min_ms"]:
        return None
    return f"leaves a clip of {case.length_ms} ms; it must be at least {rule.limits['min_ms']} ms long"


@_clip("clip-end", "timing")
def _clip_end(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    if case.facts is None or case.end_ms <= case.facts.duration_ms:
        return None
    return f"is past the end of the audio ({case.end_ms} > {case.facts.duration_ms} ms)"


@_clip("insert-end", "timing")
def _insert_end(case: ClipCase, rule: Rule) -> str | None:  # noqa: ARG001
    if case.session is None or case.insert_ms + case.length_ms <= case.session.video.duration_ms:
        return None
    end_ms = case.insert_ms + case.length_ms
    return f"lets the clip end after the video ({end_ms} > {case.session.video.duration_ms} ms)"


@_clip("overlap", "timing")
def _overlap(case: ClipCase, rule: Rule) -> str | None:
    if case.face is None or case.length_ms <= 0:
        return None
    inserted = Interval(case.insert_ms, case.insert_ms + case.length_ms)
    overlap_ms = inserted.overlap_ms(case.face.interval)
    if overlap_ms >= rule.limits["min_ms"]:
        return None
    return f"overlaps the face's interval by {overlap_ms} ms; at least {rule.limits['min_ms']} ms are needed"


# across entries


def judge_together(rules: Iterable[Rule], path: str, clips: Sequence[Clip]) -> tuple[tuple[Rule, Violation], ...]:
    """What several entries break together: the first rule of the table that does not hold."""
    for rule in rules:
        judge = _TOGETHER.get(rule.id)
        reason = judge(clips) if judge else None
        if reason is not None:
            return ((rule, _violation(path, rule, "", reason)),)
    return ()


def _one_entry_per_face(clips: Sequence[Clip]) -> str | None:
    faces = [clip.face_id for clip in clips]
    twice = next((face for face in faces if faces.count(face) > 1), None)
    return f"names face_id {twice!r} more than once" if twice is not None else None


def _no_overlapping_inserts(clips: Sequence[Clip]) -> str | None:
    for position, clip in enumerate(clips):
        mine = Interval(clip.insert_ms, clip.insert_ms + clip.length_ms)
        for other in clips[position + 1 :]:
            theirs = Interval(other.insert_ms, other.insert_ms + other.length_ms)
            if clip.face_id == other.face_id and mine.overlap_ms(theirs):
                return f"inserts two overlapping clips on face_id {clip.face_id!r}"
    return None


_TOGETHER: dict[str, Callable[[Sequence[Clip]], str | None]] = {
    "no-overlapping-inserts": _no_overlapping_inserts,
    "one-entry-per-face": _one_entry_per_face,
}


# shared by audio and video


def _too_large(facts: MediaFacts | None, rule: Rule) -> str | None:
    if facts is None or facts.size_bytes <= rule.limits["max_bytes"]:
        return None
    return f"is larger than {int(rule.limits['max_bytes']) // 2**20} MB ({facts.size_bytes} bytes)"


def _wrong_format(facts: MediaFacts | None, rule: Rule) -> str | None:
    if facts is None or facts.format.value in rule.accepts:
        return None
    found = "unreadable" if facts.format is MediaFormat.UNKNOWN else facts.format.value
    return f"format mismatch: the content is {found}, supported are {', '.join(rule.accepts)}"


def _wrong_length(facts: MediaFacts | None, rule: Rule) -> str | None:
    low, high = rule.limits["min_ms"], rule.limits["max_ms"]
    if facts is None or low <= facts.duration_ms <= high:
        return None
    return f"must last {low} to {high} ms, not {facts.duration_ms} ms"


def _days(rule: Rule) -> int:
    return int(rule.limits["max_age_s"]) // 86_400

"""Kirin's rules that OpenAPI cannot hold, in the order in which they are judged; one row a rule.

The gateway judges none of them itself: it accepts the job, and the upstream service's refusal comes back as a
failed task (ambiguity 9), which is why every row leads to ``upstream-http`` or ``moderation``.

Numbers up to 11 are those of ``kling.md`` § 4, "Cross-field rules"; rules without one count from 20 in each
table. Rule 1 (one audio source), rule 10 (volumes) and half of rule 11 (one face) stand in openapi.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

from contracts.model import Rule

_FACE_PAGE = "kirin.md § 5.1 [doc: kirin-identify-face]"
_SYNC_PAGE = "kirin.md § 5.2 [seed 000]"
_SPEECH_PAGE = "kirin.md § 5.3 [doc: kirin-tts]"
_UPSTREAM = "ASSUMED: the page is silent, the upstream rule holds:"
_DAYS_30_S = 30 * 24 * 3600
# ASSUMED: the pages' MB are binary; they do not say
_MB = 1024 * 1024


def _rule(
    number: int,
    id_: str,
    field: str,
    says: str,
    source: str,
    *accepts: str,
    error: str = "upstream-http",
    **limits: float,
) -> Rule:
    """One row; refused by the upstream service unless ``error`` names another row of errors.py."""
    return Rule(number, id_, says, error, source, limits, accepts, field)


_VIDEO = (
    _rule(
        20,
        "video-id-age",
        "video_id",
        "must name a video generated within the last 30 days",
        f"{_UPSTREAM} kling.md § 3",
        max_age_s=_DAYS_30_S,
    ),
    _rule(
        21,
        "video-id-length",
        "video_id",
        "must name a video of at most 60 seconds",
        f"{_UPSTREAM} kling.md § 3",
        max_ms=60_000,
    ),
    _rule(
        22,
        "video-reachable",
        "video_url",
        "must be a URL that can be downloaded",
        f"{_UPSTREAM} kling.md § 3",
    ),
    _rule(23, "video-size", "video_url", "must be at most 100 MB", _FACE_PAGE, max_bytes=100 * _MB),
    _rule(24, "video-format", "video_url", "must be an mp4 or mov file", _FACE_PAGE, "mp4", "mov"),
    _rule(
        25,
        "video-length",
        "video_url",
        "must last from 2 to 60 seconds",
        _FACE_PAGE,
        min_ms=2_000,
        max_ms=60_000,
    ),
    _rule(
        26,
        "video-sides",
        "video_url",
        "must be 512 to 2160 px wide and high",
        _FACE_PAGE,
        min_px=512,
        max_px=2160,
    ),
    # ASSUMED: one side, whichever, has that many pixels
    _rule(27, "video-resolution", "video_url", "must be 720p or 1080p", _FACE_PAGE, "720", "1080"),
    _rule(
        28,
        "video-moderation",
        "video_url",
        "was refused by content moderation",
        _FACE_PAGE,
        error="moderation",
    ),
)

_LIP_SYNC = (
    _rule(20, "session-known", "/session_id", "must be a session of kirin_identify_face", _SYNC_PAGE),
    _rule(
        9,
        "session-age",
        "/session_id",
        "must be a session of the last 24 hours",
        f"{_FACE_PAGE}, ambiguity 26",
        max_age_s=24 * 3600,
    ),
    _rule(11, "face-known", "face_id", "must be a face of the session", _SYNC_PAGE),
    _rule(21, "audio-known", "audio_id", "must be an audio id of kirin_tts", f"{_SYNC_PAGE}, ambiguity 14"),
    _rule(9, "audio-age", "audio_id", "must be audio of the last 30 days", _SYNC_PAGE, max_age_s=_DAYS_30_S),
    _rule(22, "audio-reachable", "sound_file", "must be a URL that can be downloaded", _SYNC_PAGE),
    _rule(
        23,
        "audio-base64",
        "sound_file",
        "must be plain Base64, without a data: prefix",
        f"{_UPSTREAM} kling.md ambiguity 17",
    ),
    _rule(6, "audio-size", "sound_file", "must be at most 5 MB", _SYNC_PAGE, max_bytes=5 * _MB),
    _rule(
        6,
        "audio-format",
        "sound_file",
        "must be an mp3, wav or m4a file",
        f"{_SYNC_PAGE}, ambiguity 24: no aac",
        "mp3",
        "wav",
        "m4a",
    ),
    # the field is empty because the rule holds for audio_id and sound_file alike
    _rule(
        5,
        "audio-length",
        "",
        "must be audio that lasts from 2 to 60 seconds as a whole",
        _SYNC_PAGE,
        min_ms=2_000,
        max_ms=60_000,
    ),
    _rule(
        24,
        "audio-moderation",
        "sound_file",
        "was refused by content moderation",
        _SYNC_PAGE,
        error="moderation",
    ),
    _rule(2, "clip-order", "sound_end_time", "must be later than sound_start_time", "kling.md § 4, implied"),
    _rule(
        3,
        "clip-length",
        "sound_end_time",
        "must leave at least 2 seconds of audio after sound_start_time",
        _SYNC_PAGE,
        min_ms=2_000,
    ),
    _rule(4, "clip-end", "sound_end_time", "must not be later than the end of the audio", _SYNC_PAGE),
    _rule(7, "insert-end", "sound_insert_time", "must let the clip end no later than the video", _SYNC_PAGE),
    _rule(
        8,
        "overlap",
        "sound_insert_time",
        "must let the clip overlap the face's interval by at least 2 seconds",
        _SYNC_PAGE,
        min_ms=2_000,
    ),
)

# ASSUMED: the upstream service's voices; the page says only that the voice must fit the language
_VOICES = (
    "oversea_male1:en",
    "genshin_vindi2:zh",
    "girlfriend_1_speech02:zh",
    "genshin_vindi2:en",
    "zhinen_xuesheng:zh",
    "zhinen_xuesheng:en",
    "ai_shatang:zh",
    "ai_shatang:en",
    "ai_kaiya:zh",
    "ai_kaiya:en",
    "chat1_female_new-3:zh",
    "chat1_female_new-3:en",
    "girlfriend_4_speech02:en",
    "reader_en_m-v1:en",
    "commercial_lady_en_f-v1:en",
)

_SPEECH = (
    _rule(
        20,
        "voice-known",
        "voice_id",
        "Voice id not found for this voice_language",
        f"{_SPEECH_PAGE}; wording: kling.md § 7",
        *_VOICES,
    ),
    _rule(
        21,
        "speed-range",
        "voice_speed",
        "is rounded to one decimal and then held within 0.8 and 2.0, never refused",
        f"{_SPEECH_PAGE}; kling.md ambiguity 20",
        min=0.8,
        max=2.0,
        decimals=1,
    ),
)

RULES: Mapping[str, tuple[Rule, ...]] = {"video": _VIDEO, "lip-sync": _LIP_SYNC, "speech": _SPEECH}
"""Rules by what they judge: a video input, one ``face_choose`` entry, a speech request."""

ORDER: tuple[str, ...] = (
    "auth",
    "route",
    "json",
    "model",
    "shape",
    "external-id",
    "credits",
    "identity",
    "audio",
    "timing",
)
"""The order of checks: what the gateway answers at create, then (from ``identity`` on) what fails the task.

ASSUMED: kirin.md gives the split (ambiguity 9) and no order within it; the order is Kling's (kling.md
ambiguity 13), with the gateway's own checks, which know nothing of media, before the upstream ones. There is
no slot stage and no rate stage: no number is documented (§ 8), so 429 comes by magic value only.
"""

RETENTION: tuple[Rule, ...] = (
    _rule(
        20,
        "result-age",
        "",
        "results are deleted after 30 days",
        f"{_UPSTREAM} kling.md § 5 [doc:cur video/lip-sync]",
        max_age_s=_DAYS_30_S,
    ),
)
"""How long what the server made can be had."""

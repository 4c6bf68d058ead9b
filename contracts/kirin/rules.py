"""Kirin's rules that OpenAPI cannot hold, in the order in which they are judged; one row a rule.

The gateway judges none of them itself: it accepts the job, and the upstream service's refusal comes back as a
failed task (ambiguity 9), which is why every row leads to ``upstream-http`` or ``moderation``.

What each says stands in shared_rules.py. Of the upstream page's rules, 1 (one audio source), 10 (volumes) and half of
11 (one face) stand in openapi.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from contracts.model import Rule
from contracts.shared_rules import cited

_FACE_PAGE = "kirin.md § 5.1 [doc: kirin-identify-face]"
_SYNC_PAGE = "kirin.md § 5.2 [seed 000]"
_SPEECH_PAGE = "kirin.md § 5.3 [doc: kirin-tts]"
_UPSTREAM = "ASSUMED: the page is silent, the upstream rule holds:"

_passed_on = partial(cited, error="upstream-http")

_VIDEO = (
    _passed_on(
        "video-id-age",
        f"{_UPSTREAM} kling.md § 3",
        says="must name a video generated within the last 30 days",
    ),
    _passed_on("video-id-length", f"{_UPSTREAM} kling.md § 3"),
    _passed_on("video-reachable", f"{_UPSTREAM} kling.md § 3"),
    _passed_on("video-size", _FACE_PAGE),
    _passed_on("video-format", _FACE_PAGE),
    _passed_on("video-length", _FACE_PAGE),
    _passed_on("video-sides", _FACE_PAGE),
    _passed_on("video-resolution", _FACE_PAGE),
    _passed_on("video-moderation", _FACE_PAGE),
)

_LIP_SYNC = (
    _passed_on("session-known", _SYNC_PAGE, says="must be a session of kirin_identify_face"),
    _passed_on("session-age", f"{_FACE_PAGE}, ambiguity 26"),
    _passed_on("face-known", _SYNC_PAGE),
    _passed_on("audio-known", f"{_SYNC_PAGE}, ambiguity 14", says="must be an audio id of kirin_tts"),
    _passed_on("audio-age", _SYNC_PAGE),
    _passed_on("audio-reachable", _SYNC_PAGE),
    _passed_on("audio-base64", f"{_UPSTREAM} kling.md ambiguity 17"),
    _passed_on("audio-size", _SYNC_PAGE),
    _passed_on(
        "audio-format",
        f"{_SYNC_PAGE}, ambiguity 24: no aac",
        "mp3",
        "wav",
        "m4a",
        says="must be an mp3, wav or m4a file",
    ),
    _passed_on("audio-length", _SYNC_PAGE),
    _passed_on("audio-moderation", _SYNC_PAGE),
    _passed_on("clip-order", "kling.md § 4, implied"),
    _passed_on("clip-length", _SYNC_PAGE),
    _passed_on("clip-end", _SYNC_PAGE),
    _passed_on("insert-end", _SYNC_PAGE),
    _passed_on("overlap", _SYNC_PAGE),
)

_SPEECH = (
    # ASSUMED: the upstream service's voices; the page says only that the voice must fit the language
    _passed_on("voice-known", f"{_SPEECH_PAGE}; wording: kling.md § 7"),
    _passed_on("speed-range", f"{_SPEECH_PAGE}; kling.md ambiguity 20"),
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
    _passed_on("result-age", f"{_UPSTREAM} kling.md § 5 [doc:cur video/lip-sync]"),
)
"""How long what the server made can be had."""

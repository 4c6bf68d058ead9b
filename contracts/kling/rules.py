"""Kling's rules that OpenAPI cannot hold, in the order in which they are judged; one row a rule.

What each says stands in shared_rules.py. Of the page's rules, 1 (one audio source), 10 (volumes) and half of 11 (one
face) stand in openapi.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

from contracts.model import Rule
from contracts.shared_rules import cited

_FACE_PAGE = "kling.md § 3 [doc:cur video/lip-sync/face-detection]"
_SYNC_PAGE = "kling.md § 4 [doc:cur video/lip-sync, seed 000]"
_SPEECH_PAGE = "kling.md § 7 [doc:cur video/avatar/text-to-speech]"
_LEGACY_PAGE = "kling.md § 10 [3p: dmxapi 2025-05, yutoai, acedata]"

_VIDEO = (
    cited("video-reachable", _FACE_PAGE),
    cited("video-size", _FACE_PAGE),
    cited("video-format", _FACE_PAGE),
    cited("video-length", _FACE_PAGE),
    cited("video-sides", _FACE_PAGE),
    cited("video-resolution", _FACE_PAGE),
    cited("video-moderation", _FACE_PAGE),
    cited("video-id-age", _FACE_PAGE),
    cited("video-id-length", _FACE_PAGE),
)

_LIP_SYNC = (
    cited("session-known", "kling.md § 4, ambiguity 6"),
    cited("session-age", "kling.md § 3 [doc:2025, and Kirin's page]"),
    cited("face-known", f"{_SYNC_PAGE}, ambiguity 6"),
    cited("audio-known", "kling.md § 4, ambiguity 6"),
    cited("audio-age", _SYNC_PAGE),
    cited("audio-reachable", _SYNC_PAGE),
    cited("audio-base64", f"{_SYNC_PAGE}, ambiguity 17"),
    cited("audio-size", _SYNC_PAGE),
    cited("audio-format", "kling.md § 4 [doc:cur video/lip-sync, doc:2026a], ambiguity 2"),
    cited("audio-length", _SYNC_PAGE),
    cited("audio-moderation", _SYNC_PAGE),
    cited("clip-order", "kling.md § 4, implied"),
    cited("clip-length", _SYNC_PAGE),
    cited("clip-end", _SYNC_PAGE),
    cited("insert-end", _SYNC_PAGE),
    cited("overlap", _SYNC_PAGE),
)

_LEGACY_VIDEO = (
    cited("video-reachable", _LEGACY_PAGE),
    cited("video-size", _LEGACY_PAGE),
    cited("video-format", _LEGACY_PAGE),
    cited("video-length", _LEGACY_PAGE, says="must last from 2 to 10 seconds", min_ms=2_000, max_ms=10_000),
    cited("video-sides", _LEGACY_PAGE, says="must be 720 to 1920 px wide and high", min_px=720, max_px=1920),
    cited("video-resolution", _LEGACY_PAGE),
    # ASSUMED: moderated as on the newer endpoint
    cited("video-moderation", _FACE_PAGE),
    cited("video-id-age", _LEGACY_PAGE),
    # ASSUMED: "5 or 10 s" are the lengths that Kling made then; anything up to 10 s passes
    cited("video-id-length", _LEGACY_PAGE, says="must name a video of at most 10 seconds", max_ms=10_000),
)

_LEGACY_AUDIO = (
    cited("audio-reachable", _LEGACY_PAGE),
    cited("audio-base64", "kling.md ambiguity 17"),
    cited("audio-size", _LEGACY_PAGE),
    cited("audio-format", _LEGACY_PAGE),
    # ASSUMED: moderated as on the newer endpoint
    cited("audio-moderation", _SYNC_PAGE),
)

_SPEECH = (
    cited("voice-known", _SPEECH_PAGE),
    cited("speed-range", f"{_SPEECH_PAGE}, ambiguity 20"),
)

RULES: Mapping[str, tuple[Rule, ...]] = {
    "video": _VIDEO,
    "lip-sync": _LIP_SYNC,
    "legacy-video": _LEGACY_VIDEO,
    "legacy-audio": _LEGACY_AUDIO,
    "speech": _SPEECH,
}
"""Rules by what they judge: a video input, one ``face_choose`` entry, the legacy inputs, a speech request."""

ORDER: tuple[str, ...] = (
    "auth",
    "route",
    "json",
    "shape",
    "identity",
    "audio",
    "timing",
    "external-id",
    "slots",
)
"""The order of checks (kling.md ambiguity 13; ``shape`` is types, required fields and exclusivity).

ASSUMED: ``external-id`` stands after all that can be wrong with the request by itself and before the slots,
because a bad request never takes one. There is no rate stage: 1302 comes by scenario only (ambiguity 15).
"""

RETENTION: tuple[Rule, ...] = (cited("result-age", "kling.md § 5 [doc:cur video/lip-sync]"),)
"""How long what the server made can be had."""

"""GMI Cloud's rules that OpenAPI cannot hold, in the order in which they are judged; one row a rule.

They are Kling's: GMI passes the payload on and names Kling's page as the authority (seed 002). The queue
judges none of them itself, so what a broken one looks like is in errors.py: ``error`` here says only whether
it is a value or the content that Kling refuses.

What each says stands in shared_rules.py. Of the page's rules, 1 (one audio source) and 10 (volumes) stand in
openapi.yaml, and of 11 only "a face of the session" holds: GMI accepts several entries (gmi.md ambiguity 11).
"""

from __future__ import annotations

from collections.abc import Mapping

from contracts.model import Rule
from contracts.shared_rules import cited

_VIDEO_PAGE = "gmi.md § 4.1: Kling's limits; kling.md § 3 [doc:cur video/lip-sync/face-detection]"
_SYNC_PAGE = "gmi.md § 4.2 [seed 002] refers to kling.md § 4 [doc:cur video/lip-sync, seed 000]"
_SEVERAL = "gmi.md ambiguity 11"

_VIDEO = (
    cited("video-id-age", _VIDEO_PAGE),
    cited("video-id-length", _VIDEO_PAGE),
    cited("video-reachable", _VIDEO_PAGE),
    cited("video-size", _VIDEO_PAGE),
    cited("video-format", _VIDEO_PAGE),
    cited("video-length", _VIDEO_PAGE),
    cited("video-sides", _VIDEO_PAGE),
    cited("video-resolution", _VIDEO_PAGE),
    cited("video-moderation", _VIDEO_PAGE),
)

_LIP_SYNC = (
    cited("session-known", _SYNC_PAGE, says="must be a session of kling-identify-face"),
    cited("session-age", "kling.md § 3 [doc:2025, and Kirin's page]"),
    cited("face-known", _SYNC_PAGE),
    cited("audio-known", f"{_SYNC_PAGE}; ambiguity 9"),
    cited("audio-age", _SYNC_PAGE),
    cited("audio-reachable", _SYNC_PAGE),
    cited("audio-base64", f"{_SYNC_PAGE}; kling.md ambiguity 17"),
    cited("audio-size", _SYNC_PAGE),
    cited(
        "audio-format", "gmi.md § 4.2 refers to kling.md § 4 [doc:cur video/lip-sync, doc:2026a], ambiguity 2"
    ),
    cited("audio-length", _SYNC_PAGE),
    cited("audio-moderation", _SYNC_PAGE),
    cited("clip-order", "kling.md § 4, implied"),
    cited("clip-length", _SYNC_PAGE),
    cited("clip-end", _SYNC_PAGE),
    cited("insert-end", _SYNC_PAGE),
    cited("overlap", _SYNC_PAGE),
    # the narrower rule comes first: after the wider one nothing would be left for it
    cited("no-overlapping-inserts", _SEVERAL),
    cited("one-entry-per-face", _SEVERAL),
)

RULES: Mapping[str, tuple[Rule, ...]] = {"video": _VIDEO, "lip-sync": _LIP_SYNC}
"""Rules by what they judge: a video input, and ``face_choose``, entry by entry and then as a whole."""

ORDER: tuple[str, ...] = (
    "json",
    "auth",
    "route",
    "model",
    "shape",
    "entitlement",
    "credits",
    "rate",
    "identity",
    "audio",
    "timing",
)
"""The order of checks (gmi.md ambiguity 12): the queue's own, then, from ``identity`` on, Kling's.

``model`` before ``shape`` is what the probe of genblaze-gmicloud depends on: an unknown slug with an empty
payload is 404, a known one 400. ASSUMED: ``route`` stands after the key, because the decision does not name
it, and within Kling's part the order is Kling's (kling.md ambiguity 13).
"""

RETENTION: tuple[Rule, ...] = (
    cited(
        "result-age",
        "ASSUMED: GMI's pages are silent, Kling's rule holds: kling.md § 5 [doc:cur video/lip-sync]",
    ),
)
"""How long what the server made can be had."""

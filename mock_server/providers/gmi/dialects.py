"""Where GMI's pages and clients disagree, or say nothing: one row a switch, the decision first."""

from __future__ import annotations

from mock_server.core.dialect import Dialect

DIALECTS = (
    Dialect(
        "gmi.several_faces",
        ("accept", "refuse"),
        "Whether face_choose may have several entries: GMI's page says so, Kling refuses.",
        "gmi.md ambiguity 11",
    ),
    Dialect(
        "gmi.identify",
        ("sync", "async"),
        "Whether the submit answer of identify-face is final, or queued first.",
        "gmi.md ambiguity 2",
    ),
    Dialect(
        "gmi.outcome",
        ("both", "media_urls", "video_url"),
        "Which shapes of a result are there: media_urls, the older video_url, or both.",
        "gmi.md ambiguity 3",
    ),
    Dialect(
        "gmi.failed_error",
        ("outcome", "both"),
        "Whether the reason of a failure stands in outcome.error only, or at the top level too.",
        "gmi.md ambiguity 4",
    ),
    Dialect(
        "gmi.record",
        ("live", "sdk"),
        "The live record's user_id, or the qworker_id of the SDK's model in its place.",
        "gmi.md ambiguity 5",
    ),
    Dialect(
        "gmi.upstream_faults",
        ("task", "create"),
        "Where faults that only Kling can judge show: lip-sync fails later and identify answers 500, or 400 at once.",
        "gmi.md ambiguity 7",
    ),
    Dialect(
        "gmi.callbacks",
        ("off", "kling"),
        "Whether a callback_url in the payload is called, with Kling's body.",
        "gmi.md ambiguity 10",
    ),
    Dialect(
        "gmi.payload_echo",
        ("verbatim", "empty"),
        "Whether the record repeats the payload.",
        "gmi.md ambiguity 18",
    ),
    Dialect(
        "gmi.no_face",
        ("error", "empty"),
        "What a video without faces gives: the upstream error, or an empty face_data.",
        "kling.md ambiguity 9",
    ),
    Dialect(
        "gmi.organization",
        ("any", "own"),
        "Whether X-Organization-ID may name any organisation, or only the key's own.",
        "gmi.md ambiguity 19: ASSUMED",
    ),
)

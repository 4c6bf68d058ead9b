"""Where Kling's documents and clients disagree, or say nothing: one row a switch, the decision first."""

from __future__ import annotations

from mock_server.core.dialect import Dialect

DIALECTS = (
    Dialect(
        "kling.path_case",
        ("exact", "any"),
        "Whether Identify-face, the spelling of the 2025 edition, finds the operation too.",
        "kling.md ambiguity 8",
    ),
    Dialect(
        "kling.media_faults",
        ("create", "task"),
        "Where faults of audio files and their timing show: refused at create, or accepted and then failed.",
        "kling.md ambiguity 5",
    ),
    Dialect(
        "kling.no_face",
        ("error", "empty"),
        "What a video without faces gives: an error, or code 0 with an empty face_data.",
        "kling.md ambiguity 9",
    ),
    Dialect(
        "kling.moderation",
        ("create", "task"),
        "Where rejected audio shows: code 1301 at create, or accepted and then failed.",
        "kling.md ambiguity 10",
    ),
    Dialect(
        "kling.retry_after",
        ("off", "on"),
        "Whether 429 and 503 carry Retry-After.",
        "kling.md ambiguity 16",
    ),
    Dialect(
        "kling.data_uri",
        ("refuse", "accept"),
        "Whether Base64 may start with a data: prefix.",
        "kling.md ambiguity 17",
    ),
    Dialect(
        "kling.empty_fields",
        ("send", "omit"),
        "Whether an unfinished task lists task_result and task_status_msg, empty.",
        "kling.md ambiguity 23",
    ),
    Dialect(
        "kling.callback_submitted",
        ("off", "on"),
        "Whether the first status is sent as a callback too.",
        "kling.md ambiguity 21",
    ),
    Dialect(
        "kling.error_data",
        ("absent", "null"),
        "Whether an error answer has a data key, null.",
        "kling.md § 1, one client's test",
    ),
    Dialect(
        "kling.jwt_clock",
        ("wall", "virtual"),
        "By which clock exp and nbf of a token are judged: clients sign by their own.",
        "ours: ASSUMED",
    ),
)

"""Where Kirin's pages and clients disagree, or say nothing: one row a switch, the decision first."""

from __future__ import annotations

from mock_server.core.dialect import Dialect

DIALECTS = (
    Dialect(
        "kirin.duration",
        ("number", "string"),
        "The type of output[].content[].duration: a number on the page, a string in the official CLI.",
        "kirin.md ambiguity 3",
    ),
    Dialect(
        "kirin.error_code",
        ("string", "int"),
        "The type of a failed task's error.code: text with its leading zero, or the number an SDK decodes.",
        "kirin.md ambiguity 4",
    ),
    Dialect(
        "kirin.error_keys",
        ("error_message", "both"),
        "Whether a failed task's error has message beside error_message.",
        "kirin.md ambiguity 5",
    ),
    Dialect(
        "kirin.status_words",
        ("gateway", "cli"),
        "The words of the gateway, or the processing of the CLI's page for a running task.",
        "kirin.md ambiguity 6",
    ),
    Dialect(
        "kirin.upstream_faults",
        ("task", "create"),
        "Where faults that only the upstream service can find show: a failed task, or HTTP 400 at create.",
        "kirin.md ambiguity 9",
    ),
    Dialect(
        "kirin.identify_fault",
        ("failed", "completed"),
        "An identify-face that went wrong: a failed task, or completed with a code that is not 0 in its text.",
        "kirin.md ambiguity 11",
    ),
    Dialect(
        "kirin.no_face",
        ("error", "empty"),
        "What a video without faces gives: a failed task, or an empty face_data.",
        "kling.md ambiguity 9",
    ),
    Dialect(
        "kirin.callback_body",
        ("gateway", "kling"),
        "The body of a callback: the gateway's task object, or Kling's own.",
        "kirin.md ambiguity 21",
    ),
    Dialect(
        "kirin.instant",
        ("off", "on"),
        "Whether create may answer with the end of a task that ended at once (pace instant).",
        "kirin.md ambiguity 29",
    ),
)

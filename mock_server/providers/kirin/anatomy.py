"""Where things stand in Kirin's answers, and what each model is about."""

from __future__ import annotations

from collections.abc import Mapping

from mock_server.core.anatomy import Anatomy
from mock_server.core.fault import Occasion
from mock_server.core.plan import Stage
from mock_server.flow.call import Call

OCCASIONS: Mapping[str, Occasion] = {
    "kirin_identify_face": Occasion.IDENTIFY,
    "kirin_lipsync": Occasion.SUBMIT,
    "kirin_tts": Occasion.TTS,
}
"""By the model that a create call names."""

_CONTENT = ("output", 0, "content", 0)

ANATOMY = Anatomy(
    task=(),
    listed=None,
    id=("id",),
    status=("status",),
    words={
        **dict.fromkeys(Stage, "in_progress"),
        Stage.SUCCEEDED: "completed",
        Stage.FAILED: "failed",
        Stage.CANCELLED: "failed",
    },
    results=(("output",),),
    result_urls=((*_CONTENT, "url"),),
    reasons=(("error",),),
    times=(("created_at",), ("metadata", "in_queue_at"), ("metadata", "completed_at")),
    times_in_ms=False,
    numbers=((*_CONTENT, "duration"), ("progress",), ("created_at",)),
    optional=(("metadata",), ("usage",), ("progress",)),
)


def named_model(call: Call) -> str:
    """The model that a create call names, in its body or its header; whether it exists is another matter."""
    written = call.body.get("model") if isinstance(call.body, dict) else None
    return str(written or call.headers.get("x-model") or "")

"""Where things stand in Kling's answers, and what each operation is about."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mock_server.core.anatomy import Anatomy
from mock_server.core.fault import Occasion
from mock_server.providers.kling.wire import STATUS_WORDS

OCCASIONS: Mapping[str, Occasion] = {
    "identifyFace": Occasion.IDENTIFY,
    "createLipSync": Occasion.SUBMIT,
    "createLegacyLipSync": Occasion.SUBMIT,
    "getLipSync": Occasion.POLL,
    "getLegacyLipSync": Occasion.POLL,
    "listLipSync": Occasion.LIST,
    "listLegacyLipSync": Occasion.LIST,
    "createSpeech": Occasion.TTS,
}

_VIDEO = ("task_result", "videos", 0)

CALLBACK = Anatomy(
    task=(),
    listed=None,
    id=("task_id",),
    status=("task_status",),
    words=STATUS_WORDS,
    results=(("task_result", "videos"),),
    result_urls=((*_VIDEO, "url"),),
    reasons=(("task_status_msg",),),
    times=(("created_at",), ("updated_at",)),
    times_in_ms=True,
    numbers=((*_VIDEO, "duration"), ("final_unit_deduction",)),
    optional=(("task_info",), ("final_balance_deduction",), ("task_status_msg",)),
)
"""A callback is the task object itself; GMI passes it on."""

ANATOMY = replace(
    CALLBACK,
    task=("data",),
    listed=("data",),
    code=("code",),
    message=("message",),
    callback=CALLBACK,
)

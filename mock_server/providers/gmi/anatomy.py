"""Where things stand in GMI's answers, and what each operation is about."""

from __future__ import annotations

from collections.abc import Mapping

from mock_server.core.anatomy import Anatomy
from mock_server.core.fault import Occasion
from mock_server.providers.gmi.wire import STATUS_WORDS
from mock_server.providers.kling import anatomy as kling

OCCASIONS: Mapping[str, Occasion] = {
    "submitRequest": Occasion.SUBMIT,
    "getRequest": Occasion.POLL,
    "listRequests": Occasion.LIST,
    "cancelRequest": Occasion.CANCEL,
}
"""By the operation's name in the key's queue. A submit of the identify model is an IDENTIFY."""

_OUTCOME = ("outcome",)

ANATOMY = Anatomy(
    task=(),
    listed=("requests",),
    id=("request_id",),
    status=("status",),
    words=STATUS_WORDS,
    results=(_OUTCOME,),
    result_urls=((*_OUTCOME, "video_url"), (*_OUTCOME, "media_urls", 0, "url")),
    reasons=((*_OUTCOME, "error"), ("error",)),
    times=(("created_at",), ("updated_at",), ("queued_at",)),
    times_in_ms=False,
    numbers=(("created_at",), ("updated_at",)),
    optional=(("queued_at",), ("is_public",), ("payload",)),
    callback=kling.CALLBACK,
)

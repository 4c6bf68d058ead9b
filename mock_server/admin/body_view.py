"""A body that the journal keeps: as JSON, as text, or as Base64, whichever it can be shown as."""

from __future__ import annotations

from codecs import getincrementaldecoder

import msgspec
import pybase64
from msgspec import UNSET, UnsetType

from mock_server.admin.view import View
from mock_server.flow.redaction import redacted_body

_new_decoder = getincrementaldecoder("utf-8")


class BodyView(View):
    """``bytes`` is the true size; ``is_cut`` says that less was kept. One of the others holds what was kept."""

    bytes: int
    is_cut: bool
    json: msgspec.Raw | UnsetType = UNSET
    text: str | UnsetType = UNSET
    base64: str | UnsetType = UNSET


def body_view(kept: bytes, size_bytes: int) -> BodyView:
    """``kept`` is the beginning of a body of ``size_bytes``, or all of it; secrets in its URLs are not shown."""
    is_cut = len(kept) < size_bytes
    kept = redacted_body(kept)
    if not is_cut and _is_json(kept):
        return BodyView(bytes=size_bytes, is_cut=False, json=msgspec.Raw(kept))
    try:
        # a cut may go through a character, whose first half is dropped
        text = _new_decoder().decode(kept, final=not is_cut)
    except UnicodeDecodeError:
        return BodyView(bytes=size_bytes, is_cut=is_cut, base64=pybase64.b64encode(kept).decode("ascii"))
    return BodyView(bytes=size_bytes, is_cut=is_cut, text=text)


def _is_json(kept: bytes) -> bool:
    """Whether the bytes can stand inside an answer as they are."""
    try:
        msgspec.json.decode(kept)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True

"""Faults of the HTTP layer: the right JSON under the wrong label, in the wrong letters, or packed unasked."""

from __future__ import annotations

import gzip
from codecs import BOM_UTF16_LE

from msgspec.structs import replace

from mock_server.core.fault import Occasion
from mock_server.faults.model import Expected, Fault, Layer, OnAnswer, Param, Scene
from mock_server.flow.call import Answer

_ANY_ANSWER = (Occasion.POLL, Occasion.SUBMIT, Occasion.IDENTIFY, Occasion.LIST, Occasion.TTS)
_GZIP_HEAD_BYTES = 10
_NO_SUCH_BLOCK = b"\x07"
"""A last deflate block of the reserved type: every decoder gives up here."""


def _mislabelled(answer: Answer, scene: Scene) -> Answer:
    if not answer.is_json or _is_packed(answer):
        return answer
    if scene.text("form") == "text-plain":
        return replace(answer, headers=(*answer.headers, (b"content-type", b"text/plain; charset=utf-8")))
    body = BOM_UTF16_LE + answer.body.decode().encode("utf-16-le")
    headers = (*answer.headers, (b"content-type", b"application/json; charset=utf-16"))
    return replace(answer, body=body, headers=headers)


def _is_packed(answer: Answer) -> bool:
    """Whether another fault has made bytes of its letters."""
    return any(name == b"content-encoding" for name, _ in answer.headers)


def _packed(answer: Answer, scene: Scene) -> Answer:
    # without a time in its head the same body packs to the same bytes
    body = gzip.compress(answer.body, mtime=0)
    if scene.text("form") == "corrupt":
        body = body[:_GZIP_HEAD_BYTES] + _NO_SUCH_BLOCK + body[_GZIP_HEAD_BYTES + 1 :]
    return replace(answer, body=body, headers=(*answer.headers, (b"content-encoding", b"gzip")))


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="wrong-content-type",
        layer=Layer.HTTP,
        says="sends its JSON as text/plain, or as UTF-16",
        client_must="parse the body by the contract, or say which type came",
        hooks=(OnAnswer(_mislabelled, _ANY_ANSWER),),
        expected=Expected.EITHER,
        motive="a client that goes by the content type, as after this mend, has to decide what a wrong one means",
        link="https://github.com/valyuAI/valyu-py/pull/126",
        params=(
            Param(
                "form",
                "text-plain",
                "the wrong label, or the wrong letters",
                choices=("text-plain", "utf-16"),
            ),
        ),
    ),
    Fault(
        id="gzip-surprise",
        layer=Layer.HTTP,
        says="packs its answer with gzip though nobody asked for it, or packs it so that it cannot be unpacked",
        client_must="unpack what the header announces; try again where that cannot be done",
        hooks=(OnAnswer(_packed, _ANY_ANSWER),),
        expected=Expected.EITHER,
        motive="proxies pack answers on their own account, and a cut connection leaves half of one",
        params=(Param("form", "unasked", "sound, or broken", choices=("unasked", "corrupt")),),
    ),
)

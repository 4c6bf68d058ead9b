"""Faults of the media layer: the right file, and too little of it, or not the part that was asked for."""

from __future__ import annotations

from mock_server.core.fault import Occasion, Window
from mock_server.core.wire import Close, Reset, Script, Send
from mock_server.faults.catalogue.media.content import MP4, served_instead
from mock_server.faults.http_bytes import chunked, head
from mock_server.faults.model import Expected, Fault, Layer, OnAnswer, OnWire, Param, Scene
from mock_server.flow.call import Answer, Headers
from mock_server.flow.file_answer import digest_in, file_answer

_DOWNLOAD = (Occasion.DOWNLOAD,)
_AT_BYTES = 2**40
_CUT = (
    Param("fraction", 0.5, "how much of the body is sent", 0.0, 1.0),
    Param("at_bytes", 0, "how many bytes of the body are sent, where that is not 0", 0, _AT_BYTES),
)


def _beginning(answer: Answer, scene: Scene) -> bytes:
    """What is sent of the body: less than all of it."""
    wanted = scene.number("at_bytes") or int(len(answer.body) * float(scene.params["fraction"]))
    return answer.body[: max(0, min(wanted, len(answer.body) - 1))]


def _truncated(answer: Answer, scene: Scene) -> Script:
    return (Send(head(answer) + _beginning(answer, scene)), Close())


def _broken_off(answer: Answer, scene: Scene) -> Script:
    return (Send(head(answer) + _beginning(answer, scene)), Reset())


def _without_length(answer: Answer, scene: Scene) -> Script:
    piece = _beginning(answer, scene)
    return (Send(chunked(answer, (piece,) if piece else ())), Close())


def _asks_for_a_part(scene: Scene) -> bool:
    return scene.headers.get("range") is not None


def _whole(answer: Answer, scene: Scene) -> Answer:
    return file_answer(scene.content, digest_in(answer), MP4, "GET", Headers(()))


def _another_version(answer: Answer, scene: Scene) -> Answer:  # noqa: ARG001
    """A file that differs at both ends, plays the same, and is longer: no part of one fits the other."""
    mark = scene.choices.digest("version", scene.content[:64])
    minor_version, rest = slice(12, 16), scene.content[16:]
    free = b"\0\0\0\x18free" + mark[:16]
    changed = scene.content[: minor_version.start] + mark[16:20] + rest + free
    return served_instead(scene, changed, MP4)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="download-truncated",
        layer=Layer.MEDIA,
        says="announces the full length, sends half of the file, and closes the connection",
        client_must="compare the length, leave no half file under the final name, and try again",
        hooks=(OnWire(_truncated, _DOWNLOAD),),
        expected=Expected.SUCCESS,
        motive="a popular HTTP library returns short bodies without a word",
        link="https://github.com/psf/requests/issues/4956",
        window=Window(1, 1),
        params=_CUT,
    ),
    Fault(
        id="download-rst-midway",
        layer=Layer.MEDIA,
        says="announces the full length, sends half of the file, and breaks the connection off",
        client_must="try again, or ask for the rest with Range and If-Range",
        hooks=(OnWire(_broken_off, _DOWNLOAD),),
        expected=Expected.SUCCESS,
        motive="what proxies between a client and its storage do to long transfers",
        window=Window(1, 1),
        params=_CUT,
    ),
    Fault(
        id="download-no-length",
        layer=Layer.MEDIA,
        says="announces no length, and ends the body early but in good order",
        client_must="look into the container itself: nothing else shows that the file is short",
        hooks=(OnWire(_without_length, _DOWNLOAD),),
        expected=Expected.FAILURE,
        motive="without a length a proxy's truncated copy is a valid answer",
        params=_CUT,
    ),
    Fault(
        id="range-ignored",
        layer=Layer.MEDIA,
        says="answers a request for a part with 200 and the whole file",
        client_must="begin the file anew, and not append the whole to the part it has",
        hooks=(OnAnswer(_whole, _DOWNLOAD),),
        expected=Expected.SUCCESS,
        motive="servers may ignore Range, and files that hold their own beginning twice are the result",
        counts=_asks_for_a_part,
    ),
    Fault(
        id="etag-changed-resume",
        layer=Layer.MEDIA,
        says="has another version of the file, with another ETag, by the time a part is asked for",
        client_must="send If-Range with the ETag it began with, and begin anew when that has changed",
        hooks=(OnAnswer(_another_version, _DOWNLOAD),),
        expected=Expected.SUCCESS,
        motive="a file that was written anew while it was fetched in parts is a file that never was",
        counts=_asks_for_a_part,
    ),
)

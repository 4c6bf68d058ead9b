"""Faults around one submit: accepted and the answer lost on its way, or not even let in."""

from __future__ import annotations

from msgspec.structs import replace

from mock_server.core.fault import Occasion, Window
from mock_server.core.wire import Close, Pause, RefuseConnections, Reset, Script, Send
from mock_server.faults import http_bytes
from mock_server.faults.model import (
    ALL_PROVIDERS,
    Expected,
    Fault,
    Layer,
    OnWire,
    Param,
    Scene,
)
from mock_server.flow.call import Answer

_SUBMIT = (Occasion.SUBMIT,)
_BY_STAGE = -1
_STAGES = ("nothing", "status-line", "head", "half-body", "whole")
_MAX_ANSWER_BYTES = 1_000_000

_CUT = (
    Param("stage", _STAGES[0], "how much of the HTTP answer is sent before it happens", choices=_STAGES),
    Param(
        "after_bytes",
        _BY_STAGE,
        "so many bytes of the HTTP answer, head included, in place of a stage; -1 leaves it to the stage",
        _BY_STAGE,
        _MAX_ANSWER_BYTES,
    ),
)


def offset_of(answer: Answer, stage: str) -> int:
    """How many bytes of the whole answer a stage stands for."""
    match stage:
        case "status-line":
            return len(http_bytes.status_line(answer))
        case "head":
            return len(http_bytes.head(answer))
        case "half-body":
            return http_bytes.half_way(answer)
        case "whole":
            return len(http_bytes.whole(answer))
        case _:
            return 0


def _parts(answer: Answer, scene: Scene) -> tuple[Script, Script]:
    """What is sent before it happens, and what is left."""
    after_bytes = scene.number("after_bytes")
    cut = offset_of(answer, scene.text("stage")) if after_bytes == _BY_STAGE else after_bytes
    data = http_bytes.whole(answer)
    return _sent(data[:cut]), _sent(data[cut:])


def _sent(data: bytes) -> Script:
    return (Send(data),) if data else ()


def _lose_reply(answer: Answer, scene: Scene) -> Script:
    return (*_parts(answer, scene)[0], Close())


def _reset(answer: Answer, scene: Scene) -> Script:
    return (*_parts(answer, scene)[0], Reset())


def _delay(answer: Answer, scene: Scene) -> Script:
    first, rest = _parts(answer, scene)
    return (*first, Pause(scene.number("delay_ms")), *rest)


def _refuse_connect(answer: Answer, scene: Scene) -> Script:
    # nobody listens any more when the client learns that its connection ends
    last = replace(answer, headers=(*answer.headers, (b"connection", b"close")))
    return (RefuseConnections(scene.number("for_ms")), Send(http_bytes.whole(last)), Close())


_NEVER_TWICE = "never send it again: say that the job may be running, and look for it among the tasks"

FAULTS: tuple[Fault, ...] = (
    Fault(
        id="submit-accepted-reply-lost",
        layer=Layer.NETWORK,
        says="stores and starts the task, then closes the connection (FIN) before its answer, or amid it",
        client_must=_NEVER_TWICE,
        hooks=(OnWire(_lose_reply, _SUBMIT),),
        expected=Expected.EITHER,
        motive="a client took a lost answer for a submit that never arrived: the video was made twice and paid twice, "
        "for no provider honours an idempotency key",
        link="https://github.com/ArcReel/ArcReel/issues/687",
        window=Window(1, 1),
        params=_CUT,
    ),
    Fault(
        id="submit-accepted-rst",
        layer=Layer.NETWORK,
        says="stores and starts the task, then breaks the connection off (RST) before its answer, or amid it",
        client_must=_NEVER_TWICE,
        hooks=(OnWire(_reset, _SUBMIT),),
        expected=Expected.EITHER,
        motive="one click became four billed jobs and no image: the client repeated a POST whose connection broke",
        link="https://github.com/Comfy-Org/ComfyUI/pull/16204",
        window=Window(1, 1),
        params=_CUT,
    ),
    Fault(
        id="submit-accepted-slow-reply",
        layer=Layer.NETWORK,
        says="stores and starts the task, and answers when most clients have stopped waiting",
        client_must="wait longer for a submit than for a poll; after a timeout never send it again",
        hooks=(OnWire(_delay, _SUBMIT),),
        expected=Expected.EITHER,
        motive="after a read timeout a submit was taken for failed and repeated, though the first had been accepted",
        link="https://github.com/ArcReel/ArcReel/pull/793",
        window=Window(1, 1),
        params=(
            Param("delay_ms", 61_000, "how long the answer is held back, in ms of real time", 0, 3_600_000),
            *_CUT,
        ),
    ),
    Fault(
        id="submit-refused-connect",
        layer=Layer.NETWORK,
        says="stops listening once identify-face is answered, so the submit finds nobody to connect to for a while",
        client_must="try again with growing, jittered pauses: where no connection was made nothing was accepted",
        hooks=(OnWire(_refuse_connect, (Occasion.IDENTIFY,)),),
        expected=Expected.SUCCESS,
        motive="a fix against double payment had to keep the one case apart in which a retry is safe: no connection",
        link="https://github.com/ArcReel/ArcReel/pull/793",
        window=Window(1, 1),
        params=(Param("for_ms", 5_000, "how long connections are refused, in ms of real time", 1, 600_000),),
        is_server_wide=True,
        notes=dict.fromkeys(
            ALL_PROVIDERS,
            "a server learns of a submit only once its connection stands, so it acts at the request before; "
            "the system refuses the submit, and nothing of it is stored",
        ),
    ),
)

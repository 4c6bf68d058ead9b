"""Faults in which no HTTP answer begins: the request is dropped, and nothing comes of it."""

from __future__ import annotations

from mock_server.core.fault import Occasion, Window
from mock_server.core.wire import Close, Reset, Script, Send, Stall
from mock_server.faults.model import Expected, Fault, InPlace, Layer, Param, Reply, Scene

ANY_REQUEST = (
    Occasion.POLL,
    Occasion.SUBMIT,
    Occasion.IDENTIFY,
    Occasion.LIST,
    Occasion.TTS,
    Occasion.DOWNLOAD,
)
LONGEST_MS = 3_600_000
LIMIT = Param(
    "limit_ms", 600_000, "when a connection that nobody gave up is closed, in ms of real time", 1, LONGEST_MS
)
_DIGEST_BYTES = 32
_NO_ASCII = 0x80

_AGAIN = "ask again after a growing, jittered pause, and not give the job up"


def _reset(scene: Scene) -> Reply:  # noqa: ARG001
    script: Script = (Reset(),)
    return script


def _hang_up(scene: Scene) -> Reply:  # noqa: ARG001
    script: Script = (Close(),)
    return script


def _say_nothing(scene: Scene) -> Reply:
    return (Stall(scene.number("limit_ms")), Close())


def _talk_nonsense(scene: Scene) -> Reply:
    return (Send(garbage(scene, scene.number("size_bytes"))), Close())


def garbage(scene: Scene, size_bytes: int) -> bytes:
    """Bytes that follow from the seed, the task and the occasion; the first can begin no HTTP answer."""
    words = ("garbage", scene.occasion, scene.task.id if scene.task else "", scene.nth)
    blocks = -(-size_bytes // _DIGEST_BYTES)
    data = bytearray(b"".join(scene.choices.digest(*words, block) for block in range(blocks))[:size_bytes])
    data[0] |= _NO_ASCII
    return bytes(data)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="conn-reset-headers",
        layer=Layer.NETWORK,
        says="breaks the connection off (RST) before the status line",
        client_must=_AGAIN,
        hooks=(InPlace(_reset, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="jobs that succeeded were reported as failed, because one dropped poll counted as the end of the job",
        link="https://github.com/valyuAI/valyu-py/pull/126",
        window=Window(2, 3),
    ),
    Fault(
        id="empty-response",
        layer=Layer.NETWORK,
        says="closes the connection (FIN) without a byte",
        client_must=_AGAIN,
        hooks=(InPlace(_hang_up, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="a poll that came back empty went to the JSON parser, and its error ended a job that was running",
        link="https://github.com/valyuAI/valyu-py/pull/126",
        window=Window(2, 2),
    ),
    Fault(
        id="random-garbage",
        layer=Layer.NETWORK,
        says="sends bytes that are no HTTP, and closes",
        client_must="ask again once or twice; where it goes on, say what came and stop",
        hooks=(InPlace(_talk_nonsense, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="broken middle boxes answer with bytes that are no HTTP at all, and parsers fail in ways nobody catches",
        window=Window(2, 2),
        params=(Param("size_bytes", 64, "how many bytes; they follow from the seed", 1, 65_536),),
    ),
    Fault(
        id="stall-headers",
        layer=Layer.NETWORK,
        says="takes the request and never answers",
        client_must="have a timeout of its own, and ask again",
        hooks=(InPlace(_say_nothing, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="a client without a timeout on its socket waited for ever, and showed a spinner for a job already paid",
        link="https://github.com/gitroomhq/postiz-app/pull/1809",
        window=Window(2, 2),
        params=(LIMIT,),
    ),
)

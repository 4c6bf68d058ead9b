"""Faults in how an answer goes over the wire: broken, halted, dripping, late, or the last one on its connection."""

from __future__ import annotations

import math

from mock_server.core.fault import Occasion, Window
from mock_server.core.wire import Act, Close, Pause, ResetOnNextRequest, Script, Send, Stall
from mock_server.faults import http_bytes
from mock_server.faults.catalogue.network.silence import ANY_REQUEST, LIMIT, LONGEST_MS
from mock_server.faults.model import Expected, Fault, Layer, OnWire, Param, Scene
from mock_server.flow.call import Answer

_DOWNLOAD_FIRST = (
    Occasion.DOWNLOAD,
    *(occasion for occasion in ANY_REQUEST if occasion != Occasion.DOWNLOAD),
)
_DRAWN = 2**53


def _break_chunk(answer: Answer, scene: Scene) -> Script:
    middle = len(answer.body) // 2
    first, rest = answer.body[:middle], answer.body[middle:]
    good = http_bytes.chunked_head(answer) + (http_bytes.chunk(first) if first else b"")
    match scene.text("broken"):
        case "data":
            bad = b"%x\r\n%s" % (2 * len(rest) + 1, rest)
        case "end":
            bad = http_bytes.chunk(rest) if rest else b""
        case _:
            bad = b"no hexadecimal number\r\n%s\r\n%s" % (rest, http_bytes.LAST_CHUNK)
    return (Send(good + bad), Close())


def _stall_body(answer: Answer, scene: Scene) -> Script:
    data = http_bytes.whole(answer)[: http_bytes.half_way(answer)]
    return (Send(data), Stall(scene.number("limit_ms")), Close())


def _drip_body(answer: Answer, scene: Scene) -> Script:
    acts: list[Act] = [Send(http_bytes.head(answer))]
    body, size, wait = answer.body, scene.number("piece_bytes"), Pause(scene.number("every_ms"))
    dripped = min(len(body), size * scene.number("pieces"))
    for start in range(0, dripped, size):
        acts += [wait, Send(body[start : min(start + size, dripped)])]
    if dripped < len(body):
        acts += [wait, Send(body[dripped:])]
    return tuple(acts)


def _be_slow(answer: Answer, scene: Scene) -> Script:
    return (Pause(delay_ms(scene)), Send(http_bytes.whole(answer)))


def delay_ms(scene: Scene) -> int:
    """A draw from the log-normal distribution, at most ``max_ms``. Seed, task and occasion fix it."""
    words = ("slow", scene.occasion, scene.task.id if scene.task else "", scene.nth)
    first, second = ((scene.choices.number(0, _DRAWN - 1, *words, turn) + 0.5) / _DRAWN for turn in "ab")
    # Box-Muller: two even draws make one normal draw
    normal = math.sqrt(-2 * math.log(first)) * math.cos(2 * math.pi * second)
    exponent = min(50.0, float(scene.params["sigma"]) * normal)
    return min(scene.number("max_ms"), round(scene.number("median_ms") * math.exp(exponent)))


def _race(answer: Answer, scene: Scene) -> Script:  # noqa: ARG001
    return (Send(http_bytes.whole(answer)), ResetOnNextRequest())


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="malformed-chunk",
        layer=Layer.NETWORK,
        says="answers 200 in chunks, one of them broken, and closes",
        client_must="take nothing of it for an answer, and ask again",
        hooks=(OnWire(_break_chunk, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="proxies that lose their server amid an answer pass on half of its chunks under a status of 200",
        window=Window(2, 2),
        params=(
            Param(
                "broken",
                "size",
                "a size that is no number, a chunk that ends early, or no last chunk",
                choices=("size", "data", "end"),
            ),
        ),
    ),
    Fault(
        id="stall-body",
        layer=Layer.NETWORK,
        says="sends the head and half of the body, and then nothing",
        client_must="have a read timeout, and ask again",
        hooks=(OnWire(_stall_body, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="a timeout for the connection alone ends with the first byte: a body that stops half-way hangs a client",
        window=Window(2, 2),
        params=(LIMIT,),
    ),
    Fault(
        id="drip-body",
        layer=Layer.NETWORK,
        says="sends the body byte by byte, each in time for a read timeout, and the rest at once after many",
        client_must="have a deadline for the whole transfer, not only for each read",
        hooks=(OnWire(_drip_body, _DOWNLOAD_FIRST),),
        expected=Expected.SUCCESS,
        motive="a timeout for each read never fires while a byte comes now and then: the download takes for ever",
        link="https://github.com/encode/httpx/issues/1450",
        window=Window(1, 1),
        params=(
            Param("every_ms", 2_000, "the pause before each piece, in ms of real time", 1, 60_000),
            Param("piece_bytes", 1, "the size of a piece", 1, 65_536),
            Param("pieces", 300, "how many pieces before the rest comes at once", 1, 10_000),
        ),
    ),
    Fault(
        id="slow-lognormal",
        layer=Layer.NETWORK,
        says="answers late, most a little and a few a lot: delays are log-normal, drawn from the seed",
        client_must="keep waiting, within its own deadline",
        hooks=(OnWire(_be_slow, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="real latencies have a long tail: what is tuned to the median fails for the slowest hundredth",
        params=(
            Param("median_ms", 800, "the median delay, in ms of real time", 0, 600_000),
            Param("sigma", 0.5, "how far delays spread: the deviation of their logarithm", 0, 5),
            Param("max_ms", 60_000, "no delay is longer, in ms of real time", 0, LONGEST_MS),
        ),
        is_anywhere=True,
    ),
    Fault(
        id="keepalive-race-close",
        layer=Layer.NETWORK,
        says="answers in full and keeps the connection, then breaks it off when the next request begins on it",
        client_must="repeat a GET on a new connection; never repeat a submit by itself",
        hooks=(OnWire(_race, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="a load balancer and a server disagreed on how long an idle connection lives; a fifth to a third of one "
        "customer's good jobs were given up because of it",
        link="https://github.com/valyuAI/valyu-py/pull/126",
        window=Window(1, 1),
    ),
)

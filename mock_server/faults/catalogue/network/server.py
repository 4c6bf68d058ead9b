"""Faults of the whole server: it dies and comes back, or a new version takes its place."""

from __future__ import annotations

from msgspec.structs import replace

from mock_server.core.errors import Refused
from mock_server.core.fault import FaultRule, Window
from mock_server.core.wire import RefuseConnections, Reset
from mock_server.faults.catalogue.network.silence import ANY_REQUEST
from mock_server.faults.model import Expected, Fault, InPlace, Layer, Param, Reply, Scene

_CLOSE = (b"connection", b"close")


def _restart(scene: Scene) -> Reply:
    return (RefuseConnections(scene.number("for_ms"), resets_open=True), Reset())


def _drain(scene: Scene) -> Reply:
    answer = scene.refuse(Refused("unavailable"))
    return replace(answer, headers=(*answer.headers, _CLOSE))


def _until_drained(rule: FaultRule, scene: Scene) -> FaultRule:
    """The rule with its end, unless it was made with one."""
    if rule.until_ms is not None:
        return rule
    return replace(rule, until_ms=scene.now_ms + scene.number("for_s") * 1000)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="server-restart",
        layer=Layer.NETWORK,
        says="breaks off every connection, refuses new ones for a while, and is back with all it had stored",
        client_must="connect again with growing, jittered pauses, and go on with the task by its id",
        hooks=(InPlace(_restart, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="a client that lost one answer stopped asking, and its user did all the work again five hours later, "
        "though the result was there",
        link="https://github.com/ConesaLab/paintomics4/pull/155",
        window=Window(2, 2),
        params=(Param("for_ms", 1_000, "how long connections are refused, in ms of real time", 1, 600_000),),
        is_server_wide=True,
    ),
    Fault(
        id="deploy-drain",
        layer=Layer.NETWORK,
        says="answers every request with 503 and Connection: close, from the first that meets it on for a while",
        client_must="ask again on a new connection after a growing, jittered pause",
        hooks=(InPlace(_drain, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="instances that are being replaced refuse what still reaches them, and jobs were given up for that",
        link="https://github.com/gdsfactory/gsim/pull/98",
        params=(
            Param(
                "for_s", 10, "how long it goes on after it first fired, in s of the tenant's clock", 1, 86_400
            ),
        ),
        begins=_until_drained,
        is_anywhere=True,
    ),
)

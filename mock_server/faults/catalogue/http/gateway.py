"""Faults of the HTTP layer: what a gateway, a proxy or a log-in wall puts in a provider's place."""

from __future__ import annotations

from mock_server.core.fault import Occasion, Window
from mock_server.core.wire import Pause, Send
from mock_server.faults.http_bytes import whole
from mock_server.faults.model import Expected, Fault, InPlace, Layer, Param, Reply, Scene
from mock_server.flow.call import Answer

HTML = ((b"content-type", b"text/html"),)
ANY_REQUEST = (Occasion.POLL, Occasion.SUBMIT, Occasion.IDENTIFY, Occasion.LIST, Occasion.TTS)
_NOT_GIVEN_UP = "try the poll again, and not give the job up"
_LOGIN = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head>
<body><h1>Checking your browser</h1><form method="post" action="/login"><input name="user"></form></body></html>
"""


def gateway_page(status: int, words: str) -> Answer:
    """A reverse proxy's own error page."""
    title = f"{status} {words}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n"
    )
    return Answer(status, page.encode(), HTML)


def _bad_gateway(scene: Scene) -> Reply:  # noqa: ARG001
    return gateway_page(502, "Bad Gateway")


def _gateway_timeout(scene: Scene) -> Reply:
    page = gateway_page(504, "Gateway Time-out")
    delay_ms = scene.number("delay_ms")
    return (Pause(delay_ms), Send(whole(page))) if delay_ms else page


def _login_page(scene: Scene) -> Reply:  # noqa: ARG001
    return Answer(200, _LOGIN, HTML)


def _nothing(scene: Scene) -> Reply:  # noqa: ARG001
    return Answer(200, b"")


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="gateway-502-html",
        layer=Layer.HTTP,
        says="answers with a gateway's HTML page and status 502",
        client_must=_NOT_GIVEN_UP,
        hooks=(InPlace(_bad_gateway, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="20 to 30 % of one customer's jobs were reported as failed, because a gateway's page was parsed as JSON",
        link="https://github.com/valyuAI/valyu-py/pull/126",
        window=Window(2, 4),
    ),
    Fault(
        id="gateway-504-html",
        layer=Layer.HTTP,
        says="answers with a gateway's HTML page and status 504, after delay_ms",
        client_must=_NOT_GIVEN_UP,
        hooks=(InPlace(_gateway_timeout, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="a gateway gave up after a minute while the job behind it went on and finished",
        link="https://github.com/ConesaLab/paintomics4/pull/155",
        window=Window(3, 3),
        params=(
            Param(
                "delay_ms",
                0,
                "how long the gateway waits before its page, in ms of the wall (60000 is usual; takes the raw socket)",
                low=0,
                high=600_000,
            ),
        ),
    ),
    Fault(
        id="html-200",
        layer=Layer.HTTP,
        says="answers 200 with the HTML of a log-in wall",
        client_must="look at the content type, try again, and say what came when it stays so",
        hooks=(InPlace(_login_page, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="a poll loop parsed whatever came as JSON and gave finished tasks up; the mend checks the type first",
        link="https://github.com/valyuAI/valyu-py/pull/126",
        window=Window(2, 2),
    ),
    Fault(
        id="empty-200",
        layer=Layer.HTTP,
        says="answers 200 with no body at all",
        client_must=_NOT_GIVEN_UP,
        hooks=(InPlace(_nothing, ANY_REQUEST),),
        expected=Expected.SUCCESS,
        motive="an empty body on one poll counted as the end of a task that went on and succeeded",
        link="https://github.com/valyuAI/valyu-py/pull/126",
        window=Window(2, 2),
    ),
)

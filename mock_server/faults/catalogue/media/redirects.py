"""Faults of the media layer: the link to the result leads on, to another host, to itself, or where nobody may go."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from mock_server.core.fault import Occasion
from mock_server.faults.model import Expected, Fault, InPlace, Layer, Param, Reply, Scene
from mock_server.flow.call import Answer

_DOWNLOAD = (Occasion.DOWNLOAD,)
_MOVED = "moved"
_METADATA = "http://169.254.169.254/latest/meta-data/"


def _led_to(location: str) -> Answer:
    return Answer(302, b"", ((b"location", location.encode()),))


def _has_not_moved(scene: Scene) -> bool:
    return _MOVED not in scene.query


def _foreign(scene: Scene) -> Reply | None:
    if not _has_not_moved(scene):
        return None
    parts = urlsplit(scene.base_url)
    host = scene.text("host") or ("localhost" if parts.hostname != "localhost" else "127.0.0.1")
    port = f":{parts.port}" if parts.port else ""
    query = urlencode({**scene.query, _MOVED: 1})
    return _led_to(f"{parts.scheme}://{host}{port}{scene.path}?{query}")


def _itself(scene: Scene) -> Reply:
    query = f"?{urlencode(scene.query)}" if scene.query else ""
    return _led_to(f"{scene.base_url}{scene.path}{query}")


def _metadata(scene: Scene) -> Reply:  # noqa: ARG001
    return _led_to(_METADATA)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="url-redirect-foreign",
        layer=Layer.MEDIA,
        says="sends the download on to another host name, which serves the file",
        client_must="follow, and leave its key behind: the journal shows what it brings along",
        hooks=(InPlace(_foreign, _DOWNLOAD),),
        expected=Expected.SUCCESS,
        motive="keys were sent along to the storage of strangers, wherever a redirect led",
        link="https://github.com/ArcReel/ArcReel/issues/2140",
        params=(
            Param(
                "host",
                "",
                "the other name of this server; empty: localhost, and 127.0.0.1 for those who came by that name",
            ),
        ),
        counts=_has_not_moved,
    ),
    Fault(
        id="redirect-loop",
        layer=Layer.MEDIA,
        says="sends the download on to where it came from",
        client_must="stop after a few hops, and say so",
        hooks=(InPlace(_itself, _DOWNLOAD),),
        expected=Expected.FAILURE,
        motive="a client that follows without counting never comes back",
    ),
    Fault(
        id="redirect-to-metadata",
        layer=Layer.MEDIA,
        says="sends the download on to the address where clouds keep a machine's own keys",
        client_must="refuse to go there: a link is input, and addresses within are not for it",
        hooks=(InPlace(_metadata, _DOWNLOAD),),
        expected=Expected.FAILURE,
        motive="a server that fetches what it is told to was led to the keys of the machine it runs on",
        link="https://github.com/frappe/press/pull/7459",
    ),
)

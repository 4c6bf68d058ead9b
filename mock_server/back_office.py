"""Everything that is no provider's: files, uploads, admin. Starlette's, and loaded with the first request for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.types import ASGIApp, Receive, Scope, Send

    from mock_server.house import House

SERVED = "/model/v1/ and /api/v1/skill/ (Kirin), /api/v1/ie/ and /api/v1/me/ (GMI), /v1/ (Kling), /__lipflap/"


class BackOffice:
    """An ASGI application that a client of the providers' own paths never waits for: it loads itself when needed."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            self._app = _open(self._house)
        await self._app(scope, receive, send)


def _open(house: House) -> ASGIApp:
    from starlette.applications import Starlette

    from mock_server.admin.routes import admin_routes
    from mock_server.faults.downloads import DownloadFaults
    from mock_server.results.downloads import Downloads
    from mock_server.results.routes import file_routes
    from mock_server.results.uploads import upload_routes

    faults = DownloadFaults(house.faults, house.simulator.store, house.providers)
    downloads = Downloads(house.simulator, faults)
    return Starlette(
        routes=[*file_routes(house.shelf, downloads), *upload_routes(house.simulator), *admin_routes(house)],
        exception_handlers={404: _no_such_path},
    )


async def _no_such_path(request: Request, _: Exception) -> JSONResponse:
    from starlette.responses import JSONResponse

    return JSONResponse(
        {"error": f"lipflap serves nothing at {request.scope['path']}; it serves {SERVED}"}, 404
    )

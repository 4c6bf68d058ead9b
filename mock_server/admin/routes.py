"""Where the admin surface hangs in the application. It loads itself with its first request: start-up is a feature."""

from __future__ import annotations

from starlette.routing import Match, Route, Router
from starlette.types import Receive, Scope, Send

from mock_server.house import House


def admin_routes(house: House) -> list[Route]:
    """The route to everything under ``/__lipflap``, but for what other routes know there, such as files."""
    return [_LastRoute("/__lipflap{rest:path}", _Surface(house), name="admin")]


class _LastRoute(Route):
    """Gives way to every other route that knows the path, also to one that knows it by other methods only."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child_scope = super().matches(scope)
        return (Match.PARTIAL if match is Match.FULL else match), child_scope


class _Surface:
    def __init__(self, house: House) -> None:
        self._house = house
        self._router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._router is None:
            from mock_server.admin.table import router_of

            self._router = router_of(self._house)
        await self._router(scope, receive, send)

"""The ASGI endpoint of one admin path: method, token, query, body, handler, answer."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mock_server.admin.ask import Ask
from mock_server.admin.body import body_of
from mock_server.admin.operation import JSON, Operation
from mock_server.admin.parameter import parsed
from mock_server.admin.problem import NotAllowed, Problem, Unauthorized
from mock_server.admin.view import ErrorView, View
from mock_server.house import House

_NOT_KEPT = {"Cache-Control": "no-store"}


class Door:
    """Answers ``operations``, which share a path and differ in method. HEAD is GET."""

    def __init__(self, house: House, operations: Sequence[Operation]) -> None:
        self._house = house
        self._by_method = {operation.method: operation for operation in operations}
        if "GET" in self._by_method:
            self._by_method["HEAD"] = self._by_method["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._answer(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            operation = self._operation(request.method)
            if operation.is_open:
                return _response(await operation.handler(Ask(self._house, request, {})), operation.status)
            admit(request, self._house.simulator.settings.admin_token)
            ask = Ask(self._house, request, parsed(operation.query, request.query_params.multi_items()))
            if operation.takes_body:
                found = await operation.handler(ask, await body_of(operation, request))
            else:
                found = await operation.handler(ask)
            return _response(found, operation.status)
        except Problem as problem:
            return _response(ErrorView(error=str(problem)), problem.status, problem)

    def _operation(self, method: str) -> Operation:
        operation = self._by_method.get(method)
        if operation is None:
            raise NotAllowed(method, tuple(self._by_method))
        return operation


def admit(request: Request, token: str) -> None:
    """Raises Unauthorized unless the request carries ``token``; the empty token admits everybody."""
    if not token:
        return
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    offered = request.headers.get("x-lipflap-admin-token") or (bearer if scheme.lower() == "bearer" else "")
    # header texts are decoded as Latin-1, so this gives back the bytes that were sent
    if not hmac.compare_digest(offered.encode("latin-1"), token.encode()):
        raise Unauthorized("send the admin token, as Authorization: Bearer TOKEN or as X-Lipflap-Admin-Token")


def _response(found: View | Response, status: int, problem: Problem | None = None) -> Response:
    if isinstance(found, Response):
        return found
    headers = {**_NOT_KEPT, **(problem.headers if problem else {})}
    return Response(msgspec.json.encode(found), status, headers, media_type=JSON)

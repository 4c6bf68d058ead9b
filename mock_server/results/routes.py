"""Serve files over HTTP: everything below the two paths can be read by whoever knows its name."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from mock_server.flow.call import Answer, Headers
from mock_server.flow.file_answer import NO_FILE, file_answer
from mock_server.flow.library import OWN_MEDIA, OWN_RESULTS
from mock_server.flow.raw_socket import play
from mock_server.results.downloads import Downloads
from mock_server.results.shelf import Shelf

_JSON_TYPE = (b"content-type", b"application/json")
_WITHOUT_BODY = frozenset({204, 304})


class Reply:
    """An answer as an ASGI application."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        answer = self._answer
        if answer.script:
            await play(scope.get("extensions") or {}, answer.script)
            return
        headers = list(answer.headers)
        if answer.body and answer.is_json:
            headers.append(_JSON_TYPE)
        if answer.status not in _WITHOUT_BODY and not any(name == b"content-length" for name, _ in headers):
            headers.append((b"content-length", b"%d" % len(answer.body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


def file_routes(shelf: Shelf, downloads: Downloads) -> list[Route]:
    """Routes below the two paths that hold files: samples, uploads and stills as they are, results by ``downloads``."""

    async def serve(request: Request) -> Reply:
        found = await shelf.find(request.scope["path"])
        answer, content = NO_FILE, None
        if found.file is not None:
            content = found.file.content.data
            headers = Headers(tuple(request.scope["headers"]))
            digest = found.file.content.digest
            answer = file_answer(content, digest, found.file.content_type, request.method, headers)
        if found.owner is not None:
            answer = downloads.served(request, found.owner, answer, content)
        return Reply(answer)

    return [
        Route(f"{prefix}{{name:path}}", serve, methods=["GET", "HEAD"]) for prefix in (OWN_MEDIA, OWN_RESULTS)
    ]

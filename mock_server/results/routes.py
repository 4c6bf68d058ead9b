"""Serve files over HTTP: GET and HEAD, ETag and If-None-Match, one Range, If-Range."""

from __future__ import annotations

import re
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server.flow.library import OWN_MEDIA, OWN_RESULTS
from mock_server.results.shelf import File, Shelf

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def file_routes(shelf: Shelf) -> list[Route]:
    """Routes below the two paths that hold files. Everything there can be read by whoever knows its name."""

    async def serve(request: Request) -> Response:
        file = await shelf.file(request.scope["path"])
        if file is None:
            return JSONResponse({"error": "no such file, or not yet, or not any more"}, 404)
        return answer_with(file, request)

    return [Route(f"{prefix}{{name:path}}", serve, methods=["GET", "HEAD"]) for prefix in (OWN_MEDIA, OWN_RESULTS)]


def answer_with(file: File, request: Request) -> Response:
    """200, 206, 304 or 416, as the request's conditions ask. Several ranges at once get the whole file (RFC 9110 § 14.2)."""
    etag = f'"{blake2b(file.data, digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=60"}
    if _matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("range")
    condition = request.headers.get("if-range")
    if request.method != "GET" or wanted is None or condition not in {None, etag}:
        return Response(file.data, media_type=file.content_type, headers=headers)
    return _part(file, wanted, headers)


def _part(file: File, wanted: str, headers: dict[str, str]) -> Response:
    size = len(file.data)
    match = _RANGE.fullmatch(wanted.strip())
    if match is None or match.groups() == ("", ""):
        return Response(file.data, media_type=file.content_type, headers=headers)
    first_text, last_text = match.groups()
    if first_text:
        first, last = int(first_text), min(int(last_text) if last_text else size - 1, size - 1)
        if last_text and int(last_text) < int(first_text):
            return Response(file.data, media_type=file.content_type, headers=headers)
    else:
        first, last = max(0, size - int(last_text)), size - 1
    if first > last:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(file.data[first : last + 1], 206, media_type=file.content_type, headers=headers)


def _matches(condition: str | None, etag: str) -> bool:
    if condition is None:
        return False
    return condition.strip() == "*" or etag in {part.strip().removeprefix("W/") for part in condition.split(",")}

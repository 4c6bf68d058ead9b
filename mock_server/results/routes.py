"""Serve files over HTTP: GET and HEAD, ETag and If-None-Match, one Range, If-Range."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server.flow.library import OWN_MEDIA, OWN_RESULTS
from mock_server.results.file import File
from mock_server.results.shelf import Shelf

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


def file_routes(shelf: Shelf) -> list[Route]:
    """Routes below the two paths that hold files. Everything there can be read by whoever knows its name."""

    async def serve(request: Request) -> Response:
        file = await shelf.file(request.scope["path"])
        if file is None:
            return JSONResponse({"error": "no such file, or not yet, or not any more"}, 404)
        return answer_with(file, request)

    return [
        Route(f"{prefix}{{name:path}}", serve, methods=["GET", "HEAD"]) for prefix in (OWN_MEDIA, OWN_RESULTS)
    ]


def answer_with(file: File, request: Request) -> Response:
    """200, 206, 304 or 416, as the request's conditions ask (RFC 9110 § 13 and 14).

    Several ranges at once get the whole file, which § 14.2 allows.
    """
    data, etag = file.content.data, f'"{file.content.digest}"'
    headers = {"ETag": etag, "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=60"}
    if _matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        return Response(media_type=file.content_type, headers={**headers, "Content-Length": str(len(data))})
    span = _span(request.headers.get("range"), len(data))
    if span is None or request.headers.get("if-range", etag) != etag:
        return Response(data, media_type=file.content_type, headers=headers)
    first, last = span
    if first > last:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], 206, media_type=file.content_type, headers=headers)


def _span(wanted: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte of the one range that is asked for; None where the header is absent or to be ignored.

    The first is past the last where the file has no such bytes.
    """
    match = _RANGE.fullmatch(wanted.strip()) if wanted else None
    first, last = match.groups() if match else ("", "")
    if not first:
        return (max(0, size - int(last)), size - 1) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1


def _matches(condition: str | None, etag: str) -> bool:
    if condition is None:
        return False
    return condition.strip() == "*" or etag in {
        part.strip().removeprefix("W/") for part in condition.split(",")
    }

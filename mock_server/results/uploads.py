"""Take a file that a client PUTs to a signed address, and keep it under the name that the address fixed."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server.flow.simulator import Simulator
from mock_server.results.upload_address import UPLOADED, UPLOADS, is_signed

MAX_UPLOAD_BYTES = 100 * 2**20


def upload_routes(simulator: Simulator) -> list[Route]:
    """The route that takes uploads.

    It answers 400 without a content type, 403 for a wrong signature, another type, or a time that is over, 413 for
    more than ``MAX_UPLOAD_BYTES``, else 200.
    """

    async def take(request: Request) -> Response:
        name = request.path_params["name"]
        sent_type = request.headers.get("content-type")
        if sent_type is None:
            return _refused(400, "Content-Type is required")
        if not _is_allowed(simulator, request, name, sent_type):
            return _refused(403, "the signature does not match, or its time is over")
        try:
            data = await _read(request)
        except ClientDisconnect:
            # nobody is left to read this
            return _refused(400, "the upload ended before it was complete")
        if data is None:
            return _refused(413, f"an upload is at most {MAX_UPLOAD_BYTES} bytes")
        await _keep(simulator, name, data)
        return Response(status_code=200)

    return [Route(UPLOADS + "{name:path}", take, methods=["PUT"])]


def _is_allowed(simulator: Simulator, request: Request, name: str, sent_type: str) -> bool:
    until = request.query_params.get("until", "")
    until_s = int(until) if until.isascii() and until.isdigit() and len(until) < 15 else 0
    signature = request.query_params.get("signature", "")
    is_ours = is_signed(signature, simulator.settings.seed, name, sent_type, until_s)
    return is_ours and simulator.wall_ms() // 1000 <= until_s


async def _read(request: Request) -> bytes | None:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_UPLOAD_BYTES:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


async def _keep(simulator: Simulator, name: str, data: bytes) -> None:
    facts = await asyncio.to_thread(simulator.library.keep, data)
    tenant = name.partition("/")[0]
    simulator.store.save_media(tenant, UPLOADED + name, facts)


def _refused(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status)

"""Take a file that a client PUTs to a signed address, and keep it under the name that the address fixed."""

from __future__ import annotations

import asyncio
import hmac
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server.flow.library import OWN_MEDIA
from mock_server.flow.simulator import Simulator

UPLOAD_S = 899
"""How long an address is good for (gmi.md § 10)."""
MAX_UPLOAD_BYTES = 100 * 2**20
UPLOADS = "/__lipflap/uploads/"
"""Where to PUT."""
UPLOADED = f"{OWN_MEDIA}uploads/"
"""Where it can be had afterwards. What follows is the tenant and the name of the file, and the same in both."""


def signed_path(seed: int, name: str, content_type: str, until_s: int) -> str:
    """The path and query to PUT to; the signature covers name, content type and the end of its time."""
    return f"{UPLOADS}{name}?type={content_type}&until={until_s}&signature={_sign(seed, name, content_type, until_s)}"


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
        data = await _read(request)
        if data is None:
            return _refused(413, f"an upload is at most {MAX_UPLOAD_BYTES} bytes")
        await _keep(simulator, name, data)
        return Response(status_code=200)

    return [Route(UPLOADS + "{name:path}", take, methods=["PUT"])]


def _is_allowed(simulator: Simulator, request: Request, name: str, sent_type: str) -> bool:
    until = request.query_params.get("until", "")
    until_s = int(until) if until.isascii() and until.isdigit() and len(until) < 15 else 0
    expected = _sign(simulator.settings.seed, name, sent_type, until_s)
    given = request.query_params.get("signature", "")
    is_signed = hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))
    return is_signed and simulator.wall_ms() // 1000 <= until_s


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
    await simulator.store.save_media(tenant, UPLOADED + name, facts)


def _sign(seed: int, name: str, content_type: str, until_s: int) -> str:
    words = f"{name}\n{content_type}\n{until_s}".encode("utf-8", "replace")
    return hmac.new(f"lipflap-uploads:{seed}".encode(), words, sha256).hexdigest()


def _refused(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status)

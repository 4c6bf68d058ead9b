"""The upload helper: a signed address to PUT a file to, and the URL under which it can then be named."""

from __future__ import annotations

from collections.abc import Mapping

from mock_server.flow.call import Call
from mock_server.results.upload_address import UPLOAD_S, UPLOADED, signed_path

CONTENT_TYPES: Mapping[str, str] = {
    "jpeg": "image/jpeg",
    # the odd one is the service's own (gmi.md § 10)
    "jpg": "image/jpg",
    "png": "image/png",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
}


async def upload_urls(call: Call, body: Mapping[str, object]) -> dict[str, object]:
    """Where to PUT, valid for ``UPLOAD_S`` seconds of wall time, and where the file will be."""
    extension = str(body["file_type"])
    number = call.simulator.store.next_number(call.tenant, "upload")
    name = f"{call.tenant}/{call.choices.uuid('upload', number)}.{extension}"
    until_s = call.simulator.wall_ms() // 1000 + UPLOAD_S
    path = signed_path(call.simulator.settings.seed, name, CONTENT_TYPES[extension], until_s)
    return {
        "upload_url": call.base_url + path,
        "public_url": f"{call.base_url}{UPLOADED}{name}",
    }

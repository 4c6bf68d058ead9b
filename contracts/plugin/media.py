"""Media that a client may name: samples that are really there, and facts for any other URL."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import msgspec

from contracts.witness.admin import Admin

_SAMPLES = "/__lipflap/media/"


class Media:
    """``video`` and ``audio`` are URLs of files that fit each other at every provider."""

    def __init__(self, admin: Admin, url: str) -> None:
        self._admin = admin
        self.video = f"{url}{_SAMPLES}talk.mp4"
        self.audio = f"{url}{_SAMPLES}speech.mp3"

    def state(self, url: str, **facts: object) -> str:
        """Say what is behind ``url``, as in ``state("https://cdn.test/a.mp4", duration_ms=12_000, faces=2)``.

        Gives the URL back. Raises AdminError for facts that it does not know.
        """
        self._admin.send("POST", "media", {"url": url, **facts})
        return url

    def upload(self, file: Path, url: str | None = None) -> str:
        """Have ``file`` served by lipflap, or stand for ``url``; the URL that a client names."""
        body = {"base64": b64encode(file.read_bytes()).decode(), "name": file.name}
        answer = self._admin.send("POST", "media", body if url is None else {**body, "url": url})
        return str(msgspec.json.decode(answer)["url"])

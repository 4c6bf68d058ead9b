"""The signed addresses that files are PUT to, and the paths under which they can be had afterwards."""

from __future__ import annotations

import hmac
from hashlib import sha256

from mock_server.flow.library import OWN_MEDIA

UPLOAD_S = 899
"""How long an address is good for (gmi.md § 10)."""
UPLOADS = "/__lipflap/uploads/"
"""Where to PUT."""
UPLOADED = f"{OWN_MEDIA}uploads/"
"""Where it can be had afterwards. What follows is the tenant and the name of the file, and the same in both."""


def signed_path(seed: int, name: str, content_type: str, until_s: int) -> str:
    """The path and query to PUT to; the signature covers name, content type and the end of its time."""
    return f"{UPLOADS}{name}?type={content_type}&until={until_s}&signature={_sign(seed, name, content_type, until_s)}"


def is_signed(signature: str, seed: int, name: str, content_type: str, until_s: int) -> bool:
    """Whether ``signature`` is that of ``signed_path``; compared in constant time."""
    expected = _sign(seed, name, content_type, until_s)
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def _sign(seed: int, name: str, content_type: str, until_s: int) -> str:
    words = f"{name}\n{content_type}\n{until_s}".encode("utf-8", "replace")
    return hmac.new(f"lipflap-uploads:{seed}".encode(), words, sha256).hexdigest()

"""From the body of a callback to the parcel that leaves: its headers, and its signature over just these bytes."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from mock_server._version import __version__
from mock_server.callbacks.signing import key_of, signature_headers
from mock_server.core.parcel import Parcel

_PLAIN = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"lipflap/{__version__}"}


class Packer:
    """Signs with each of ``secrets``. Raises ConfigurationError for a bad one."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        for secret in secrets:
            key_of(secret)
        self._secrets = tuple(secrets)

    def pack(self, delivery_id: str, body: bytes, timestamp_s: int, *, is_signed: bool = True) -> Parcel:
        """The parcel of a delivery, as an honest sender would send it."""
        secrets = self._secrets if is_signed else ()
        return sealed(Parcel(delivery_id, body, timestamp_s, _PLAIN, secrets))


def sealed(parcel: Parcel) -> Parcel:
    """The parcel with the headers that its id, body, time and secrets call for."""
    signature = signature_headers(parcel.secrets, parcel.id, parcel.timestamp_s, parcel.body)
    return replace(parcel, headers={**_PLAIN, **dict(signature)})

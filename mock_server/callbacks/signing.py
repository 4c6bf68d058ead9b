"""The Standard Webhooks signature, as Kling sends it since 2026 (kling.md section 6)."""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence

from mock_server.core.errors import ConfigurationError

SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix of every secret is none


def key_of(secret: str) -> bytes:
    """The key behind ``whsec_<base64>``, prefix and padding optional. Raises ConfigurationError."""
    text = secret.removeprefix(SECRET_PREFIX)
    padding = "=" * (-len(text) % 4)
    try:
        key = b64decode(text + padding, validate=True)
    except (binascii.Error, ValueError):
        raise ConfigurationError("a webhook secret must be base64, usually after whsec_") from None
    if not key:
        raise ConfigurationError("a webhook secret must not be empty")
    return key


def sign(secret: str, delivery_id: str, timestamp_s: int, body: bytes) -> str:
    """One ``v1,<base64>`` over id, timestamp and body, joined by dots. Raises ConfigurationError."""
    signed = b"%s.%d.%s" % (delivery_id.encode(), timestamp_s, body)
    return "v1," + b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode("ascii")


def signature_headers(
    secrets: Sequence[str], delivery_id: str, timestamp_s: int, body: bytes
) -> tuple[tuple[str, str], ...]:
    """The three ``webhook-*`` headers, with a signature for each secret; none without a secret."""
    if not secrets:
        return ()
    webhook_id = webhook_id_of(delivery_id)
    return (
        ("webhook-id", webhook_id),
        ("webhook-timestamp", str(timestamp_s)),
        ("webhook-signature", " ".join(sign(secret, webhook_id, timestamp_s, body) for secret in secrets)),
    )


def webhook_id_of(delivery_id: str) -> str:
    """19 decimal digits, as in Kling's sample: the same for every attempt of a delivery."""
    number = int.from_bytes(hashlib.blake2b(delivery_id.encode(), digest_size=16).digest(), "big")
    return str(10**18 + number % (9 * 10**18))

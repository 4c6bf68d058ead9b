"""Kling's two kinds of key: an opaque API key, and a JWT that the caller signs with its SecretKey."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping

import msgspec
import pybase64
from msgspec import Struct

from mock_server.core.account import Account, Keyring
from mock_server.core.errors import Refused

MAX_TOKEN_CHARACTERS = 8_192
_REMEMBERED = 1_024
_LATEST_S = 1e15
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


class Token(Struct, frozen=True):
    """What a verified JWT says: who signed it and when it holds, in Unix seconds."""

    account: Account
    valid_from_s: float
    valid_until_s: float

    def check(self, now_s: float) -> Account:
        """Raises Refused: "auth-not-yet-valid" before ``nbf``, "auth-expired" from ``exp`` on. No leeway."""
        if now_s < self.valid_from_s:
            raise Refused("auth-not-yet-valid")
        if now_s >= self.valid_until_s:
            raise Refused("auth-expired")
        return self.account


class Authenticator:
    """Finds the account of a bearer token. What was found is remembered; times are checked at every call."""

    def __init__(self) -> None:
        self._found: dict[tuple[Keyring, str], Account | Token] = {}

    def find(self, keyring: Keyring, token: str) -> Account | Token:
        """The account of an API key, or a token whose times are still to be checked. Raises Refused("auth-invalid")."""
        remembered = self._found.get((keyring, token))
        if remembered is not None:
            return remembered
        found = verified(keyring, token) if is_jwt(token) else _known(keyring.by_key(token))
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        self._found[keyring, token] = found
        return found


def is_jwt(token: str) -> bool:
    """Two dots, and a first part that decodes to a JSON object (kling.md § 2, "telling the two apart")."""
    head, _, rest = token.partition(".")
    return rest.count(".") == 1 and _object_in(head) is not None


def verified(keyring: Keyring, token: str) -> Token:
    """The token once its signature is right. Raises Refused("auth-invalid") for anything but a sound HS256 token.

    The signature of an access key that nobody registered cannot be checked and counts as right. Claims other
    than ``iss``, ``exp`` and ``nbf`` pass, whatever they hold: real clients add some (kling.md § 2).
    """
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise Refused("auth-invalid")
    signed, _, signature = token.rpartition(".")
    header, claims = (_object_in(part) for part in signed.split("."))
    # "crit" names extensions that a reader must know (RFC 7515 § 4.1.11); this one knows none
    if header is None or claims is None or header.get("alg") != "HS256" or "crit" in header:
        raise Refused("auth-invalid")
    issuer = claims.get("iss")
    account = _known(keyring.by_access_key(issuer) if isinstance(issuer, str) else None)
    if account.secret_key is not None and not _is_signed(signed, signature, account.secret_key):
        raise Refused("auth-invalid")
    return Token(account, _moment(claims, "nbf", default=0.0), _moment(claims, "exp", default=None))


def _is_signed(signed: str, signature: str, secret_key: str) -> bool:
    """RFC 7515 § 5.2 for HS256. By hand: PyJWT judges claims that are not ours to judge, and warns of short keys."""
    expected = hmac.digest(secret_key.encode(), signed.encode(), "sha256")
    return hmac.compare_digest(_decoded(signature) or b"", expected)


def _moment(claims: Mapping[str, object], name: str, default: float | None) -> float:
    """A NumericDate. Only ``nbf`` may be missing (RFC 7519 makes it optional; ``exp`` is demanded here)."""
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("auth-invalid")
    return float(min(max(value, -_LATEST_S), _LATEST_S))


def _object_in(part: str) -> Mapping[str, object] | None:
    """The JSON object that a part of a token holds; None where it holds anything else."""
    data = _decoded(part)
    if data is None:
        return None
    try:
        value = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _decoded(part: str) -> bytes | None:
    """Base64url without padding (RFC 7515 § 2). Strict: an API key may hold dots too."""
    if len(part) % 4 == 1 or not _BASE64URL.fullmatch(part):
        return None
    return pybase64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _known(account: Account | None) -> Account:
    if account is None:
        raise Refused("auth-invalid")
    return account

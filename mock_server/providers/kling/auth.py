"""Kling's two kinds of key: an opaque API key, and a JWT that the caller signs with its SecretKey."""

from __future__ import annotations

from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import pybase64

from mock_server.core.account import Account, Keyring
from mock_server.core.errors import Refused

MAX_TOKEN_CHARACTERS = 8_192
_REMEMBERED = 1_024


@dataclass(frozen=True, slots=True)
class Token:
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
    """Finds the account of a bearer token. A verified signature is remembered; times are checked at every call."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[Keyring, str], Token] = {}

    def find(self, keyring: Keyring, token: str) -> Account | Token:
        """The account of an API key, or a token whose times are still to be checked. Raises Refused("auth-invalid")."""
        remembered = self._tokens.get((keyring, token))
        if remembered is not None:
            return remembered
        if not is_jwt(token):
            return _known(keyring.by_key(token))
        if len(self._tokens) >= _REMEMBERED:
            self._tokens.clear()
        found = self._tokens[keyring, token] = verified(keyring, token)
        return found


def is_jwt(token: str) -> bool:
    """Two dots, and a first part that decodes to a JSON object (kling.md § 2, "telling the two apart")."""
    head, _, rest = token.partition(".")
    return rest.count(".") == 1 and isinstance(_json_part(head), dict)


def verified(keyring: Keyring, token: str) -> Token:
    """The token once its signature is right. Raises Refused("auth-invalid") for anything but a sound HS256 token.

    The signature of an access key that nobody registered cannot be checked and counts as right.
    """
    import jwt  # noqa: PLC0415 - a quarter of a second that a caller with an API key need not wait for

    if len(token) > MAX_TOKEN_CHARACTERS:
        raise Refused("auth-invalid")
    header, claims = (_json_part(part) for part in token.split(".")[:2])
    if not isinstance(header, dict) or not isinstance(claims, dict) or header.get("alg") != "HS256":
        raise Refused("auth-invalid")
    issuer = claims.get("iss")
    account = _known(keyring.by_access_key(issuer) if isinstance(issuer, str) else None)
    if account.secret_key is not None:
        unchecked = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
        try:
            jwt.PyJWT(unchecked).decode(token, account.secret_key, algorithms=["HS256"])  # type: ignore[arg-type]
        except jwt.InvalidTokenError as fault:
            raise Refused("auth-invalid") from fault
    return Token(account, _moment(claims, "nbf", default=0.0), _moment(claims, "exp", default=None))


def _moment(claims: Mapping[str, object], name: str, default: float | None) -> float:
    """A NumericDate. Only ``nbf`` may be missing (RFC 7519 makes it optional; ``exp`` is demanded here)."""
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("auth-invalid")
    return float(value) if abs(value) < 1e15 else 1e15


def _json_part(part: str) -> object:
    try:
        return msgspec.json.decode(pybase64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (Base64Error, ValueError, RecursionError):
        return None


def _known(account: Account | None) -> Account:
    if account is None:
        raise Refused("auth-invalid")
    return account

"""The IAM variant: log in, get a session, call with its access token. Every token is a JWT of ours."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from typing import cast

from mock_server.core.account import Account, Keyring
from mock_server.core.errors import Refused

LOGIN_S = 600
ACCESS_S = 3_600
REFRESH_S = 30 * 86_400

Claims = dict[str, object]


class TokenOffice:
    """Issues and reads tokens, HS256, signed with a secret made of the server's seed. Times in Unix seconds."""

    def __init__(self, seed: int) -> None:
        self._secret = blake2b(f"gmi-iam:{seed}".encode(), digest_size=32).hexdigest()

    def login_token(self, account: Account, now_s: int) -> str:
        return self._sign({"sub": account.name, "use": "login", "exp": now_s + LOGIN_S})

    def session_tokens(self, account: Account, now_s: int) -> dict[str, object]:
        """``accessToken`` with the ``userId`` claim that the SDK reads, and ``refreshToken`` with ``exp``."""
        who: Claims = {"sub": account.name, "userId": user_id(account)}
        access = self._sign({**who, "use": "access", "exp": now_s + ACCESS_S})
        refresh = self._sign({**who, "use": "refresh", "exp": now_s + REFRESH_S})
        return {"accessToken": access, "refreshToken": refresh}

    def account_of(self, keyring: Keyring, token: str, use: str, now_s: int) -> Account:
        """Whose token this is. Raises Refused: "auth-expired" after its time, "auth-invalid" for any other fault."""
        claims = self._read(token)
        if claims.get("use") != use:
            raise Refused("auth-invalid")
        if cast(int, claims["exp"]) <= now_s:
            raise Refused("auth-expired")
        account = keyring.by_name(cast(str, claims["sub"]))
        if account is None:
            raise Refused("auth-invalid")
        return account

    def _sign(self, claims: Claims) -> str:
        import jwt  # a quarter of a second that a caller with an API key need not wait for

        return jwt.encode(claims, self._secret, algorithm="HS256")

    def _read(self, token: str) -> Mapping[str, object]:
        import jwt

        unchecked = {
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
            "require": ["exp", "sub", "use"],
        }
        try:
            claims: Mapping[str, object] = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                options=unchecked,  # type: ignore[arg-type]
            )
        except jwt.InvalidTokenError as fault:
            raise Refused("auth-invalid") from fault
        return claims


@cache
def token_office(seed: int) -> TokenOffice:
    """The office of a server with this seed."""
    return TokenOffice(seed)


def user_id(account: Account) -> str:
    return f"user_{account.tenant[1:13]}"


def org_id(tenant: str) -> str:
    return f"org_{tenant[1:13]}"

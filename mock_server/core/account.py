"""Who may call: accounts with their keys, or everybody who brings any key."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from mock_server.core.world import tenant_of

PROVIDER_SCOPES = ("kirin", "gmi", "kling")
DEMO_ACCESS_KEY = "lipflap-access-key"
DEMO_SECRET_KEY = "lipflap-secret-key-of-no-secret-at-all"  # noqa: S105 - published on purpose


class Account(Struct, frozen=True):
    """One customer. All its keys open the same tenant; ``scopes`` are the providers it may call."""

    name: str
    keys: tuple[str, ...] = ()
    access_key: str | None = None
    secret_key: str | None = None
    scopes: tuple[str, ...] = PROVIDER_SCOPES

    @property
    def tenant(self) -> str:
        return tenant_of(self.name)


class Keyring:
    """Finds the account that a key belongs to. With ``accepts_any`` an unknown key is an account of its own.

    An unknown access key has no secret, so its signature cannot be checked; the demo pair always can.
    """

    def __init__(self, accounts: Iterable[Account], *, accepts_any: bool) -> None:
        self.accepts_any = accepts_any
        demo = Account(DEMO_ACCESS_KEY, access_key=DEMO_ACCESS_KEY, secret_key=DEMO_SECRET_KEY)
        known = (*accounts, demo) if accepts_any else tuple(accounts)
        self._by_name = {account.name: account for account in known}
        self._by_key = {key: account for account in known for key in account.keys}
        self._by_access_key = {account.access_key: account for account in known if account.access_key}

    def by_key(self, key: str) -> Account | None:
        return self._by_key.get(key) or self._unknown(key)

    def by_access_key(self, access_key: str) -> Account | None:
        return self._by_access_key.get(access_key) or self._unknown(access_key)

    def by_name(self, name: str) -> Account | None:
        return self._by_name.get(name) or self._unknown(name)

    def by_login(self, name: str, password: str) -> Account | None:
        """The account called ``name`` where one of its keys is the password."""
        account = self._by_key.get(password)
        return account if account is not None and account.name == name else self._unknown(name)

    def _unknown(self, name: str) -> Account | None:
        return Account(name) if self.accepts_any and name else None

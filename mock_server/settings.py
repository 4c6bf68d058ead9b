"""Everything a server can be told: its settings, the words for a clock, the file of accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from mock_server.core.account import PROVIDER_SCOPES, Account
from mock_server.core.clock import MANUAL_EPOCH_MS, Clock, ClockMode
from mock_server.core.errors import ConfigurationError
from mock_server.core.pace import Pace, pace_named

MIB = 2**20


@dataclass(frozen=True)
class Settings:
    """The settings of one server. Sizes in bytes, times in the unit of their name.

    Raises ConfigurationError for a clock or a pace that is none. What only a part of the house can judge, such as
    the store's URL, that part judges before anything is served.
    """

    host: str = "127.0.0.1"
    port: int = 8787
    store: str = "memory"
    clock: str = "real"
    pace: str = "quick"
    seed: int = 0
    auth: str = "any"
    fetch: bool = False
    fetch_from: str = "public"
    fetch_timeout_s: float = 20.0
    callback_timeout_s: float = 10.0
    callbacks: str = "auto"
    tls: bool = False
    public_url: str = ""
    admin_token: str = ""
    log_level: str = "warning"
    slots: int = 5
    journal_cap: int = 10_000
    journal_body_bytes: int = 64 * 1024
    json_body_bytes: int = MIB
    audio_body_bytes: int = 8 * MIB
    webhook_secrets: tuple[str, ...] = ()
    dialects: Mapping[str, str] = field(default_factory=dict)
    fault_header: bool = False
    faults: tuple[str, ...] = ()
    scenario: str = ""
    first_byte_timeout_s: float = 10.0
    head_timeout_s: float = 10.0
    body_timeout_s: float = 30.0
    body_bytes_per_s: int = 1024
    idle_timeout_s: float = 30.0
    write_timeout_s: float = 60.0
    request_body_bytes: int = 100 * MIB
    connections_per_address: int = 512
    stalled_per_address: int = 32
    allowed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.first_clock(0)
        self.parsed_pace()

    def parsed_pace(self) -> Pace:
        return pace_named(self.pace)

    def first_clock(self, wall_ms: int) -> Clock:
        """The clock a new world gets."""
        return parse_clock(self.clock, wall_ms)

    @property
    def callback_policy(self) -> str:
        """``auto`` is loopback while bound to loopback, and public otherwise."""
        if self.callbacks != "auto":
            return self.callbacks
        return "loopback" if self.is_loopback else "public"

    @property
    def is_loopback(self) -> bool:
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_clock(text: str, wall_ms: int) -> Clock:
    """``real``, ``manual``, or a rate such as ``60x``. Raises ConfigurationError."""
    if text == "real":
        return Clock(ClockMode.REAL, wall_ms, wall_ms, 1.0)
    if text == "manual":
        return Clock(ClockMode.MANUAL, MANUAL_EPOCH_MS, wall_ms, 0.0)
    try:
        rate = float(text.removesuffix("x")) if text.endswith("x") and text.isascii() else 0.0
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1_000_000:
        raise ConfigurationError(
            f"clock must be real, manual, or a rate up to 1000000x such as 60x, not {text!r}"
        )
    return Clock(ClockMode.SCALED, wall_ms, wall_ms, rate)


def load_accounts(path: Path) -> tuple[Account, ...]:
    """The accounts of a TOML file with ``[[accounts]]`` tables.

    No two share a name or a key. Raises ConfigurationError with the place of the fault, and without any key.
    """
    import tomllib  # most servers know no accounts

    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("accounts", [])
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigurationError(f"cannot read accounts from {path}: {fault}") from fault
    if not isinstance(tables, list) or not tables:
        raise ConfigurationError(f"{path} has no [[accounts]] table")
    accounts = tuple(
        _account(f"{path}: accounts[{position}]", table) for position, table in enumerate(tables)
    )
    _refuse_twice(f"{path}: two accounts share a name", (account.name for account in accounts))
    _refuse_twice(f"{path}: a key is given twice", (key for account in accounts for key in account.keys))
    pairs = (account.access_key for account in accounts if account.access_key)
    _refuse_twice(f"{path}: an access_key is given twice", pairs)
    return accounts


def _refuse_twice(complaint: str, names: Iterable[str]) -> None:
    if any(times > 1 for times in Counter(names).values()):
        raise ConfigurationError(complaint)


def _account(place: str, table: object) -> Account:
    if not isinstance(table, dict):
        raise ConfigurationError(f"{place} is not a table")
    unknown = set(table) - {"name", "keys", "access_key", "secret_key", "scopes"}
    if unknown:
        raise ConfigurationError(f"{place} has unknown fields: {', '.join(sorted(unknown))}")
    name = table.get("name")
    if not isinstance(name, str) or not name:
        raise ConfigurationError(f"{place}.name must be a text that is not empty")
    scopes = _texts(place, "scopes", table.get("scopes", list(PROVIDER_SCOPES)))
    if set(scopes) - set(PROVIDER_SCOPES):
        raise ConfigurationError(f"{place}.scopes must be among {', '.join(PROVIDER_SCOPES)}")
    access_key, secret_key = table.get("access_key"), table.get("secret_key")
    if (access_key is None) != (secret_key is None):
        raise ConfigurationError(f"{place} needs access_key and secret_key together")
    keys = _texts(place, "keys", table.get("keys", []))
    if not keys and access_key is None:
        raise ConfigurationError(f"{place} needs keys, or access_key and secret_key")
    if access_key is None:
        return Account(name, keys, scopes=scopes)
    pair = _texts(place, "access_key and secret_key", [access_key, secret_key])
    return Account(name, keys, access_key=pair[0], secret_key=pair[1], scopes=scopes)


def _texts(place: str, name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ConfigurationError(f"{place}.{name} must be texts that are not empty")
    return tuple(value)

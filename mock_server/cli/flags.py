"""Everything ``lipflap serve`` can be told, one row a flag: parsers, help and settings are made of these.

A row stands for a flag (``--public-url``), an environment variable (``LIPFLAP_PUBLIC_URL``) and a key of
``lipflap.toml`` (``public_url``) at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mock_server.core.errors import ConfigurationError
from mock_server.core.pace import pace_named
from mock_server.outbound.targets import TargetPolicy
from mock_server.settings import Settings, parse_clock

Value = str | bool | tuple[str, ...]
"""What a person gave for a flag: a text, yes or no, or one text for each time it was given."""


class Kind(StrEnum):
    """How often a flag may be given, and with what."""

    TEXT = "text"
    SWITCH = "switch"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Flag:
    """One row. ``name`` is the flag without its dashes; ``read`` turns a text into the setting's value."""

    name: str
    metavar: str
    says: str
    kind: Kind = Kind.TEXT
    read: Callable[[str], object] = str
    setting: str = ""
    """The field of Settings, where it is not called like the flag; "-" where the value is no setting."""

    @property
    def key(self) -> str:
        """The name in a configuration file and in Python."""
        return self.name.replace("-", "_")

    @property
    def variable(self) -> str:
        return "LIPFLAP_" + self.key.upper()

    @property
    def field(self) -> str:
        return self.setting or self.key

    @property
    def default(self) -> str:
        """What holds where nobody says anything, as a person would type it; empty for "nothing"."""
        value = getattr(Settings, self.field, "")
        if isinstance(value, bool | tuple):
            return ""
        return str(value)


def port_number(text: str) -> int:
    return whole_number(text, 0, 65_535)


def seed_number(text: str) -> int:
    return whole_number(text, -(2**63), 2**63 - 1)


def slot_count(text: str) -> int:
    return whole_number(text, 1, 1_000_000)


def connection_count(text: str) -> int:
    return whole_number(text, 1, 1_000_000)


def whole_number(text: str, low: int, high: int) -> int:
    """Raises ConfigurationError where ``text`` is no whole number from ``low`` to ``high``."""
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 20 and low <= int(text) <= high:
        return int(text)
    raise ConfigurationError(f"must be a whole number from {low} to {high}, not {text!r}")


LEVELS = ("debug", "info", "warning", "error", "critical")


def level_name(text: str) -> str:
    return _one_of(text.lower(), LEVELS)


def callback_policy(text: str) -> str:
    return _one_of(text, ("auto", *TargetPolicy))


def fetch_policy(text: str) -> str:
    return _one_of(text, tuple(TargetPolicy))


def fault_text(text: str) -> str:
    # the catalogue is loaded by every server, but not by every command that knows the flags
    from mock_server.faults.catalogue import CATALOGUE
    from mock_server.faults.grammar import Grammar

    Grammar(CATALOGUE).parse(text, "flag", now_ms=0)
    return text


def scenario_text(text: str) -> str:
    from mock_server.faults.catalogue import CATALOGUE
    from mock_server.scenarios.library import found

    found(text, CATALOGUE)
    return text


def clock_text(text: str) -> str:
    parse_clock(text, 0)
    return text


def pace_text(text: str) -> str:
    return pace_named(text).name


def base_url(text: str) -> str:
    """An absolute URL without its last slash; what follows it in links begins with one."""
    scheme, separator, rest = text.rstrip("/").partition("://")
    if scheme in {"http", "https"} and separator and rest and not any(mark in rest for mark in " ?#\\"):
        return f"{scheme}://{rest}"
    raise ConfigurationError(f"must be a URL such as https://mock.test:8787, not {text!r}")


def _one_of(text: str, names: tuple[str, ...]) -> str:
    if text in names:
        return text
    raise ConfigurationError(f"must be one of {', '.join(names)}, not {text!r}")


FLAGS = (
    Flag("host", "ADDRESS", "Where to listen. Beyond loopback an admin token is needed."),
    Flag("port", "PORT", "The port; 0 takes a free one and prints it.", read=port_number),
    Flag("store", "URL", "Where tasks live: memory, or sqlite:///FILE to survive a restart."),
    Flag("clock", "CLOCK", "The clock of new tenants: real, manual, or a rate such as 60x.", read=clock_text),
    Flag("pace", "PACE", "How fast tasks go: instant, quick, real, or polls:N.", read=pace_text),
    Flag(
        "seed",
        "NUMBER",
        "Ids, facts and durations follow from it: same seed, same answers.",
        read=seed_number,
    ),
    Flag("auth", "any|FILE", "Who may call: any key, or the accounts of a TOML file."),
    Flag("fetch", "", "Really download media that clients name.", Kind.SWITCH),
    Flag("fetch-from", "WHERE", "Where downloads may go: public, loopback, any, off.", read=fetch_policy),
    Flag(
        "callbacks",
        "WHERE",
        "Where callbacks may go: auto (loopback while bound to it, else public), loopback, public, any, off.",
        read=callback_policy,
    ),
    Flag("tls", "", "Serve https with a throw-away certificate.", Kind.SWITCH),
    Flag(
        "tls-dir",
        "FOLDER",
        "Where --tls leaves ca.pem and the certificate; a temporary folder if not given.",
        setting="-",
    ),
    Flag(
        "public-url",
        "URL",
        "The start of links in answers; taken from each request if not given.",
        read=base_url,
    ),
    Flag("log-level", "LEVEL", f"One of {', '.join(LEVELS)}.", read=level_name),
    Flag("slots", "NUMBER", "Tasks of one tenant that may run at once at Kling.", read=slot_count),
    Flag(
        "dialect",
        "NAME=VALUE",
        "Turn a dialect switch; repeatable. `lipflap dialects` lists them.",
        Kind.LIST,
        setting="dialects",
    ),
    Flag(
        "fault",
        "SPEC",
        "Switch a fault on for everybody, such as gateway-502-html@poll#2-4; repeatable. `lipflap faults` lists them.",
        Kind.LIST,
        read=fault_text,
        setting="faults",
    ),
    Flag("fault-header", "", "Let requests ask for faults by the header X-Lipflap-Fault.", Kind.SWITCH),
    Flag(
        "scenario",
        "FILE|NAME",
        "Have every tenant begin with a scenario. `lipflap scenarios list` lists them.",
        read=scenario_text,
    ),
    Flag(
        "webhook-secret",
        "SECRET",
        "Sign callbacks with it; repeatable while secrets rotate.",
        Kind.LIST,
        setting="webhook_secrets",
    ),
    Flag(
        "allow-host",
        "NAME",
        "A Host that requests may name, such as *.test, or * for any; repeatable. On loopback only local names may.",
        Kind.LIST,
        setting="allowed_hosts",
    ),
    Flag(
        "connections-per-address",
        "NUMBER",
        "How many connections one client address may hold.",
        read=connection_count,
    ),
    Flag("admin-token", "TOKEN", "What callers of /__lipflap/ must bring as a bearer token."),
)
BY_NAME = {flag.name: flag for flag in FLAGS}
BY_KEY = {flag.key: flag for flag in FLAGS}

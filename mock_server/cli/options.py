"""From what a person gave to Settings: flag before environment before file before default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mock_server.cli.config_file import file_values
from mock_server.cli.flags import FLAGS, Flag, Kind, Value
from mock_server.core.errors import ConfigurationError
from mock_server.settings import Settings

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True)
class Options:
    """How to serve. ``tls_folder`` is None where the certificate may be thrown away."""

    settings: Settings
    tls_folder: Path | None


def resolve(given: Mapping[str, Value], environ: Mapping[str, str], folder: Path) -> Options:
    """Raises ConfigurationError, its text naming the flag, variable or key at fault."""
    stated = file_values(folder)
    fields: dict[str, object] = {}
    tls_folder = None
    for flag in FLAGS:
        found = _found(flag, given, environ, stated)
        if found is None:
            continue
        origin, value = found
        if flag.name == "tls-dir":
            tls_folder = Path(str(value))
        else:
            fields[flag.field] = _setting(flag, origin, value)
    settings = Settings(**fields)  # type: ignore[arg-type]  # each row's reader gives its field's type: tested
    _check_exposure(settings)
    return Options(settings, tls_folder)


def _found(
    flag: Flag, given: Mapping[str, Value], environ: Mapping[str, str], stated: Mapping[str, Value]
) -> tuple[str, Value] | None:
    if flag.key in given:
        return f"--{flag.name}", given[flag.key]
    if flag.variable in environ:
        return flag.variable, _of_variable(flag, environ[flag.variable])
    if flag.key in stated:
        return flag.key, stated[flag.key]
    return None


def _of_variable(flag: Flag, text: str) -> Value:
    """A list is separated by commas; a switch is 1, true, yes, on, or their opposites."""
    if flag.kind is Kind.LIST:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if flag.kind is Kind.SWITCH:
        word = text.strip().lower()
        if word not in _TRUE | _FALSE:
            raise ConfigurationError(f"{flag.variable} must be 1 or 0, not {text!r}")
        return word in _TRUE
    return text


def _setting(flag: Flag, origin: str, value: Value) -> object:
    try:
        if flag.name == "dialect":
            return _dialects(value)
        if isinstance(value, tuple):
            return tuple(flag.read(text) for text in value)
        return flag.read(value) if isinstance(value, str) else value
    except ConfigurationError as fault:
        raise ConfigurationError(f"{origin}: {fault}") from fault


def _dialects(pairs: Value) -> Mapping[str, str]:
    assert isinstance(pairs, tuple), "a list flag gives texts"
    chosen = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not (name and separator and value):
            raise ConfigurationError(f"must be NAME=VALUE, not {pair!r}")
        chosen[name] = value
    return chosen


def _check_exposure(settings: Settings) -> None:
    """The admin surface steers and shows everything: beyond this machine it is not left open."""
    if not settings.is_loopback and not settings.admin_token:
        raise ConfigurationError(
            f"--host {settings.host} can be reached by others: give --admin-token too, or bind to 127.0.0.1"
        )

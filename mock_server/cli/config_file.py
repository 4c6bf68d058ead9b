"""``lipflap.toml``, or the table ``[tool.lipflap]`` of ``pyproject.toml``, in the current folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mock_server.cli.flags import BY_KEY, Flag, Kind, Value
from mock_server.core.errors import ConfigurationError


def file_values(folder: Path) -> dict[str, Value]:
    """What the file in ``folder`` says, by key; empty without one. ``lipflap.toml`` wins.

    Raises ConfigurationError for a file that cannot be read, and for keys and values that mean nothing.
    """
    path, table = _table(folder)
    unknown = sorted(key for key in table if key.replace("-", "_") not in BY_KEY)
    if unknown:
        raise ConfigurationError(
            f"{path}: unknown {'key' if len(unknown) == 1 else 'keys'} {', '.join(unknown)}"
        )
    return {
        flag.key: _value(path, flag, value)
        for key, value in table.items()
        for flag in [BY_KEY[key.replace("-", "_")]]
    }


def _table(folder: Path) -> tuple[Path, Mapping[str, object]]:
    own, shared = folder / "lipflap.toml", folder / "pyproject.toml"
    if own.is_file():
        return own, _toml(own)
    if not shared.is_file():
        return own, {}
    tools = _toml(shared).get("tool", {})
    table = tools.get("lipflap", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise ConfigurationError(f"{shared}: tool.lipflap must be a table")
    return shared, table


def _toml(path: Path) -> Mapping[str, object]:
    # most servers start without a file
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigurationError(f"cannot read {path}: {fault}") from fault


def _value(path: Path, flag: Flag, value: object) -> Value:
    if flag.kind is Kind.SWITCH and isinstance(value, bool):
        return value
    if flag.kind is Kind.TEXT and isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    if flag.kind is Kind.LIST:
        texts = list(_pairs("", value)) if isinstance(value, dict) else value
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            return tuple(texts)
    wanted = {Kind.SWITCH: "true or false", Kind.TEXT: "a text", Kind.LIST: "a list of texts"}[flag.kind]
    raise ConfigurationError(f"{path}: {flag.key} must be {wanted}")


def _pairs(prefix: str, table: Mapping[str, object]) -> list[object]:
    """``{kling: {no_face: "empty"}}`` as ``kling.no_face=empty``: TOML makes tables of dotted keys."""
    pairs: list[object] = []
    for name, value in table.items():
        if isinstance(value, dict):
            pairs += _pairs(f"{prefix}{name}.", value)
        else:
            pairs.append(f"{prefix}{name}={value}" if isinstance(value, str) else value)
    return pairs

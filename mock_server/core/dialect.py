"""Dialect switches: where documents and clients disagree, or a provider says nothing, both readings exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from mock_server.core.errors import ConfigurationError


class Dialect(Struct, frozen=True):
    """One switch. The first of ``values`` is the default. ``name`` starts with the provider's."""

    name: str
    values: tuple[str, ...]
    says: str
    source: str

    @property
    def default(self) -> str:
        return self.values[0]


def checked(table: Iterable[Dialect], chosen: Mapping[str, str]) -> Mapping[str, str]:
    """``chosen`` once each name and value is known. Raises ConfigurationError that names the choices."""
    rows = {row.name: row for row in table}
    for name, value in chosen.items():
        if name not in rows:
            raise ConfigurationError(f"unknown dialect {name!r}; known are {', '.join(sorted(rows))}")
        if value not in rows[name].values:
            raise ConfigurationError(
                f"dialect {name} must be one of {', '.join(rows[name].values)}, not {value!r}"
            )
    return dict(chosen)

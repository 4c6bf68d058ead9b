"""What ``@pytest.mark.lipflap(...)`` may say, and what it does to a tenant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import pytest

    from contracts.plugin.tenant import Lipflap

WORDS = ("fault", "scenario", "seed", "pace")


def wish_of(markers: Iterable[pytest.Mark]) -> dict[str, object]:
    """What the markers say together, the nearest first; faults add up. Raises ValueError for what they cannot say."""
    wish: dict[str, object] = {}
    faults: list[object] = []
    for marker in markers:
        unknown = sorted(set(marker.kwargs) - set(WORDS))
        if marker.args or unknown:
            wrong = ", ".join(unknown) or "a value without a name"
            raise ValueError(f"@pytest.mark.lipflap does not take {wrong}; it takes {', '.join(WORDS)}")
        faults = [*_several(marker.kwargs.get("fault")), *faults]
        wish = {**marker.kwargs, **wish}
    return {**wish, "fault": faults}


def grant(lipflap: Lipflap, wish: Mapping[str, object]) -> None:
    """Make the tenant what is wished. Raises AdminError with the server's reason."""
    stated = {name: wish[name] for name in ("seed", "pace") if wish.get(name) is not None}
    scenario = cast("str | None", wish.get("scenario"))
    if scenario is not None or stated:
        lipflap.scenario(scenario, **stated)
    lipflap.faults(*cast("list[str]", wish["fault"]))


def _several(fault: object) -> list[object]:
    if fault is None:
        return []
    return [fault] if isinstance(fault, str | Mapping) else list(cast("Iterable[object]", fault))

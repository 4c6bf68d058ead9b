"""Which scenarios to play: by name, by layer, by profile, and without those that are to be skipped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from contracts.witness.scenario import Scenario
from contracts.witness.usage import UsageError


class Selection(Struct, frozen=True):
    """Patterns with ``*`` and ``?``. Names, layers and profiles add to each other; nothing stated means everything.

    A profile is a shipped scenario that bundles faults: it stands for itself and for the scenario of each of them.
    """

    names: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        return not (self.names or self.layers or self.profiles)


def selected(scenarios: Sequence[Scenario], selection: Selection) -> tuple[Scenario, ...]:
    """Those that are meant, in their own order."""
    by_name = {scenario.name: scenario for scenario in scenarios}
    of_profiles = {
        name for profile in selection.profiles if profile in by_name for name in _bundle(by_name[profile])
    }
    return tuple(
        scenario
        for scenario in scenarios
        if (
            selection.is_all
            or _matches(scenario.name, selection.names)
            or scenario.layers & set(selection.layers)
            or scenario.name in of_profiles
        )
        and not _matches(scenario.name, selection.skips)
    )


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _bundle(scenario: Scenario) -> set[str]:
    return {scenario.name, *(f"fault/{fault}" for fault in scenario.faults)}


def require_meaning(scenarios: Iterable[Scenario], selection: Selection) -> None:
    """Raises UsageError for a pattern that means none of the scenarios, those of every provider taken together."""
    by_name = {scenario.name: scenario for scenario in scenarios}
    for option, patterns in (("--scenario", selection.names), ("--skip", selection.skips)):
        for pattern in patterns:
            if not any(fnmatchcase(name, pattern) for name in by_name):
                raise UsageError(
                    f"{option} {pattern}: no scenario has such a name; see `lipflap scenarios list`"
                )
    layers = {layer for scenario in by_name.values() for layer in scenario.layers}
    for layer in selection.layers:
        if layer not in layers:
            raise UsageError(f"--layer {layer}: must be one of {', '.join(sorted(layers))}")
    profiles = sorted(name for name in by_name if "/" not in name)
    for profile in selection.profiles:
        if profile not in profiles:
            raise UsageError(f"--profile {profile}: must be one of {', '.join(profiles)}")

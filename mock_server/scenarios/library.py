"""Find a scenario: shipped, derived, or in a file of the user's."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from mock_server.core.errors import ConfigurationError
from mock_server.faults.registry import Registry
from mock_server.scenarios.derived import derived, derived_names
from mock_server.scenarios.model import Scenario
from mock_server.scenarios.yaml_form import dump_yaml, load_yaml

FILES = Path(__file__).parent / "files"
FIRST = "happy"
"""Listed before all others."""
SUFFIXES = frozenset({".yaml", ".yml", ".json"})


def names(registry: Registry) -> tuple[str, ...]:
    """Every scenario that there is: shipped ones by name, then derived ones."""
    return (*_shipped_names(), *derived_names(registry))


def all_scenarios(registry: Registry) -> Iterator[Scenario]:
    """In the order of ``names``."""
    for name in names(registry):
        yield named(name, registry)


def named(name: str, registry: Registry) -> Scenario:
    """The shipped or derived scenario. Raises ConfigurationError that names the nearest ones."""
    if name in _shipped_names():
        return _shipped(name)
    found = derived(name, registry)
    if found is None:
        near = get_close_matches(name, names(registry), n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "`lipflap scenarios list` lists them"
        raise ConfigurationError(f"there is no scenario {name!r}; {hint}")
    return found


def found(text: str, registry: Registry) -> Scenario:
    """By the path of a file, which ends in .yaml, .yml or .json, else by name. Raises ConfigurationError."""
    path = Path(text)
    return read_file(path) if path.suffix in SUFFIXES else named(text, registry)


def read_file(path: Path) -> Scenario:
    """The form alone is checked. Raises ConfigurationError with the place of the fault."""
    try:
        return read_text(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise ConfigurationError(f"cannot read scenario {path}: {fault}") from None


def read_text(text: str) -> Scenario:
    """The same for text. Raises ValueError."""
    try:
        return Scenario.model_validate(load_yaml(text))
    except ValidationError as fault:
        raise ValueError(
            "; ".join(_worded(detail["loc"], detail["msg"]) for detail in fault.errors())
        ) from None


def text_of(scenario: Scenario) -> str:
    """The scenario as a file would hold it: what is stated, and nothing else."""
    return dump_yaml(scenario.model_dump(mode="json", exclude_unset=True))


def _worded(location: tuple[int | str, ...], message: str) -> str:
    place = ".".join(map(str, location))
    reason = message.removeprefix("Value error, ")
    return f"{place}: {reason}" if place else reason


@cache
def _shipped_names() -> tuple[str, ...]:
    """The name of a shipped scenario is its path: those without a group first."""
    paths = (path.relative_to(FILES).with_suffix("").as_posix() for path in FILES.rglob("*.yaml"))
    return tuple(sorted(paths, key=lambda name: (name != FIRST, "/" in name, name)))


@cache
def _shipped(name: str) -> Scenario:
    return read_file(FILES / f"{name}.yaml")

"""Failures that are known: a file that lists them, by provider and scenario, check by check.

```yaml
kling:
  fault/terminal-regress: [no-poll-after-end]
```

A known failure does not fail the run; one that no longer fails does, so that the file shrinks with the bugs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import yaml
from msgspec.structs import replace

from contracts.cells.result import Cell
from contracts.checks.model import Verdict
from contracts.witness.usage import UsageError

Known = Mapping[str, Mapping[str, frozenset[str]]]
"""From provider and scenario to checks."""

_HEAD = "# Failures that are known, by provider and scenario. Made by `lipflap check --update-baseline`.\n"


def read_baseline(path: Path) -> Known:
    """YAML or JSON. Raises UsageError."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        given = msgspec.convert(found or {}, dict[str, dict[str, list[str]]])
    except (OSError, UnicodeError, yaml.YAMLError, msgspec.ValidationError) as fault:
        raise UsageError(f"cannot read the baseline {path}: {' '.join(str(fault).split())}") from fault
    return {
        provider: {name: frozenset(checks) for name, checks in scenarios.items()}
        for provider, scenarios in given.items()
    }


def with_known(cell: Cell, known: Known) -> Cell:
    """The cell with the failures that the baseline expects of it."""
    checks = known.get(cell.provider, {}).get(cell.scenario, frozenset())
    return replace(cell, known=tuple(sorted(checks)))


def stale(cells: Iterable[Cell], known: Known) -> tuple[str, ...]:
    """Entries that were played and did not fail. What was not played is not judged."""
    found = []
    for cell in cells:
        failing = _failing(cell)
        checks = known.get(cell.provider, {}).get(cell.scenario, frozenset())
        found += [f"{cell.provider} {cell.scenario}: {check}" for check in sorted(checks - failing)]
    return tuple(found)


def updated(cells: Iterable[Cell], known: Known) -> Known:
    """What is known once these cells are: they speak for themselves, and the rest stays."""
    found = {provider: dict(scenarios) for provider, scenarios in known.items()}
    for cell in cells:
        scenarios = found.setdefault(cell.provider, {})
        scenarios.pop(cell.scenario, None)
        failing = _failing(cell)
        if failing:
            scenarios[cell.scenario] = failing
    return {provider: scenarios for provider, scenarios in found.items() if scenarios}


def write_baseline(path: Path, known: Known) -> None:
    """JSON where the file is named so, YAML otherwise."""
    plain = {
        provider: {name: sorted(checks) for name, checks in sorted(scenarios.items())}
        for provider, scenarios in sorted(known.items())
    }
    if path.suffix == ".json":
        text = msgspec.json.format(msgspec.json.encode(plain), indent=2).decode() + "\n"
    else:
        text = _HEAD + yaml.safe_dump(plain, default_flow_style=None, width=110)
    path.write_text(text, encoding="utf-8")


def _failing(cell: Cell) -> frozenset[str]:
    return frozenset(one.check for one in cell.judgements if one.verdict is Verdict.FAIL)

"""What a scenario's form cannot say: whether its faults, dialects and reason exist and fit its providers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contracts.contract import load_contract
from mock_server.core.dialect import Dialect, checked
from mock_server.core.errors import ConfigurationError
from mock_server.faults.grammar import Grammar
from mock_server.faults.model import Fault
from mock_server.scenarios.model import Scenario


def complaints(scenario: Scenario, grammar: Grammar, dialects: Iterable[Dialect]) -> Iterator[str]:
    """Everything that keeps the scenario from being played; nothing where it can be."""
    for position, spec in enumerate(scenario.faults):
        try:
            rule, fault = grammar.read(spec, "check", now_ms=0)
        except ConfigurationError as wrong:
            yield f"faults[{position}]: {wrong}"
            continue
        reached = {rule.provider} if rule.provider else set(fault.providers)
        if not reached & set(scenario.providers):
            yield f"faults[{position}]: {fault.id} applies to none of {', '.join(scenario.providers)}"
        yield from _of_callbacks(scenario, fault, position)
    yield from _of_dialects(scenario, tuple(dialects))
    reason = scenario.expect.reason
    if reason and not any(reason in load_contract(name).errors for name in scenario.providers):
        yield f"expect.reason: {reason!r} is no row of the error tables of {', '.join(scenario.providers)}"


def require_playable(scenario: Scenario, grammar: Grammar, dialects: Iterable[Dialect]) -> None:
    """Raises ConfigurationError with all complaints."""
    found = list(complaints(scenario, grammar, dialects))
    if found:
        raise ConfigurationError(f"scenario {scenario.name}: {'; '.join(found)}")


def _of_callbacks(scenario: Scenario, fault: Fault, position: int) -> Iterator[str]:
    if fault.with_callback and not scenario.with_callback:
        yield f"faults[{position}]: {fault.id} shows only with a callback, so say with_callback: true"


def _of_dialects(scenario: Scenario, dialects: tuple[Dialect, ...]) -> Iterator[str]:
    for name, value in scenario.dialects.items():
        try:
            checked(dialects, {name: value})
        except ConfigurationError as wrong:
            yield f"dialects: {wrong}"

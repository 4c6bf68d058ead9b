"""Begin a scenario in a tenant's world, and end it: what it turned goes back, what it never touched stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mock_server.core.clock import Clock
from mock_server.core.fault import FaultRule
from mock_server.core.world import ActiveScenario, World
from mock_server.faults.grammar import Grammar
from mock_server.settings import Settings, parse_clock

if TYPE_CHECKING:
    from mock_server.scenarios.model import Scenario

PREFIX = "scenario."
"""How the ids of a scenario's rules begin."""


def begun(world: World, scenario: Scenario, grammar: Grammar, wall_ms: int) -> World:
    """``world`` as it plays ``scenario`` from now on, in place of what it played before.

    A clock goes on from its present moment, and ``ttl`` begins there. Raises ConfigurationError for a fault that
    cannot be.
    """
    world = ended(world, wall_ms)
    clock = _turned(world.clock, scenario.clock, wall_ms)
    return replace(
        world,
        seed=world.seed if scenario.seed is None else scenario.seed,
        clock=clock,
        pace=scenario.pace or "",
        hints=scenario.media.hints(),
        dialects={**world.dialects, **scenario.dialects},
        faults=(*world.faults, *_rules(scenario, grammar, clock.now_ms(wall_ms))),
        scenario=_noted(world, scenario, clock),
    )


def ended(world: World, wall_ms: int) -> World:
    """``world`` without its scenario. What somebody turned otherwise meanwhile stays as it was turned."""
    active = world.scenario
    if active is None:
        return world
    clock = world.clock
    if active.former_clock is not None and (clock.mode, clock.rate) == active.clock:
        clock = clock.turned_to(*active.former_clock, wall_ms)
    return replace(
        world,
        seed=world.seed if active.former_seed is None else active.former_seed,
        clock=clock,
        pace="",
        hints={},
        dialects=_dialects_without(world.dialects, active),
        faults=tuple(rule for rule in world.faults if not is_of_scenario(rule)),
        scenario=None,
    )


def is_of_scenario(rule: FaultRule) -> bool:
    """Whether a scenario has made the rule, or what it bound to a task."""
    return rule.id.startswith(PREFIX)


def furnisher(
    scenario: Scenario, settings: Settings, grammar: Grammar, wall_ms: Callable[[], int]
) -> Callable[[World], World]:
    """Makes new worlds play the scenario, but for what ``settings`` have otherwise than by default.

    So ``--scenario NAME --pace instant`` is at the pace that was asked for. A clock begins as the scenario has it.
    """
    dialects = {name: value for name, value in scenario.dialects.items() if name not in settings.dialects}
    kept = scenario.model_copy(
        update={
            "dialects": dialects,
            "pace": scenario.pace if settings.pace == Settings.pace else None,
            "seed": scenario.seed if settings.seed == Settings.seed else None,
            "clock": None,
        }
    )
    clock = scenario.clock if settings.clock == Settings.clock else None

    def furnished(world: World) -> World:
        if clock is not None:
            world = replace(world, clock=parse_clock(clock, wall_ms()))
        return begun(world, kept, grammar, wall_ms())

    return furnished


def _rules(scenario: Scenario, grammar: Grammar, now_ms: int) -> list[FaultRule]:
    return [
        grammar.read(spec, f"{PREFIX}{position}", now_ms=now_ms)[0]
        for position, spec in enumerate(scenario.faults, 1)
    ]


def _turned(clock: Clock, text: str | None, wall_ms: int) -> Clock:
    if text is None:
        return clock
    wanted = parse_clock(text, wall_ms)
    return clock.turned_to(wanted.mode, wanted.rate, wall_ms)


def _noted(world: World, scenario: Scenario, clock: Clock) -> ActiveScenario:
    is_turned = scenario.clock is not None
    return ActiveScenario(
        name=scenario.name,
        dialects=scenario.dialects,
        former_dialects={name: value for name, value in world.dialects.items() if name in scenario.dialects},
        clock=(clock.mode, clock.rate) if is_turned else None,
        former_clock=(world.clock.mode, world.clock.rate) if is_turned else None,
        former_seed=None if scenario.seed is None else world.seed,
    )


def _dialects_without(dialects: Mapping[str, str], active: ActiveScenario) -> dict[str, str]:
    untouched = {name for name, value in active.dialects.items() if dialects.get(name) == value}
    kept = {name: value for name, value in dialects.items() if name not in untouched}
    return kept | {name: value for name, value in active.former_dialects.items() if name in untouched}

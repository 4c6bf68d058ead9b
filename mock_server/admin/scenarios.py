"""Scenarios: the list, one of them, and playing one for a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from mock_server.admin.ask import KEY, PROVIDER, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.parameter import text
from mock_server.admin.problem import BadRequest, Conflict, NotFound
from mock_server.admin.rule_view import RuleView
from mock_server.admin.rules import rules_of_tenant
from mock_server.admin.view import View
from mock_server.core.clock import ClockMode
from mock_server.core.errors import ConfigurationError
from mock_server.core.world import World
from mock_server.faults.counts import forget_counts
from mock_server.scenarios.play import begun, ended, is_of_scenario

if TYPE_CHECKING:
    from mock_server.admin.bodies import Scenario

GROUP = text("group", "Only those whose name begins so: fault, error, incident.")


class ScenarioLine(View):
    """A scenario in a list. ``expect`` is how a job ends for a good client."""

    name: str
    title: str
    providers: tuple[str, ...]
    expect: str
    link: str | None


class ScenariosView(View):
    """Every scenario that can be played by name; ``playing`` is the tenant's own."""

    tenant: str
    playing: str | None
    scenarios: tuple[ScenarioLine, ...]


class ScenarioView(View):
    """One scenario in the words of its file, which can be posted again, and as the file itself."""

    scenario: msgspec.Raw
    yaml: str


class ExpectView(View):
    """How a job ends for a good client, and the row of the error table that it reports."""

    outcome: str
    reason: str | None


class PlayingView(View):
    """What holds for the tenant now. ``name`` is null where no scenario is played."""

    tenant: str
    name: str | None
    title: str
    providers: tuple[str, ...]
    pace: str
    clock: ClockMode
    rate: float
    seed: int
    dialects: dict[str, str]
    hints: dict[str, dict[str, str]]
    faults: tuple[RuleView, ...]
    with_callback: bool
    expect: ExpectView | None


async def get_scenarios(ask: Ask) -> ScenariosView:
    """Every scenario that can be played by name: shipped ones, and one for each fault and each documented error."""
    from mock_server.scenarios.library import all_scenarios

    group, provider = ask.get(GROUP), ask.get(PROVIDER)
    lines = (
        _line(scenario)
        for scenario in all_scenarios(ask.house.faults.grammar.registry)
        if (group is None or scenario.name.startswith(f"{group}/"))
        and (provider is None or provider in scenario.providers)
    )
    world = ask.world()
    playing = world.scenario.name if world.scenario else None
    return ScenariosView(tenant=world.tenant, playing=playing, scenarios=tuple(lines))


async def get_scenario(ask: Ask) -> ScenarioView:
    """One scenario whose name has no group, such as happy."""
    return _view(_named(ask, ask.path("name")))


async def get_scenario_of_group(ask: Ask) -> ScenarioView:
    """One scenario whose name has a group, such as fault/stuck-queued."""
    return _view(_named(ask, f"{ask.path('group')}/{ask.path('name')}"))


async def post_scenarios(ask: Ask, body: Scenario) -> PlayingView:
    """Play a scenario for the tenant, in place of what it played before.

    A body with nothing but a ``name`` means the scenario of that name; any other is the scenario itself. Faults are
    counted from one. The clock goes on from its present moment, and what is not stated stays as it was.
    """
    scenario = _named(ask, body.name, BadRequest) if body.model_fields_set == {"name"} else body
    world = ask.world()
    try:
        _require_playable(ask, scenario)
        changed = begun(world, scenario, ask.house.faults.grammar, ask.simulator.wall_ms())
    except ConfigurationError as wrong:
        raise BadRequest(str(wrong)) from None
    _save(ask, world, changed)
    return _playing(ask, changed, scenario)


async def delete_scenarios(ask: Ask) -> PlayingView:
    """End the tenant's scenario: what it turned goes back. 409 where it plays none."""
    world = ask.world()
    if world.scenario is None:
        raise Conflict("this tenant plays no scenario")
    changed = ended(world, ask.simulator.wall_ms())
    _save(ask, world, changed)
    return _playing(ask, changed, None)


def _named(ask: Ask, name: str, problem: type[NotFound | BadRequest] = NotFound) -> Scenario:
    from mock_server.scenarios.library import named

    try:
        return named(name, ask.house.faults.grammar.registry)
    except ConfigurationError as wrong:
        raise problem(str(wrong)) from None


def _require_playable(ask: Ask, scenario: Scenario) -> None:
    from mock_server.scenarios.checking import require_playable

    require_playable(scenario, ask.house.faults.grammar, ask.simulator.dialects.values())


def _save(ask: Ask, before: World, after: World) -> None:
    """The rules of one scenario are named like those of the next, which counts from one."""
    forget_counts(ask.store, before.tenant, {rule.id for rule in before.faults if is_of_scenario(rule)})
    ask.store.save_world(after)
    ask.house.worker.wake(after.tenant)


def _line(scenario: Scenario) -> ScenarioLine:
    return ScenarioLine(
        name=scenario.name,
        title=scenario.title,
        providers=tuple(scenario.providers),
        expect=scenario.expect.outcome.value,
        link=scenario.link,
    )


def _view(scenario: Scenario) -> ScenarioView:
    from mock_server.scenarios.library import text_of

    stated = scenario.model_dump_json(exclude_unset=True)
    return ScenarioView(scenario=msgspec.Raw(stated), yaml=text_of(scenario))


def _playing(ask: Ask, world: World, scenario: Scenario | None) -> PlayingView:
    rules = rules_of_tenant(ask, world.tenant)
    expect = scenario.expect if scenario else None
    return PlayingView(
        tenant=world.tenant,
        name=scenario.name if scenario else None,
        title=scenario.title if scenario else "",
        providers=tuple(scenario.providers) if scenario else (),
        pace=world.pace or ask.simulator.settings.pace,
        clock=world.clock.mode,
        rate=world.clock.rate,
        seed=world.seed,
        dialects=dict(world.dialects),
        hints=msgspec.to_builtins(world.hints),
        faults=tuple(rules),
        with_callback=scenario.with_callback if scenario else False,
        expect=ExpectView(outcome=expect.outcome.value, reason=expect.reason) if expect else None,
    )


OPERATIONS = (
    Operation("GET", "/scenarios", get_scenarios, (KEY, GROUP, PROVIDER)),
    Operation("POST", "/scenarios", post_scenarios, (KEY,)),
    Operation("DELETE", "/scenarios", delete_scenarios, (KEY,), errors=(409,)),
    Operation("GET", "/scenarios/{name}", get_scenario, errors=(404,)),
    Operation("GET", "/scenarios/{group}/{name}", get_scenario_of_group, errors=(404,)),
)

"""Faults: what there is, what is switched on and how often it fired, switching on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mock_server.admin.ask import KEY, PROVIDER, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.parameter import word
from mock_server.admin.problem import NotFound
from mock_server.admin.rule_view import RuleView
from mock_server.admin.rules import (
    common_rules,
    forget_common_rules,
    forget_rules_of_tenant,
    read_rules,
    rules_of_tenant,
    server_now_ms,
)
from mock_server.admin.view import View
from mock_server.faults.described import DescribedFault, all_described
from mock_server.faults.model import Layer

if TYPE_CHECKING:
    from mock_server.admin.bodies import FaultRequest

LAYER = word(
    "layer", "Only faults of this layer; ``error`` are the rows of the providers' error tables.", Layer
)
_FOR_ALL = ""
"""Whose counter numbers the rules that hold for every tenant."""


class CatalogueView(View):
    """Every fault there is."""

    faults: tuple[DescribedFault, ...]


class FaultsView(View):
    """Rules in the order in which they are asked. ``tenant`` is null for a view of all tenants."""

    tenant: str | None
    faults: tuple[RuleView, ...]


class ForgottenView(View):
    """The ids of the rules that hold no longer."""

    tenant: str | None
    forgotten: tuple[str, ...]


async def get_catalogue(ask: Ask) -> CatalogueView:
    """Every fault there is: what it does, where, with which parameters, and what a good client makes of it."""
    registry = ask.house.faults.grammar.registry
    return CatalogueView(faults=all_described(registry, ask.get(LAYER), ask.get(PROVIDER)))


async def get_faults(ask: Ask) -> FaultsView:
    """The faults that are switched on, and how often each was seen and fired.

    With ``key`` those that the tenant can meet, counted there; without it those of all tenants, and rules that hold
    for all are counted over all tenants.
    """
    named = ask.named_tenant
    views = common_rules(ask)
    for tenant in ask.tenants():
        views += rules_of_tenant(ask, tenant)
    return FaultsView(tenant=named, faults=tuple(views))


async def post_faults(ask: Ask, body: FaultRequest) -> FaultsView:
    """Switch on a fault, or a list of them: each as a form or as the compact text; all of them or none.

    For the key's tenant, or without ``key`` for all: those are kept in memory, and a restart goes back to the
    server's own. A ``ttl`` begins now. 400 says why a fault cannot be read, or cannot apply here.
    """
    specs = body.root if isinstance(body.root, list) else [body.root]
    if ask.named_tenant is None:
        rules = read_rules(ask, specs, _FOR_ALL, "a", ask.house.faults.book.common, server_now_ms(ask))
        ask.house.faults.book.common = (*ask.house.faults.book.common, *rules)
        shown = common_rules(ask)
    else:
        world = ask.world()
        rules = read_rules(ask, specs, world.tenant, "f", world.faults, ask.simulator.now_ms(world))
        ask.store.save_world(replace(world, faults=(*world.faults, *rules)))
        shown = rules_of_tenant(ask, world.tenant)
    made = {rule.id for rule in rules}
    return FaultsView(tenant=ask.named_tenant, faults=tuple(view for view in shown if view.id in made))


async def delete_faults(ask: Ask) -> ForgottenView:
    """Switch off every fault: with ``key`` the tenant's own, without it everybody's and those that hold for all."""
    forgotten: list[str] = []
    if ask.named_tenant is None:
        forgotten += forget_common_rules(ask, None)
    for tenant in ask.tenants():
        forgotten += forget_rules_of_tenant(ask, tenant, None)
    return ForgottenView(tenant=ask.named_tenant, forgotten=tuple(forgotten))


async def delete_fault(ask: Ask) -> ForgottenView:
    """Switch off one fault, with what it has bound to tasks; its counts are forgotten.

    With ``key`` one of the tenant's own, without it one that holds for all.
    """
    rule_id, named = ask.path("id"), ask.named_tenant
    forgotten = (
        forget_common_rules(ask, rule_id) if named is None else forget_rules_of_tenant(ask, named, rule_id)
    )
    if not forgotten:
        whose = "no rule for all tenants" if named is None else "no rule of this tenant"
        raise NotFound(f"there is {whose} with this id")
    return ForgottenView(tenant=named, forgotten=tuple(forgotten))


OPERATIONS = (
    Operation("GET", "/faults/catalogue", get_catalogue, (LAYER, PROVIDER)),
    Operation("GET", "/faults", get_faults, (KEY,)),
    Operation("POST", "/faults", post_faults, (KEY,), status=201),
    Operation("DELETE", "/faults", delete_faults, (KEY,)),
    Operation("DELETE", "/faults/{id}", delete_fault, (KEY,), errors=(404,)),
)

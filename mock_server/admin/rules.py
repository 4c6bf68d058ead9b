"""The rules of tenants and of all: show them, read new ones, forget them with their counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from mock_server.admin.ask import Ask
from mock_server.admin.problem import BadRequest
from mock_server.admin.rule_view import RuleView, rule_view
from mock_server.core.errors import ConfigurationError
from mock_server.core.fault import FaultRule
from mock_server.core.wire import EXTENSION
from mock_server.faults.counts import counts_of, forget_counts
from mock_server.faults.model import Fault, Layer


def common_rules(ask: Ask) -> list[RuleView]:
    """The rules that hold for all, counted at the key's tenant, or without ``key`` at every one's."""
    named = ask.named_tenant
    counts = [counts_of(ask.store, tenant) for tenant in ask.tenants()]
    now_ms = server_now_ms(ask) if named is None else ask.now_ms(named)
    fault_of, book = ask.house.faults.grammar.fault_of, ask.house.faults.book
    return [rule_view(rule, fault_of(rule), counts, tenant=None, now_ms=now_ms) for rule in book.common]


def rules_of_tenant(ask: Ask, tenant: str) -> list[RuleView]:
    """The tenant's own rules."""
    world = ask.store.world(tenant)
    if world is None:
        return []
    counts, now_ms = [counts_of(ask.store, tenant)], ask.simulator.now_ms(world)
    fault_of = ask.house.faults.grammar.fault_of
    return [rule_view(rule, fault_of(rule), counts, tenant=tenant, now_ms=now_ms) for rule in world.faults]


def forget_rules_of_tenant(ask: Ask, tenant: str, rule_id: str | None) -> list[str]:
    """Drop the tenant's rule of that id (None: all) with what it bound, and their counts; the ids that went."""
    world = ask.store.world(tenant)
    if world is None:
        return []
    gone = [rule.id for rule in world.faults if _is_meant(rule, rule_id)]
    if gone:
        kept = tuple(rule for rule in world.faults if rule.id not in gone)
        ask.store.save_world(replace(world, faults=kept))
        forget_counts(ask.store, tenant, gone)
    return gone


def forget_common_rules(ask: Ask, rule_id: str | None) -> list[str]:
    """The same for rules that hold for all."""
    book = ask.house.faults.book
    gone = [rule.id for rule in book.common if rule_id in {None, rule.id}]
    book.common = tuple(rule for rule in book.common if rule.id not in gone)
    for tenant in ask.tenants():
        forget_counts(ask.store, tenant, gone)
        for common_id in gone:
            # what it bound to tasks stands in the worlds of those who met it
            forget_rules_of_tenant(ask, tenant, common_id)
    return gone


def read_rules(
    ask: Ask, specs: Collection[object], tenant: str, letter: str, others: Iterable[FaultRule], now_ms: int
) -> list[FaultRule]:
    """Raises BadRequest for the first that cannot be, before any of them is switched on."""
    used = {rule.id for rule in others}
    rules = []
    for position, spec in enumerate(specs):
        try:
            rule, fault = ask.house.faults.grammar.read(
                spec, "new", now_ms=now_ms, has_socket=EXTENSION in ask.request.scope.get("extensions", {})
            )
        except ConfigurationError as wrong:
            raise BadRequest(_placed(specs, position, str(wrong))) from None
        reason = _idle(ask, rule, fault, now_ms)
        if reason:
            raise BadRequest(_placed(specs, position, f"{fault.id} {reason}"))
        rules.append(rule)
    return [replace(rule, id=_fresh_id(ask, tenant, letter, used)) for rule in rules]


def _placed(specs: Collection[object], position: int, reason: str) -> str:
    return f"[{position}]: {reason}" if len(specs) > 1 else reason


def _fresh_id(ask: Ask, tenant: str, letter: str, used: set[str]) -> str:
    # a reset begins to count again, and need not have taken the rules along
    while (rule_id := f"{letter}{ask.store.next_number(tenant, 'fault')}") in used:
        pass
    return rule_id


def _idle(ask: Ask, rule: FaultRule, fault: Fault, now_ms: int) -> str:
    """Why the rule could never fire; empty where it can."""
    if rule.until_ms is not None and rule.until_ms <= now_ms:
        return "would have ended already"
    if rule.tenant and ask.named_tenant not in {None, rule.tenant}:
        return "is meant for another tenant than the key opens"
    if fault.layer is Layer.CALLBACK and ask.simulator.settings.callback_policy == "off":
        return "shows in callbacks, and this server sends none"
    return ""


def server_now_ms(ask: Ask) -> int:
    """The present of a clock that begins now: rules for all have no tenant's clock to go by."""
    wall_ms = ask.simulator.wall_ms()
    return ask.simulator.settings.first_clock(wall_ms).now_ms(wall_ms)


def _is_meant(rule: FaultRule, rule_id: str | None) -> bool:
    is_child = rule.is_bound and rule.id == f"{rule_id}.{rule.task}"
    return rule_id is None or rule.id == rule_id or is_child

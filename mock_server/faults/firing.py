"""Does a rule fire at this occasion? Counts first, then chance: pure, from numbers that the store has counted."""

from __future__ import annotations

from msgspec import Struct

from mock_server.core.fault import FaultRule, Occasion
from mock_server.core.ids import Choices
from mock_server.faults.model import Fault

_MILLION = 1_000_000


class Firing(Struct, frozen=True):
    """A rule that fires here and now, with its row and the number of the occasion."""

    rule: FaultRule
    fault: Fault
    nth: int


def is_main(rule: FaultRule, fault: Fault, occasion: Occasion) -> bool:
    """Whether ``occasion`` is where the rule's window counts."""
    if rule.is_bound and fault.occasions[0] is Occasion.SUBMIT:
        return False
    if rule.on is None and fault.is_anywhere:
        return occasion in fault.occasions
    return occasion is rule.on if rule.on else occasion is fault.occasions[0]


def acts_at(rule: FaultRule, fault: Fault, occasion: Occasion) -> bool:
    """Whether the rule can have anything to do at ``occasion``."""
    if is_main(rule, fault, occasion):
        return True
    if needs_binding(fault) and not rule.is_bound:
        return False
    return any(occasion in hook.at for hook in fault.hooks[1:])


def needs_binding(fault: Fault) -> bool:
    """Whether the fault begins where a task begins, and goes on with that task alone."""
    if fault.occasions[0] is not Occasion.SUBMIT:
        return False
    return any(at is not Occasion.SUBMIT for hook in fault.hooks[1:] for at in hook.at)


def matches(rule: FaultRule, provider: str, tenant: str, task: str, path: str, now_ms: int) -> bool:
    """Whether the rule is meant for this request at all."""
    return (
        (not rule.provider or rule.provider == provider)
        and (not rule.tenant or rule.tenant == tenant)
        and (not rule.task or rule.task == task)
        and (not rule.path or rule.path in path)
        and (rule.until_ms is None or now_ms < rule.until_ms)
    )


def is_drawn(rule: FaultRule, choices: Choices, task: str, nth: int) -> bool:
    """Whether chance is for it. The same seed, rule, task and occasion always draw the same."""
    if rule.chance >= 1:
        return True
    source = choices if rule.seed is None else Choices(rule.seed, choices.tenant)
    return source.number(0, _MILLION - 1, "fault", rule.fault, rule.id, task, nth) < rule.chance * _MILLION

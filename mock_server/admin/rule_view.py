"""A fault that is switched on, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from mock_server.admin.view import View, iso
from mock_server.core.fault import FaultRule, Occasion
from mock_server.faults.counts import Counts
from mock_server.faults.form import FaultForm
from mock_server.faults.model import Fault
from mock_server.faults.worded import form_of_rule, window_text


class RuleState(StrEnum):
    """Whether a rule can still fire: EXPIRED by the tenant's clock, or SPENT on as many times as it had."""

    ACTIVE = "active"
    EXPIRED = "expired"
    SPENT = "spent"


class RuleView(View):
    """One rule. ``tenant`` is null where it holds for all; ``form`` can be posted again.

    ``on`` and ``window`` are in force, whether the rule or its fault says so. ``seen`` counts the occasions that the
    window numbers, ``fired`` how often it fired. ``bound_to`` is the task that a rule was made for by the request
    which created it; what it does there is counted by the rule that it came from, if there is one.
    """

    id: str
    tenant: str | None
    fault: str
    on: Occasion
    window: str
    until: str | None
    state: RuleState
    seen: int
    fired: int
    bound_to: str | None
    form: FaultForm


def rule_view(
    rule: FaultRule, fault: Fault, counts: Sequence[Counts], *, tenant: str | None, now_ms: int
) -> RuleView:
    """The rule as it stands at ``now_ms``; ``counts`` are those of every tenant that is looked at.

    How often a rule may fire holds for each tenant, so over several of them it is never spent.
    """
    fired = sum(each.fired_by(rule) for each in counts)
    is_spent = len(counts) == 1 and rule.times is not None and fired >= rule.times
    is_expired = rule.until_ms is not None and now_ms >= rule.until_ms
    return RuleView(
        id=rule.id,
        tenant=tenant,
        fault=rule.fault,
        on=rule.on or fault.occasions[0],
        window=window_text(rule.window or fault.window),
        until=None if rule.until_ms is None else iso(rule.until_ms),
        state=RuleState.EXPIRED if is_expired else RuleState.SPENT if is_spent else RuleState.ACTIVE,
        seen=sum(each.seen.get(rule.id, 0) for each in counts),
        fired=fired,
        bound_to=rule.task if rule.is_bound else None,
        form=form_of_rule(rule),
    )

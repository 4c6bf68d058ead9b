"""Every check of our own, in the order in which they are made: what nobody pays for comes first."""

from __future__ import annotations

from contracts.conform.checks import (
    answer_shape,
    callback_equals_poll,
    documented_errors,
    external_id_once,
    list_contains,
    own_tasks_only,
    session_expiry,
    status_order,
    terminal_final,
    time_units,
    timing_rules,
    unique_ids,
)
from contracts.conform.verdict import Check

CHECKS: tuple[Check, ...] = (
    documented_errors.CHECK,
    status_order.CHECK,
    terminal_final.CHECK,
    callback_equals_poll.CHECK,
    time_units.CHECK,
    list_contains.CHECK,
    own_tasks_only.CHECK,
    external_id_once.CHECK,
    timing_rules.CHECK,
    session_expiry.CHECK,
    unique_ids.CHECK,
    answer_shape.CHECK,
)

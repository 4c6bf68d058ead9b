"""Every trial, in the order in which they are made."""

from __future__ import annotations

from contracts.conform.trials import any_input, any_order
from contracts.conform.verdict import Trial

TRIALS: tuple[Trial, ...] = (any_order.TRIAL, any_input.TRIAL)

"""The checks in the order in which a report shows them: the oracles by their numbers, then the rest."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.checks import (
    ambiguous_words,
    bounded_growth,
    callbacks_harmless,
    contract_obeyed,
    failure_reported,
    forged_callback,
    gives_up_in_time,
    no_needless_identify,
    no_poll_after_end,
    no_request_after_end,
    one_effect,
    one_submit,
    poll_cadence,
    retry_after,
    same_task,
    secret_stays_home,
    survives,
    terminal_stays,
    whole_file,
)
from contracts.checks.model import Check

CHECKS: tuple[Check, ...] = (
    survives.CHECK,
    one_submit.CHECK,
    same_task.CHECK,
    no_poll_after_end.CHECK,
    poll_cadence.CHECK,
    retry_after.CHECK,
    failure_reported.CHECK,
    whole_file.CHECK,
    secret_stays_home.CHECK,
    one_effect.CHECK,
    gives_up_in_time.CHECK,
    ambiguous_words.CHECK,
    bounded_growth.CHECK,
    terminal_stays.CHECK,
    forged_callback.CHECK,
    contract_obeyed.CHECK,
    no_request_after_end.CHECK,
    no_needless_identify.CHECK,
    callbacks_harmless.CHECK,
)

CHECK_BY_ID: Mapping[str, Check] = {check.id: check for check in CHECKS}

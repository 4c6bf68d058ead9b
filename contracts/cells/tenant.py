"""A tenant of its own for each cell: its key, its clock, its scenario."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from contracts.cells.timing import Timing
from contracts.witness.admin import Admin
from contracts.witness.observer import now_ms
from contracts.witness.scenario import Scenario
from contracts.witness.wall import unix_s

_KEY_DIGITS = 40


def key_of(provider: str, scenario: str, seed: int) -> str:
    """The same for the same cell: ids follow from it. Long and odd enough that nobody writes it by chance."""
    named = f"{provider}/{scenario}@{seed}"
    return f"lipflap-sk-{hashlib.sha256(named.encode()).hexdigest()[:_KEY_DIGITS]}"


def prepare(admin: Admin, scenario: Scenario, seed: int, timing: Timing) -> None:
    """Make the tenant new, play the scenario, and set its clock to the client's time. Raises AdminError.

    A scenario's own clock gives way to the client's: two rates would be no time at all.
    """
    admin.send("POST", "reset", {"what": ["all"]})
    admin.send("PUT", "clock", _clock(timing))
    admin.send("POST", "scenarios", _affordable(body_of(scenario, seed), timing))
    if timing.is_scaled:
        behind_s = timing.faster_s(unix_s()) - now_ms(admin) / 1000
        if behind_s > 0:
            admin.send("POST", "clock/advance", {"seconds": round(behind_s, 3)})


def _clock(timing: Timing) -> Mapping[str, object]:
    return {"mode": "scaled", "rate": timing.rate} if timing.is_scaled else {"mode": "real"}


def body_of(scenario: Scenario, seed: int) -> dict[str, object]:
    """What the server is to play: with the run's seed where the scenario has none, and without a clock of its own."""
    body = {name: value for name, value in scenario.body.items() if name != "clock"}
    return {**body, "seed": body.get("seed", seed)}


def _affordable(body: dict[str, object], timing: Timing) -> dict[str, object]:
    """Without minutes that nobody can shorten."""
    is_slow = not timing.is_scaled and body.get("pace") == "real"
    return {**body, "pace": "quick"} if is_slow else body

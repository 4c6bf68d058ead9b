"""Run the state machine: many short stories, and the shortest of those that break the model."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from contracts.conform.lab import Lab
from contracts.conform.machine import Broken, ServerMachine
from contracts.conform.verdict import Finding

STEPS = 15
STORIES_PER_EXAMPLE = 4
"""A story costs some ten requests, an example of Schemathesis one."""
_QUOTED = 6


def broken_stories(lab: Lab, max_examples: int) -> tuple[Finding, ...]:
    """The shortest story that breaks the model, told step by step; nothing where none does."""

    class Here(ServerMachine):
        """The machine at this bench."""

        bench = lab

    chosen = settings(
        max_examples=max_examples * STORIES_PER_EXAMPLE,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    try:
        run_state_machine_as_test(seed(lab.target.seed)(Here), settings=chosen)
    except Broken as broken:
        return (_finding(lab, str(broken), getattr(broken, "__notes__", [])),)
    except Flaky as flaky:
        return (_finding(lab, f"the same requests were not answered alike twice: {flaky}", []),)
    return ()


def _finding(lab: Lab, says: str, notes: list[str]) -> Finding:
    story = [line for note in notes for line in note.splitlines() if line.strip()]
    last = [exchange.quote() for exchange in lab.exchanges[-_QUOTED:]]
    return Finding(says, (*story, *last))

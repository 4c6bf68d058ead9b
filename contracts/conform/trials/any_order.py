"""Stories of a state machine: whatever is asked in whatever order, what was promised holds."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.conform.approach import Nature, prepared
from contracts.conform.target import Target
from contracts.conform.verdict import Finding, Skip, Trial

ID = "any-order"


def run(target: Target, nature: Nature) -> Sequence[Finding]:
    """Raises Skip where stories would cost."""
    if not nature.is_simulator:
        raise Skip("every story submits: only a simulator can be asked for nothing")
    from contracts.conform.stories import broken_stories  # hypothesis: nobody else needs it

    with prepared(target, nature, "stories") as lab:
        return broken_stories(lab, target.max_examples)


TRIAL = Trial(ID, "keeps its promises in whatever order things are asked", run)

"""Stories without end, drawn by Hypothesis batch by batch, so that whoever plays them may play several at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from contracts.stories.story import Story
from contracts.strategies.stories import Scope, stories

BATCH = 100
_TOLD = settings(
    max_examples=BATCH,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)


def drawn(provider: str, scope: Scope, first_seed: int) -> Iterator[Story]:
    """The same for the same seed. Every batch begins with simple ones; some come more than once."""
    strategy = stories(provider, scope)
    for batch in count():
        yield from _batch(strategy, f"{first_seed}.{batch}")


def _batch(strategy: st.SearchStrategy[Story], batch_seed: str) -> list[Story]:
    told: list[Story] = []

    @seed(batch_seed)
    @_TOLD
    @given(strategy)
    def tell(story: Story) -> None:
        told.append(story)

    tell()
    return told

"""Stories without end."""

from __future__ import annotations

from itertools import islice

from contracts.strategies.drawn import BATCH, drawn
from contracts.strategies.stories import Scope

FULL = Scope(callbacks=True, crashes=True)


def test_the_same_seed_draws_the_same() -> None:
    first, second, other = (list(islice(drawn("gmi", FULL, seed), 2 * BATCH)) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_every_batch_is_another() -> None:
    found = list(islice(drawn("kling", FULL, 0), 3 * BATCH))
    assert len({story.key for story in found}) > 2 * len(found) / 3 - BATCH / 2
    assert found[:BATCH] != found[BATCH : 2 * BATCH]


def test_they_keep_to_the_scope() -> None:
    scope = Scope(media=False, most_events=1, without=frozenset({"empty-200"}))
    assert all(scope.has(story) for story in islice(drawn("kirin", scope, 0), BATCH))


def test_a_search_for_one_story_may_go_on_within_another() -> None:
    one, other = drawn("kling", FULL, 0), drawn("kling", FULL, 0)
    assert [next(one), next(one)] == [next(other), next(other)]

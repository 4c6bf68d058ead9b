"""Plays stories on a bench, as many at a time as it can take, and says what became of them in their own order."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeGuard

from contracts.bench.model import Bench, WideBench
from contracts.cells.awaiting import await_all
from contracts.cells.result import Cell
from contracts.stories.story import Story

_AHEAD = 16
"""So many for each that is played are ready: a long one must not keep the others waiting."""
PATIENCE_S = 1.0
"""Most stories end sooner by themselves, and a client that is not killed need not be started again."""

Played = Generator[tuple[Story, Cell], None, None]


def played(bench: Bench, stories: Iterable[Story]) -> Played:
    """Each story with its cell. Who has heard enough closes it, and what is under way is abandoned.

    Raises what the bench raises.
    """
    return _abreast(bench, iter(stories)) if is_wide(bench) else _one_by_one(bench, stories)


def is_wide(bench: Bench) -> TypeGuard[WideBench]:
    """Whether it plays more than one story at a time."""
    return isinstance(bench, WideBench) and bench.abreast > 1


def _one_by_one(bench: Bench, stories: Iterable[Story]) -> Played:
    for story in stories:
        yield story, bench.play(story)


def _abreast(bench: WideBench, stories: Iterable[Story]) -> Played:
    ahead: deque[tuple[Story, Future[Cell]]] = deque()
    with ThreadPoolExecutor(bench.abreast, "lipflap story") as pool:
        try:
            while True:
                wanted = _AHEAD * bench.abreast - len(ahead)
                ahead.extend((story, pool.submit(bench.play, story)) for story in islice(stories, wanted))
                if not ahead:
                    return
                story, future = ahead.popleft()
                await_all((future,))
                yield story, future.result()
        finally:
            running = wait([future for _, future in ahead if not future.cancel()], PATIENCE_S).not_done
            if running:
                with bench.abandoned():
                    wait(running)

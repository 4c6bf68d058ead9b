"""Several stories at a time: in order, never more than may be, and none left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from contracts.bench import abreast
from contracts.bench.abreast import played
from contracts.cells.result import Cell
from contracts.stories.story import Story
from contracts.witness.witnessed import Outcome

STORIES = [Story("kling", seed=seed) for seed in range(20)]


class Crowd:
    """A bench for ``abreast`` stories, which waits in ``meet`` while it plays."""

    label = "crowd"

    def __init__(self, abreast: int, meet: Callable[[int], object]) -> None:
        self.abreast, self._meet = abreast, meet
        self.catalogue: dict[str, dict[str, object]] = {}
        self.stopped = threading.Event()
        self.playing, self.most = 0, 0
        self._lock = threading.Lock()

    def play(self, story: Story, *, in_full: bool = False) -> Cell:
        with self._lock:
            self.playing += 1
            self.most = max(self.most, self.playing)
        try:
            self._meet(story.seed)
        finally:
            with self._lock:
                self.playing -= 1
        return Cell("story", "kling", story.seed, "", "", "success", (), Outcome(0), (), (), "")

    @contextmanager
    def abandoned(self) -> Iterator[None]:
        self.stopped.set()
        yield


@pytest.mark.parametrize("count", [1, 4])
def test_cells_come_in_the_order_of_their_stories(count: int) -> None:
    crowd = Crowd(count, lambda _: None)
    assert [(story.seed, cell.seed) for story, cell in played(crowd, STORIES)] == [
        (seed, seed) for seed in range(20)
    ]
    assert crowd.most <= count


def test_as_many_as_may_be_are_played_at_once() -> None:
    all_there = threading.Barrier(4, timeout=30)
    crowd = Crowd(4, lambda _: all_there.wait())
    assert len(list(played(crowd, STORIES))) == 20
    assert crowd.most == 4


def test_who_has_heard_enough_ends_what_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abreast, "PATIENCE_S", 0)

    def meet(seed: int) -> None:
        if seed:
            assert crowd.stopped.wait(30)

    crowd = Crowd(3, meet)
    with closing(played(crowd, STORIES)) as cells:
        next(cells)
    assert crowd.stopped.is_set()
    assert crowd.playing == 0


def test_what_breaks_on_the_bench_is_raised() -> None:
    def meet(seed: int) -> None:
        if seed == 2:
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        list(played(Crowd(2, meet), STORIES))


def test_no_more_stories_are_asked_for_than_are_needed() -> None:
    asked: list[int] = []

    def stories() -> Iterator[Story]:
        for story in STORIES:
            asked.append(story.seed)
            yield story

    with closing(played(Crowd(1, lambda _: None), stories())) as cells:
        next(cells)
    assert asked == [0]

"""Scenarios by client: every cell played, several at a time, and all of it as one run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from msgspec import Struct

from contracts.baseline import Known, stale, with_known
from contracts.cell import Played, Rules, Stage
from contracts.client.model import Client
from contracts.coverage import merged
from contracts.receiver import Receiver
from contracts.result import Cell, Coverage, Run
from contracts.savings import sentence
from contracts.scenario import Scenario
from contracts.server import ServerAddress
from contracts.wall import steady_s

CALM = 2
"""So many times fewer cells at once where one is played to be sure."""


class Listener(Protocol):
    """Hears of a run while it goes on, in any thread."""

    def began(self, total: int) -> None:
        """So many cells are to be played."""

    def playing(self, scenario: str, provider: str) -> None:
        """A cell begins."""

    def played(self, cell: Cell) -> None:
        """A cell is done."""


class Entrant(Struct, frozen=True):
    """One cell to come."""

    scenario: Scenario
    provider: str


class Interrupted(Exception):
    """Somebody stopped the run; ``run`` is what was found until then."""

    def __init__(self, run: Run) -> None:
        super().__init__("interrupted")
        self.run = run


Lonely = Callable[[], AbstractContextManager[ServerAddress]]
"""Gives a server for cells that must be alone."""


class Matrix:
    """Plays cells with ``client``. ``alone`` gives the server of those that every tenant would feel.

    Those are played one by one, beside the others if they have a server of their own and after them if not.
    """

    def __init__(
        self,
        server: ServerAddress,
        client: Client,
        rules: Rules,
        workers: int,
        alone: Lonely | None = None,
        listeners: Sequence[Listener] = (),
    ) -> None:
        self._server, self._client, self._rules = server, client, rules
        self._workers, self._alone, self._listeners = workers, alone, listeners
        self._stop = threading.Event()
        self._receiver = Receiver()

    def run(self, entrants: Sequence[Entrant], known: Known, version: str = "") -> Run:
        """Raises Interrupted for a Ctrl-C. The cells are in the order of ``entrants``, whichever was ready first."""
        began = steady_s()
        for listener in self._listeners:
            listener.began(len(entrants))
        done: dict[int, Played] = {}

        def whole() -> Run:
            played = [done[place] for place in sorted(done)]
            return self._whole(played, known, steady_s() - began, version)

        try:
            with self._receiver:
                self._play_all(entrants, done)
        except KeyboardInterrupt:
            raise Interrupted(whole()) from None
        return whole()

    def _play_all(self, entrants: Sequence[Entrant], done: dict[int, Played]) -> None:
        """Where time is faster, so is every hitch of this machine: what is red in the crowd is played once more."""
        believes_red = not self._rules.timing.is_scaled
        self._round(entrants, done, range(len(entrants)), self._workers, believes_red=believes_red)
        if not believes_red:
            red = [place for place, played in sorted(done.items()) if is_doubtful(played.cell)]
            self._round(entrants, done, red, max(1, self._workers // CALM), believes_red=True)

    def _round(
        self,
        entrants: Sequence[Entrant],
        done: dict[int, Played],
        places: Sequence[int],
        workers: int,
        *,
        believes_red: bool,
    ) -> None:
        crowd = [place for place in places if not entrants[place].scenario.is_server_wide]
        lonely = [place for place in places if entrants[place].scenario.is_server_wide]

        def play(place: int, server: ServerAddress) -> None:
            self._play_into(entrants[place], done, place, server, believes_red=believes_red)

        with self._threads(workers) as pool, self._threads(1) as single:
            futures = [pool.submit(play, place, self._server) for place in crowd]
            if self._alone is not None and lonely:
                futures.append(single.submit(self._play_alone, self._alone, play, lonely))
            _await(futures)
            if self._alone is None:
                for place in lonely:
                    play(place, self._server)

    @contextmanager
    def _threads(self, count: int) -> Iterator[ThreadPoolExecutor]:
        """Nothing that still runs is waited for after a Ctrl-C or a bug: the clients are ended first."""
        pool = ThreadPoolExecutor(count)
        try:
            yield pool
        except BaseException:
            self._stop.set()
            self._client.close()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown()

    @staticmethod
    def _play_alone(alone: Lonely, play: Callable[[int, ServerAddress], None], places: Sequence[int]) -> None:
        with alone() as server:
            for place in places:
                play(place, server)

    def _play_into(
        self,
        entrant: Entrant,
        done: dict[int, Played],
        place: int,
        server: ServerAddress,
        *,
        believes_red: bool,
    ) -> None:
        if self._stop.is_set():
            return
        for listener in self._listeners:
            listener.playing(entrant.scenario.name, entrant.provider)
        stage = Stage(server, self._client, self._rules, self._receiver, self._stop)
        played = stage.play(entrant.scenario, entrant.provider)
        if self._stop.is_set():
            return
        done[place] = played
        if believes_red or not is_doubtful(played.cell):
            for listener in self._listeners:
                listener.played(played.cell)

    def _whole(self, played: Sequence[Played], known: Known, wall_s: float, version: str) -> Run:
        cells = tuple(with_known(one.cell, known) for one in played)
        return Run(
            client=self._client.label,
            cells=cells,
            coverage=_coverage(played),
            time=self._rules.timing.says,
            wall_ms=round(wall_s * 1000),
            stale=stale(cells, known),
            savings=sentence(spent for one in played for spent in one.ledger),
            version=version,
        )


def is_doubtful(cell: Cell) -> bool:
    """Red, and perhaps only for a hitch of this machine; a client that had to be killed would be so again."""
    return not cell.is_green and not cell.outcome.is_killed


def _await(futures: Iterable[Future[None]]) -> None:
    for future in as_completed(futures):
        future.result()


def _coverage(played: Sequence[Played]) -> dict[str, Coverage]:
    """By provider, over all its cells that were played."""
    parts: dict[str, list[Coverage]] = {}
    for one in played:
        if one.coverage.known:
            parts.setdefault(one.cell.provider, []).append(one.coverage)
    return {provider: merged(found) for provider, found in parts.items()}

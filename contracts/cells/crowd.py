"""Cells of a client that runs by itself, several at a time, each by a tenant of its own on one server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

from contracts.cells.awaiting import await_all
from contracts.cells.cell import Rules
from contracts.cells.matrix import Record
from contracts.cells.result import Cell
from contracts.cells.stage import Stage
from contracts.client.model import Client
from contracts.witness.receiver import Receiver
from contracts.witness.server import ServerAddress

CALM = 2
"""So many times fewer cells at once where one is played to be sure."""
WAITING = 5
"""So many cells in which a client only waits until it gives up, beside those of the workers: they cost no work."""

Lonely = Callable[[], AbstractContextManager[ServerAddress]]
"""Gives a server for cells that must be alone."""


class Crowd:
    """Plays cells with ``client``. ``alone`` gives the server of those that every tenant would feel.

    Those are played one by one, beside the others if they have a server of their own and after them if not. Beside
    the workers go cells in which a client does nothing but wait.
    """

    def __init__(
        self, server: ServerAddress, client: Client, rules: Rules, workers: int, alone: Lonely | None = None
    ) -> None:
        self._server, self._client, self._rules = server, client, rules
        self._workers, self._alone = workers, alone
        self._stop = threading.Event()
        self._receiver = Receiver()
        self.label = client.label

    def told_time(self, cells: Sequence[Cell], wall_s: float) -> str:  # noqa: ARG002 - it goes at a known rate
        return self._rules.timing.says

    def play(self, record: Record) -> None:
        """Where time is faster, so is every hitch of this machine: what is red in the crowd is played once more."""
        believes_red = not self._rules.timing.is_scaled
        with self._receiver:
            self._round(record, range(len(record.entrants)), self._workers, believes_red=believes_red)
            if not believes_red:
                red = [place for place, played in record.done.items() if is_doubtful(played.cell)]
                self._round(record, red, max(1, self._workers // CALM), believes_red=True)

    def _round(self, record: Record, places: Sequence[int], workers: int, *, believes_red: bool) -> None:
        crowd = [place for place in places if not record.entrants[place].scenario.is_server_wide]
        lonely = [place for place in places if record.entrants[place].scenario.is_server_wide]

        def play(place: int, server: ServerAddress) -> None:
            try:
                self._play_into(record, place, server, believes_red=believes_red)
            except BaseException:
                # before this thread takes the next one
                self._stop.set()
                raise

        with self._threads(workers) as pool, self._threads(WAITING) as waiting, self._threads(1) as single:

            def beside(other: ThreadPoolExecutor) -> ThreadPoolExecutor:
                # one worker is one client at a time, for a client that bears no other beside it
                return other if workers > 1 else pool

            def room(place: int) -> ThreadPoolExecutor:
                return beside(waiting) if record.entrants[place].scenario.outlasts_clients else pool

            futures = [room(place).submit(play, place, self._server) for place in crowd]
            if self._alone is not None and lonely:
                futures.append(beside(single).submit(self._play_alone, self._alone, play, lonely))
            await_all(futures)
            if self._alone is None:
                for place in lonely:
                    play(place, self._server)

    @contextmanager
    def _threads(self, count: int) -> Iterator[ThreadPoolExecutor]:
        """After a Ctrl-C or a bug the clients are ended, so that what runs ends soon, and leaves nothing behind."""
        pool = ThreadPoolExecutor(count)
        try:
            yield pool
        except BaseException:
            self._stop.set()
            self._client.close()
            pool.shutdown(cancel_futures=True)
            raise
        pool.shutdown()

    @staticmethod
    def _play_alone(alone: Lonely, play: Callable[[int, ServerAddress], None], places: Sequence[int]) -> None:
        with alone() as server:
            for place in places:
                play(place, server)

    def _play_into(self, record: Record, place: int, server: ServerAddress, *, believes_red: bool) -> None:
        if self._stop.is_set():
            return
        record.begins(place)
        entrant = record.entrants[place]
        rules = self._rules.of(entrant.scenario)
        stage = Stage(server, self._client, rules, self._receiver, self._stop)
        played = stage.play(entrant.scenario, entrant.provider)
        if not self._stop.is_set():
            record.ends(place, played, is_final=believes_red or not is_doubtful(played.cell))


def is_doubtful(cell: Cell) -> bool:
    """Red, and perhaps only for a hitch of this machine; a client that had to be killed would be so again."""
    return not cell.is_green and not cell.outcome.is_killed

"""Cells of a client that is a function, several at a time: in processes, for a process has one time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from contracts.bench.worker import Lost, Opening, Worker
from contracts.cells.awaiting import await_all
from contracts.cells.cell import Entrant, Part, Played, Rules
from contracts.cells.matrix import Record
from contracts.cells.place import folder_of
from contracts.cells.result import Cell
from contracts.cells.timing import IN_STEP


class Pool:
    """Plays cells in so many ``workers``, each with a bench of its own that ``opening`` makes there.

    ``name`` is the function's, as a person gives it.
    """

    def __init__(self, opening: Opening, rules: Rules, workers: int, name: str) -> None:
        self._opening, self._rules, self._count = opening, rules, workers
        self.label = name

    def told_time(self, cells: Sequence[Cell], wall_s: float) -> str:
        client_s = sum(cell.outcome.took_ms for cell in cells) / 1000
        return f"{IN_STEP.says}: {client_s:.0f} s of client's time in {wall_s:.1f} s"

    def play(self, record: Record) -> None:
        """Each worker takes the next cell that nobody has. Raises UsageError where there is no such client."""
        places: queue.SimpleQueue[int] = queue.SimpleQueue()
        for place in range(len(record.entrants)):
            places.put(place)
        workers = [Worker(self._opening) for _ in range(min(self._count, len(record.entrants)))]
        stop = threading.Event()
        with ThreadPoolExecutor(len(workers)) as threads:
            futures = [threads.submit(self._play, worker, places, record, stop) for worker in workers]
            try:
                await_all(futures)
            finally:
                stop.set()
                for worker in workers:
                    worker.end()

    def _play(
        self, worker: Worker, places: queue.SimpleQueue[int], record: Record, stop: threading.Event
    ) -> None:
        while not stop.is_set():
            try:
                place = places.get_nowait()
            except queue.Empty:
                return
            record.begins(place)
            played = self._played(worker, record.entrants[place])
            if not stop.is_set():
                record.ends(place, played)

    def _played(self, worker: Worker, entrant: Entrant) -> Played:
        try:
            return worker.play(entrant)
        except Lost as end:
            rules = self._rules
            folder = folder_of(rules.folder, entrant.provider, entrant.scenario.name, rules.seed)
            return Part(entrant, rules, folder, ("--callable", self.label)).unplayed(str(end))

"""Scenarios by client: every cell played, by whoever can play this client, and all of it as one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from contracts.cells.baseline import Known, stale, with_known
from contracts.cells.cell import Entrant, Played
from contracts.cells.coverage import merged
from contracts.cells.result import Cell, Coverage, Run
from contracts.witness.savings import sentence
from contracts.witness.wall import steady_s


class Listener(Protocol):
    """Hears of a run while it goes on, in any thread."""

    def began(self, total: int) -> None:
        """So many cells are to be played."""

    def playing(self, scenario: str, provider: str) -> None:
        """A cell begins."""

    def played(self, cell: Cell) -> None:
        """A cell is done."""


class Record:
    """What a run has come to so far. Cells have places, in the order they were asked for; any thread may write."""

    def __init__(self, entrants: Sequence[Entrant], listeners: Sequence[Listener]) -> None:
        self.entrants = entrants
        self._listeners = listeners
        self._done: dict[int, Played] = {}
        for listener in listeners:
            listener.began(len(entrants))

    @property
    def done(self) -> dict[int, Played]:
        """What was played, by place and in its order."""
        return dict(sorted(self._done.items()))

    def begins(self, place: int) -> None:
        entrant = self.entrants[place]
        for listener in self._listeners:
            listener.playing(entrant.scenario.name, entrant.provider)

    def ends(self, place: int, played: Played, *, is_final: bool = True) -> None:
        """``is_final``: it will not be played once more."""
        self._done[place] = played
        if is_final:
            for listener in self._listeners:
                listener.played(played.cell)


class Players(Protocol):
    """Whoever plays one client's cells: threads that start its command, processes that call its function."""

    @property
    def label(self) -> str:
        """The client's name."""

    def play(self, record: Record) -> None:
        """Every entrant of the record. On an exception, a Ctrl-C above all, nothing of the client goes on."""

    def told_time(self, cells: Sequence[Cell], wall_s: float) -> str:
        """How time went by for the client, when these cells took so long."""


class Interrupted(Exception):
    """Somebody stopped the run; ``run`` is what was found until then."""

    def __init__(self, run: Run) -> None:
        super().__init__("interrupted")
        self.run = run


class Matrix(Struct, frozen=True):
    """Has the cells played, and makes a run of them."""

    players: Players
    known: Known = {}
    version: str = ""
    listeners: tuple[Listener, ...] = ()

    def run(self, entrants: Sequence[Entrant]) -> Run:
        """Raises Interrupted for a Ctrl-C. The cells are in the order of ``entrants``, whichever was ready first."""
        began = steady_s()
        record = Record(entrants, self.listeners)
        try:
            self.players.play(record)
        except KeyboardInterrupt:
            raise Interrupted(self._whole(record, steady_s() - began)) from None
        return self._whole(record, steady_s() - began)

    def _whole(self, record: Record, wall_s: float) -> Run:
        played = tuple(record.done.values())
        cells = tuple(with_known(one.cell, self.known) for one in played)
        return Run(
            client=self.players.label,
            cells=cells,
            coverage=_coverage(played),
            time=self.players.told_time(cells, wall_s),
            wall_ms=round(wall_s * 1000),
            stale=stale(cells, self.known),
            savings=sentence(spent for one in played for spent in one.ledger),
            version=self.version,
        )


def _coverage(played: Sequence[Played]) -> dict[str, Coverage]:
    """By provider, over all its cells that were played."""
    parts: dict[str, list[Coverage]] = {}
    for one in played:
        if one.coverage.known:
            parts.setdefault(one.cell.provider, []).append(one.coverage)
    return {provider: merged(found) for provider, found in parts.items()}

"""A bench without sockets for as long as a client can do without, and with them from then on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import TypeVar

from contracts.bench.function import FunctionBench
from contracts.cells.cell import Entrant, Played
from contracts.cells.result import Cell
from contracts.inline.network import NeedsSockets
from contracts.stories.story import Story
from contracts.witness.scenario import Facts

T = TypeVar("T")

Open = Callable[[bool], AbstractContextManager[FunctionBench]]
"""A bench for the client; True: with sockets."""


class SwitchingBench:
    """As the bench that ``opening`` gives. A cell in which the client asks for a socket is played once more."""

    def __init__(self, opening: Open, *, with_sockets: bool) -> None:
        self._opening = opening
        self._stack = ExitStack()
        self._bench = self._stack.enter_context(opening(with_sockets))

    @property
    def label(self) -> str:
        return self._bench.label

    @property
    def catalogue(self) -> Mapping[str, Facts]:
        return self._bench.catalogue

    def close(self) -> None:
        self._stack.close()

    def play(self, story: Story, *, in_full: bool = False) -> Cell:
        return self._done(lambda bench: bench.play(story, in_full=in_full))

    def perform(self, entrant: Entrant) -> Played:
        return self._done(lambda bench: bench.perform(entrant))

    def _done(self, play: Callable[[FunctionBench], T]) -> T:
        try:
            return play(self._bench)
        except NeedsSockets:
            self._stack.close()
            self._bench = self._stack.enter_context(self._opening(True))
            return play(self._bench)

"""What a bench is: it plays one story with its client, and says what was seen and judged."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from contracts.cells.result import Cell
from contracts.stories.story import Story
from contracts.witness.scenario import Facts


class Bench(Protocol):
    """One client, ready to play stories one after the other."""

    @property
    def label(self) -> str:
        """The client's name."""

    @property
    def catalogue(self) -> Mapping[str, Facts]:
        """The server's rows of its faults, by id."""

    def play(self, story: Story, *, in_full: bool = False) -> Cell:
        """The story played by a fresh tenant, and judged. ``in_full``: with the server's own telling of it."""


@runtime_checkable
class WideBench(Bench, Protocol):
    """A bench for ``abreast`` stories at a time, each played from a thread of its own."""

    abreast: int

    def abandoned(self) -> AbstractContextManager[None]:
        """While the block runs, whatever is played ends at once: nobody wants to know any more."""

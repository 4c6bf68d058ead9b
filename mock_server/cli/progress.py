"""Live progress of a run on standard error: what is done, what is red, what is being played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from types import TracebackType

    from contracts.cells.result import Cell


class Progress:
    """A bar while it is shown on a terminal; elsewhere a line for each red cell."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[red]} red"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=None, red=0)
        self._red = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def began(self, total: int) -> None:
        self._bar.update(self._task, total=total)

    def playing(self, scenario: str, provider: str) -> None:
        self._bar.update(self._task, description=f"{provider} {scenario}"[:48].ljust(48))

    def played(self, cell: Cell) -> None:
        if not cell.is_green:
            self._red += 1
            checks = ", ".join(one.check for one in cell.failed)
            self._console.print(
                f"red: {cell.provider} {cell.scenario}: {checks}", highlight=False, markup=False
            )
        self._bar.update(self._task, advance=1, red=self._red)

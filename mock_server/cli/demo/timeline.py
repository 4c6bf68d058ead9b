"""What happened when, in one table."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from rich.table import Table

from mock_server.cli.demo.jobs import JOBS


@dataclass(frozen=True, slots=True)
class Moment:
    """Something a job did, seconds after the start."""

    at_s: float
    provider: str
    what: str


class Timeline:
    """Notes moments as they come; ``now_s`` counts seconds from anywhere."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._start_s = now_s()
        self.moments: list[Moment] = []

    def note(self, provider: str, what: str) -> None:
        self.moments.append(Moment(self._now_s() - self._start_s, provider, what))

    def table(self) -> Table:
        """One row a moment, one column a provider."""
        table = Table("seconds", *JOBS, title="Timeline", title_justify="left")
        for moment in self.moments:
            cells = [moment.what if moment.provider == provider else "" for provider in JOBS]
            table.add_row(f"{moment.at_s:.2f}", *cells)
        return table

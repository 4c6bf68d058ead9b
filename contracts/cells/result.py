"""The results of a run: one cell for each scenario, and what all cells together say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from contracts.checks.model import Judgement, Verdict
from contracts.witness.witnessed import Event, Line, Outcome, TaskSeen


class Cell(Struct, frozen=True):
    """One client in one scenario at one provider, with one seed.

    ``replay`` is the command that does it again. ``folder`` keeps the client's output, where it was kept.
    """

    scenario: str
    provider: str
    seed: int
    title: str
    says: str
    expected: str
    judgements: tuple[Judgement, ...]
    outcome: Outcome
    lines: tuple[Line, ...]
    story: tuple[Event, ...]
    replay: str
    motive: str = ""
    link: str | None = None
    folder: str = ""
    known: tuple[str, ...] = ()
    """Checks whose failure the baseline expects."""
    tasks: tuple[TaskSeen, ...] = ()

    @property
    def failed(self) -> tuple[Judgement, ...]:
        """What failed and is not known to."""
        return tuple(
            judgement
            for judgement in self.judgements
            if judgement.verdict is Verdict.FAIL and judgement.check not in self.known
        )

    @property
    def is_green(self) -> bool:
        return not self.failed


class Coverage(Struct, frozen=True):
    """Documented outcomes (operation, error, channel, stage) that exist, and those that the client has met."""

    known: tuple[str, ...]
    met: tuple[str, ...]

    @property
    def share(self) -> float:
        return len(set(self.met) & set(self.known)) / len(self.known) if self.known else 1.0


class Run(Struct, frozen=True):
    """Everything one command has found. ``stale`` are entries of the baseline that no longer fail."""

    client: str
    cells: tuple[Cell, ...]
    coverage: Mapping[str, Coverage] = field(default_factory=dict)
    time: str = ""
    """How time went by for the client: virtual, scaled by libfaketime, or the server's pace alone."""
    wall_ms: int = 0
    stale: tuple[str, ...] = ()
    savings: str = ""
    version: str = ""

    @property
    def score(self) -> float:
        """The share of the checks that were exercised and passed."""
        verdicts: Sequence[Verdict] = [j.verdict for cell in self.cells for j in cell.judgements]
        decided = [verdict for verdict in verdicts if verdict in {Verdict.PASS, Verdict.FAIL}]
        return decided.count(Verdict.PASS) / len(decided) if decided else 1.0

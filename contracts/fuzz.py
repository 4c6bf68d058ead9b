"""Look for a story that breaks a client, and make it as short as it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace

from contracts.bench.abreast import is_wide, played
from contracts.bench.model import Bench
from contracts.cells.result import Cell
from contracts.checks.model import Judgement, Verdict
from contracts.checks.table import CHECK_BY_ID
from contracts.examples import Examples
from contracts.shorten import shorter, variants
from contracts.stories.story import Story
from contracts.strategies.drawn import drawn
from contracts.strategies.stories import PLAIN, Scope
from contracts.strategies.sweep import sweep
from contracts.witness.usage import UsageError
from contracts.witness.wall import steady_s

DEFAULT_EXAMPLES = 1_000
BROADEST = frozenset({"survives", "callbacks-harmless"})
"""Checks that say that something is wrong, and not what: another one that fails names the story."""
TELLING = frozenset(CHECK_BY_ID) - BROADEST
STALE_AFTER = 1_000
"""So many stories in a row that were told before: there are no others."""


class Found(Struct, frozen=True):
    """A story that breaks the client. ``check`` is the one that it was shortened for; others may fail as well."""

    story: Story
    check: str
    cell: Cell
    is_sure: bool = True
    """Whether it breaks the client each time."""

    @property
    def findings(self) -> tuple[str, ...]:
        """What went wrong, sentence by sentence, each with its check."""
        return tuple(
            f"{judgement.check}: {finding.says}"
            for judgement in failed(self.cell)
            for finding in judgement.findings
        )


class Campaign(Struct, frozen=True):
    """What to look for and for how long. ``max_time_s`` of None is without limit; ``checks`` empty means all of them.

    ``max_examples`` counts the stories until one breaks the client; those of the shortening come on top. ``seed``
    decides which are drawn behind the sweep, and in which order.
    """

    provider: str
    scope: Scope = PLAIN
    max_examples: int = DEFAULT_EXAMPLES
    max_time_s: float | None = None
    seed: int = 0
    checks: frozenset[str] = frozenset()


class Report(Struct, frozen=True):
    """What came of it. ``played`` counts stories that the client was run with, those of the shortening included.

    ``found_after`` is how many it took until the first broke the client. ``unkept`` is why what was found could not be
    remembered for the next time, if so.
    """

    played: int
    wall_s: float
    found: Found | None = None
    found_after: int | None = None
    found_after_s: float | None = None
    unkept: str = ""
    is_interrupted: bool = False

    @property
    def stories_per_s(self) -> float:
        return self.played / self.wall_s if self.wall_s else 0.0


class Progress(Struct, frozen=True):
    """How far it is. ``shortest`` is the best story so far, if one was found."""

    played: int
    wall_s: float
    shortest: Story | None


Listener = Callable[[Progress], None]


def fuzz(
    bench: Bench,
    campaign: Campaign,
    examples: Examples | None = None,
    listener: Listener = lambda _: None,
) -> Report:
    """Tell stories until one breaks the client or the campaign is over; the shortest one that was found.

    What ``examples`` remembers is told first, then one thing after the other that may go wrong, then what Hypothesis
    draws. A KeyboardInterrupt ends it with what was found so far. Raises what the bench raises, and
    UsageError where the examples cannot be read.
    """
    search = _Search(bench, campaign, examples or Examples(), listener)
    is_interrupted = False
    try:
        search.run()
    except KeyboardInterrupt:
        is_interrupted = True
    return replace(search.report(), unkept=search.keep(), is_interrupted=is_interrupted)


@dataclass
class _Search:
    """One campaign under way."""

    bench: Bench
    campaign: Campaign
    examples: Examples
    listener: Listener
    began_s: float = field(default_factory=steady_s)
    played: int = 0
    looked_at: int = 0
    found: Found | None = None
    found_after: int | None = None
    found_after_s: float | None = None
    doubtful: Found | None = None
    told: set[bytes] = field(default_factory=set)

    def run(self) -> None:
        """Until a story breaks the client for sure. One that did so only once is what is left, if no other does."""
        while self.look():
            # what broke it amid others may have been the crowd of them
            if not is_wide(self.bench) or self.confirm():
                self.name()
                self.shorten()
                if self.confirm():
                    return
            self.doubtful, self.found = self.doubtful or self.found, None

    def look(self) -> bool:
        """Whether a story was found that breaks the client."""
        provider, scope = self.campaign.provider, self.campaign.scope
        remembered = (
            story for story in self.examples.stories() if story.provider == provider and scope.has(story)
        )
        stories = chain(remembered, sweep(provider, scope), drawn(provider, scope, self.campaign.seed))
        before = self.played
        is_broken = self._is_broken_by(
            stories, self.campaign.checks, self.campaign.max_examples - self.looked_at
        )
        self.looked_at += self.played - before
        return is_broken

    def name(self) -> None:
        """Where the story shows that something is wrong, and not what: look for one beside it that does."""
        if self.found and self.found.check in BROADEST and not self.campaign.checks:
            self._is_broken_by(variants(self.found.story), TELLING)

    def shorten(self) -> None:
        """Until nothing more can be left out, with the same check still failing."""
        while self.found is not None:
            if not self._is_broken_by(shorter(self.found.story), frozenset({self.found.check})):
                return

    def confirm(self) -> bool:
        """Play the shortest story once more, alone and with the server's own telling; whether it breaks the client."""
        assert self.found is not None, "a story was found"
        cell = self.bench.play(self.found.story, in_full=True)
        is_sure = bool(named_check(cell, frozenset({self.found.check})))
        self.found = replace(self.found, cell=cell if is_sure else self.found.cell, is_sure=is_sure)
        return is_sure

    def keep(self) -> str:
        """Remember what was found; why that could not be."""
        try:
            if self.found is not None:
                self.examples.keep(self.found.story)
        except UsageError as fault:
            return str(fault)
        return ""

    def _is_broken_by(
        self, stories: Iterable[Story], checks: frozenset[str], most: int | None = None
    ) -> bool:
        """Play those that are new, at most so many, until one breaks the client; whether one did."""
        with closing(played(self.bench, islice(self._new(stories), most))) as cells:
            for story, cell in cells:
                self.played += 1
                self.told.add(story.key)
                check = named_check(cell, checks)
                if check:
                    self._note(Found(story, check, cell))
                elif not failed(cell):
                    self.examples.forget(story)
                shortest = self.found.story if self.found else None
                self.listener(Progress(self.played, self._wall_s, shortest))
                if check:
                    return True
        return False

    def _note(self, found: Found) -> None:
        if self.found is None:
            self.found_after, self.found_after_s = self.played, self._wall_s
        self.found = found

    def _new(self, stories: Iterable[Story]) -> Iterator[Story]:
        """Those that were not told before, while there is time."""
        told, told_in_a_row = set(self.told), 0
        for story in stories:
            told_in_a_row = told_in_a_row + 1 if story.key in told else 0
            if self._is_over or told_in_a_row > STALE_AFTER + 2 * len(self.told):
                return
            if not told_in_a_row:
                told.add(story.key)
                yield story

    @property
    def _is_over(self) -> bool:
        limit_s = self.campaign.max_time_s
        return limit_s is not None and self._wall_s > limit_s

    @property
    def _wall_s(self) -> float:
        return steady_s() - self.began_s

    def report(self) -> Report:
        found = self.found or self.doubtful
        return Report(self.played, self._wall_s, found, self.found_after, self.found_after_s)


def named_check(cell: Cell, wanted: frozenset[str] = frozenset()) -> str:
    """The check by which the failure of a cell is called: the first that says what is wrong; empty for none."""
    checks = [one.check for one in failed(cell) if not wanted or one.check in wanted]
    telling = [check for check in checks if check not in BROADEST]
    return next(iter(telling or checks), "")


def failed(cell: Cell) -> tuple[Judgement, ...]:
    """What it got wrong, known or not."""
    return tuple(one for one in cell.judgements if one.verdict is Verdict.FAIL)

"""Look for a story that breaks a client, and make it as short as it can be. Hypothesis tells the stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.database import ExampleDatabase
from hypothesis.errors import Flaky
from msgspec import Struct
from msgspec.structs import replace

from contracts.bench.model import Bench
from contracts.checks.model import Judgement, Verdict
from contracts.result import Cell
from contracts.story import Story
from contracts.strategies.stories import PLAIN, Scope, stories
from contracts.wall import steady_s

DEFAULT_EXAMPLES = 1_000
BROADEST = ("survives", "callbacks-harmless")
"""Checks that say that something is wrong, and not what: another one that fails names the story."""
MOST_REMEMBERED = 20_000


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
            for judgement in _failed(self.cell)
            for finding in judgement.findings
        )


class Campaign(Struct, frozen=True):
    """What to look for and for how long. ``max_time_s`` of None is without limit; ``checks`` empty means all of them.

    ``seed`` decides which stories are told, in which order, for a client that does the same each time.
    """

    provider: str
    scope: Scope = PLAIN
    max_examples: int = DEFAULT_EXAMPLES
    max_time_s: float | None = None
    seed: int = 0
    checks: frozenset[str] = frozenset()


class Report(Struct, frozen=True):
    """What came of it. ``played`` counts stories that the client was run with, those of the shortening included."""

    played: int
    wall_s: float
    found: Found | None = None
    found_after_s: float | None = None
    """When the first story broke the client."""

    @property
    def stories_per_s(self) -> float:
        return self.played / self.wall_s if self.wall_s else 0.0


class Progress(Struct, frozen=True):
    """How far it is. ``shortest`` is the best story so far, if one was found."""

    played: int
    wall_s: float
    shortest: Story | None


Listener = Callable[[Progress], None]


class _TimeIsUp(BaseException):
    """Ends a search from within: Hypothesis passes on what is no Exception."""


class Broken(Exception):
    """A story broke the client; each check has a class of its own, so that shortening stays with one bug."""


@dataclass
class _Search:
    """One campaign under way."""

    bench: Bench
    campaign: Campaign
    listener: Listener
    began_s: float = field(default_factory=steady_s)
    played: int = 0
    found: Found | None = None
    found_after_s: float | None = None
    remembered: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, type[Broken]] = field(default_factory=dict)

    def try_out(self, story: Story) -> None:
        """Raises Broken where the story breaks the client, _TimeIsUp."""
        check = self.broken_check(story)
        if check:
            raise self._kind(check)(str(story.size))

    def broken_check(self, story: Story) -> str:
        """The check that fails; empty where none does. A story is played once."""
        key = repr(story)
        if key not in self.remembered:
            self._stop_in_time()
            if len(self.remembered) > MOST_REMEMBERED:
                self.remembered.clear()
            self.remembered[key] = self._play(story)
        return self.remembered[key]

    def _play(self, story: Story) -> str:
        cell = self.bench.play(story)
        self.played += 1
        check = named_check(cell, self.campaign.checks)
        if check and (
            self.found is None or (check == self.found.check and story.size < self.found.story.size)
        ):
            self.found_after_s = self.found_after_s or self._wall_s
            self.found = Found(story, check, cell)
        self.listener(Progress(self.played, self._wall_s, self.found.story if self.found else None))
        return check

    def shorten(self) -> None:
        """Until nothing more can be left out: Hypothesis shrinks choices, this one shrinks what they made."""
        while self.found is not None:
            before = self.found
            for story in shorter(before.story):
                if self.broken_check(story) == before.check:
                    break
            if self.found is before:
                return

    def confirm(self) -> None:
        """Play the shortest story once more, with the server's own telling."""
        if self.found is None:
            return
        cell = self.bench.play(self.found.story, in_full=True)
        is_sure = self.found.check in {judgement.check for judgement in _failed(cell)}
        self.found = replace(self.found, cell=cell if is_sure else self.found.cell, is_sure=is_sure)

    def _kind(self, check: str) -> type[Broken]:
        return self.kinds.setdefault(check, type(f"Broken by {check}", (Broken,), {}))

    def _stop_in_time(self) -> None:
        limit_s = self.campaign.max_time_s
        if limit_s is not None and self._wall_s > limit_s:
            raise _TimeIsUp

    @property
    def _wall_s(self) -> float:
        return steady_s() - self.began_s

    def report(self) -> Report:
        return Report(self.played, self._wall_s, self.found, self.found_after_s)


def fuzz(
    bench: Bench,
    campaign: Campaign,
    database: ExampleDatabase | None = None,
    listener: Listener = lambda _: None,
) -> Report:
    """Tell stories until one breaks the client or the campaign is over; the shortest one that was found.

    What ``database`` remembers is tried first. Raises what the bench raises.
    """
    search = _Search(bench, campaign, listener)
    try:
        _tell(search, database)
    except (Broken, Flaky):
        # known already: the search keeps the shortest itself
        pass
    except _TimeIsUp:
        return _confirmed(search)
    with suppress(_TimeIsUp):
        search.shorten()
    return _confirmed(search)


def _tell(search: _Search, database: ExampleDatabase | None) -> None:
    campaign = search.campaign

    @settings(
        max_examples=campaign.max_examples,
        database=database,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        print_blob=False,
    )
    @seed(campaign.seed)  # below the settings: it takes their database away
    @given(stories(campaign.provider, campaign.scope))
    def breaks_nothing(story: Story) -> None:
        search.try_out(story)

    breaks_nothing()


def _confirmed(search: _Search) -> Report:
    search.confirm()
    return search.report()


def named_check(cell: Cell, wanted: frozenset[str] = frozenset()) -> str:
    """The check by which the failure of a cell is called: the first that says what is wrong; empty for none."""
    failed = [one.check for one in _failed(cell) if not wanted or one.check in wanted]
    telling = [check for check in failed if check not in BROADEST]
    return next(iter(telling or failed), "")


def _failed(cell: Cell) -> tuple[Judgement, ...]:
    return tuple(one for one in cell.judgements if one.verdict is Verdict.FAIL)


def shorter(story: Story) -> Iterator[Story]:
    """The stories that say a little less, the shortest first."""
    for position in range(len(story.events)):
        yield replace(story, events=story.events[:position] + story.events[position + 1 :])
    plain = Story(story.provider)
    for name in ("crash", "video", "audio", "request", "pace", "seed"):
        if getattr(story, name) != getattr(plain, name):
            yield replace(story, **{name: getattr(plain, name)})
    if story.with_callback and not any(event.row.needs_callback for event in story.events):
        yield replace(story, with_callback=False)
    for kind in ("video", "audio"):
        facts = getattr(story, kind)
        for fact in facts:
            yield replace(story, **{kind: {name: value for name, value in facts.items() if name != fact}})
    for position, event in enumerate(story.events):
        for params in (event.params[:at] + event.params[at + 1 :] for at in range(len(event.params))):
            events = (*story.events[:position], replace(event, params=params), *story.events[position + 1 :])
            yield replace(story, events=events)
